#include <filesystem>
#include <fstream>

#include "app/base/check.h"
#include "app/sqlite/connection.h"
#include "sync/server/admin.h"
#include "sync/server/office_backup.h"
#include "sync/server/office_claims.h"
#include "sync/server/office_members.h"
#include "sync/server/office_periods.h"
#include "sync/server/office_rights.h"
#include "sync/server/sqlite_store.h"
#include "tests/sim/world.h"

/// What head office does, and what happens to it.
namespace evertill::sim {

/// Nobody pulls the plug while an operator acts: whether it was done would not be known.
bool World::Operator(const char* what,
                     const std::function<base::Status(server::Store&, const server::DeskParts&)>& act) {
  office_->GetDisk().CalmDown();
  const auto done = office_->Do(act);
  verdict_.Saw(std::string(what) + (done ? "" : " refused: " + std::string(done.error().Name())));
  verdict_.Tell("", std::string(what) + (done ? "" : " refused: " + done.error().ToString()));
  return done.has_value();
}

void World::SetPolicy() {
  loyalty::Programme programme = loyalty::DefaultProgramme(*domain::Currency::Find("THB"));
  programme.version = 2;
  programme.redeem.stand_in_member = stand_in_;
  programme.redeem.stand_in_till = stand_in_ * 50;
  if (Below(4) == 0) programme.lots.activation_hours = 2;
  if (May("expiry") && !OneIn(3)) programme.lots.expiry_days = 1;
  if (Below(4) == 0) programme.redeem.grant_days = 1;
  policy_ = programme.lots.activation_hours == 0 && programme.lots.expiry_days == 0 ? 1 : 2;
  const auto set = [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
    return base::Status(
        server::SetProgrammeText(store, desk, loyalty::FormatProgramme(programme), "THB").map([](const auto&) {}));
  };
  if (!Operator("programme", set)) verdict_.Break(0, "no programme");
}

void World::TendOffice() {
  Operator("tend", [](server::Store& store, const server::DeskParts& desk) -> base::Status {
    EVERTILL_TRY(server::Tend(store, desk));
    return {};
  });
}

/// F of the bound: what an operator takes back from a till that may have it after all.
void World::Reclaim() {
  const auto grants = office_->Look().OpenGrants(50);
  if (!grants) return;
  server::Reclaimed back;
  if (OneIn(2) && !grants->empty()) {
    const server::GrantRow grant = (*grants)[Below(grants->size())];
    if (!Operator("reclaim grant", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
          EVERTILL_ASSIGN(back, server::ReclaimGrant(store, desk, grant.id));
          return {};
        })) {
      return;
    }
    verdict_.Injected("reclaim");
    return oracle_.Forced(MemberOf(grant.member), back.points);
  }
  // A whole till: mostly one that is lost.
  Counter* counter = &counters_[Below(counters_.size())];
  for (Counter& other : counters_) {
    if (!other.in_use && !other.facts.events.empty() && OneIn(2)) counter = &other;
  }
  if (counter->facts.life.empty()) return;
  const std::string terminal = counter->facts.life.substr(0, counter->facts.life.find('#'));
  const int64_t incarnation = std::stoll(counter->facts.life.substr(terminal.size() + 1));
  for (size_t i = 0; i < day_.members.size(); ++i) {
    const std::string id = day_.members[i].id.ToString();
    back = {};
    if (Operator("reclaim till", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
          EVERTILL_ASSIGN(back, server::ReclaimTill(store, desk, terminal, incarnation, id));
          return {};
        })) {
      verdict_.Injected("reclaim");
      oracle_.Forced(static_cast<int>(i), back.points + back.local_points);
    }
  }
}

void World::CloseHold() {
  const auto holds = office_->Look().OpenHolds(50);
  if (!holds || holds->empty()) return;
  const server::HoldRow hold = (*holds)[Below(holds->size())];
  int64_t points = 0;
  if (Operator("hold closed by hand", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
        EVERTILL_ASSIGN(points, server::CloseHoldByHand(store, desk, hold.event_id));
        return {};
      })) {
    oracle_.Forced(MemberOf(hold.member), points);
  }
}

void World::Merge() {
  const size_t a = Below(day_.members.size());
  const size_t b = Below(day_.members.size());
  if (a == b) return;
  if (Operator("merge", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
        EVERTILL_TRY(server::MergeMembers(store, desk, day_.members[a].id.ToString(), day_.members[b].id.ToString()));
        return {};
      })) {
    oracle_.Merged(static_cast<int>(a), static_cast<int>(b));
  }
}

void World::Erase() {
  const size_t who = day_.members.size() - 1;
  Operator("erase", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
    EVERTILL_TRY(server::EraseMember(store, desk, day_.members[who].id.ToString()));
    return {};
  });
}

void World::Adjust() {
  const int member = AnyMember();
  const int64_t points = OneIn(2) ? 1 + static_cast<int64_t>(Below(30)) : -1 - static_cast<int64_t>(Below(30));
  if (Operator("adjust", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
        return server::AdjustPoints(store, desk, day_.members[static_cast<size_t>(member)].id.ToString(), points,
                                    "test");
      })) {
    oracle_.Adjusted(facts_, member, points);
    verdict_.Tell("m" + std::to_string(member), "adjusted by " + std::to_string(points));
  }
}

void World::ClosePeriod() {
  const base::Instant until = office_clock_.Now() - std::chrono::minutes(1 + Below(600));
  if (Operator("close", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
        EVERTILL_ASSIGN(const auto closed, server::ClosePeriod(store, desk, until, OneIn(2)));
        if (closed.expired > 0) verdict_.Saw("points expired");
        if (closed.covered > 0) verdict_.Saw("lots covered");
        return {};
      })) {
    closed_period_ = true;
  }
}

/// What the members have on paper of a till that is gone.
void World::KeepReceipts(Counter& counter) {
  const auto& events = counter.facts.events;
  for (size_t i = events.size(); i > 0 && counter.receipts.size() < 4; --i) {
    const auto sale = oracle_.Sales().find(events[i - 1]);
    if (sale == oracle_.Sales().end() || sale->second.earned == 0) continue;
    const auto list = counter.machine->Till().Sales().List(0);
    if (!list) return;
    for (const auto& row : *list) {
      const auto whole = counter.machine->Till().Sales().FindSale(row.receipt);
      if (!whole || !*whole || (*whole)->id.ToString() != events[i - 1]) continue;
      const auto text = counter.machine->Till().Links().LinkFor(**whole);
      if (text) counter.receipts.emplace_back(events[i - 1], *text);
      break;
    }
  }
}

/// Q of the bound.
void World::Claim() {
  for (Counter& counter : counters_) {
    if (counter.receipts.empty()) continue;
    const auto [event, text] = counter.receipts.back();
    counter.receipts.pop_back();
    server::ClaimRow claim;
    if (!Operator("claim", [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
          EVERTILL_ASSIGN(claim, server::TakeClaim(store, desk, text));
          return {};
        })) {
      return;
    }
    facts_.claims[event] = claim.points;
    const bool releases = !OneIn(4);
    if (Operator(releases ? "claim released" : "claim refused",
                 [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
                   if (releases) return base::Status(server::ReleaseClaim(store, desk, event).map([](const auto&) {}));
                   return base::Status(server::RefuseClaim(store, desk, event).map([](const auto&) {}));
                 })) {
      verdict_.Injected("claim");
      if (releases) oracle_.ClaimReleased(MemberOf(claim.member), claim.points);
      if (!releases) facts_.claims.erase(event);
    }
    return;
  }
}

void World::BackUpOffice() {
  office_->GetDisk().CalmDown();
  auto image = office_->BackUp("copy-" + std::to_string(step_));
  if (!image) return verdict_.Break(0, "no copy: " + image.error().ToString());
  verdict_.Saw("head office copied");
  if (office_copies_.size() > 2) office_copies_.erase(office_copies_.begin());
  office_copies_.push_back({std::move(*image), facts_});
}

/// W of the bound: what was given since the copy, and whatever the replaced one still gives.
void World::RestoreOffice() {
  if (office_copies_.empty()) return;
  const OfficeCopy& copy = office_copies_[Below(office_copies_.size())];
  verdict_.Injected("head office restored");
  verdict_.Tell("", "head office is restored from a copy");
  for (const auto& [member, points] : facts_.given) {
    const auto then = copy.facts.given.find(member);
    oracle_.Window(member, points - (then == copy.facts.given.end() ? 0 : then->second));
  }
  office_->GetDisk().CalmDown();
  if (May("zombie")) {
    zombie_facts_ = facts_;
    const std::string folder = day_.root + "/hq-old-" + std::to_string(++office_number_);
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/hq.db").flush();  // production looks whether it is there
    zombie_ = std::make_unique<HeadOffice>(folder, office_clock_, *office_random_, *day_.keys, safeguards_);
    zombie_->GetDisk().Put(office_->GetDisk().Image());
    const auto started = zombie_->Start();
    if (!started) return verdict_.Break(0, "the replaced head office: " + started.error().ToString());
    network_.SetZombie(zombie_.get());
  }
  facts_ = copy.facts;
  const auto restored = office_->RestoreFrom(copy.image, highest_epoch_);
  if (!restored) return verdict_.Break(0, "no restore: " + restored.error().ToString());
  highest_epoch_ = office_->Epoch().counter;
}

void World::PullLog() {
  PullFrom(office_->Look());
}

/// Somebody who takes the log in pages must get every event once.
void World::PullFrom(server::Store& store) {
  const std::string epoch = office_->Epoch().ToString();
  if (pulled_.epoch != epoch) pulled_ = {epoch, 0, {}};
  for (;;) {
    server::LogQuery query;
    query.after = pulled_.after;
    query.limit = 40;
    query.gap_safe = safeguards_.On(loyalty::Rule::kGapSafe);
    const auto rows = store.Log(query);
    if (!rows || rows->empty()) return;
    for (const auto& row : *rows) pulled_.seen.insert(row.commit_seq);
    pulled_.after = rows->back().commit_seq;
    verdict_.Saw("log pulled");
  }
}

/// A database with several writers shows a later commit before an earlier one. SQLite never does: so the log is read
/// from a copy in which one row has not come yet.
void World::HideRowAndPull() {
  const auto totals = office_->Look().CountAll();
  if (!totals || totals->events < 4) return;
  const int64_t late = totals->events - 1 - static_cast<int64_t>(Below(2));
  if (late <= pulled_.after && pulled_.epoch == office_->Epoch().ToString()) return;
  const std::string folder = day_.root + "/hq-late";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/hq.db").flush();
  Disk copy(folder);
  copy.Put(office_->GetDisk().Image());
  const auto hide = [&]() -> base::Status {
    sqlite::OpenOptions options;
    options.vfs = kVfsName;
    EVERTILL_ASSIGN(auto db, sqlite::Connection::Open(folder + "/hq.db", options));
    EVERTILL_TRY(db.Execute("PRAGMA foreign_keys=OFF; DROP TRIGGER events_same"));
    EVERTILL_ASSIGN(auto update, db.Prepare("UPDATE events SET commit_seq = -commit_seq WHERE commit_seq = ?1"));
    return update.Bind(late).Run();
  };
  if (const auto hidden = hide(); !hidden) return verdict_.Break(0, "no late row: " + hidden.error().ToString());
  const auto store = server::OpenSqliteStore(folder + "/hq.db", server::StoreAccess::kRead, office_clock_,
                                             {.vfs = kVfsName, .safeguards = safeguards_});
  if (!store) return verdict_.Break(0, "no late row: " + store.error().ToString());
  verdict_.Injected("late commit");
  PullFrom(**store);
}

/// What must hold at head office at any moment.
void World::CheckOffice() {
  for (const SimMember& member : day_.members) {
    const std::string id = member.id.ToString();
    for (const char* account : {"ESCROW", "HOLD"}) {
      const auto sums = office_->Look().SumsOf(id, account);
      if (!sums) continue;
      for (const auto& sum : *sums) {
        if (sum.amount < 0) {
          verdict_.Break(
              6, std::string(account) + " " + sum.source + " lot " + sum.lot + " holds " + std::to_string(sum.amount));
        }
      }
    }
  }
}

}  // namespace evertill::sim
