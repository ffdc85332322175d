#include "devices/printer/printer_error.h"

namespace evertill::devices::printer {

std::string_view ErrorName(PrinterErrc code) {
  switch (code) {
    case PrinterErrc::kUnreachable:
      return "printer_unreachable";
    case PrinterErrc::kTimeout:
      return "printer_timeout";
    case PrinterErrc::kNotReady:
      return "printer_not_ready";
    case PrinterErrc::kWriteFailed:
      return "printer_write_failed";
    case PrinterErrc::kProfileInvalid:
      return "printer_profile_invalid";
    case PrinterErrc::kProfileUnknown:
      return "printer_profile_unknown";
    case PrinterErrc::kProfileUnwritable:
      return "printer_profile_unwritable";
    case PrinterErrc::kAnswerInvalid:
      return "printer_answer_invalid";
  }
  return "printer_unknown_error";
}

}  // namespace evertill::devices::printer
