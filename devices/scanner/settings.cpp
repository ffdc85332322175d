#include "devices/scanner/settings.h"

#include <algorithm>
#include <variant>

#include "devices/link/address.h"
#include "devices/scanner/scanner_error.h"

namespace evertill::devices::scanner {
namespace {

constexpr size_t kLongestFrame = 16;
constexpr int kLongestGapMs = 5'000;
constexpr int kLongestDuplicateMs = 60'000;

bool IsUsbId(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  return text.size() == 9 && text[4] == ':' && std::all_of(text.begin(), text.begin() + 4, is_hex) &&
         std::all_of(text.begin() + 5, text.end(), is_hex);
}

base::Status CheckPath(const ScannerSettings& settings) {
  const std::string& path = settings.path;
  switch (settings.kind) {
    case ScannerKind::kWedge:
      if (path.empty()) return {};
      return base::Fail(ScannerErrc::kSettingsInvalid, "a wedge scanner has no path: it types into the window");
    case ScannerKind::kEvdev:
      if (path.starts_with('/') || IsUsbId(path)) return {};
      return base::Fail(ScannerErrc::kSettingsInvalid,
                        "path \"" + path + "\": expected /dev/input/… or a USB id like 05e0:1200");
    case ScannerKind::kSerial:
      break;
  }
  EVERTILL_ASSIGN(const link::Address address, link::ParseAddress(path));
  if (std::holds_alternative<link::SerialAddress>(address) || std::holds_alternative<link::TcpAddress>(address)) {
    return {};
  }
  return base::Fail(ScannerErrc::kSettingsInvalid, "path \"" + path + "\": expected serial:… or tcp://…");
}

}  // namespace

std::string_view ErrorName(ScannerErrc code) {
  switch (code) {
    case ScannerErrc::kSettingsInvalid:
      return "scanner_settings_invalid";
    case ScannerErrc::kNotFound:
      return "scanner_not_found";
    case ScannerErrc::kNoPermission:
      return "scanner_no_permission";
    case ScannerErrc::kBusy:
      return "scanner_busy";
    case ScannerErrc::kIsKeyboard:
      return "scanner_is_keyboard";
    case ScannerErrc::kNotAScanner:
      return "scanner_not_a_scanner";
    case ScannerErrc::kLost:
      return "scanner_lost";
  }
  return "scanner_error";
}

std::string_view ScannerKindName(ScannerKind kind) {
  switch (kind) {
    case ScannerKind::kWedge:
      return "wedge";
    case ScannerKind::kEvdev:
      return "evdev";
    case ScannerKind::kSerial:
      return "serial";
  }
  return "wedge";
}

std::optional<ScannerKind> ParseScannerKind(std::string_view name) {
  for (const auto kind : {ScannerKind::kWedge, ScannerKind::kEvdev, ScannerKind::kSerial}) {
    if (name == ScannerKindName(kind)) return kind;
  }
  return std::nullopt;
}

base::Status CheckScannerSettings(const ScannerSettings& settings) {
  if (settings.prefix.size() > kLongestFrame || settings.suffix.size() > kLongestFrame) {
    return base::Fail(ScannerErrc::kSettingsInvalid, "prefix and suffix have at most 16 characters");
  }
  if (settings.gap_ms < 1 || settings.gap_ms > kLongestGapMs) {
    return base::Fail(ScannerErrc::kSettingsInvalid, "gap_ms is from 1 to 5000");
  }
  if (settings.duplicate_ms < 0 || settings.duplicate_ms > kLongestDuplicateMs) {
    return base::Fail(ScannerErrc::kSettingsInvalid, "duplicate_ms is from 0 to 60000");
  }
  return CheckPath(settings);
}

}  // namespace evertill::devices::scanner
