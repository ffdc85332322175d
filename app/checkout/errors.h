#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace evertill::checkout {

/// What the counter refuses, and why. A refusal changes nothing.
enum class CheckoutErrc {
  kUnknownBarcode,
  kMemberNotFound,
  kPhoneTaken,
  kCardTaken,
  kBadMember,
  kNotSignedIn,
  kWrongPin,
  kLockedOut,
  kNotAllowed,
  kShiftOpen,
  kNoShift,
  kNothingToPay,
  kNoLine,
  kBadTender,
  kAgeCheckNeeded,
  kReceiptNotFound,
  kNotEnrolled,
  kCashierTaken,
  kBadCashier,
  kCardForged,       ///< a signed card that head office did not sign, or that was altered
  kCardDenied,       ///< on the list of lost cards
  kCardNeeded,       ///< this member can be spent for only with a signed card, or online
  kCardCodeWrong,    ///< the phone's time code is not that of now
  kCardCodeUsed,     ///< the phone's time code was shown before
  kPinNeeded,        ///< points are spent with the member's PIN
  kPinWrong,         ///< the detail says how many tries are left
  kPinLocked,        ///< until head office resets it
  kPinUnknownHere,   ///< this till holds nothing of the member and cannot check the PIN
  kClockUnsafe,      ///< the clock jumped: points can be spent again after head office has told the time
  kDenylistOld,      ///< too long without head office to know which cards are lost
  kRightsGone,       ///< what was reserved is gone; the basket is kept without it
  kNoMember,         ///< points are a member's
  kNoPointsUsed,     ///< there is nothing to take back
  kNotEnoughOnline,  ///< head office said no; the detail says how many it could give
  kSoldByPiece,      ///< the shop's label carries a weight, and the product is sold by the piece
  kGoodsExpired,     ///< the code on the goods says until when they may be sold; the detail is that day
};

[[nodiscard]] constexpr std::string_view ErrorName(CheckoutErrc code) {
  // In the order of the enumerators.
  constexpr auto kNames = std::to_array<std::string_view>({
      "unknown_barcode",   "member_not_found", "phone_taken",      "card_taken",        "bad_member",
      "not_signed_in",     "wrong_pin",        "locked_out",       "not_allowed",       "shift_open",
      "no_shift",          "nothing_to_pay",   "no_line",          "bad_tender",        "age_check_needed",
      "receipt_not_found", "not_enrolled",     "cashier_taken",    "bad_cashier",       "card_forged",
      "card_denied",       "card_needed",      "card_code_wrong",  "card_code_used",    "pin_needed",
      "pin_wrong",         "pin_locked",       "pin_unknown_here", "clock_unsafe",      "denylist_old",
      "rights_gone",       "no_member",        "no_points_used",   "not_enough_points", "sold_by_piece",
      "goods_expired",
  });
  static_assert(kNames.size() == static_cast<size_t>(CheckoutErrc::kGoodsExpired) + 1);
  return kNames[static_cast<size_t>(code)];
}

}  // namespace evertill::checkout
