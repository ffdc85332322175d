#include "sync/server/office_rights.h"

#include <functional>
#include <initializer_list>
#include <map>
#include <set>

#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "sync/server/errors.h"
#include "sync/server/settle.h"
#include "sync/wire/json_fields.h"

namespace evertill::server {

namespace {

/// LOCAL of a life to AVAIL, one own event for each member. Answers the points.
base::Expected<int64_t> TakeLocal(Store& store, const DeskParts& desk, const std::vector<SumRow>& rows,
                                  const std::string& life) {
  std::map<std::string, std::vector<domain::Posting>> by_member;
  int64_t points = 0;
  for (const SumRow& row : rows) {
    EVERTILL_ASSIGN(domain::Posting back, BackTo(store, desk, row.lot, row.amount));
    auto& postings = by_member[row.member];
    postings.push_back({row.account, row.source, row.lot, -row.amount});
    postings.push_back(std::move(back));
    points += row.amount;
  }
  for (auto& [member, postings] : by_member) {
    EVERTILL_TRY(
        Act(store, desk, {"reclaim", member, std::move(postings), ToText({{"local", life}})}, "LOCAL of " + life));
  }
  return points;
}

base::Status TakeGrant(Store& store, const DeskParts& desk, const GrantRow& grant, Reclaimed& reclaimed) {
  EVERTILL_ASSIGN(const int64_t points, TakeBackGrant(store, desk, grant.id));
  EVERTILL_TRY(store.Audit(desk.clock.Now(), "operator", "grant_reclaim",
                           grant.id + " of " + LifeName(grant.terminal, grant.incarnation)));
  ++reclaimed.grants;
  reclaimed.points += points;
  return {};
}

base::Expected<TerminalRow> FindLife(Store& store, std::string_view terminal, int64_t incarnation) {
  EVERTILL_ASSIGN(const auto lives, store.LivesOf(terminal));
  for (auto life = lives.rbegin(); life != lives.rend(); ++life) {
    if (incarnation == 0 || life->incarnation == incarnation) return *life;
  }
  return base::Fail(ServerErrc::kBadArgument,
                    incarnation == 0 ? "no till " + std::string(terminal) + " is enrolled"
                                     : "till " + std::string(terminal) + " has no life " + std::to_string(incarnation));
}

}  // namespace

base::Expected<Reclaimed> ReclaimGrant(Store& store, const DeskParts& desk, std::string_view grant_id) {
  EVERTILL_ASSIGN(const auto grant, store.FindGrant(grant_id));
  if (!grant) return base::Fail(ServerErrc::kBadArgument, "no grant " + std::string(grant_id));
  if (!grant->Open()) {
    return base::Fail(ServerErrc::kBadArgument,
                      "grant " + grant->id + " is " + std::string(StateName(grant->state)) + " already");
  }
  Reclaimed reclaimed;
  EVERTILL_TRY(TakeGrant(store, desk, *grant, reclaimed));
  return reclaimed;
}

base::Expected<Reclaimed> ReclaimTill(Store& store, const DeskParts& desk, std::string_view terminal,
                                      int64_t incarnation, std::string_view member) {
  EVERTILL_ASSIGN(const TerminalRow life, FindLife(store, terminal, incarnation));
  std::set<std::string> wanted;
  if (!member.empty()) {
    EVERTILL_ASSIGN(const MemberRow person, FindOneMember(store, member));
    EVERTILL_ASSIGN(const auto ids, store.GroupOf(person.id));
    wanted.insert(ids.begin(), ids.end());
  }
  const auto passes = [&](const std::string& id) { return wanted.empty() || wanted.contains(id); };
  Reclaimed reclaimed;
  EVERTILL_ASSIGN(const auto grants, store.OpenGrantsAt(life.terminal, life.incarnation));
  for (const GrantRow& grant : grants) {
    if (passes(grant.member)) EVERTILL_TRY(TakeGrant(store, desk, grant, reclaimed));
  }
  const std::string name = LifeName(life.terminal, life.incarnation);
  EVERTILL_ASSIGN(auto local, store.SumsOfSource(loyalty::kLocal, name));
  std::erase_if(local, [&](const SumRow& row) { return !passes(row.member); });
  EVERTILL_ASSIGN(reclaimed.local_points, TakeLocal(store, desk, local, name));
  if (wanted.empty()) {  // one member's alone: what the others hold there stays theirs to spend
    EVERTILL_TRY(store.MarkLifeReclaimed(life.terminal, life.incarnation, desk.clock.Now()));
    // Should the till come back, it starts anew: what it earned since would stand here and there.
    EVERTILL_TRY(store.FenceLife(life.terminal, life.incarnation, "reclaimed"));
    EVERTILL_TRY(store.CloseInboxAbout("new_life", name, desk.clock.Now()));
  }
  EVERTILL_TRY(store.Audit(desk.clock.Now(), "operator", "till_reclaim", name));
  return reclaimed;
}

base::Expected<int64_t> CloseHoldByHand(Store& store, const DeskParts& desk, std::string_view event_id) {
  EVERTILL_ASSIGN(const auto hold, store.FindHold(event_id));
  if (!hold || !hold->closed.empty()) {
    return base::Fail(ServerErrc::kBadArgument, hold ? "this hold is closed already: " + hold->closed
                                                     : "no hold for event " + std::string(event_id));
  }
  EVERTILL_ASSIGN(const auto rows, store.SumsOfSource(loyalty::kHold, hold->event_id));
  int64_t points = 0;
  for (const SumRow& row : rows) points += row.amount;
  EVERTILL_TRY(CloseHold(store, desk, *hold, "operator"));
  EVERTILL_TRY(store.Audit(desk.clock.Now(), "operator", "hold_close", hold->event_id));
  return points;
}

base::Expected<int64_t> FenceTill(Store& store, const DeskParts& desk, std::string_view terminal) {
  EVERTILL_ASSIGN(const TerminalRow newest, FindLife(store, terminal, 0));
  EVERTILL_ASSIGN(const auto lives, store.LivesOf(terminal));
  // All of one machine: a copy of its disk may stand at an earlier life.
  for (const TerminalRow& life : lives) {
    if (life.public_key != newest.public_key || life.fenced == kFencedByHand) continue;
    EVERTILL_TRY(store.ChangeFence(life.terminal, life.incarnation, kFencedByHand));
    EVERTILL_TRY(store.Audit(desk.clock.Now(), "operator", "till_fence", LifeName(life.terminal, life.incarnation)));
  }
  return newest.incarnation;
}

namespace {

/// The terms of one raw id's bound, out of head office's own chain.
struct Terms {
  int64_t permits = 0;
  int64_t reclaimed = 0;
  int64_t windows = 0;
  int64_t copies = 0;
  int64_t claims = 0;
  int64_t written_off = 0;
};

int64_t PositiveIn(const domain::Event& event, std::initializer_list<std::string_view> accounts) {
  int64_t points = 0;
  for (const domain::Posting& posting : event.core.postings) {
    for (const std::string_view account : accounts) {
      if (posting.account == account && posting.amount > 0) points += posting.amount;
    }
  }
  return points;
}

std::string TextIn(const std::string& ext, std::string_view key) {
  const auto object = wire::ParseObject(ext, "ext");
  if (!object) return {};
  const boost::json::value* value = object->if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// Goes through own events and adds up what each says of a member's bound.
class BoundCount {
 public:
  explicit BoundCount(Store& store) : store_(store) {}

  base::Status Run() {
    EVERTILL_TRY(EachEvent("HQ", "MAIN", [this](const EventRow& row, const domain::Event& event) { Own(row, event); }));
    EVERTILL_ASSIGN(const auto branches, store_.AllBranches());
    std::map<std::pair<std::string, int64_t>, int64_t> copies;
    for (const BranchRow& branch : branches) ++copies[{branch.terminal, branch.incarnation}];
    for (const auto& [life, extra] : copies) EVERTILL_TRY(Copies(life, extra));
    return {};
  }
  [[nodiscard]] const Terms& Of(const std::string& member) { return terms_[member]; }

 private:
  using Life = std::pair<std::string, int64_t>;
  using Visit = std::function<void(const EventRow&, const domain::Event&)>;

  base::Status EachEvent(std::string_view store, std::string_view till, const Visit& visit) {
    LogQuery query{.after = 0, .limit = 1000, .store = std::string(store), .till = std::string(till)};
    for (;;) {
      EVERTILL_ASSIGN(const auto rows, store_.Log(query));
      for (const EventRow& row : rows) {
        query.after = row.commit_seq;
        if (const auto event = domain::DecodeEvent(row.body); event && row.parked.empty()) visit(row, *event);
      }
      if (rows.size() < static_cast<size_t>(query.limit)) return {};
    }
  }

  void Own(const EventRow& row, const domain::Event& event) {
    Terms& terms = terms_[row.member];
    if (row.kind == "reclaim") {
      terms.reclaimed += PositiveIn(event, {loyalty::kAvail, loyalty::kPending});
    } else if (row.kind == "grant") {
      const auto grant = loyalty::DecodeGrant(TextIn(event.ext, "bytes"));
      if (grant) rights_[{grant->terminal, grant->incarnation}][row.member] += grant->Cap();
    } else if (row.kind == "permit") {
      const auto permit = loyalty::DecodePermit(TextIn(event.ext, "bytes"));
      if (!permit) return;
      terms.permits += permit->cap;
      rights_[{permit->terminal, permit->incarnation}][row.member] += permit->cap;
    } else if (row.kind == "grant_registered") {
      terms.windows += PositiveIn(event, {loyalty::kEscrow});
    } else if (row.kind == "hold") {
      for (const domain::Posting& posting : event.core.postings) held_.insert(posting.source);
    } else if (row.kind == "cover") {
      if (TextIn(event.ext, "account") == loyalty::kPending) return;  // within one lot: nobody's rights
      // What came after a reclaim and went to AVAIL as well: the till has it still.
      terms.reclaimed += PositiveIn(event, {loyalty::kAvail, loyalty::kPending});
      // A hold that was given here and ended by hand is a right taken back by force; one that is not known here was
      // given in a window that a restore lost.
      for (const domain::Posting& posting : event.core.postings) {
        if (posting.account != loyalty::kHold || posting.amount <= 0) continue;
        (held_.contains(posting.source) ? terms.reclaimed : terms.windows) += posting.amount;
      }
    } else if (row.kind == "claim_settled" && TextIn(event.ext, "state") == "released") {
      terms.claims += PositiveIn(event, {loyalty::kAvail});
    } else if (row.kind == "write_off") {
      terms.written_off += PositiveIn(event, {loyalty::kAvail});
    }
  }

  /// A disk that was copied can spend what its life was given, and what was earned on it, once more.
  base::Status Copies(const Life& life, int64_t extra) {
    for (const auto& [member, points] : rights_[life]) terms_[member].copies += points * extra;
    const size_t slash = life.first.find('/');
    return EachEvent(life.first.substr(0, slash), life.first.substr(slash + 1),
                     [&](const EventRow& row, const domain::Event& event) {
                       if (row.incarnation != life.second || row.member.empty()) return;
                       terms_[row.member].copies += PositiveIn(event, {loyalty::kLocal}) * extra;
                     });
  }

  Store& store_;
  std::map<std::string, Terms> terms_;
  std::map<Life, std::map<std::string, int64_t>> rights_;
  std::set<std::string> held_;
};

}  // namespace

base::Expected<std::vector<OverspendRow>> Overspends(Store& store, int64_t limit) {
  EVERTILL_ASSIGN(const auto debtors, store.Debtors(limit));
  std::vector<OverspendRow> rows;
  if (debtors.empty()) return rows;
  BoundCount count(store);
  EVERTILL_TRY(count.Run());
  for (const MemberFigures& figures : debtors) {
    OverspendRow row;
    row.figures = figures;
    EVERTILL_ASSIGN(const auto ids, store.GroupOf(figures.member));
    for (const std::string& id : ids) {
      const Terms& terms = count.Of(id);
      row.stand_in += terms.permits;
      row.reclaimed += terms.reclaimed;
      row.windows += terms.windows;
      row.copies += terms.copies;
      row.claims += terms.claims;
      row.written_off += terms.written_off;
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace evertill::server
