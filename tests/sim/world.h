#pragma once

#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "app/checkout/rights_port.h"
#include "tests/sim/first_day.h"
#include "tests/sim/head_office.h"
#include "tests/sim/machine.h"
#include "tests/sim/network.h"
#include "tests/sim/options.h"
#include "tests/sim/oracle.h"
#include "tests/sim/verdict.h"

namespace evertill::sim {

/// A basket that has reserved points and is not paid.
struct Basket {
  domain::EventId sale;
  int member = 0;
  int64_t points = 0;
  checkout::CardLevel level = checkout::CardLevel::kSigned;
  checkout::Funding funding;
  bool reserved = true;  ///< false: given up, but the cashier's screen does not know it
};

/// A copy of a till's disk, and what was known when it was taken.
struct DiskCopy {
  DiskImage image;
  DiskFacts facts;
  std::string life;
  std::map<int, int64_t> rights;   ///< by member: grants and LOCAL on it
  std::map<int, int64_t> permits;  ///< by member: C
  std::set<std::string> grants;    ///< every grant that was given to anybody by then
};

/// One till in the shop.
struct Counter {
  std::unique_ptr<Machine> machine;
  DiskFacts facts;
  std::vector<Basket> baskets;
  std::vector<DiskCopy> copies;
  std::string in_flight{};                 ///< being committed: whether it was is not known
  bool in_use = false;                     ///< spares and lost ones are not
  std::vector<domain::EventId> leftovers;  ///< let go, and still reserved: it could not be written
  bool set_back = false;                   ///< its clock was, and head office has not answered since
  int64_t offset_ms = 0;                   ///< of its clock when head office answered last
  std::vector<std::pair<std::string, std::string>> receipts{};  ///< of a lost one: event, what the QR says
};

struct OfficeCopy {
  DiskImage image;
  OfficeFacts facts;
};

/// One run: machines, roads, people and mishaps, all from one seed.
class World {
 public:
  World(const FirstDay& day, const Options& options);
  ~World();

  void Run();
  [[nodiscard]] const Verdict& Result() const { return verdict_; }
  [[nodiscard]] const Oracle::Largest& Largest() const { return oracle_.LargestSeen(); }
  [[nodiscard]] int64_t SalesMade() const { return sales_; }
  [[nodiscard]] double StoreYears() const;
  [[nodiscard]] bool TermsZero() const { return oracle_.AllTermsZero(); }

 private:
  struct Act {
    int weight;
    const char* fault;  ///< class that --without turns off; empty: not a fault
    void (World::*run)();
  };
  // world.cpp
  void Prepare();
  void ChooseMishaps();
  void Step(int step);
  void PassTime();
  void Watch(HeadOffice& office, const std::string& target, const std::string& body,
             const server::HttpResponse& response);
  void WatchEvents(OfficeFacts& facts, const std::string& body, int status);
  void WatchRights(OfficeFacts& facts, const std::string& body);
  void WatchHold(OfficeFacts& facts, const std::string& body);
  void Arrived(int machine, const std::string& target, const client::HttpAnswer& answer);
  void Certified(Counter& counter, const std::string& body);
  [[nodiscard]] bool May(const char* fault) const { return mishaps_.contains(fault); }
  [[nodiscard]] uint64_t Below(uint64_t bound) { return rng_() % bound; }
  [[nodiscard]] bool OneIn(uint64_t n) { return rng_() % n == 0; }
  [[nodiscard]] Counter* AnyCounter();
  [[nodiscard]] int AnyMember();
  [[nodiscard]] int MemberOf(const std::string& id) const;
  void Tell(const Counter& counter, int member, const std::string& what);
  void Mend();
  void MendTill(Counter& counter);
  void MendOffice();

  // world_sales.cpp
  void Sell();
  void Redeem();
  void RedeemAt(Counter& counter);
  void SellMeanwhile(int machine);
  void PayOpenBasket();
  void GiveUpBasket();
  void Refund();
  void RefundElsewhere();
  void LetGo(Counter& counter, const domain::EventId& sale);
  void LookCloser();
  void NewerEvent();
  void ShowCard();
  void TryPins();
  void TryPin(Counter& counter, int member);
  [[nodiscard]] std::optional<Basket> Fund(Counter& counter, int member, int64_t points, checkout::CardLevel level);
  void Commit(Counter& counter, const Basket* basket, int member, domain::EventId id, int64_t earned);
  void RefundSale(Counter& counter, const SaleFact& sale, bool whole);
  [[nodiscard]] bool Landed(Counter& counter, const domain::EventId& id);
  [[nodiscard]] bool IsInJournal(Counter& counter, const domain::EventId& id);
  [[nodiscard]] domain::EventId NewEvent(Counter& counter);
  [[nodiscard]] domain::Sale BlankSale(Counter& counter, domain::EventId id, int member);
  [[nodiscard]] int64_t ChoosePoints(int64_t here);

  // world_faults.cpp
  void SyncOne();
  void SyncTill(Counter& counter);
  void CheckEpoch(Counter& counter);
  void CutRoad();
  void KillTill();
  void ArmTill();
  void ArmOffice();
  void SpoilDisk();
  void MoveClock();
  [[nodiscard]] static bool IsClockWrong(Counter& counter);
  void KeepReceipts(Counter& counter);
  void TakeCopy();
  void RollBack();
  void Clone();
  void LoseDisk();
  void BackUpOffice();
  void RestoreOffice();
  void Restart(Counter& counter, sim::Halt how);
  [[nodiscard]] DiskCopy CopyOf(Counter& counter);
  void UseCopy(const DiskCopy& copy);
  void CheckDisk(Counter& counter);

  // world_office.cpp
  void TendOffice();
  void Reclaim();
  void CloseHold();
  void Merge();
  void Erase();
  void Adjust();
  void ClosePeriod();
  void Claim();
  void PullLog();
  void PullFrom(server::Store& store);
  void HideRowAndPull();
  void CheckOffice();
  void SetPolicy();
  bool Operator(const char* what, const std::function<base::Status(server::Store&, const server::DeskParts&)>& act);

  // world_rest.cpp
  void ComeToRest();
  void SyncAll();
  void CloseLostHolds();
  void CloseLastPeriod();
  void CheckRest();
  void CheckBooks(const std::set<std::string>& events);
  void CheckTills();
  void TellBooks(int root, const std::set<std::string>& events);
  [[nodiscard]] std::set<std::string> Survivors();

  const FirstDay& day_;
  const Options options_;
  std::mt19937_64 rng_;
  Verdict verdict_;
  int64_t stand_in_ = 0;
  std::set<std::string> mishaps_;
  loyalty::Safeguards safeguards_;
  base::ManualClock office_clock_;
  std::unique_ptr<base::Random> office_random_;
  Oracle oracle_;
  Network network_;
  std::unique_ptr<HeadOffice> office_;
  std::unique_ptr<HeadOffice> zombie_;
  OfficeFacts facts_;
  OfficeFacts zombie_facts_;
  std::vector<OfficeCopy> office_copies_;
  int64_t highest_epoch_ = 1;
  int office_number_ = 0;
  std::vector<Counter> counters_;
  int step_ = 0;
  int64_t sales_ = 0;
  int64_t policy_ = 1;
  bool resting_ = false;
  base::Instant rest_;  ///< when it began
  bool closed_period_ = false;
  struct Pulled {
    std::string epoch;
    int64_t after = 0;
    std::set<int64_t> seen;
  } pulled_;
};

}  // namespace evertill::sim
