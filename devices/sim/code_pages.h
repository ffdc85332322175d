#pragma once

#include <string>
#include <string_view>

namespace evertill::devices::sim {

/// Bytes of a printer's character set as UTF-8, by the number that ESC t takes (Epson's numbers). What the page hasn't
/// becomes U+FFFD.
[[nodiscard]] std::string DecodeCodePage(std::string_view bytes, int page);

}  // namespace evertill::devices::sim
