#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/checkout/devices.h"
#include "app/checkout/printer.h"
#include "devices/link/open_link.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

struct SessionOptions {
  std::string name;               ///< For people; empty: the profile's title.
  int drawer = 0;                 ///< The connector that Open() drives: 0 is pin 2, 1 is pin 5.
  checkout::DeviceReport report;  ///< Hears of each change, on the session's thread. May be empty.
  link::OpenTimeouts open;
};

/// One receipt printer and the drawer that hangs on it, on a thread of its own. Keeps the link, listens to what the
/// printer says, looks for it again when it is gone (half a second to half a minute apart, at once when something is to
/// be printed), and knows of each job whether it came out.
///
/// - A printer that says that it cannot print gets no job: Print() gives `printer_not_ready` and no byte leaves.
/// - A job of which bytes have left is never sent again. What a stalled printer has not taken yet follows once it takes
///   data again (the roll was changed), so that the receipt becomes whole; meanwhile other jobs are not ready.
/// - `?shared=yes` (TCP) connects for each job, so that several tills can use one printer. Files and CUPS queues are
///   opened for each job too, and end as "sent".
///
/// Any thread may call anything here; Print(), Send(), Ready() and Open() block, up to the link's and profile's
/// time-outs.
class PrinterSession final : public checkout::ReceiptPrinter, public checkout::CashDrawer {
 public:
  PrinterSession(link::Address address, PrinterProfile profile, SessionOptions options = {});
  ~PrinterSession() override;

  /// Errors beside those of EncodeReceipt(): printer_unreachable, printer_timeout, printer_not_ready,
  /// printer_write_failed, device_no_permission, device_busy, device_kind_not_built. No byte left then.
  [[nodiscard]] base::Expected<checkout::PrintState> Print(const domain::ReceiptDocument& document) override;
  [[nodiscard]] base::Expected<checkout::PrintState> PrintAndTell(const domain::ReceiptDocument& document,
                                                                  checkout::LatePrintReport late) override;
  /// The same for bytes that are ready.
  [[nodiscard]] base::Expected<checkout::PrintState> Send(std::string job, checkout::LatePrintReport late = {});
  [[nodiscard]] base::Status Ready() override;
  void OnReady(std::function<void()> ready) override;

  /// The drawer's pulse, past a job that waits for paper where the printer can do that. Errors: device_unreachable,
  /// device_no_permission, device_timeout, device_busy, printer_not_ready when a half-sent job blocks the way.
  [[nodiscard]] base::Status Open() override;
  [[nodiscard]] std::optional<bool> IsOpen() const override;

  /// How it stands now.
  [[nodiscard]] checkout::DeviceStatus Status() const;
  /// Status() once the first look has ended, at most `limit_ms` later. For programs that look once.
  [[nodiscard]] checkout::DeviceStatus AwaitStatus(int limit_ms) const;

 private:
  class Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace evertill::devices::printer
