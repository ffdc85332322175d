#include "tests/sim/world.h"

#include <sqlite3.h>

#include "app/base/check.h"
#include "app/domain/event.h"
#include "sync/wire/messages.h"
#include "sync/wire/rights_messages.h"

namespace evertill::sim {
namespace {

loyalty::Safeguards SafeguardsFor(const Options& options) {
  return options.disabled ? loyalty::Safeguards::Without(*options.disabled) : loyalty::Safeguards{};
}

std::string LifeOf(const std::string& terminal, int64_t incarnation) {
  return terminal + "#" + std::to_string(incarnation);
}

int64_t ChooseStandIn(const Options& options, std::mt19937_64& rng) {
  if (options.stand_in) return *options.stand_in;
  const bool some = rng() % 3 == 0;
  return some && options.May("stand-in") ? 40 : 0;
}

}  // namespace

World::World(const FirstDay& day, const Options& options)
    : day_(day),
      options_(options),
      rng_(options.seed * 0x9E3779B97F4A7C15ULL + 1),
      verdict_(day.root),
      stand_in_(ChooseStandIn(options, rng_)),
      safeguards_(SafeguardsFor(options)),
      office_clock_(day.now),
      office_random_(base::MakeSeededRandom(options.seed * 31 + 7)),
      oracle_(verdict_, static_cast<int>(day.members.size()), stand_in_),
      network_(
          verdict_, rng_,
          [this](HeadOffice& office, const std::string& target, const std::string& body,
                 const server::HttpResponse& response) { Watch(office, target, body, response); },
          [this](int machine, const std::string& target, const client::HttpAnswer& answer) {
            Arrived(machine, target, answer);
          }) {
  ChooseMishaps();
}

World::~World() {
  for (Counter& counter : counters_) {
    if (counter.machine) counter.machine->Stop();
  }
}

/// Each seed leaves about half of the mishaps away, so that every bound term is 0 in some runs; one seed in eight has
/// none that makes a term.
void World::ChooseMishaps() {
  const std::set<std::string_view> terms{"reclaim", "restore", "zombie", "rollback", "clone", "claim"};
  const bool no_terms = Below(8) == 0;
  for (const std::string_view fault : kFaults) {
    const bool chosen = Below(100) < (terms.contains(fault) ? 40U : 75U);
    if (chosen && options_.May(fault) && !(no_terms && terms.contains(fault))) mishaps_.emplace(fault);
  }
}

void World::Prepare() {
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(options_.seed % 1'000'000) + 1, nullptr);
  office_ = std::make_unique<HeadOffice>(day_.root + "/hq", office_clock_, *office_random_, *day_.keys, safeguards_);
  office_->GetDisk().Put(day_.office);
  EVERTILL_CHECK(office_->Start());
  network_.Connect(office_.get());
  network_.SetInterlude([this](int machine) { SellMeanwhile(machine); });
  const int tills = static_cast<int>(day_.tills.size());
  counters_.reserve(static_cast<size_t>(tills) * 2);
  for (int i = 0; i < tills; ++i) {
    Counter& counter = counters_.emplace_back();
    counter.machine =
        std::make_unique<Machine>(i, day_.tills[static_cast<size_t>(i)].folder, day_.now,
                                  options_.seed * 1009 + static_cast<uint64_t>(i), network_.RoadOf(i), safeguards_);
    counter.machine->GetDisk().Put(day_.tills[static_cast<size_t>(i)].disk);
    counter.in_use = i < options_.tills;
    if (counter.in_use) EVERTILL_CHECK(counter.machine->Start());
  }
  SetPolicy();
  const auto some = [&](const char* fault, int thousandth) { return May(fault) ? thousandth : 0; };
  network_.SetWeather({.drop = some("drop", 25),
                       .lose = some("drop", 40),
                       .duplicate = some("duplicate", 30),
                       .delay = some("delay", 25),
                       .stale = some("stale", 20),
                       .tamper = some("tamper", 8),
                       .zombie = some("zombie", 300)});
}

void World::Run() {
  Prepare();
  for (int step = 1; step <= options_.steps && !verdict_.Found(); ++step) Step(step);
  if (!verdict_.Found()) ComeToRest();
}

void World::Step(int step) {
  static const std::vector<Act> kActs{{260, "", &World::Sell},
                                      {230, "", &World::Redeem},
                                      {60, "", &World::PayOpenBasket},
                                      {25, "", &World::GiveUpBasket},
                                      {190, "", &World::SyncOne},
                                      {45, "refund", &World::Refund},
                                      {30, "refund", &World::RefundElsewhere},
                                      {20, "", &World::LookCloser},
                                      {8, "newer", &World::NewerEvent},
                                      {15, "card", &World::ShowCard},
                                      {12, "pin", &World::TryPins},
                                      {25, "partition", &World::CutRoad},
                                      {14, "kill", &World::KillTill},
                                      {22, "power", &World::ArmTill},
                                      {10, "power", &World::ArmOffice},
                                      {8, "disk", &World::SpoilDisk},
                                      {14, "clock", &World::MoveClock},
                                      {20, "", &World::TakeCopy},
                                      {9, "rollback", &World::RollBack},
                                      {6, "clone", &World::Clone},
                                      {5, "loss", &World::LoseDisk},
                                      {12, "restore", &World::BackUpOffice},
                                      {9, "restore", &World::RestoreOffice},
                                      {10, "", &World::TendOffice},
                                      {16, "reclaim", &World::Reclaim},
                                      {6, "reclaim", &World::CloseHold},
                                      {5, "merge", &World::Merge},
                                      {3, "erase", &World::Erase},
                                      {8, "adjust", &World::Adjust},
                                      {4, "expiry", &World::ClosePeriod},
                                      {25, "claim", &World::Claim},
                                      {20, "", &World::PullLog},
                                      {10, "", &World::HideRowAndPull}};
  static const int kTotal = [] {
    int sum = 0;
    for (const Act& act : kActs) sum += act.weight;
    return sum;
  }();
  step_ = step;
  verdict_.BeginStep(step);
  network_.BeginStep(step);
  PassTime();
  int draw = static_cast<int>(Below(static_cast<uint64_t>(kTotal)));
  for (const Act& act : kActs) {
    draw -= act.weight;
    if (draw >= 0) continue;
    if (*act.fault == '\0' || May(act.fault)) (this->*act.run)();
    break;
  }
  Mend();
  if (OneIn(3)) network_.DeliverLate(false);
  Mend();
  if (step % 10 == 0) CheckOffice();
}

void World::PassTime() {
  const bool night = OneIn(60);
  const auto by = std::chrono::seconds(night ? 8 * 3600 + Below(3600) : 5 + Below(600));
  office_clock_.Advance(by);
  for (Counter& counter : counters_) counter.machine->Clock().Advance(by);
}

Counter* World::AnyCounter() {
  std::vector<Counter*> ready;
  for (Counter& counter : counters_) {
    if (counter.in_use && counter.machine->On()) ready.push_back(&counter);
  }
  return ready.empty() ? nullptr : ready[Below(ready.size())];
}

/// The first is the hot one.
int World::AnyMember() {
  return OneIn(2) ? 0 : static_cast<int>(Below(day_.members.size()));
}

int World::MemberOf(const std::string& id) const {
  for (size_t i = 0; i < day_.members.size(); ++i) {
    if (day_.members[i].id.ToString() == id) return static_cast<int>(i);
  }
  return -1;
}

void World::Tell(const Counter& counter, int member, const std::string& what) {
  verdict_.Tell(member < 0 ? "" : "m" + std::to_string(member), counter.machine->Name() + ": " + what);
}

/// Whoever died is started again.
void World::Mend() {
  for (Counter& counter : counters_) MendTill(counter);
  MendOffice();
}

void World::MendTill(Counter& counter) {
  if (!counter.in_use || !counter.machine->GetDisk().Dead()) return;
  Restart(counter, OneIn(3) ? Halt::kKill : Halt::kPowerCut);
}

void World::MendOffice() {
  if (!office_->GetDisk().Dead()) return;
  verdict_.Saw("head office restarted");
  verdict_.Tell("", "head office stops and starts");
  office_->Restart(OneIn(3) ? Halt::kKill : Halt::kPowerCut, rng_);
}

void World::Watch(HeadOffice& office, const std::string& target, const std::string& body,
                  const server::HttpResponse& response) {
  OfficeFacts& facts = &office == zombie_.get() ? zombie_facts_ : facts_;
  if (target == "/api/v1/till/events") return WatchEvents(facts, body, response.status);
  if (response.status != 200) return;
  if (target == "/api/v1/till/rights") return WatchRights(facts, response.body);
  if (target == "/api/v1/till/reserve") return WatchHold(facts, response.body);
}

void World::WatchEvents(OfficeFacts& facts, const std::string& body, int status) {
  const auto batch = wire::DecodeBatch(body);
  if (!batch || status != 200) {
    if (batch) verdict_.Saw("batch refused " + std::to_string(status));
    return;
  }
  verdict_.Saw("batch taken");
  int64_t seq = batch->first_seq;
  for (const auto& event : batch->events) {
    const auto decoded = domain::DecodeEvent(event.body);
    oracle_.Uploaded(facts, LifeOf(batch->terminal, batch->incarnation), seq++, event.hash,
                     decoded ? decoded->id.ToString() : std::string());
  }
}

void World::WatchRights(OfficeFacts& facts, const std::string& body) {
  const auto reply = wire::DecodeRightsReply(body);
  if (!reply) return verdict_.Break(0, "an answer about rights cannot be read");
  for (const auto& text : reply->grants) {
    const auto grant = loyalty::DecodeGrant(text.bytes);
    if (!grant) return verdict_.Break(0, "a grant cannot be read");
    const int member = MemberOf(grant->member.ToString());
    const size_t before = facts.rights.size();
    oracle_.GrantGiven(facts, *grant, member);
    verdict_.Saw(facts.rights.size() > before ? "grant given" : "grant told again");
    if (&facts == &zombie_facts_ && facts.rights.size() > before) oracle_.Window(member, grant->Cap());
  }
  for (const auto& text : reply->permits) {
    const auto permit = loyalty::DecodePermit(text.bytes);
    if (!permit) return verdict_.Break(0, "a permit cannot be read");
    oracle_.PermitGiven(*permit, MemberOf(permit->member.ToString()));
    verdict_.Saw("permit given");
  }
}

void World::WatchHold(OfficeFacts& facts, const std::string& body) {
  const auto reply = wire::DecodeHoldReply(body);
  if (!reply) return verdict_.Break(0, "an answer about a hold cannot be read");
  verdict_.Saw(reply->given ? "hold given" : "hold refused: " + reply->reason);
  if (!reply->given) return;
  const int member = MemberOf(reply->member);
  const size_t before = facts.rights.size();
  oracle_.HoldGiven(facts, reply->event_id, LifeOf(reply->terminal, reply->incarnation), member, reply->points);
  if (&facts == &zombie_facts_ && facts.rights.size() > before) oracle_.Window(member, reply->points);
}

/// What a till was told: from a hello on it may give its own points back, and its clock is right again.
void World::Arrived(int machine, const std::string& target, const client::HttpAnswer& answer) {
  if (answer.status != 200) return;
  Counter& counter = counters_[static_cast<size_t>(machine)];
  if (target.starts_with("/api/v1/till/changes")) return Certified(counter, answer.body);
  if (target != "/api/v1/till/hello") return;
  counter.facts.sure.clear();
  counter.set_back = false;
  counter.offset_ms = (office_clock_.Now() - counter.machine->Clock().Now()).count();
}

/// Stand-in up to there is settled where nothing is owed. An answer that comes late says how far it goes.
void World::Certified(Counter& counter, const std::string& body) {
  const auto changes = wire::DecodeChanges(body);
  if (!changes) return verdict_.Break(0, "changes cannot be read");
  const domain::Terminal now = counter.machine->Terminal();
  const std::string life = LifeOf(now.Name(), now.incarnation);
  if (changes->incarnation != now.incarnation) return;
  for (const auto& change : changes->members) {
    if (change.available < 0) continue;
    const int member = MemberOf(change.id);
    std::erase_if(counter.facts.stand_ins, [&](const DiskFacts::StandIn& used) {
      return oracle_.RootOf(used.member) == oracle_.RootOf(member) &&
             (used.life != life || used.seq <= change.included_seq);
    });
  }
}

double World::StoreYears() const {
  const double years =
      static_cast<double>(((resting_ ? rest_ : office_clock_.Now()) - day_.now).count()) / (365.25 * 24 * 3600 * 1000);
  return years * 2;
}

}  // namespace evertill::sim
