#pragma once

#include <string_view>

namespace evertill::domain {

/// What the pure rules refuse.
enum class DomainErrc {
  kUnknownCurrency,
  kBadAmount,
  kAmountTooLarge,
  kCurrencyMismatch,
  kBadQuantity,
  kBadBarcode,
  kNoSuchLine,
  kBasketFull,
  kBasketEmpty,
  kBadEvent,
  kBadRules,
  kBadGs1,      ///< A GS1 code that contradicts the General Specifications; the detail says where.
  kBadPattern,  ///< A pattern of the retailer's own barcodes that cannot be used.
};

[[nodiscard]] constexpr std::string_view ErrorName(DomainErrc code) {
  switch (code) {
    case DomainErrc::kUnknownCurrency:
      return "unknown_currency";
    case DomainErrc::kBadAmount:
      return "bad_amount";
    case DomainErrc::kAmountTooLarge:
      return "amount_too_large";
    case DomainErrc::kCurrencyMismatch:
      return "currency_mismatch";
    case DomainErrc::kBadQuantity:
      return "bad_quantity";
    case DomainErrc::kBadBarcode:
      return "bad_barcode";
    case DomainErrc::kNoSuchLine:
      return "no_such_line";
    case DomainErrc::kBasketFull:
      return "basket_full";
    case DomainErrc::kBasketEmpty:
      return "basket_empty";
    case DomainErrc::kBadEvent:
      return "bad_event";
    case DomainErrc::kBadRules:
      return "bad_rules";
    case DomainErrc::kBadGs1:
      return "bad_gs1";
    case DomainErrc::kBadPattern:
      return "bad_pattern";
  }
  return "domain_error";
}

}  // namespace evertill::domain
