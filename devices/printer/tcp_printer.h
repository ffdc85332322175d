#pragma once

#include "app/checkout/printer.h"
#include "devices/printer/printer_address.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

struct TcpTimeouts {
  int connect_ms = 3000;  ///< For each address of the host.
  int stall_ms = 5000;    ///< Without a byte taken by the printer (cover open, no paper).
};

/// A network printer (raw printing, port 9100). Each Print() is one connection of its own. kSent means that the
/// printer's network interface has acknowledged every byte. Looking up a host name may take as long as the system's
/// resolver does.
class TcpPrinter final : public checkout::ReceiptPrinter {
 public:
  TcpPrinter(TcpAddress address, PrinterProfile profile, TcpTimeouts timeouts = {});
  [[nodiscard]] base::Expected<checkout::PrintState> Print(const domain::ReceiptDocument& document) override;
  /// The same for bytes that are ready.
  [[nodiscard]] base::Expected<checkout::PrintState> Send(std::string_view job);

 private:
  const TcpAddress address_;
  const PrinterProfile profile_;
  const TcpTimeouts timeouts_;
};

}  // namespace evertill::devices::printer
