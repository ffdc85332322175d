#include "app/render/render_error.h"

namespace evertill::render {

std::string_view ErrorName(RenderErrc code) {
  switch (code) {
    case RenderErrc::kBadWidth:
      return "render_bad_width";
    case RenderErrc::kCodeTooLong:
      return "render_code_too_long";
    case RenderErrc::kCodeUnsupported:
      return "render_code_unsupported";
    case RenderErrc::kPictureInvalid:
      return "render_picture_invalid";
    case RenderErrc::kReceiptTooLong:
      return "render_receipt_too_long";
    case RenderErrc::kDrawingFailed:
      return "render_drawing_failed";
    case RenderErrc::kImageUnwritable:
      return "render_image_unwritable";
    case RenderErrc::kImageUnreadable:
      return "render_image_unreadable";
  }
  return "render_unknown";
}

}  // namespace evertill::render
