#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/base/expected.h"

/// What hangs on a till, as the counter sees it. Implemented by devices/; shown by presenters.
namespace evertill::checkout {

enum class DeviceKind { kReceiptPrinter, kLabelPrinter, kScanner, kDrawer, kScale, kCustomerScreen, kPoleDisplay };

enum class DeviceState {
  kConnecting,  ///< Being looked for; not known yet.
  kReady,
  kAttention,  ///< It is there and wants a hand: see the notes.
  kAbsent,     ///< Unplugged, switched off or out of reach; looked for again by itself.
};

/// What a device says about itself. A closed set: presenters has words for each, and what to do.
enum class DeviceNote {
  kPaperOut,
  kPaperNearEnd,
  kCoverOpen,
  kCutterError,
  kOffline,        ///< It says that it cannot print now, and no more.
  kOverheated,     ///< or another fault that goes by itself
  kUnrecoverable,  ///< Switch it off and on; have it repaired.
  kPaperFeeding,   ///< Somebody holds the feed button.
  kDrawerOpen,
  kOverload,    ///< Scale: more than it can weigh.
  kUnderZero,   ///< Scale: less than nothing lies on it; set it to zero.
  kInMotion,    ///< Scale: not at rest yet.
  kNoStatus,    ///< This link or model cannot tell how it is.
  kUnreadable,  ///< It answers what cannot be understood: wrong protocol, baud rate or model.
};

/// How one device stands now. A plain value.
struct DeviceStatus {
  DeviceKind kind = DeviceKind::kReceiptPrinter;
  std::string name;     ///< What it is, for people: "Epson TM-T88", "Newland HR22"; never translated.
  std::string address;  ///< Where: "tcp://192.168.1.50:9100".
  DeviceState state = DeviceState::kConnecting;
  std::vector<DeviceNote> notes;  ///< Most urgent first.
  std::string detail;             ///< Plain English for the log and for support; may be empty.
  bool operator==(const DeviceStatus&) const = default;
};

/// Called on the device's own thread on each change, and once at the start.
using DeviceReport = std::function<void(const DeviceStatus&)>;

/// One complete scan, as the device sent it (AIM identifier included, prefix and suffix taken off). Called on the
/// scanner's thread, once for each scan: ten scans in half a second are ten calls.
using ScanReport = std::function<void(std::string text)>;

/// A cash drawer, on the printer or on a port of its own. Any thread; Open() may block as long as the link's time-outs.
class CashDrawer {
 public:
  virtual ~CashDrawer() = default;
  /// Sends the pulse. Errors: device_unreachable, drawer_not_reached.
  [[nodiscard]] virtual base::Status Open() = 0;
  /// What the sensor says; nothing where there is none.
  [[nodiscard]] virtual std::optional<bool> IsOpen() const = 0;
};

/// A weight as a scale told it.
struct Weighing {
  int64_t milligrams = 0;
  bool at_rest = false;     ///< Only a weight at rest may be sold (OIML R 76-1, 3.9.2 and 4.4.2).
  bool overload = false;    ///< Out of the scale's range; milligrams means nothing.
  bool under_zero = false;  ///< milligrams is below zero
  bool operator==(const Weighing&) const = default;
};

/// Any thread; Weigh() blocks up to `timeout_ms`.
class Scale {
 public:
  virtual ~Scale() = default;
  /// A fresh reading: one that was taken after the call. Errors: device_unreachable, scale_no_answer,
  /// scale_unreadable.
  [[nodiscard]] virtual base::Expected<Weighing> Weigh(int timeout_ms) = 0;
  /// Sets the empty scale to zero. Errors: as Weigh(), and scale_cannot_zero where it has no such command.
  [[nodiscard]] virtual base::Status Zero() = 0;
};

}  // namespace evertill::checkout
