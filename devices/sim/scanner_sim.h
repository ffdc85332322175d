#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"

namespace evertill::devices::sim {

/// A barcode scanner that acts as a USB keyboard, as a recording that umockdev plays to any program.
struct KeyScannerModel {
  std::string name = "Simulated Barcode Scanner";
  uint16_t vendor = 0x05e0;
  uint16_t product = 0x1200;
  int event = 7;               ///< /dev/input/event7
  bool full_keyboard = false;  ///< it says that it has all keys, as many scanners do
  int key_gap_ms = 4;          ///< between two key presses
  int scan_gap_ms = 50;        ///< between two scans
  int first_ms = 300;          ///< before the first
};

/// "\r", "\n", "\t", "\\" and "\x1d" as they are written in scripts and on command lines; other text as it is.
[[nodiscard]] std::string Unescape(std::string_view text);

/// The device as `umockdev-run --device` reads it: an input device with its link in by-id.
[[nodiscard]] std::string DescribeKeyScanner(const KeyScannerModel& model);
/// What it answers to libevdev's questions, as `umockdev-run --ioctl` reads it.
[[nodiscard]] std::string KeyScannerIoctls(const KeyScannerModel& model);
/// The keys that it presses for these scans, suffixes included, as `umockdev-run --evemu-events` reads them: keys of a
/// US keyboard, capitals with Shift, control characters with Ctrl.
[[nodiscard]] std::string KeyScannerEvents(const KeyScannerModel& model, const std::vector<std::string>& scans);

/// scanner.umockdev, scanner.ioctl and scanner.events in `folder`. Errors: sim_file_unwritable.
[[nodiscard]] base::Status WriteKeyScanner(const KeyScannerModel& model, const std::vector<std::string>& scans,
                                           const std::filesystem::path& folder);

}  // namespace evertill::devices::sim
