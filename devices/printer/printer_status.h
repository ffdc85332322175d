#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/checkout/devices.h"
#include "devices/printer/status_demux.h"

namespace evertill::devices::printer {

/// How a printer stands, put together from what it says. A plain value.
class PrinterStatus {
 public:
  /// Automatic status: everything at once.
  void Take(const AsbEvent& asb);
  /// The answer to DLE EOT `n`, 1 to 4.
  void TakeRealTime(int n, uint8_t byte);

  /// It has said how it is.
  [[nodiscard]] bool Known() const { return known_; }
  /// It would print what is sent now. True as long as nothing else is known.
  [[nodiscard]] bool CanPrint() const;
  /// What to show, most urgent first.
  [[nodiscard]] std::vector<checkout::DeviceNote> Notes() const;
  /// The drawer's sensor. Without a drawer the pin floats high, as it does with one that is open: nothing is said
  /// before it has been low once.
  [[nodiscard]] std::optional<bool> DrawerOpen() const { return drawer_open_; }

 private:
  void TakeDrawer(bool high);

  bool known_ = false;
  bool offline_ = false;
  bool cover_open_ = false;
  bool feeding_ = false;
  bool stopped_by_paper_ = false;
  bool paper_out_ = false;
  bool near_end_ = false;
  bool cutter_ = false;
  bool unrecoverable_ = false;
  bool recoverable_ = false;
  std::optional<bool> drawer_open_;
};

}  // namespace evertill::devices::printer
