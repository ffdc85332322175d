#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/customer_display.h"
#include "app/checkout/devices.h"
#include "app/checkout/printer.h"
#include "devices/label/label_printer.h"
#include "devices/printer/printer_session.h"
#include "devices/setup/till_config.h"

namespace evertill::devices::setup {

/// All that hangs on a counter but its windows, each on a thread of its own. None need be there: each is looked for
/// again until it is. Any thread.
class Devices {
 public:
  /// Starts what `config` names; does not wait for any of it. `data_dir`: the shop's own printer profiles and records
  /// are in its folders printers/, scales/ and displays/. The clock outlives this.
  /// Errors: whatever a name in `config` has wrong (printer_profile_unknown, device_record_unknown, …).
  [[nodiscard]] static base::Expected<std::unique_ptr<Devices>> Open(const TillConfig& config,
                                                                     const std::filesystem::path& data_dir,
                                                                     const base::Clock& clock);
  ~Devices();

  /// From now on `report` hears of each change and `scan` of each scan, on the devices' threads; at once it hears how
  /// each stands. Either may be empty, and neither may call this. No call comes to the former ones once this returns.
  void Listen(checkout::DeviceReport report, checkout::ScanReport scan);

  /// Each is nullptr where there is none; they live as long as this.
  [[nodiscard]] printer::PrinterSession* Printer();
  [[nodiscard]] checkout::CashDrawer* Drawer();
  [[nodiscard]] checkout::Scale* Scale();
  [[nodiscard]] checkout::CustomerDisplay* Pole();
  [[nodiscard]] label::LabelPrinter* Labels();

  /// The test page on the receipt printer, or a sample on the label printer. Blocks up to the link's time-outs.
  /// Errors: as PrinterSession::Print() and LabelPrinter::Print(); device_unreachable when there is none.
  [[nodiscard]] base::Expected<checkout::PrintState> PrintTestPage(checkout::DeviceKind printer);

  /// How each stands now.
  [[nodiscard]] std::vector<checkout::DeviceStatus> Statuses() const;
  /// Statuses() once none is being looked for any more, at most `limit_ms` later. For programs that look once; also
  /// asks the label printer, which says nothing unasked.
  [[nodiscard]] std::vector<checkout::DeviceStatus> AwaitStatuses(int limit_ms);

 private:
  Devices();
  struct State;
  std::unique_ptr<State> state_;
};

/// The profile of a till's receipt printer. Errors: printer_profile_unknown, printer_profile_invalid.
[[nodiscard]] base::Expected<printer::PrinterProfile> PrinterProfileOf(const TillConfig& config,
                                                                       const std::filesystem::path& data_dir);

}  // namespace evertill::devices::setup
