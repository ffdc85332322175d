#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/domain/ids.h"
#include "app/domain/money.h"
#include "app/domain/sale.h"
#include "app/domain/tax.h"

namespace evertill::domain {

/// What passed through a till since its shift was opened. An X report is a look at a shift that goes on; a Z report
/// ends it, has a number without gaps, and carries the grand total that never goes back.
struct ShiftReport {
  enum class Kind { kX, kZ };
  struct TenderSum {
    TenderKind kind = TenderKind::kCash;
    int64_t count = 0;
    Money amount;  ///< taken less given back; change is no takings
  };

  explicit ShiftReport(Currency of) : currency(of) {}

  Kind kind = Kind::kX;
  Currency currency;
  int64_t number = 0;  ///< of Z reports; of the shift otherwise
  base::Instant opened;
  base::Instant until;  ///< when it was closed, or looked at
  std::string opened_by;
  std::string closed_by;
  ReceiptNumber first_receipt;
  ReceiptNumber last_receipt;

  int64_t sales = 0;
  int64_t refunds = 0;
  int64_t pieces = 0;
  int64_t voids = 0;
  int64_t no_sales = 0;                    ///< how often the drawer was opened without one
  Money gross = Money::Zero(currency);     ///< of sales, before savings
  Money savings = Money::Zero(currency);   ///< ≥ 0
  Money refunded = Money::Zero(currency);  ///< ≥ 0
  Money rounding = Money::Zero(currency);
  Money net = Money::Zero(currency);  ///< gross − savings − refunded + rounding
  std::vector<TaxRow> tax_rows;
  std::vector<TenderSum> tenders;

  Money opening_float = Money::Zero(currency);
  Money cash_in = Money::Zero(currency);   ///< ≥ 0, besides sales
  Money cash_out = Money::Zero(currency);  ///< ≥ 0, drops to the safe included
  Money expected_cash = Money::Zero(currency);
  std::optional<Money> counted_cash;  ///< without having seen what is expected

  int64_t points_earned = 0;
  int64_t points_spent = 0;
  Money grand_total = Money::Zero(currency);  ///< of all that this till ever sold, perpetual
  bool training = false;
};

}  // namespace evertill::domain
