#include "app/store/till_store.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "app/store/data_dir.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

TEST_CASE("TillStore: a directory in use is refused, naming who has it", "[store][dir]") {
  Till till;
  const auto second = TillStore::Open(till.Dir(), till.clock, *till.random);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().Is(StoreErrc::kDataDirInUse));
  CHECK(second.error().Detail().find("in use by process " + std::to_string(::getpid())) != std::string::npos);
  till.store.reset();
  CHECK(TillStore::Open(till.Dir(), till.clock, *till.random).has_value());
}

TEST_CASE("TillStore: a killed process leaves no lock behind", "[store][dir]") {
  Till till;
  till.store.reset();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = DataDir::Open(till.Dir());
    const char answer = held.has_value() ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) != 1) ::_exit(1);
    ::pause();
  }
  char answer = 0;
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  CHECK(DataDir::Open(till.Dir()).error().Detail().find(std::to_string(child)) != std::string::npos);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(DataDir::Open(till.Dir()).has_value());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("TillStore: no till, twice a till, and what init keeps", "[store][dir]") {
  Till till;
  CHECK(TillStore::Open(till.temp.File("empty"), till.clock, *till.random).error().Is(StoreErrc::kNoDataDir));
  till.store.reset();
  const auto again =
      TillStore::Init(till.Dir(), {.terminal = Till::Terminal(), .currency = Currency()}, till.clock, *till.random);
  CHECK(again.error().Is(StoreErrc::kAlreadyInitialised));
  const auto dir = till.temp.File("kiosk");
  Must(TillStore::Init(dir,
                       {.terminal = {domain::StoreCode("S02"), domain::TillCode("K1"), 1},
                        .currency = Currency("VND"),
                        .language = "vi",
                        .unattended = checkout::Role::kCashier},
                       till.clock, *till.random));
  const auto store = Must(TillStore::Open(dir, till.clock, *till.random));
  CHECK(store->Identity().terminal.Name() == "S02/K1");
  CHECK(store->Identity().currency == Currency("VND"));
  CHECK(store->Identity().language == "vi");
  CHECK(store->Identity().store_name == "S02");
  CHECK(store->Identity().unattended == checkout::Role::kCashier);
  struct stat status {};
  REQUIRE(::stat((dir / "till.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 077) == 0);
  REQUIRE(::stat(dir.c_str(), &status) == 0);
  CHECK((status.st_mode & 077) == 0);
}

TEST_CASE("TillStore: its files are its owner's alone; a damaged database is called that", "[store][dir]") {
  Till till;
  till.Commit(till.MakeSale());
  for (const char* name : {"till.db", "till.db-wal", "till.db-shm", "catalogue.db"}) {
    INFO(name);
    CHECK((std::filesystem::status(till.Dir() / name).permissions() & std::filesystem::perms(077)) ==
          std::filesystem::perms::none);
  }
  till.store.reset();
  std::ofstream(till.Dir() / "till.db", std::ios::in | std::ios::out | std::ios::binary) << std::string(4096, '?');
  const auto refused = TillStore::Open(till.Dir(), till.clock, *till.random, till.options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().Name() == "database_corrupt");
}

TEST_CASE("TillStore: a crash between commits and the next start loses nothing", "[store][dir]") {
  Till till;
  till.store.reset();
  int acked[2];
  REQUIRE(::pipe(acked) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    till.store = Must(TillStore::Open(till.Dir(), till.clock, *till.random, till.options));
    for (;;) {
      const auto sold = till.Commit(till.MakeSale());
      if (::write(acked[1], &sold.seq, sizeof(sold.seq)) != sizeof(sold.seq)) ::_exit(1);
    }
  }
  int64_t last = 0;
  while (last < 50) REQUIRE(::read(acked[0], &last, sizeof(last)) == sizeof(last));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(acked[1]);
  for (int64_t seq = 0; ::read(acked[0], &seq, sizeof(seq)) == sizeof(seq);) last = seq;
  ::close(acked[0]);
  till.Open();
  CHECK(Must(till->VerifyJournal()).events >= last);
  CHECK(Must(till->Sales().LastSale())->seq >= last);
  Must(till->CheckDatabase());
}

TEST_CASE("Basket: kept for a kill, taken away when empty", "[store][basket]") {
  Till till;
  CHECK_FALSE(till->Basket().Kept().has_value());
  till->Basket().Keep(R"({"lines":1})");
  till->Basket().Keep(R"({"lines":2})");
  till.Open();
  CHECK(till->Basket().Kept() == R"({"lines":2})");
  till->Basket().Keep("");
  CHECK_FALSE(till->Basket().Kept().has_value());
}

TEST_CASE("TillStore: a backup is whole, private, and made while selling goes on", "[store][backup]") {
  Till till;
  till.Commit(till.MakeSale());
  const auto target = till.temp.File("backup.db");
  Must(till->BackupTo(target));
  till.Commit(till.MakeSale());
  auto copy = Must(sqlite::Connection::Open(target));
  Must(copy.QuickCheck());
  auto query = Must(copy.Prepare("SELECT count(*) FROM sale"));
  REQUIRE(Must(query.Step()));
  CHECK(query.Int(0) == 1);
  struct stat status {};
  REQUIRE(::stat(target.c_str(), &status) == 0);
  CHECK((status.st_mode & 077) == 0);
  CHECK_FALSE(till->BackupTo(target).has_value());
}

TEST_CASE("TillStore: sales, uploads, prints and checkpoints at once", "[store][threads]") {
  Till till;
  std::atomic<bool> stop = false;
  std::thread sync([&] {
    while (!stop) {
      const auto cursor = till->Sync().Cursor();
      const auto events = till->Sync().EventsAfter(cursor->acked_seq, 50);
      if (events && !events->empty()) {
        (void)till->Sync().SignHead(events->back().seq);
        (void)till->Sync().RecordAck(events->back().seq, 0, till.clock.Now());
      }
      (void)till->Checkpoint();
    }
  });
  std::thread print([&] {
    while (!stop) {
      const auto waiting = till->Prints().Waiting();
      if (!waiting) continue;
      for (const auto& job : *waiting)
        (void)till->Prints().SetPrintState({job.receipt, checkout::PrintState::kSent, ""});
    }
  });
  for (int i = 0; i < 100; ++i) till.Commit(till.MakeSale());
  stop = true;
  sync.join();
  print.join();
  CHECK(Must(till->VerifyJournal()).events == 100);
  CHECK(till.Count("SELECT count(*) FROM sale") == 100);
}

}  // namespace
}  // namespace evertill::store
