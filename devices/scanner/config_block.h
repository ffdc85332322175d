#pragma once

#include <string>
#include <string_view>

#include "devices/scanner/settings.h"

namespace evertill::devices::scanner {

/// The [[scanner]] table of these settings as it stands in till.toml; what is as usual is left out.
[[nodiscard]] std::string ScannerTable(const ScannerSettings& settings);

/// `text`, a till.toml, with this scanner in it: in the place of the [[scanner]] with the same path (or of the wedge,
/// for a wedge), else at the end. Everything else stays as it is, comments too.
[[nodiscard]] std::string WithScanner(std::string_view text, const ScannerSettings& settings);

}  // namespace evertill::devices::scanner
