#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/base/expected.h"
#include "app/checkout/devices.h"
#include "app/checkout/printer.h"
#include "app/render/bitmap.h"
#include "devices/label/label.h"
#include "devices/link/link.h"

namespace evertill::devices::label {

enum class LabelLanguage { kZpl, kEpl };

/// A label printer: the table [label] of till.toml.
struct LabelSettings {
  std::string address;                           ///< "usb:0a5f:…", "tcp://192.168.1.60:9100"
  LabelLanguage language = LabelLanguage::kZpl;  ///< "zpl" or "epl"
  LabelSize size;
  std::string name = "Label printer";
  bool operator==(const LabelSettings&) const = default;
};

/// Prints labels, one job at a time, each on a connection of its own. Any thread; never the user interface's.
class LabelPrinter {
 public:
  using Opener = std::function<base::Expected<std::unique_ptr<link::Link>>()>;
  /// The printer need not be there. `report` is called by whoever prints or looks, after each change.
  /// Errors: device_address_invalid, label_size_invalid.
  [[nodiscard]] static base::Expected<std::unique_ptr<LabelPrinter>> Create(const LabelSettings& settings,
                                                                            checkout::DeviceReport report);
  /// The same on links of the caller's, for tests.
  LabelPrinter(LabelSettings settings, std::string address, Opener open, checkout::DeviceReport report);

  /// kSent, or kUnknown when bytes had left before it stalled or broke. An error: nothing left.
  /// Errors: those of RenderLabel() and OpenLink(), label_printer_not_ready.
  [[nodiscard]] base::Expected<checkout::PrintState> Print(const ShelfLabel& label, int copies = 1);
  [[nodiscard]] base::Expected<checkout::PrintState> Print(const CardLabel& label, int copies = 1);

  /// Asks how it is (ZPL: ~HS) and reports that. Blocks up to the link's time-outs and a second.
  [[nodiscard]] checkout::DeviceStatus Look();

 private:
  [[nodiscard]] base::Expected<checkout::PrintState> Send(const render::Bitmap& label, int copies);
  [[nodiscard]] base::Status Ask(link::Link& link);
  void Report(checkout::DeviceState state, std::vector<checkout::DeviceNote> notes, std::string detail);

  const LabelSettings settings_;
  const Opener open_;
  const checkout::DeviceReport report_;
  std::mutex mutex_;
  checkout::DeviceStatus status_;
};

/// What a printer's answer to ~HS says is in the way (ZPL II programming guide, "~HS Host Status Return"); nothing when
/// it is no such answer. The state is ready or attention.
struct HostStatus {
  bool understood = false;
  std::vector<checkout::DeviceNote> notes;
};
[[nodiscard]] HostStatus ReadHostStatus(std::string_view answer);

}  // namespace evertill::devices::label
