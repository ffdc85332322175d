#pragma once

#include <cstdint>

namespace evertill::domain {

/// How a fraction of a minor unit is decided. Half cases by magnitude, so that a refund mirrors its sale.
enum class Rounding {
  kHalfUp,    ///< half away from zero: the usual rule on receipts
  kHalfEven,  ///< banker's
  kDown,      ///< toward zero
  kUp,        ///< away from zero
};

/// numerator ÷ denominator (> 0), rounded.
[[nodiscard]] int64_t DivideRounded(__int128 numerator, __int128 denominator, Rounding rounding);

}  // namespace evertill::domain
