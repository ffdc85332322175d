#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

/// Finds the profile that another one says it is like.
using FindBase = std::function<base::Expected<PrinterProfile>(std::string_view name)>;

/// Reads a profile written as TOML. Every key is optional; what is not said is as in the profile that `like` names
/// (generic-80 without it). `file` is for messages, which name file, line and reason.
/// Errors: printer_profile_invalid, also for a key that is not known: a misspelt one would be silently without effect.
[[nodiscard]] base::Expected<PrinterProfile> ParseProfile(std::string_view toml, std::string_view file,
                                                          std::string_view name, const FindBase& find);

/// The whole profile as TOML that ParseProfile() reads.
[[nodiscard]] std::string FormatProfile(const PrinterProfile& profile);

}  // namespace evertill::devices::printer
