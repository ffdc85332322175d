#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace evertill::domain {

/// Reads a plain decimal ("12", "-0.50") as an integer scaled by 10^decimals. Nothing when it is not digits with at
/// most one point, has more than `decimals` decimals, is empty on either side of the point, or does not fit.
[[nodiscard]] std::optional<int64_t> ParseDecimal(std::string_view text, int decimals);

/// Writes `value` ÷ 10^decimals with exactly `decimals` decimals.
[[nodiscard]] std::string FormatDecimal(int64_t value, int decimals);

}  // namespace evertill::domain
