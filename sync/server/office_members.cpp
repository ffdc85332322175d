#include "sync/server/office_members.h"

#include <algorithm>
#include <boost/json.hpp>

#include "app/loyalty/ledger.h"
#include "sync/server/debt_watch.h"
#include "sync/server/errors.h"

namespace evertill::server {

namespace {

std::string AmountText(int64_t points) {
  return std::to_string(points) + " points";
}

domain::Posting Adjusted(int64_t amount) {
  return {std::string(loyalty::kAdjust), "", "", amount};
}

base::Status PostAdjustment(Store& store, const DeskParts& desk, const std::string& member,
                            std::vector<domain::Posting> postings, const std::string& reason) {
  const int64_t points = SumOf(postings);
  postings.push_back(Adjusted(-points));
  EVERTILL_TRY(Act(store, desk, {"adjust", member, std::move(postings), ToText({{"reason", reason}})},
                   member + ": " + AmountText(points) + ", " + reason));
  return {};
}

}  // namespace

base::Status AdjustPoints(Store& store, const DeskParts& desk, std::string_view member, int64_t points,
                          std::string_view reason) {
  EVERTILL_ASSIGN(const std::string code, ReadReason(reason));
  if (code.empty()) return base::Fail(ServerErrc::kBadArgument, "an adjustment needs a reason");
  if (points == 0) return base::Fail(ServerErrc::kBadArgument, "an adjustment of 0 points is none");
  if (points > kMostPointsByHand || points < -kMostPointsByHand) {
    return base::Fail(ServerErrc::kBadArgument, "at most " + AmountText(kMostPointsByHand) + " at a time");
  }
  EVERTILL_ASSIGN(const MemberRow person, FindLivingMember(store, member));
  EVERTILL_ASSIGN(const DebtWatch watch, DebtWatch::Over(store, std::set<std::string>{person.id}));
  if (points > 0) return PostAdjustment(store, desk, person.id, {Avail("", points)}, code);
  int64_t left = -points;
  EVERTILL_ASSIGN(const auto ids, store.GroupOf(person.id));
  for (size_t i = ids.size(); i-- > 0;) {  // the canonical id last: it also bears what is not there any more
    EVERTILL_ASSIGN(std::vector<domain::Posting> taken, TakeAvail(store, ids[i], left));
    left += SumOf(taken);
    if (i == 0 && left > 0) taken.push_back(Avail("", -left));
    if (!taken.empty()) EVERTILL_TRY(PostAdjustment(store, desk, ids[i], std::move(taken), code));
  }
  return watch.Tell(store, desk, "an adjustment by hand");
}

base::Expected<bool> MergeMembers(Store& store, const DeskParts& desk, std::string_view from, std::string_view into) {
  if (from == into) return base::Fail(ServerErrc::kBadArgument, "a member cannot be merged with itself");
  EVERTILL_ASSIGN(const MemberRow one, FindLivingMember(store, from));
  EVERTILL_ASSIGN(const MemberRow other, FindLivingMember(store, into));
  if (one.id == other.id) return false;
  const std::string& canonical = std::min(one.id, other.id);
  const std::string& gone = std::max(one.id, other.id);
  EVERTILL_TRY(store.SetMerged(gone, canonical));
  EVERTILL_TRY(Act(store, desk, {"merge", canonical, {}, ToText({{"from", gone}, {"into", canonical}})},
                   gone + " into " + canonical));
  EVERTILL_ASSIGN(const auto ids, store.GroupOf(canonical));
  for (const std::string& id : ids) {
    EVERTILL_TRY(store.MarkRightsDue(id));
  }
  return true;
}

base::Expected<bool> EraseMember(Store& store, const DeskParts& desk, std::string_view member) {
  EVERTILL_ASSIGN(const MemberRow person, FindOneMember(store, member));
  EVERTILL_ASSIGN(const auto ids, store.GroupOf(person.id));
  const base::Instant now = desk.clock.Now();
  bool changed = false;
  for (const std::string& id : ids) {
    EVERTILL_ASSIGN(const bool gone, store.IsErased(id));
    if (gone) continue;
    changed = true;
    EVERTILL_TRY(store.EraseMember(id, now));
    EVERTILL_TRY(Act(store, desk, {"erase", id, {}, "{}"}, id));
  }
  return changed;
}

base::Expected<int64_t> WriteOff(Store& store, const DeskParts& desk, std::string_view member,
                                 std::string_view store_code) {
  EVERTILL_ASSIGN(const MemberRow person, FindOneMember(store, member));
  EVERTILL_ASSIGN(const auto place, store.FindStore(store_code));
  if (!place) return base::Fail(ServerErrc::kUnknownStore, std::string(store_code));
  EVERTILL_ASSIGN(const MemberFigures figures, store.FiguresOf(person.id));
  const int64_t debt = figures.Debt();
  if (debt == 0) return base::Fail(ServerErrc::kBadArgument, "this member owes nothing");
  EVERTILL_TRY(store.CloseInboxAbout("debt", person.id, desk.clock.Now()));
  OwnEvent event{"write_off",
                 person.id,
                 {Avail("", debt), {std::string(loyalty::kLoss), place->code, "", -debt}},
                 ToText({{"store", place->code}})};
  EVERTILL_TRY(Act(store, desk, event, person.id + ": " + AmountText(debt) + " at the expense of " + place->code));
  return debt;
}

base::Expected<MemberTruth> LookAtMember(Store& store, std::string_view member) {
  MemberTruth truth;
  EVERTILL_ASSIGN(truth.person, FindOneMember(store, member));
  EVERTILL_ASSIGN(truth.figures, store.FiguresOf(truth.person.id));
  EVERTILL_ASSIGN(const auto ids, store.GroupOf(truth.person.id));
  const auto add = [](auto& to, auto&& more) { to.insert(to.end(), more.begin(), more.end()); };
  for (const std::string& id : ids) {
    if (id != truth.person.id) truth.merged_ids.push_back(id);
    EVERTILL_ASSIGN(const auto grants, store.OpenGrantsOf(id));
    for (const GrantRow& grant : grants) {
      EVERTILL_ASSIGN(const auto sums, store.SumsOfSource(loyalty::kEscrow, grant.id));
      int64_t left = 0;
      for (const SumRow& row : sums) left += row.amount;
      truth.grants.push_back({grant, left});
    }
    EVERTILL_ASSIGN(auto holds, store.SumsOf(id, loyalty::kHold));
    add(truth.holds, holds);
    EVERTILL_ASSIGN(auto local, store.SumsOf(id, loyalty::kLocal));
    add(truth.local, local);
    EVERTILL_ASSIGN(auto lots, store.AvailLots(id));
    add(truth.lots, lots);
    EVERTILL_ASSIGN(auto cards, store.CardsOf(id));
    add(truth.cards, cards);
    EVERTILL_ASSIGN(const auto pin, store.FindPin(id));
    truth.has_pin = truth.has_pin || (pin && !pin->hash.empty());
    truth.pin_locked = truth.pin_locked || (pin && pin->locked);
  }
  loyalty::SortLots(truth.lots);
  truth.person.points = truth.figures.Net();
  return truth;
}

namespace {

boost::json::object ExportEvent(const EventRow& row, const std::optional<std::string>& side,
                                const std::vector<LedgerEntry>& entries) {
  boost::json::array lines;
  for (const LedgerEntry& entry : entries) {
    lines.push_back({{"member", entry.member},
                     {"account", entry.posting.account},
                     {"source", entry.posting.source},
                     {"lot", entry.posting.lot},
                     {"points", entry.posting.amount}});
  }
  boost::json::error_code bad;
  boost::json::value body = boost::json::parse(row.body, bad);
  if (bad) body = row.body;
  boost::json::value beside = side ? boost::json::parse(*side, bad) : boost::json::value();
  if (side && bad) beside = *side;
  return {{"commit_seq", row.commit_seq},
          {"event", std::move(body)},
          {"beside", std::move(beside)},
          {"entries", std::move(lines)}};
}

}  // namespace

base::Expected<boost::json::object> ExportMember(Store& store, std::string_view member) {
  EVERTILL_ASSIGN(const MemberTruth truth, LookAtMember(store, member));
  std::vector<std::string> ids{truth.person.id};
  ids.insert(ids.end(), truth.merged_ids.begin(), truth.merged_ids.end());
  std::vector<std::pair<EventRow, std::optional<std::string>>> events;
  EVERTILL_TRY(
      store.EachEventInChainOrder([&](const EventRow& row, std::string_view, const std::optional<std::string>& side) {
        if (std::find(ids.begin(), ids.end(), row.member) != ids.end()) events.emplace_back(row, side);
      }));
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.first.commit_seq < b.first.commit_seq; });
  boost::json::array told;
  for (const auto& [row, side] : events) {
    EVERTILL_ASSIGN(const auto entries, store.EntriesOf(row.commit_seq));
    told.push_back(ExportEvent(row, side, entries));
  }
  boost::json::array people;
  for (const std::string& id : ids) {
    EVERTILL_ASSIGN(const auto row, store.FindMember(id));
    if (!row) continue;
    people.push_back({{"id", row->id},
                      {"name", row->name},
                      {"phone", row->phone},
                      {"card", row->card},
                      {"language", row->language},
                      {"consents", boost::json::value_from(row->consents)},
                      {"erased", row->erased}});
  }
  boost::json::array cards;
  for (const CardRow& card : truth.cards) {
    cards.push_back({{"serial", card.serial},
                     {"level", card.level},
                     {"issued", base::FormatUtc(card.issued)},
                     {"denied", card.denied.has_value()}});
  }
  return boost::json::object{{"id", truth.person.id},         {"person", std::move(people)},
                             {"points", truth.person.points}, {"debt", truth.figures.Debt()},
                             {"cards", std::move(cards)},     {"events", std::move(told)}};
}

}  // namespace evertill::server
