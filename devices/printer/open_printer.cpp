#include "devices/printer/open_printer.h"

#include "devices/printer/file_printer.h"
#include "devices/printer/printer_address.h"
#include "devices/printer/tcp_printer.h"

namespace evertill::devices::printer {

base::Expected<std::unique_ptr<checkout::ReceiptPrinter>> OpenPrinter(std::string_view address,
                                                                      const PrinterProfile& profile) {
  EVERTILL_ASSIGN(const PrinterAddress parsed, ParsePrinterAddress(address));
  std::unique_ptr<checkout::ReceiptPrinter> printer;
  if (const auto* file = std::get_if<FileAddress>(&parsed)) {
    printer = std::make_unique<FilePrinter>(*file, profile);
  } else {
    printer = std::make_unique<TcpPrinter>(std::get<TcpAddress>(parsed), profile);
  }
  return printer;
}

}  // namespace evertill::devices::printer
