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
  }
  return "checkout_error";
}

}  // namespace evertill::checkout
