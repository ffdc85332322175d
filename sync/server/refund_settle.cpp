#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "app/loyalty/ledger.h"
#include "app/loyalty/refund.h"
#include "sync/server/settle.h"
#include "sync/wire/json_fields.h"

// Refunds against their sale, on its lines. Two tills that cannot see each other may refund one receipt: what each gave
// back waits in PENDING until it is counted here.
namespace evertill::server {

namespace {

namespace json = boost::json;
using loyalty::kAvail;
using loyalty::kPending;

constexpr size_t kMostLines = 5'000;
constexpr int64_t kMostPoints = 1'000'000'000'000;

const json::object& ObjectAt(const json::object& object, std::string_view key) {
  static const json::object kNone;
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : kNone;
}

int64_t PointsAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? std::clamp<int64_t>(value->get_int64(), 0, kMostPoints) : 0;
}

/// Points that a line of the sale may still give: line from 1.
using ByLine = std::map<int64_t, int64_t>;

/// A sale of a till that knew no lines of points has all of them on its first one.
ByLine LinePoints(const json::object& points, std::string_view list_key, std::string_view sum_key) {
  ByLine lines;
  const json::value* list = points.if_contains(list_key);
  if (list == nullptr || !list->is_array()) {
    lines[1] = PointsAt(points, sum_key);
    return lines;
  }
  int64_t number = 0;
  for (const json::value& value : list->get_array()) {
    ++number;
    if (value.is_int64()) lines[number] = std::clamp<int64_t>(value.get_int64(), 0, kMostPoints);
  }
  return lines;
}

int64_t At(const ByLine& lines, int64_t line) {
  const auto found = lines.find(line);
  return found == lines.end() ? 0 : found->second;
}

/// Where a line's points begin among those of the whole sale.
int64_t FirstOf(const ByLine& lines, int64_t line) {
  int64_t sum = 0;
  for (const auto& [number, points] : lines) sum += number < line ? points : 0;
  return sum;
}

/// The refund's postings that wait in PENDING, or took back earned points, in their order.
std::vector<domain::Posting> PostingsOf(const domain::Event& refund, bool restored) {
  std::vector<domain::Posting> chosen;
  for (const domain::Posting& posting : refund.core.postings) {
    const bool waits = posting.account == kPending && posting.source == refund.id.ToString() && posting.amount > 0;
    const bool takes = (posting.account == loyalty::kLocal || posting.account == kAvail) && posting.amount < 0;
    if (restored ? waits : takes) chosen.push_back(posting);
  }
  return chosen;
}

/// What is decided about one refund.
struct Decision {
  std::string refund;
  int64_t restored_ok = 0;
  std::vector<domain::Posting> lots;  ///< of restored_ok: those of the sale that nobody has given back yet
  int64_t restored_over = 0;
  int64_t reversed_over = 0;
};

/// All that waits leaves PENDING: what is given back for AVAIL, the rest was redeemed after all. Which lots it comes
/// back to is the sale's affair and not the refund's: two tills may have chosen the same ones.
void AppendRelease(const std::vector<domain::Posting>& waiting, const Decision& decision,
                   std::vector<domain::Posting>& out) {
  int64_t waits = 0;
  for (const domain::Posting& posting : waiting) {
    waits += posting.amount;
    out.push_back({std::string(kPending), posting.source, posting.lot, -posting.amount});
  }
  int64_t left = std::min(decision.restored_ok, waits);
  if (waits > left) out.push_back({std::string(loyalty::kRedeemed), "", "", waits - left});
  const auto give = [&](const std::vector<domain::Posting>& lots) {
    for (const domain::Posting& lot : lots) {
      const int64_t points = std::min(left, lot.amount);
      left -= points;
      if (points > 0) out.push_back({std::string(kAvail), "", lot.lot, points});
    }
  };
  give(decision.lots);
  give(waiting);  // of a sale that does not say what paid it
}

base::Status PostDecision(Store& store, const DeskParts& desk, const Decision& decision, std::string_view sale_id) {
  EVERTILL_ASSIGN(const auto row, store.FindPosted(decision.refund));
  if (!row) return {};
  const auto refund = domain::DecodeEvent(row->body);
  if (!refund) return base::Fail(refund.error());
  OwnEvent own{.kind = "release", .member = row->member, .postings = {}};
  AppendRelease(PostingsOf(*refund, true), decision, own.postings);
  int64_t over = decision.reversed_over;
  for (const domain::Posting& taken : PostingsOf(*refund, false)) {
    const int64_t back = std::min(over, -taken.amount);
    if (back <= 0) continue;
    over -= back;
    own.postings.push_back({std::string(loyalty::kIssued), "", "", -back});
    own.postings.push_back({std::string(kAvail), "", taken.lot, back});
  }
  own.ext = json::serialize(
      json::object{{"refund", decision.refund}, {"sale", json::string_view(sale_id.data(), sale_id.size())}});
  if (!own.postings.empty()) EVERTILL_TRY(AppendOwn(store, desk, own));
  if (decision.restored_over == 0 && decision.reversed_over == 0) return {};
  return store.AddInbox(desk.clock.Now(), "refund_twice", decision.refund,
                        row->terminal + " refunded more of sale " + std::string(sale_id) + " than was left: " +
                            std::to_string(decision.restored_over) + " points were not given back a second time, " +
                            std::to_string(decision.reversed_over) + " not taken back a second time");
}

}  // namespace

base::Status TakeRefund(Store& store, const DeskParts& desk, const domain::Event& event) {
  const auto ext = wire::ParseObject(event.ext, "ext");
  if (!ext) return {};
  const json::value* sale = ext->if_contains("sale");
  const json::value* lines = ext->if_contains("lines");
  const std::string sale_id = sale != nullptr && sale->is_string() ? std::string(sale->get_string()) : "";
  if (lines != nullptr && lines->is_array() && lines->get_array().size() <= kMostLines) {
    for (const json::value& value : lines->get_array()) {
      if (!value.is_object()) continue;
      const json::object& line = value.get_object();
      EVERTILL_TRY(store.AddRefundLine({.refund = event.id.ToString(),
                                        .line = PointsAt(line, "line"),
                                        .sale = sale_id,
                                        .member = event.core.member ? event.core.member->ToString() : "",
                                        .quantity_micro = PointsAt(line, "quantity_micro"),
                                        .reversed = PointsAt(line, "reversed"),
                                        .restored = PointsAt(line, "restored"),
                                        .ok_reversed = std::nullopt,
                                        .ok_restored = std::nullopt}));
    }
  }
  return SettleRefunds(store, desk, sale_id);
}

base::Status SettleRefunds(Store& store, const DeskParts& desk, std::string_view sale_id) {
  EVERTILL_ASSIGN(const auto rows, store.RefundsOfSale(sale_id));
  const bool waiting = std::any_of(rows.begin(), rows.end(), [](const RefundRow& row) { return !row.ok_restored; });
  if (!waiting) return {};
  EVERTILL_ASSIGN(const auto sale_row, store.FindPosted(sale_id));
  if (!sale_row || sale_row->kind != "sale") return {};  // parked: settled when the sale comes
  const auto sale = domain::DecodeEvent(sale_row->body);
  if (!sale) return base::Fail(sale.error());
  EVERTILL_ASSIGN(const auto ext, wire::ParseObject(sale->ext, "ext"));
  const json::object& points = ObjectAt(ext, "points");
  ByLine earned = LinePoints(points, "line_earned", "earned");
  ByLine spent = LinePoints(points, "line_spent", "spent");
  for (const RefundRow& row : rows) {
    if (!row.ok_restored) continue;
    earned[row.line] -= *row.ok_reversed;
    spent[row.line] -= *row.ok_restored;
  }
  std::vector<domain::Posting> redemption;
  for (const domain::Posting& posting : sale->core.postings) {
    if (posting.amount < 0 && loyalty::IsMemberAccount(posting.account)) redemption.push_back(posting);
  }
  const ByLine all_spent = LinePoints(points, "line_spent", "spent");
  EVERTILL_ASSIGN(const std::string owner, store.CanonicalOf(sale_row->member));
  std::vector<Decision> decisions;
  for (const RefundRow& row : rows) {
    if (row.ok_restored) continue;
    EVERTILL_ASSIGN(const std::string receiver, store.CanonicalOf(row.member));
    int64_t restored = row.restored;
    int64_t reversed = row.reversed;
    if (desk.safeguards.On(loyalty::Rule::kReleaseOnce)) {
      // Also nothing to anybody but who paid.
      restored = receiver == owner ? std::min(restored, std::max<int64_t>(0, spent[row.line])) : 0;
      reversed = receiver == owner ? std::min(reversed, std::max<int64_t>(0, earned[row.line])) : 0;
    }
    const int64_t before = FirstOf(all_spent, row.line) + At(all_spent, row.line) - spent[row.line];
    spent[row.line] -= restored;
    earned[row.line] -= reversed;
    EVERTILL_TRY(store.SettleRefundLine(row.refund, row.line, reversed, restored));
    if (decisions.empty() || decisions.back().refund != row.refund) decisions.push_back({.refund = row.refund});
    decisions.back().restored_ok += restored;
    loyalty::AddSlice(redemption, before, before + restored, decisions.back().lots);
    decisions.back().restored_over += row.restored - restored;
    decisions.back().reversed_over += row.reversed - reversed;
  }
  for (const Decision& decision : decisions) EVERTILL_TRY(PostDecision(store, desk, decision, sale_id));
  return {};
}

}  // namespace evertill::server
