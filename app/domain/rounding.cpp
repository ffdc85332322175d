#include "app/domain/rounding.h"

#include <limits>

#include "app/base/check.h"

namespace evertill::domain {

int64_t DivideRounded(__int128 numerator, __int128 denominator, Rounding rounding) {
  EVERTILL_CHECK(denominator > 0);
  const bool negative = numerator < 0;
  const __int128 magnitude = negative ? -numerator : numerator;
  __int128 quotient = magnitude / denominator;
  const __int128 remainder = magnitude % denominator;
  bool up = false;
  switch (rounding) {
    case Rounding::kHalfUp:
      up = remainder * 2 >= denominator;
      break;
    case Rounding::kHalfEven:
      up = remainder * 2 > denominator || (remainder * 2 == denominator && quotient % 2 != 0);
      break;
    case Rounding::kDown:
      break;
    case Rounding::kUp:
      up = remainder != 0;
      break;
  }
  if (up) ++quotient;
  EVERTILL_CHECK(quotient <= std::numeric_limits<int64_t>::max());
  return static_cast<int64_t>(negative ? -quotient : quotient);
}

}  // namespace evertill::domain
