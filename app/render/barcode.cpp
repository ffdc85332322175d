#include "app/render/barcode.h"

#include <algorithm>

#include "app/render/code128.h"
#include "app/render/ean.h"
#include "app/render/render_error.h"

namespace evertill::render {
namespace {

constexpr int kMaxPictureSide = 4096;

}  // namespace

base::Expected<Bitmap> RenderBarcode(const domain::BarcodeElement& code, int height, int max_dots) {
  if (code.kind == domain::BarcodeKind::kCode128) return RenderCode128(code.text, height, max_dots);
  if ((code.kind == domain::BarcodeKind::kEan13) != (code.text.size() > 8)) {
    return base::Fail(RenderErrc::kCodeUnsupported, "EAN-13 takes 12 or 13 digits, EAN-8 takes 7 or 8");
  }
  return RenderEan(code.text, height, max_dots);
}

std::string BarcodeText(const domain::BarcodeElement& code) {
  if (code.kind == domain::BarcodeKind::kCode128) return code.text;
  return WithEanCheckDigit(code.text).value_or(code.text);
}

base::Expected<Bitmap> BitmapOf(const domain::PictureElement& picture) {
  const bool sane = picture.width >= 1 && picture.height >= 1 && picture.width <= kMaxPictureSide &&
                    picture.height <= kMaxPictureSide;
  const size_t stride = sane ? (static_cast<size_t>(picture.width) + 7) / 8 : 0;
  if (!sane || picture.bits.size() != stride * static_cast<size_t>(picture.height)) {
    return base::Fail(RenderErrc::kPictureInvalid, std::to_string(picture.width) + " x " +
                                                       std::to_string(picture.height) + " dots in " +
                                                       std::to_string(picture.bits.size()) + " bytes");
  }
  Bitmap bitmap(picture.width, picture.height);
  for (int y = 0; y < picture.height; ++y) {
    const auto from = picture.bits.begin() + static_cast<std::ptrdiff_t>(stride) * y;
    const auto row = bitmap.Row(y);
    std::transform(from, from + static_cast<std::ptrdiff_t>(stride), row.begin(),
                   [](char byte) { return static_cast<uint8_t>(byte); });
    if (picture.width % 8 != 0) row.back() &= static_cast<uint8_t>(0xFF << (8 - picture.width % 8));
  }
  return bitmap;
}

}  // namespace evertill::render
