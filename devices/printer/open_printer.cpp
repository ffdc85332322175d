#include "devices/printer/open_printer.h"

namespace evertill::devices::printer {

base::Expected<std::unique_ptr<PrinterSession>> OpenPrinter(std::string_view address, const PrinterProfile& profile,
                                                            SessionOptions options) {
  EVERTILL_ASSIGN(link::Address parsed, link::ParseAddress(address));
  return std::make_unique<PrinterSession>(std::move(parsed), profile, std::move(options));
}

}  // namespace evertill::devices::printer
