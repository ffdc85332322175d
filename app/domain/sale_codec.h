#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/domain/event.h"
#include "app/domain/sale.h"

namespace evertill::domain {

/// The `ext` of a sale's or refund's event: everything about it in integers, codes and ids. No free text, nothing
/// personal.
[[nodiscard]] std::string EncodeSaleExt(const Sale& sale);

/// The free text that belongs to a sale but not in its hashed bytes: product names and the cashier's, as a JSON object
/// {"names":[…],"others":[…],"cashier":"…"}. Nothing about the member.
[[nodiscard]] std::string EncodeSaleSide(const Sale& sale);

/// The sale that an event of kind "sale" or "refund" records, also one written by an older version. `side` may be empty
/// (names are then the barcodes). The member's name and card tail are left empty: they are looked up by id. kBadEvent.
[[nodiscard]] base::Expected<Sale> DecodeSale(const Event& event, std::string_view side);

}  // namespace evertill::domain
