#include <algorithm>

#include "tests/unit/store/fault_vfs.h"
#include "tests/unit/store/office.h"

namespace evertill::store {
namespace {

constexpr const char* kCard = "1234567890123456";

/// The till's files as a power cut would leave them, opened as a till of its own.
int64_t RightsAfterCrash(Till& till, const std::string& name) {
  const auto copy = till.temp.File(name);
  std::filesystem::create_directory(copy);
  for (const char* tail : {"till.db", "till.db-wal"}) {
    if (std::filesystem::exists(till.Dir() / tail)) std::filesystem::copy_file(till.Dir() / tail, copy / tail);
  }
  auto crashed = Must(sqlite::Connection::Open(copy / "till.db"));
  auto sum = Must(crashed.Prepare("SELECT coalesce(sum(left), 0) FROM right_lot"));
  REQUIRE(Must(sum.Step()));
  return sum.Int(0);
}

TEST_CASE("Rights: a failing disk never leaves rights and journal apart", "[store][rights][fault]") {
  Till till;
  till.options.vfs = FaultVfs::Name();
  till.Open();
  Office office{till};
  office.Enrol();
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  int64_t refused = 0;
  int64_t went = 0;
  for (int round = 0; round < 40; ++round) {
    FaultVfs::failing_wal_syncs = round % 3 == 1 ? 1 + round % 2 : 0;
    FaultVfs::failing_wal_writes = round % 7 == 2 ? 1 : 0;
    bool done = true;
    const std::string name = "g" + std::to_string(round);
    switch (round % 4) {
      case 0:
        done = till->RightsSync().AcceptGrants({office.Sign(office.MakeGrant(name, nok.id, 50))}).has_value();
        break;
      case 1: {
        const auto sale = till.MakeSale(1, &nok, 3);
        const auto funding = TryFund(till, nok.id, sale.id, 20);
        done = funding && TrySpend(till, sale, *funding).has_value();
        break;
      }
      case 2:
        done = till->RightsSync().GiveBack({office.EpochName() + ":g" + std::to_string(round - 2)}).has_value();
        break;
      default:
        done = till->Rights().BeginReserve(nok.id, till.NewId<domain::EventId>(), 5).has_value();
    }
    FaultVfs::failing_wal_syncs = 0;
    FaultVfs::failing_wal_writes = 0;
    (done ? went : refused) += 1;
    (void)till->Rights().ReleaseAllBut(domain::EventId());
    const auto report = till->VerifyJournal();
    INFO("round " << round);
    REQUIRE(report.has_value());
    CHECK(RightsAfterCrash(till, name) == till.Count("SELECT coalesce(sum(left), 0) FROM right_lot"));
  }
  CHECK(went > 10);
  CHECK(refused > 2);
}

TEST_CASE("Fault: a commit waits for the disk, and does not without rule fsync", "[store][fault]") {
  for (const bool syncs : {true, false}) {
    Till till;
    till.options.vfs = FaultVfs::Name();
    if (!syncs) till.options.safeguards = loyalty::Safeguards::Without(loyalty::Rule::kFsync);
    till.Open();
    FaultVfs::failing_wal_syncs = 1;
    (void)till->Sales().CommitEvent(till.Draft("no_sale"));
    const int left = FaultVfs::failing_wal_syncs.exchange(0);
    CHECK(left == (syncs ? 0 : 1));
    CHECK(Must(till->VerifyJournal()).events <= 1);
  }
}

TEST_CASE("Rights: what may be spent is decided in a millisecond among 100,000 members and 20,000 grants",
          "[store][rights]") {
  Till till;
  Office office{till};
  office.Enrol();
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  for (int i = 0; i < 5; ++i) office.Give("g" + std::to_string(i), nok.id, 100);
  till.store.reset();
  Must(till.Raw().Execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO member(id, "
      "pseudonym) SELECT randomblob(16), randomblob(8) FROM n; "
      "INSERT INTO grant_held(id, member, not_after_ms) SELECT 'x' || row, row, 0 FROM member WHERE row % 5 = 0; "
      "INSERT INTO right_lot SELECT row, 'ESCROW', 'x' || row, 'lot', 50, 0, 0 FROM member WHERE row % 5 = 0; "
      "INSERT INTO permit SELECT 'p' || row, row, 10, 100, 0 FROM member WHERE row % 50 = 0"));
  till.Open();
  int64_t look = INT64_MAX;
  int64_t fund = INT64_MAX;
  const auto sale = till.NewId<domain::EventId>();
  for (int i = 0; i < 30; ++i) {
    auto begin = base::MonotonicNanos();
    CHECK(Must(till->Rights().Look(nok.id, checkout::CardLevel::kPhone, sale)).here == 500);
    look = std::min(look, base::MonotonicNanos() - begin);
    begin = base::MonotonicNanos();
    CHECK(Must(TryFund(till, nok.id, sale, 450)).points == 450);
    fund = std::min(fund, base::MonotonicNanos() - begin);
  }
  INFO("look " << look << " ns, fund " << fund << " ns");
  CHECK(look < 1'000'000);
  CHECK(fund < 1'000'000);
}

}  // namespace
}  // namespace evertill::store
