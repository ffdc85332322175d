#include "devices/label/label_error.h"

namespace evertill::devices::label {

std::string_view ErrorName(LabelErrc code) {
  switch (code) {
    case LabelErrc::kSizeInvalid:
      return "label_size_invalid";
    case LabelErrc::kTooSmall:
      return "label_too_small";
    case LabelErrc::kNotReady:
      return "label_printer_not_ready";
  }
  return "label_unknown_error";
}

}  // namespace evertill::devices::label
