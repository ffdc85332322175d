#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.h"
#include "app/domain/event.h"
#include "app/domain/ids.h"
#include "app/domain/money.h"
#include "app/domain/product.h"
#include "app/domain/quantity.h"
#include "app/domain/tax.h"

namespace evertill::domain {

/// What the code on the goods said besides what they are: to find them again in a recall. Empty where it did not.
struct GoodsTrace {
  std::string lot;
  std::string serial;
  std::string expiry;  ///< "2026-11-30"
  bool operator==(const GoodsTrace&) const = default;
};

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
  GoodsTrace trace = {};
};

/// subtotal − savings (+ tax where prices exclude it) = total.
struct SaleTotals {
  Money subtotal;  ///< before savings
  Money savings;
  Money tax;  ///< contained in the total
  Money total;
  Money rounding;  ///< what cash rounding added; negative when it took away
};

enum class TenderKind {
  kCash,
  kPoints,  ///< a member's points: lower what is due, never the tax base; amount == given
};
[[nodiscard]] constexpr std::string_view TenderName(TenderKind kind) {
  switch (kind) {
    case TenderKind::kCash:
      return "cash";
    case TenderKind::kPoints:
      return "points";
  }
  return "cash";
}
[[nodiscard]] constexpr std::optional<TenderKind> ParseTender(std::string_view name) {
  if (name == "cash") return TenderKind::kCash;
  if (name == "points") return TenderKind::kPoints;
  return std::nullopt;
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

/// Points as screen and paper show them. before + earned − spent + withheld = after. Of a refund `earned` and `spent`
/// are below 0: taken back, given back.
struct PointsSummary {
  int64_t before = 0;
  int64_t earned = 0;
  int64_t spent = 0;
  int64_t after = 0;
  bool provisional = false;            ///< head office has not confirmed `before` since this till went offline
  std::vector<int64_t> line_earned{};  ///< `earned` by line; empty where none was
  std::vector<int64_t> line_spent{};   ///< `spent` by line; empty where none was
  int64_t active_ms = 0;               ///< the earned points can be spent from then on (unix ms); 0 where none were
  int64_t expires_ms = 0;              ///< … and are gone then; 0: never
  int64_t stand_in = 0;                ///< of `spent`, past the rights that the till held
  std::vector<Posting> redemption{};   ///< what paid `spent`: its negative postings; kept in the event's core
  /// Of a refund: earned points that the member has spent already. Their worth is kept back from the money, and the
  /// points count as paid back with it.
  int64_t withheld = 0;
  bool operator==(const PointsSummary&) const = default;
};

/// What a refund is of: its lines stand in the same order as those of the refund.
struct RefundOf {
  EventId sale;
  ReceiptNumber receipt;  ///< of the sale
  struct Line {
    int line = 0;                ///< of the sale, from 1
    int64_t quantity_micro = 0;  ///< > 0
    int64_t reversed = 0;        ///< points that it earned, taken back
    int64_t restored = 0;        ///< points spent on it, given back (pending until head office releases them)
    bool operator==(const Line&) const = default;
  };
  std::vector<Line> lines;
};

/// A committed sale: what is kept for ever, shown, printed and sent. A refund is one with negative lines and totals.
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
  std::optional<RefundOf> refund{};  ///< set: this is a refund
};

/// The kind of the event that records it: "sale" or "refund".
[[nodiscard]] inline std::string_view SaleKind(const Sale& sale) {
  return sale.refund ? "refund" : "sale";
}

}  // namespace evertill::domain
