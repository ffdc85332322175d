#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "devices/scanner/settings.h"

namespace evertill::devices::scanner {

/// What one scan was, byte for byte.
struct RawScan {
  ScannerSettings device;   ///< kind, path and allow_keyboard of what sent it
  std::string device_name;  ///< what the device says it is
  std::string bytes;        ///< as sent; of an evdev one, what its keys mean
  int64_t duration_ms = 0;  ///< from its first byte to its last
};

/// Where a scan's text is within what was sent. A guess from one scan: control characters around it, GS aside.
struct Framing {
  std::string prefix;
  std::string text;
  std::string suffix;
};
[[nodiscard]] Framing GuessFraming(const std::string& bytes);

/// Faster than a hand can type: at least four characters, at most 40 ms apart in the mean.
[[nodiscard]] bool IsMachinePace(const RawScan& scan);

struct LearnOptions {
  /// Listen to this device; none: to all input devices that can send digits, none of which is held.
  std::optional<ScannerSettings> device = {};
  int timeout_ms = 30'000;
  int silence_ms = 250;  ///< ends a scan
};

/// Waits for one scan and tells what was sent. Typing on a keyboard is passed over. A device that has all keys of a
/// keyboard is listened to, never held: what sends at a machine's pace is a scanner, and `allow_keyboard` says so.
/// Blocks. Errors: scanner_not_found also when nothing was scanned in time; what OpenScanSource() says.
[[nodiscard]] base::Expected<RawScan> LearnScan(const LearnOptions& options, const base::Clock& clock);

/// "/dev/input/…", "VVVV:PPPP", "/dev/ttyACM0", "serial:…" or "tcp://…" as the settings of such a scanner; a serial
/// device without more is at 9600 baud.
[[nodiscard]] ScannerSettings SettingsFor(const std::string& device);

}  // namespace evertill::devices::scanner
