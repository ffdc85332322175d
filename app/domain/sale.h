#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/domain/ids.h"
#include "app/domain/money.h"
#include "app/domain/product.h"
#include "app/domain/quantity.h"
#include "app/domain/tax.h"

namespace evertill::domain {

/// One line of a basket or a sale. Amounts are of the whole line.
struct SaleLine {
  int number = 0;  ///< from 1, as shown
  std::string barcode;
  std::string sku;
  std::string name;        ///< main name
  std::string name_other;  ///< a second language's name for the screen; empty where none is known
  SellUnit unit = SellUnit::kEach;
  Quantity quantity;
  Money unit_price;
  Money gross;     ///< unit price × quantity, rounded half up
  Money discount;  ///< ≥ 0; savings on this line
  Money total;     ///< gross − discount
  TaxRate tax_rate;
  Money tax;
  int32_t min_age = 0;
};

/// subtotal − savings (+ tax where prices exclude it) = total.
struct SaleTotals {
  Money subtotal;  ///< before savings
  Money savings;
  Money tax;  ///< contained in the total
  Money total;
  Money rounding;  ///< what cash rounding added; negative when it took away
};

enum class TenderKind { kCash };
[[nodiscard]] constexpr std::string_view TenderName(TenderKind kind) {
  switch (kind) {
    case TenderKind::kCash:
      return "cash";
  }
  return "cash";
}

/// One payment.
struct Tender {
  TenderKind kind = TenderKind::kCash;
  Money amount;  ///< what it pays of the sale
  Money given;   ///< what was handed over; given − amount is the change
};

/// A member as a sale remembers them. No phone, no full card number.
struct SaleMember {
  MemberId id;
  std::string name;       ///< in their own form
  std::string card_tail;  ///< last four digits
  std::string language;   ///< "en", "th", "vi": the receipt's language
};

/// Points as screen and paper show them. before + earned − spent = after.
struct PointsSummary {
  int64_t before = 0;
  int64_t earned = 0;
  int64_t spent = 0;
  int64_t after = 0;
  bool provisional = false;  ///< head office has not confirmed `before` since this till went offline
};

/// A committed sale: what is kept for ever, shown, printed and sent.
struct Sale {
  EventId id;
  Terminal terminal;
  int64_t seq = 0;
  ReceiptNumber receipt;
  base::Instant at;
  CashierId cashier;
  std::string cashier_name;
  ShiftId shift;
  std::vector<SaleLine> lines;
  SaleTotals totals;
  std::vector<TaxRow> tax_rows;
  TaxMode tax_mode = TaxMode::kInclusive;
  std::vector<Tender> tenders;
  Money change;
  std::optional<SaleMember> member;
  PointsSummary points;
  bool training = false;
};

}  // namespace evertill::domain
