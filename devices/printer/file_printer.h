#pragma once

#include "app/checkout/printer.h"
#include "devices/printer/printer_address.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

/// Receipts into a file or a printer's device node (/dev/usb/lp0). Jobs are appended to a file, each whole: a job that
/// does not fit (disk full) is taken back, and programs that print into the same file take turns. A device node that
/// stops taking bytes amid a job gives kUnknown.
class FilePrinter final : public checkout::ReceiptPrinter {
 public:
  FilePrinter(FileAddress address, PrinterProfile profile, int stall_ms = 5000);
  [[nodiscard]] base::Expected<checkout::PrintState> Print(const domain::ReceiptDocument& document) override;
  /// The same for bytes that are ready.
  [[nodiscard]] base::Expected<checkout::PrintState> Send(std::string_view job);

 private:
  const FileAddress address_;
  const PrinterProfile profile_;
  const int stall_ms_;
};

}  // namespace evertill::devices::printer
