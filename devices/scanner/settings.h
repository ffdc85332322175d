#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/expected.h"

namespace evertill::devices::scanner {

/// How a scanner's text gets here.
enum class ScannerKind {
  kWedge,   ///< It types like a keyboard into whatever window is in front; the till's own window decodes its keys.
  kEvdev,   ///< It is a keyboard for Linux, held for this program alone: seen wherever the focus is, under any layout.
  kSerial,  ///< Bytes from a serial port, a USB port that acts as one, or a TCP converter.
};

/// "wedge", "evdev", "serial".
[[nodiscard]] std::string_view ScannerKindName(ScannerKind kind);
[[nodiscard]] std::optional<ScannerKind> ParseScannerKind(std::string_view name);

/// One [[scanner]] table of till.toml; the names of its keys are those of the members. A plain value.
struct ScannerSettings {
  ScannerKind kind = ScannerKind::kWedge;
  /// What people call it; empty: what the device says it is.
  std::string name = {};
  /// evdev: "/dev/input/by-id/…-event-kbd", "/dev/input/event7", or "VVVV:PPPP", the USB vendor and product in
  /// hexadecimal. serial: a link::Address, "serial:/dev/ttyACM0?baud=9600" or "tcp://HOST:PORT". wedge: empty.
  std::string path = {};
  /// What the scanner is programmed to send before each code; taken off where it is there. For a wedge it is the sure
  /// mark of a scan: what begins with it is never taken for typing.
  std::string prefix = {};
  /// What it sends after each code. Empty: any of CR, LF, ETX, Tab; and, while none of these has come yet, silence.
  std::string suffix = {};
  /// Longest silence between two characters of one scan, in milliseconds.
  int gap_ms = 100;
  /// The same code again within so many milliseconds after the last is the same scan. 0: each is a scan of its own,
  /// so that ten scans in half a second are ten units.
  int duplicate_ms = 0;
  /// evdev: hold it although it has all the keys of a keyboard that people type on.
  bool allow_keyboard = false;

  bool operator==(const ScannerSettings&) const = default;
};

/// Errors: scanner_settings_invalid, with the reason: a path that is missing or not of its kind, a prefix or suffix
/// longer than 16 bytes, a time out of range.
[[nodiscard]] base::Status CheckScannerSettings(const ScannerSettings& settings);

}  // namespace evertill::devices::scanner
