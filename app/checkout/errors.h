#pragma once

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
};

[[nodiscard]] constexpr std::string_view ErrorName(CheckoutErrc code) {
  switch (code) {
    case CheckoutErrc::kUnknownBarcode:
      return "unknown_barcode";
    case CheckoutErrc::kMemberNotFound:
      return "member_not_found";
    case CheckoutErrc::kPhoneTaken:
      return "phone_taken";
    case CheckoutErrc::kCardTaken:
      return "card_taken";
    case CheckoutErrc::kBadMember:
      return "bad_member";
    case CheckoutErrc::kNotSignedIn:
      return "not_signed_in";
    case CheckoutErrc::kWrongPin:
      return "wrong_pin";
    case CheckoutErrc::kLockedOut:
      return "locked_out";
    case CheckoutErrc::kNotAllowed:
      return "not_allowed";
    case CheckoutErrc::kShiftOpen:
      return "shift_open";
    case CheckoutErrc::kNoShift:
      return "no_shift";
    case CheckoutErrc::kNothingToPay:
      return "nothing_to_pay";
    case CheckoutErrc::kNoLine:
      return "no_line";
    case CheckoutErrc::kBadTender:
      return "bad_tender";
    case CheckoutErrc::kAgeCheckNeeded:
      return "age_check_needed";
    case CheckoutErrc::kReceiptNotFound:
      return "receipt_not_found";
    case CheckoutErrc::kNotEnrolled:
      return "not_enrolled";
    case CheckoutErrc::kCashierTaken:
      return "cashier_taken";
    case CheckoutErrc::kBadCashier:
      return "bad_cashier";
    case CheckoutErrc::kCardForged:
      return "card_forged";
    case CheckoutErrc::kCardDenied:
      return "card_denied";
    case CheckoutErrc::kCardNeeded:
      return "card_needed";
    case CheckoutErrc::kCardCodeWrong:
      return "card_code_wrong";
    case CheckoutErrc::kCardCodeUsed:
      return "card_code_used";
    case CheckoutErrc::kPinNeeded:
      return "pin_needed";
    case CheckoutErrc::kPinWrong:
      return "pin_wrong";
    case CheckoutErrc::kPinLocked:
      return "pin_locked";
    case CheckoutErrc::kPinUnknownHere:
      return "pin_unknown_here";
    case CheckoutErrc::kClockUnsafe:
      return "clock_unsafe";
    case CheckoutErrc::kDenylistOld:
      return "denylist_old";
    case CheckoutErrc::kRightsGone:
      return "rights_gone";
    case CheckoutErrc::kNoMember:
      return "no_member";
    case CheckoutErrc::kNoPointsUsed:
      return "no_points_used";
    case CheckoutErrc::kNotEnoughOnline:
      return "not_enough_points";
  }
  return "checkout_error";
}

}  // namespace evertill::checkout
