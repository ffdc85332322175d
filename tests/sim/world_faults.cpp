#include <sqlite3.h>

#include "app/sqlite/connection.h"
#include "tests/sim/world.h"

/// What goes wrong at tills and on the roads.
namespace evertill::sim {
namespace {

std::string LifeOf(const domain::Terminal& terminal) {
  return terminal.Name() + "#" + std::to_string(terminal.incarnation);
}

/// Σ by member id of a query that answers (id as 32 hex digits, points).
std::map<std::string, int64_t> SumsIn(const std::string& file, const char* sql) {
  std::map<std::string, int64_t> sums;
  sqlite::OpenOptions options;
  options.mode = sqlite::OpenMode::kReadOnly;
  options.vfs = kVfsName;
  auto db = sqlite::Connection::Open(file, options);
  if (!db) return sums;
  auto query = db->Prepare(sql);
  if (!query) return sums;
  for (auto row = query->Step(); row && *row; row = query->Step()) sums[query->Text(0)] = query->Int(1);
  return sums;
}

std::string Plain(std::string uuid) {
  std::erase(uuid, '-');
  return uuid;
}

}  // namespace

void World::SyncOne() {
  if (Counter* counter = AnyCounter()) SyncTill(*counter);
}

void World::SyncTill(Counter& counter) {
  if (!counter.machine->On() || counter.machine->GetDisk().Dead()) return;
  const std::string life = LifeOf(counter.machine->Terminal());
  const auto report = counter.machine->Sync().RunOnce();
  CheckEpoch(counter);
  if (!report) {
    verdict_.Saw("round failed: " + std::string(report.error().Name()));
    Tell(counter, -1, "round failed: " + report.error().ToString());
    return;
  }
  verdict_.Saw("round");
  Tell(counter, -1,
       "round: up " + std::to_string(report->uploaded) + ", grants " + std::to_string(report->grants) + ", returns " +
           std::to_string(report->returned) + (report->new_life ? ", new life" : ""));
  if (report->new_life) {
    verdict_.Saw("new life");
    counter.baskets.clear();
  }
  if (report->grants > 0) verdict_.Saw("grants accepted");
  if (report->returned > 0) verdict_.Saw("rights given back");
  counter.machine->Holds().MarkReachable();
}

/// A till that has followed a restored head office never follows the one before again.
void World::CheckEpoch(Counter& counter) {
  const auto enrolment = counter.machine->Till().Sync().GetEnrolment();
  if (!enrolment || !*enrolment) return;
  const int64_t epoch = (*enrolment)->epoch.counter;
  if (epoch > counter.facts.epoch && counter.facts.epoch > 0) verdict_.Saw("restored head office followed");
  if (epoch < counter.facts.epoch) {
    verdict_.Break(10, counter.machine->Name() + " went back from epoch " + std::to_string(counter.facts.epoch) +
                           " to " + std::to_string(epoch));
  }
  counter.facts.epoch = epoch;
}

void World::CutRoad() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  verdict_.Injected("partition");
  network_.CutOff(static_cast<int>(counter - counters_.data()), step_ + 5 + static_cast<int>(Below(60)));
}

DiskCopy World::CopyOf(Counter& counter) {
  const std::string file = counter.machine->GetDisk().Folder() + "/till.db";
  const auto rights = SumsIn(file,
                             "SELECT lower(hex(m.id)), sum(l.left) FROM right_lot l JOIN member m ON m.row = l.member "
                             "GROUP BY 1");
  const auto permits = SumsIn(file,
                              "SELECT lower(hex(m.id)), sum(p.cap) FROM permit p JOIN member m ON m.row = p.member "
                              "WHERE p.closed = 0 GROUP BY 1");
  DiskCopy copy{counter.machine->GetDisk().Image(),
                counter.facts,
                LifeOf(counter.machine->Terminal()),
                {},
                {},
                oracle_.GrantIds()};
  for (size_t i = 0; i < day_.members.size(); ++i) {
    const std::string id = Plain(day_.members[i].id.ToString());
    if (const auto found = rights.find(id); found != rights.end()) copy.rights[static_cast<int>(i)] = found->second;
    if (const auto found = permits.find(id); found != permits.end()) copy.permits[static_cast<int>(i)] = found->second;
  }
  return copy;
}

/// R of the bound: what is on the copy, and what comes to that life until it is fenced.
void World::UseCopy(const DiskCopy& copy) {
  for (const auto& [member, points] : copy.rights) oracle_.Copied(member, points);
  for (const auto& [member, points] : copy.permits) oracle_.Copied(member, points);
  oracle_.CopyInUse(copy.life, copy.grants);
}

void World::TakeCopy() {
  if (!May("rollback")) return;
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  if (counter->copies.size() > 2) counter->copies.erase(counter->copies.begin());
  counter->copies.push_back(CopyOf(*counter));
}

void World::RollBack() {
  Counter* counter = AnyCounter();
  if (counter == nullptr || counter->copies.empty()) return;
  const DiskCopy copy = counter->copies[Below(counter->copies.size())];
  verdict_.Injected("disk rolled back");
  Tell(*counter, -1, "its disk is an older copy now");
  counter->machine->Stop();
  counter->machine->GetDisk().Put(copy.image);
  UseCopy(copy);
  counter->facts = copy.facts;
  counter->set_back = false;  // an older disk has seen no later time: it cannot know
  counter->baskets.clear();
  Restart(*counter, Halt::kKill);
}

/// A second machine from the same disk; both go on.
void World::Clone() {
  Counter* counter = AnyCounter();
  if (counter == nullptr || counter->machine->Name().ends_with("-twin")) return;
  const size_t number = static_cast<size_t>(counter->machine->Number());
  const std::string folder = day_.tills[number].twin;
  for (const Counter& other : counters_) {
    if (other.machine->GetDisk().Folder() == folder || counters_.size() == counters_.capacity()) return;
  }
  verdict_.Injected("disk cloned");
  Tell(*counter, -1, "its disk is copied into a second machine");
  const DiskCopy copy = CopyOf(*counter);
  UseCopy(copy);
  const base::Instant now = counter->machine->Clock().Now();
  Counter& twin = counters_.emplace_back();
  const int road = static_cast<int>(counters_.size()) - 1;
  twin.machine =
      std::make_unique<Machine>(static_cast<int>(number) + 50, folder, now,
                                options_.seed * 2003 + static_cast<uint64_t>(road), network_.RoadOf(road), safeguards_);
  twin.machine->GetDisk().Put(copy.image);
  twin.facts = copy.facts;
  twin.in_use = true;
  Restart(twin, Halt::kKill);
}

void World::LoseDisk() {
  Counter* counter = AnyCounter();
  if (counter == nullptr || counter->machine->Name().ends_with("-twin")) return;
  Counter* spare = nullptr;
  for (Counter& other : counters_) {
    if (!other.in_use && !other.machine->On() && other.facts.events.empty() && other.machine->Number() < 50) {
      spare = &other;
    }
  }
  if (spare == nullptr) return;
  verdict_.Injected("disk lost");
  Tell(*counter, -1, "its disk is lost; " + spare->machine->Name() + " takes its place");
  KeepReceipts(*counter);
  counter->machine->Stop();
  counter->in_use = false;
  counter->baskets.clear();
  counter->copies.clear();
  spare->in_use = true;
  Restart(*spare, Halt::kKill);
}

void World::Restart(Counter& counter, sim::Halt how) {
  Machine& machine = *counter.machine;
  machine.Stop();
  if (how == Halt::kPowerCut) verdict_.Injected("power cut");
  for (int tries = 0; tries < 5; ++tries) {
    machine.GetDisk().Restart(how, rng_);
    const auto started = machine.Start();
    if (started) {
      verdict_.Saw("till restarted");
      Tell(counter, -1, how == Halt::kPowerCut ? "power cut" : "restart");
      // Baskets on the screen are gone; one in three cashiers keeps typing where the counter was.
      std::erase_if(counter.baskets, [&](const Basket&) { return !OneIn(3); });
      for (Basket& basket : counter.baskets) basket.reserved = false;
      (void)machine.Till().Rights().ReleaseAllBut({});
      return CheckDisk(counter);
    }
    machine.Stop();
    if (!machine.GetDisk().Dead()) {
      verdict_.Break(10, machine.Name() + " does not start again: " + started.error().ToString());
      counter.in_use = false;
      return;
    }
  }
}

/// Whatever was committed is there after any stop.
void World::CheckDisk(Counter& counter) {
  std::string newest;
  for (const std::string& event : counter.facts.events) {
    if (oracle_.Sales().contains(event) || oracle_.Refunds().contains(event)) newest = event;
  }
  if (newest.empty()) return;
  const auto last = counter.machine->Till().Sales().LastSale();
  if (!last || !*last) return verdict_.Break(10, counter.machine->Name() + " has lost every sale");
  const std::string found = (*last)->id.ToString();
  if (found == newest || found == counter.in_flight) return;
  verdict_.Break(10, counter.machine->Name() + " has lost sale " + newest + ", which was committed; its last is " +
                         (*last)->id.ToString());
}

void World::KillTill() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  verdict_.Injected("kill");
  Restart(*counter, Halt::kKill);
}

void World::ArmTill() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  Disk& disk = counter->machine->GetDisk();
  switch (Below(4)) {
    case 0:
      verdict_.Injected("power cut at once");
      disk.Die();
      return;
    case 1:
      verdict_.Injected("dies in a write");
      return disk.DieAtWrite(1 + static_cast<int>(Below(60)));
    default: {
      const bool after = OneIn(2);
      verdict_.Injected(after ? "dies between sync and answer" : "dies before a sync");
      return disk.DieAtSync(1 + static_cast<int>(Below(6)), after);
    }
  }
}

void World::ArmOffice() {
  verdict_.Injected("head office dies at a sync");
  office_->GetDisk().DieAtSync(1 + static_cast<int>(Below(8)), OneIn(2));
}

void World::SpoilDisk() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  const bool full = OneIn(2);
  verdict_.Injected(full ? "disk full" : "disk error");
  counter->machine->GetDisk().FailWrites(1 + static_cast<int>(Below(30)), 1 + static_cast<int>(Below(8)),
                                         full ? SQLITE_FULL : SQLITE_IOERR_WRITE);
}

/// So far back that no till can take it for right, however it was started.
bool World::IsClockWrong(Counter& counter) {
  const int64_t now = base::ToUnixMillis(counter.machine->Clock().Now()) + std::max<int64_t>(0, counter.offset_ms);
  return counter.set_back && now + 10 * 60'000 < counter.facts.t_business;
}

void World::MoveClock() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  base::ManualClock& clock = counter->machine->Clock();
  const auto hours = std::chrono::hours(OneIn(6) ? 24 * 365 : 1 + Below(72));
  if (OneIn(3)) {
    verdict_.Injected("clock ahead");
    clock.Set(clock.Now() + hours);
  } else {
    verdict_.Injected("clock back");
    clock.Set(clock.Now() - hours);
    counter->set_back = true;
    // Somebody tries it right away.
    if (!OneIn(2)) return;
    const int member = AnyMember();
    auto basket = Fund(*counter, member, 1, checkout::CardLevel::kSigned);
    if (basket) Commit(*counter, &*basket, member, basket->sale, 0);
  }
}

}  // namespace evertill::sim
