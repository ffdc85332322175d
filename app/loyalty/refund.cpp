#include "app/loyalty/refund.h"

#include <algorithm>
#include <numeric>

#include "app/loyalty/errors.h"
#include "app/loyalty/ledger.h"

namespace evertill::loyalty {
namespace {

using Wide = __int128;

tl::unexpected<base::Error> Bad(std::string detail) {
  return base::Fail(LoyaltyErrc::kBadPoints, std::move(detail));
}

/// points × part ÷ whole, rounded down: 0 ≤ part ≤ whole, whole > 0.
int64_t InProportion(int64_t points, int64_t part, int64_t whole) {
  return static_cast<int64_t>(Wide{points} * part / whole);
}

/// Σ of points that may not be below zero, or nothing.
base::Expected<int64_t> SumOf(const std::vector<int64_t>& points) {
  int64_t sum = 0;
  for (const int64_t each : points) {
    if (each < 0 || __builtin_add_overflow(sum, each, &sum)) return Bad("points of a line");
  }
  return sum;
}

/// The sale is whole: a figure for each line, and lots for just the points that were spent.
base::Status CheckSale(const SalePoints& sale) {
  if (sale.earned.size() != sale.quantity_micro.size() || sale.spent.size() != sale.quantity_micro.size()) {
    return Bad("lines without their points");
  }
  EVERTILL_TRY(SumOf(sale.earned));
  EVERTILL_ASSIGN(const int64_t spent, SumOf(sale.spent));
  Wide paid = 0;
  for (const auto& posting : sale.redemption) {
    if (posting.amount >= 0 || !IsMemberAccount(posting.account)) return Bad("what paid is no payment");
    paid -= posting.amount;
  }
  if (paid != spent) return Bad("lots do not add up to what was spent");
  return {};
}

void AppendReversal(const SalePoints& sale, int64_t reversed, int64_t local_left, std::vector<domain::Posting>& out) {
  if (reversed == 0) return;
  const std::string lot = sale.sale.ToString();
  const int64_t local = std::clamp<int64_t>(local_left, 0, reversed);
  if (local > 0) out.push_back({std::string(kLocal), "", lot, -local});
  if (reversed > local) out.push_back({std::string(kAvail), std::string(kRefundSource), lot, local - reversed});
  out.push_back({std::string(kIssued), "", "", reversed});
}

void AppendRestoral(std::vector<domain::Posting> lots, int64_t restored, const domain::EventId& refund,
                    const Safeguards& safeguards, std::vector<domain::Posting>& out) {
  if (restored == 0) return;
  out.push_back({std::string(kRedeemed), "", "", -restored});
  const bool wait = safeguards.On(Rule::kRestorePending);
  for (auto& lot : lots) {
    lot.account = wait ? kPending : kLocal;
    lot.source = wait ? refund.ToString() : std::string();
    out.push_back(std::move(lot));
  }
}

}  // namespace

void AddSlice(const std::vector<domain::Posting>& redemption, int64_t from, int64_t to,
              std::vector<domain::Posting>& lots) {
  int64_t begin = 0;
  for (auto spent = redemption.rbegin(); spent != redemption.rend() && begin < to; ++spent) {
    const int64_t end = begin - spent->amount;
    const int64_t points = std::min(end, to) - std::max(begin, from);
    begin = end;
    if (points <= 0) continue;
    const auto same = std::find_if(lots.begin(), lots.end(), [&](const auto& lot) { return lot.lot == spent->lot; });
    if (same != lots.end()) {
      same->amount += points;
    } else {
      lots.push_back({"", "", spent->lot, points});
    }
  }
}

std::vector<int64_t> SharePoints(int64_t points, const std::vector<int64_t>& weights) {
  std::vector<int64_t> shares(weights.size(), 0);
  if (weights.empty()) return shares;
  Wide sum = 0;
  for (const int64_t weight : weights) sum += std::max<int64_t>(weight, 0);
  if (sum == 0) {
    shares[0] = points;
    return shares;
  }
  const int64_t sign = points < 0 ? -1 : 1;
  const Wide magnitude = points < 0 ? -Wide{points} : Wide{points};
  Wide left = magnitude;
  std::vector<Wide> remainders(weights.size(), 0);
  for (size_t i = 0; i < weights.size(); ++i) {
    const Wide exact = magnitude * std::max<int64_t>(weights[i], 0);
    shares[i] = static_cast<int64_t>(sign * (exact / sum));
    remainders[i] = exact % sum;
    left -= exact / sum;
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; left > 0; ++i, --left) shares[order[i]] += sign;
  return shares;
}

base::Expected<RefundPoints> PlanRefund(const SalePoints& sale, const std::vector<RefundLine>& lines,
                                        const domain::EventId& refund, int64_t local_left,
                                        const Safeguards& safeguards) {
  EVERTILL_TRY(CheckSale(sale));
  RefundPoints plan;
  std::vector<domain::Posting> lots;
  std::vector<bool> seen(sale.quantity_micro.size(), false);
  for (const auto& line : lines) {
    const auto at = static_cast<size_t>(line.line) - 1;
    if (line.line < 1 || at >= seen.size()) return Bad("no line " + std::to_string(line.line));
    if (seen[at]) return Bad("line " + std::to_string(line.line) + " twice");
    seen[at] = true;
    const int64_t sold = sale.quantity_micro[at];
    if (line.now_micro < 1 || line.before_micro < 0 || sold < 1) {
      return Bad("quantity of line " + std::to_string(line.line));
    }
    if (line.before_micro > sold || line.now_micro > sold - line.before_micro) {
      return base::Fail(LoyaltyErrc::kRefundTooMuch, "line " + std::to_string(line.line));
    }
    const int64_t after = line.before_micro + line.now_micro;
    const int64_t earned_before = InProportion(sale.earned[at], line.before_micro, sold);
    const int64_t spent_before = InProportion(sale.spent[at], line.before_micro, sold);
    const int64_t spent_after = InProportion(sale.spent[at], after, sold);
    plan.lines.push_back(
        {line.line, InProportion(sale.earned[at], after, sold) - earned_before, spent_after - spent_before});
    plan.reversed += plan.lines.back().reversed;
    plan.restored += plan.lines.back().restored;
    const auto here = sale.spent.begin() + static_cast<std::ptrdiff_t>(at);
    const int64_t first = std::accumulate(sale.spent.begin(), here, int64_t{0});
    AddSlice(sale.redemption, first + spent_before, first + spent_after, lots);
  }
  AppendReversal(sale, plan.reversed, local_left, plan.postings);
  AppendRestoral(std::move(lots), plan.restored, refund, safeguards, plan.postings);
  return plan;
}

void WithholdSpent(RefundPoints& plan, const domain::EventId& sale, int64_t points) {
  if (points < 1 || points > plan.reversed) return;
  plan.withheld = points;
  plan.postings.push_back({std::string(kAdjust), "", "", -points});
  plan.postings.push_back({std::string(kAvail), std::string(kWithheldSource), sale.ToString(), points});
}

void RestoreAtOnce(RefundPoints& plan) {
  for (auto& posting : plan.postings) {
    if (posting.account != kPending) continue;
    posting.account = kLocal;
    posting.source.clear();
  }
}

}  // namespace evertill::loyalty
