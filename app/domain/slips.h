#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/domain/money.h"
#include "app/domain/receipt.h"
#include "app/domain/sale.h"

namespace evertill::domain {

/// A basket that was put aside: a slip whose code brings it back at any till of the store.
struct ParkedSlip {
  std::string code;  ///< printable ASCII, in the barcode
  base::Instant at;
  std::string cashier_name;
  std::string note;         ///< "back with the coffee"; may be empty
  std::string member_name;  ///< may be empty
  std::vector<SaleLine> lines;
  Money total;
};

/// What a member carries: recognised by its QR code, or its number's barcode.
struct MemberCard {
  std::string name;      ///< in their own form
  std::string number;    ///< 16 digits
  std::string card;      ///< what the QR code says: the signed card, or the number
  std::string tier;      ///< may be empty
  std::string language;  ///< "en", "th", "vi"
  int64_t since_ms = 0;  ///< unix ms; 0: not said
};

/// What stands at the shelf.
struct ShelfLabel {
  std::string name;
  std::string name_other;  ///< in a second language; may be empty
  std::string sku;
  std::string barcode;  ///< empty: none is printed
  SellUnit unit = SellUnit::kEach;
  Money price;                  ///< for one piece or one kilogram
  std::optional<Money> was;     ///< before a price cut
  std::optional<Money> for_kg;  ///< comparison price of what is sold by piece
  base::Instant printed;
};

}  // namespace evertill::domain
