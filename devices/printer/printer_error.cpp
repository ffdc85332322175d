#include "devices/printer/printer_error.h"

namespace evertill::devices::printer {

std::string_view ErrorName(PrinterErrc code) {
  switch (code) {
    case PrinterErrc::kAddressInvalid:
      return "printer_address_invalid";
    case PrinterErrc::kKindUnsupported:
      return "printer_kind_unsupported";
    case PrinterErrc::kUnreachable:
      return "printer_unreachable";
    case PrinterErrc::kTimeout:
      return "printer_timeout";
    case PrinterErrc::kWriteFailed:
      return "printer_write_failed";
  }
  return "printer_unknown_error";
}

}  // namespace evertill::devices::printer
