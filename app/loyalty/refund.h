#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/event.h"
#include "app/loyalty/safeguards.h"

namespace evertill::loyalty {

/// Points of a sale shared over its lines in proportion to `weights` (their totals), by largest remainder, the first
/// line winning a tie: the shares add up to `points`. Weights below 0 count as 0; all 0: everything on the first line.
[[nodiscard]] std::vector<int64_t> SharePoints(int64_t points, const std::vector<int64_t>& weights);

/// Points [from, to) of those that `redemption` (negative postings) spent, last spent first, added to `lots` by lot.
/// The k-th point of a line always has the same lot, whoever refunds it and in whatever order.
void AddSlice(const std::vector<domain::Posting>& redemption, int64_t from, int64_t to,
              std::vector<domain::Posting>& lots);

/// What a refund must know of the sale, in points. Lines from 1, in order.
struct SalePoints {
  domain::EventId sale;
  std::vector<int64_t> earned;              ///< by line
  std::vector<int64_t> spent;               ///< by line
  std::vector<int64_t> quantity_micro;      ///< by line, sold
  std::vector<domain::Posting> redemption;  ///< what paid the spent points: negative postings, with their lots
};

/// What was refunded of a line before, and now.
struct RefundLine {
  int line = 0;  ///< from 1
  int64_t before_micro = 0;
  int64_t now_micro = 0;
};

struct RefundPoints {
  struct Line {
    int line = 0;
    int64_t reversed = 0;  ///< earned points taken back
    int64_t restored = 0;  ///< spent points given back
  };
  std::vector<Line> lines;
  int64_t reversed = 0;
  int64_t restored = 0;
  int64_t withheld = 0;  ///< of `reversed`, what the member pays with money kept back; see WithholdSpent
  /// reversed: LOCAL[lot of the sale] as far as `local_left` goes, then AVAIL[lot] (source "refund"), to ISSUED.
  /// restored: REDEEMED to PENDING, source = the refund's event id, in the lots that were spent, last spent first (rule
  /// kRestorePending; without it to LOCAL). Each line has its own part of those lots, so that tills which refund
  /// different lines of one sale without knowing of each other never give back the same lot twice.
  std::vector<domain::Posting> postings;
};

/// In proportion to quantity, rounded down over all refunds so far, so that refunding everything reverses exactly what
/// was earned. kRefundTooMuch where a line would be refunded past what was sold; kBadPoints for a line that is not
/// there or there twice, a quantity below 1, or a sale whose lots do not add up to what was spent.
[[nodiscard]] base::Expected<RefundPoints> PlanRefund(const SalePoints& sale, const std::vector<RefundLine>& lines,
                                                      const domain::EventId& refund, int64_t local_left,
                                                      const Safeguards& safeguards = {});

/// Earned points that are spent already cannot be taken back: `points` of those reversed are made good with money that
/// is kept back: ADJUST to AVAIL in the sale's lot, source "withheld". 0 ≤ points ≤ reversed.
void WithholdSpent(RefundPoints& plan, const domain::EventId& sale, int64_t points);

/// For a till whose journal is the only ledger there is: what was restored can be spent at once (LOCAL instead of
/// PENDING), as nobody else can refund the same sale.
void RestoreAtOnce(RefundPoints& plan);

}  // namespace evertill::loyalty
