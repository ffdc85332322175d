#include <cerrno>

#include "tests/unit/store/fault_vfs.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

class FaultyTill : public Till {
 public:
  FaultyTill() {
    options.vfs = FaultVfs::Name();
    Open();
  }
  ~FaultyTill() {
    FaultVfs::failing_wal_syncs = 0;
    FaultVfs::failing_wal_writes = 0;
    FaultVfs::nothing_opens = false;
    FaultVfs::system_error = 0;
  }
  base::Expected<domain::Sale> Try(const domain::Sale& sale) {
    return store->Sales().CommitSale(sale, loyalty::EarnPostings(sale.id, 0), 1, true);
  }
};

TEST_CASE("Fault: whatever a failed COMMIT left on the disk, the answer is what is there", "[store][fault]") {
  FaultyTill till;
  till.Commit(till.MakeSale());
  (void)Must(till->Sales().LastSale());  // a reader is open, and its shared memory with it
  const auto sale = till.MakeSale();
  FaultVfs::failing_wal_syncs = 1;
  const auto answer = till.Try(sale);
  const bool said_saved = answer.has_value();
  if (!said_saved) CHECK(answer.error().Name() == "database_io");

  // What a crash right after the answer would leave.
  const auto copy = till.temp.File("crashed");
  std::filesystem::create_directory(copy);
  for (const char* tail : {"till.db", "till.db-wal"}) {
    if (std::filesystem::exists(till.Dir() / tail)) std::filesystem::copy_file(till.Dir() / tail, copy / tail);
  }
  auto crashed = Must(sqlite::Connection::Open(copy / "till.db"));
  auto count = Must(crashed.Prepare("SELECT count(*) FROM sale"));
  REQUIRE(Must(count.Step()));
  CHECK(count.Int(0) == (said_saved ? 2 : 1));

  // Asking again gives the sale once, and selling goes on.
  const auto again = Must(till.Try(sale));
  CHECK(again.receipt.Value() == "L03-000002");
  CHECK(till.Commit(till.MakeSale()).receipt.Value() == "L03-000003");
  CHECK(Must(till->VerifyJournal()).events == 3);
}

TEST_CASE("Fault: a full disk refuses the sale and keeps what was there", "[store][fault]") {
  FaultyTill till;
  till.Commit(till.MakeSale());
  const auto sale = till.MakeSale();
  FaultVfs::failing_wal_writes = 1;
  const auto full = till.Try(sale);
  REQUIRE_FALSE(full.has_value());
  CHECK(full.error().Name() == "disk_full");
  CHECK(Must(till->VerifyJournal()).events == 1);
  CHECK(Must(till.Try(sale)).receipt.Value() == "L03-000002");
}

TEST_CASE("Fault: a full disk is called that wherever SQLite meets it", "[store][fault]") {
  FaultyTill till;
  till.store.reset();
  FaultVfs::system_error = ENOSPC;
  FaultVfs::nothing_opens = true;  // no room for the log and its index
  const auto refused = TillStore::Open(till.Dir(), till.clock, *till.random, till.options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().Name() == "disk_full");
  FaultVfs::nothing_opens = false;
  till.Open();
  CHECK(till.Commit(till.MakeSale()).receipt.Value() == "L03-000001");
}

TEST_CASE("Fault: a disk that does not come back says so, and the sale is asked for again later", "[store][fault]") {
  FaultyTill till;
  till.Commit(till.MakeSale());
  const auto sale = till.MakeSale();
  FaultVfs::failing_wal_syncs = 1;
  FaultVfs::nothing_opens = true;
  const auto unknown = till.Try(sale);
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().Is(StoreErrc::kCommitUnknown));
  CHECK(till.Try(sale).error().Is(StoreErrc::kCommitUnknown));
  FaultVfs::nothing_opens = false;
  CHECK(Must(till.Try(sale)).receipt.Value() == "L03-000002");
  CHECK(till.Count("SELECT count(*) FROM sale") == 2);
  CHECK(Must(till->VerifyJournal()).events == 2);
}

TEST_CASE("Fault: a failing disk at many places never makes an answer a lie", "[store][fault]") {
  FaultyTill till;
  int64_t saved = 0;
  int unknown = 0;
  for (int round = 0; round < 60; ++round) {
    FaultVfs::failing_wal_syncs = round % 3 == 0 ? 1 + round % 4 : 0;
    FaultVfs::failing_wal_writes = round % 5 == 0 ? 1 : 0;
    const auto sale = till.MakeSale(1 + round % 5);
    auto answer = till.Try(sale);
    FaultVfs::failing_wal_syncs = 0;
    FaultVfs::failing_wal_writes = 0;
    // "Unknown" is no answer: whoever gets it asks again with the same sale, and has it once.
    if (!answer && answer.error().Is(StoreErrc::kCommitUnknown)) {
      ++unknown;
      answer = till.Try(sale);
      REQUIRE(answer.has_value());
    }
    saved += answer ? 1 : 0;
    REQUIRE(Must(till->VerifyJournal()).events == saved);
  }
  CHECK(saved > 20);
  CHECK(saved < 60);
  CHECK(unknown > 0);
  till.Open();
  CHECK(Must(till->VerifyJournal()).events == saved);
}

}  // namespace
}  // namespace evertill::store
