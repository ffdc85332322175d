#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/base/expected.h"

namespace evertill::devices::record {

/// Bytes as manuals write them: printable ASCII stands for itself, control characters by their ASCII names (`<STX>`,
/// `<CR>`, `<DC1>`, `<SP>`, …), any byte as `<x1F>`, and `<<` for a single `<`.
/// Errors: device_record_invalid.
[[nodiscard]] base::Expected<std::string> ParseControlText(std::string_view text);

/// The one byte that a name between `<` and `>` stands for.
[[nodiscard]] std::optional<char> ControlByte(std::string_view name);

/// The form that ParseControlText() reads; for logs.
[[nodiscard]] std::string ToControlText(std::string_view bytes);

}  // namespace evertill::devices::record
