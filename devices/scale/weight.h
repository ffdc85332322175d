#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace evertill::devices::scale {

enum class WeightUnit { kGram, kKilogram, kPound, kOunce };

/// "g", "kg", "lb", "oz", whatever the case; spaces around it don't count.
[[nodiscard]] std::optional<WeightUnit> ParseUnit(std::string_view text);

/// A scale's number in whole milligrams: `"  0.512"` kg is 512000. Spaces before it and after its sign don't count; one
/// decimal point or comma. Exact for grams and kilograms; pounds and ounces are the international avoirdupois ones
/// (453.59237 g and its sixteenth), rounded half away from zero.
/// Nothing when it is no number, has more than eight digits, or says more than a milligram.
[[nodiscard]] std::optional<int64_t> ToMilligrams(std::string_view number, WeightUnit unit);

}  // namespace evertill::devices::scale
