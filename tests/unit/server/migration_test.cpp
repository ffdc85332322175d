#include "app/base/uuid.h"
#include "sync/server/sqlite_session.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

TEST_CASE("Migration: a head office of version 1 keeps every event, and its points say which life they are of",
          "[server][store]") {
  TemporaryFolder folder;
  const std::filesystem::path file = folder.Path() / "hq.db";
  base::ManualClock clock(base::FromUnixMillis(1'790'000'500'000));
  FakeTill till("S01", "L03", 7);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  till.AddSale(member, 30, 500);
  const wire::Batch batch = till.MakeBatch(1, 2, {1, std::string(16, 'x')});
  const auto sale = *domain::DecodeEvent(batch.events[1].body);
  {
    auto db = *sqlite::Connection::Open(file);
    REQUIRE(sqlite::Migrate(db, server::HeadOfficeMigrations().first(1), clock));
    REQUIRE(db.Execute("INSERT INTO stores VALUES ('S01', 'Siam', 'THB', 1)"));
    auto life = *db.Prepare("INSERT INTO terminals VALUES ('S01/L03', 1, 'S01', 'L03', ?1, '', 2, ?2, 1, 1)");
    const std::string key = *till.PublicKey();
    REQUIRE(life.Bind(crypto::AsBytes(key), crypto::AsBytes(batch.events[1].hash)).Run());
    for (size_t i = 0; i < 2; ++i) {
      const auto event = *domain::DecodeEvent(batch.events[i].body);
      server::EventRow row;
      row.terminal = "S01/L03";
      row.received = event.t_business;
      server::FillColumns(row, event);
      auto add = *db.Prepare(
          "INSERT INTO events VALUES (NULL, ?1, 'S01/L03', 1, ?2, 'S01', 'L03', ?3, ?4, ?5, ?6, ?7, "
          "?8, ?8, '', ?9, ?10)");
      REQUIRE(add.Bind(row.event_id, event.seq, row.kind, row.member, row.receipt, row.currency, row.total_minor,
                       base::ToUnixMillis(row.t_business), crypto::AsBytes(batch.events[i].hash), batch.events[i].body)
                  .Run());
    }
    auto entry = *db.Prepare("INSERT INTO entries VALUES (2, ?1, ?2, ?3, '', ?4, ?5)");
    REQUIRE(entry.Bind(1, member.ToString(), "ISSUED", "", -30).Run());
    REQUIRE(entry.Bind(2, member.ToString(), "LOCAL", sale.id.ToString(), 30).Run());
    auto balance = *db.Prepare("INSERT INTO balances VALUES (?1, 30)");
    REQUIRE(balance.Bind(member.ToString()).Run());
  }
  auto store = server::OpenSqliteStore(file, server::StoreAccess::kWrite, clock);
  INFO((store ? std::string() : store.error().ToString()));
  REQUIRE(store);
  CHECK(std::filesystem::exists(file.string() + ".before-v2"));
  const auto report = server::Verify(**store);
  REQUIRE(report);
  for (const std::string& problem : report->problems) UNSCOPED_INFO(problem);
  CHECK(report->problems.empty());
  CHECK(report->events == 2);
  CHECK(store.value()->FiguresOf(member.ToString())->local == 30);
  const auto local = store.value()->SumsOf(member.ToString(), "LOCAL");
  REQUIRE(local->size() == 1);
  CHECK(local->at(0).source == "S01/L03#1");
  CHECK(store.value()->FindLot(sale.id.ToString()).value()->earned == 30);
  CHECK(store.value()->EntriesOf(2)->at(1).posting.source == "S01/L03#1");
  auto db = *sqlite::Connection::Open(file);
  CHECK_FALSE(db.Execute("DELETE FROM events"));
  CHECK_FALSE(db.Execute("UPDATE entries SET amount = 1"));
}

}  // namespace evertill::test
