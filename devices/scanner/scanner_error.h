#pragma once

#include <string_view>

namespace evertill::devices::scanner {

enum class ScannerErrc {
  kSettingsInvalid,  ///< The settings contradict themselves; the detail says how.
  kNotFound,         ///< No such device is plugged in.
  kNoPermission,     ///< It is there, and this user may not read it.
  kBusy,             ///< Another program holds it.
  kIsKeyboard,       ///< It has all the keys of a keyboard that people type on, and allow_keyboard is not set.
  kNotAScanner,      ///< It cannot send digits.
  kLost,             ///< It was open and is gone.
};

/// Stable names, part of the contract of the programs: scanner_settings_invalid, scanner_not_found,
/// scanner_no_permission, scanner_busy, scanner_is_keyboard, scanner_not_a_scanner, scanner_lost.
[[nodiscard]] std::string_view ErrorName(ScannerErrc code);

}  // namespace evertill::devices::scanner
