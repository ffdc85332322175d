#pragma once

#include <string_view>

namespace evertill::loyalty {

/// Why points may not move. Words for people are in presenters.
enum class LoyaltyErrc {
  kBadPoints,      ///< below 1, or past what can be counted
  kNotEnoughHere,  ///< more than can be spent at this till now; the detail says how many can
  kDayLimit,       ///< past what may be spent of one member's points at one till in a day
  kBadGrant,       ///< a grant or permit that cannot be read, is not signed by head office, or is another till's
  kRefundTooMuch,  ///< more than was sold and not refunded yet
};

[[nodiscard]] constexpr std::string_view ErrorName(LoyaltyErrc code) {
  switch (code) {
    case LoyaltyErrc::kBadPoints:
      return "bad_points";
    case LoyaltyErrc::kNotEnoughHere:
      return "not_enough_points_here";
    case LoyaltyErrc::kDayLimit:
      return "day_limit";
    case LoyaltyErrc::kBadGrant:
      return "bad_grant";
    case LoyaltyErrc::kRefundTooMuch:
      return "refund_too_much";
  }
  return "loyalty_error";
}

}  // namespace evertill::loyalty
