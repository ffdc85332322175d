#include "devices/scale/scale_error.h"

namespace evertill::devices::scale {

std::string_view ErrorName(ScaleErrc code) {
  switch (code) {
    case ScaleErrc::kNoAnswer:
      return "scale_no_answer";
    case ScaleErrc::kUnreadable:
      return "scale_unreadable";
    case ScaleErrc::kCannotZero:
      return "scale_cannot_zero";
  }
  return "scale_unknown_error";
}

}  // namespace evertill::devices::scale
