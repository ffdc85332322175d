#include <algorithm>

#include "app/base/check.h"
#include "app/domain/event.h"
#include "app/loyalty/ledger.h"
#include "sync/server/admin.h"
#include "sync/server/office_members.h"
#include "sync/server/office_periods.h"
#include "sync/server/office_rights.h"
#include "tests/sim/world.h"

/// All faults end; everybody talks until nothing is left to say; then everything must agree.
namespace evertill::sim {
namespace {

constexpr int kRounds = 12;

}  // namespace

void World::ComeToRest() {
  step_ = options_.steps + 1;
  verdict_.BeginStep(step_);
  network_.BeginStep(step_ + 1000);
  resting_ = true;
  rest_ = office_clock_.Now();
  network_.SetWeather({});
  network_.SetZombie(nullptr);
  office_->GetDisk().CalmDown();
  for (Counter& counter : counters_) {
    counter.machine->GetDisk().CalmDown();
    if (!counter.in_use) continue;
    counter.machine->Clock().Set(office_clock_.Now());
    if (!counter.machine->On()) Restart(counter, Halt::kKill);
    if (!counter.machine->On()) return;
    counter.baskets.clear();
    if (!counter.machine->Till().Rights().ReleaseAllBut({})) verdict_.Break(12, "a basket cannot be let go");
  }
  SyncAll();
  network_.DeliverLate(true);
  SyncAll();
  if (!verdict_.Found()) CloseLostHolds();
  if (!verdict_.Found() && May("expiry")) CloseLastPeriod();
  if (!verdict_.Found()) CheckRest();
}

/// Reservations of tills that are gone, or that forgot them with a disk: an operator ends them.
void World::CloseLostHolds() {
  const auto holds = office_->Look().OpenHolds(1000);
  if (!holds) return verdict_.Break(12, holds.error().ToString());
  for (const auto& hold : *holds) {
    const bool known = std::ranges::any_of(counters_, [&](const Counter& counter) {
      return counter.in_use && counter.facts.reserves.contains(hold.event_id);
    });
    if (known) continue;
    if (!Operator("hold of a lost till closed", [&](server::Store& store, const server::DeskParts& desk) {
          return base::Status(server::CloseHoldByHand(store, desk, hold.event_id).map([](int64_t) {}));
        })) {
      verdict_.Break(12, "a lost till's hold cannot be closed");
    }
    oracle_.Forced(MemberOf(hold.member), hold.points);
  }
}

/// More than a week later the books are closed, whichever till is not heard of any more.
void World::CloseLastPeriod() {
  const base::Instant until = office_clock_.Now() + std::chrono::hours(30);
  const auto later = std::chrono::hours(30 + 24 * 7 + 1);
  office_clock_.Advance(later);
  for (Counter& counter : counters_) counter.machine->Clock().Advance(later);
  SyncAll();
  const auto close = [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
    EVERTILL_TRY(server::Tend(store, desk));
    EVERTILL_ASSIGN(const auto closed, server::ClosePeriod(store, desk, until, true));
    if (closed.expired > 0) verdict_.Saw("points expired");
    if (closed.covered > 0) verdict_.Saw("lots covered");
    return {};
  };
  if (!Operator("last close", close)) verdict_.Break(12, "the last period cannot be closed");
  SyncAll();
}

void World::SyncAll() {
  std::string problem;
  for (int round = 0; round < kRounds; ++round) {
    problem.clear();
    for (Counter& counter : counters_) {
      if (!counter.in_use) continue;
      office_clock_.Advance(std::chrono::seconds(5));
      for (Counter& each : counters_) each.machine->Clock().Advance(std::chrono::seconds(5));
      counter.machine->Holds().MarkReachable();
      const auto report = counter.machine->Sync().RunOnce();
      const auto cursor = counter.machine->Till().Sync().Cursor();
      if (!report) {
        problem = counter.machine->Name() + ": " + report.error().ToString();
        Tell(counter, -1, "round failed: " + report.error().ToString());
      } else if (!cursor || cursor->acked_seq != cursor->head_seq || report->new_life) {
        problem = counter.machine->Name() + " is not acknowledged to its end";
      }
    }
    if (problem.empty() && round >= 2) return;
  }
  verdict_.Break(12, "after " + std::to_string(kRounds) + " rounds without faults: " + problem);
}

/// Events that must be in head office's books: those on a disk that is there, and those that it acknowledged.
std::set<std::string> World::Survivors() {
  std::set<std::string> events = facts_.posted;
  for (const Counter& counter : counters_) {
    if (counter.in_use) events.insert(counter.facts.events.begin(), counter.facts.events.end());
  }
  return events;
}

void World::CheckRest() {
  const std::set<std::string> events = Survivors();
  server::Store& store = office_->Look();
  std::set<std::string> posted;
  for (const std::string& event : events) {
    if (event.empty()) continue;
    const auto row = store.FindPosted(event);
    if (row && *row) {
      posted.insert(event);
    } else if (oracle_.Sales().contains(event) || oracle_.Refunds().contains(event)) {
      verdict_.Break(10, "event " + event + " is kept at a till or acknowledged, and is not posted");
    }
  }
  // A request whose answer nobody saw may have been taken from a disk that is lost since.
  for (const std::string& event : oracle_.EventIds()) {
    const auto row = store.FindPosted(event);
    if (row && *row) posted.insert(event);
  }
  CheckOffice();
  CheckBooks(posted);
  CheckTills();
  PullLog();
  const auto totals = store.CountAll();
  if (totals && static_cast<int64_t>(pulled_.seen.size()) != totals->events) {
    verdict_.Break(10, "who pulls the log has " + std::to_string(pulled_.seen.size()) + " of " +
                           std::to_string(totals->events) + " events");
  }
  const auto report = server::Verify(store);
  if (!report) return verdict_.Break(1, "verify: " + report.error().ToString());
  for (const std::string& problem : report->problems) verdict_.Break(1, "verify: " + problem);
}

/// What head office's log says of a member, by kind, beside what the counters know: where a difference comes from.
void World::TellBooks(int root, const std::set<std::string>& events) {
  std::map<std::string, int64_t> sums;
  for (int64_t after = 0;;) {
    server::LogQuery query;
    query.after = after;
    const auto rows = office_->Look().Log(query);
    if (!rows || rows->empty()) break;
    after = rows->back().commit_seq;
    for (const auto& row : *rows) {
      const auto event = domain::DecodeEvent(row.body);
      if (!event || !event->core.member || !row.parked.empty()) continue;
      const int member = MemberOf(event->core.member->ToString());
      if (member < 0 || oracle_.RootOf(member) != root) continue;
      const int64_t delta = loyalty::MemberDelta(event->core.postings);
      sums[row.kind] += delta;
      const bool known = events.contains(row.event_id) || row.terminal == "HQ/MAIN";
      if (!known && delta != 0) verdict_.Tell("", "only at head office: " + row.event_id + " " + row.kind);
    }
  }
  for (const auto& [kind, points] : sums) {
    verdict_.Tell("", "head office: " + kind + " moved " + std::to_string(points));
  }
}

void World::CheckBooks(const std::set<std::string>& events) {
  server::Store& store = office_->Look();
  std::map<int, int64_t> expired;
  for (int64_t after = 0;;) {
    server::LogQuery query;
    query.after = after;
    query.limit = 500;
    const auto rows = store.Log(query);
    if (!rows || rows->empty()) break;
    after = rows->back().commit_seq;
    for (const auto& row : *rows) {
      if (row.kind != "expire") continue;
      const auto event = domain::DecodeEvent(row.body);
      if (!event || !event->core.member) continue;
      for (const auto& posting : event->core.postings) {
        if (posting.account == "EXPIRED") {
          expired[oracle_.RootOf(MemberOf(event->core.member->ToString()))] += posting.amount;
        }
      }
    }
  }
  for (size_t i = 0; i < day_.members.size(); ++i) {
    const int root = static_cast<int>(i);
    const std::string id = day_.members[i].id.ToString();
    for (const auto& held : {store.SumsOf(id, "HOLD")}) {
      if (held && !held->empty()) {
        verdict_.Break(12, "member " + std::to_string(i) + " has " + std::to_string((*held)[0].amount) +
                               " points held for " + (*held)[0].source + " when all is at rest");
      }
    }
    if (oracle_.RootOf(root) != root) continue;
    // A restore may have forgotten a merge: then they stand apart again.
    int64_t net = 0;
    std::set<std::string> counted;
    for (size_t k = 0; k < day_.members.size(); ++k) {
      if (oracle_.RootOf(static_cast<int>(k)) != root) continue;
      const auto canonical = store.CanonicalOf(day_.members[k].id.ToString());
      if (!canonical) return verdict_.Break(1, canonical.error().ToString());
      if (!counted.insert(*canonical).second) continue;
      const auto figures = store.FiguresOf(*canonical);
      if (!figures) return verdict_.Break(1, figures.error().ToString());
      net += figures->Net();
    }
    const int64_t expected = oracle_.NetOf(root, events, facts_) - expired[root];
    if (net != expected) {
      TellBooks(root, events);
      verdict_.Break(8, "member " + std::to_string(root) + " has " + std::to_string(net) + " points at head office, " +
                            std::to_string(expected) + " were left at the counters");
    }
    const Terms terms = oracle_.TermsOf(root);
    oracle_.SawDebt(std::max<int64_t>(0, -net));
    if (-net > terms.Overspend() + terms.clawed_back) {
      verdict_.Break(5, "member " + std::to_string(root) + " owes " + std::to_string(-net) + ", the bound is " +
                            std::to_string(terms.Overspend() + terms.clawed_back));
    }
    if (net < 0) verdict_.Saw("debt at the end");
  }
}

void World::CheckTills() {
  for (Counter& counter : counters_) {
    if (!counter.in_use) continue;
    const auto journal = counter.machine->Till().VerifyJournal();
    if (!journal) verdict_.Break(3, counter.machine->Name() + ": " + journal.error().ToString());
    for (size_t i = 0; i < day_.members.size(); ++i) {
      const auto canonical = office_->Look().CanonicalOf(day_.members[i].id.ToString());
      const auto figures = canonical ? office_->Look().FiguresOf(*canonical) : base::Expected<server::MemberFigures>{};
      const auto record = counter.machine->Till().Members().Find(day_.members[i].id);
      if (!canonical || !figures || !record || !*record) continue;
      if (*canonical != day_.members[i].id.ToString() || (*record)->points == figures->Net()) continue;
      verdict_.Break(7, counter.machine->Name() + " shows " + std::to_string((*record)->points) + " points of member " +
                            std::to_string(i) + ", head office " + std::to_string(figures->Net()));
    }
  }
}

}  // namespace evertill::sim
