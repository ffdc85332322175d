#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "app/base/clock.h"
#include "app/sqlite/connection.h"
#include "app/sqlite/migrator.h"
#include "app/sqlite/transaction.h"

namespace evertill::sqlite {

std::span<const Migration> NoteMigrations();

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "evertill-sqlite-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::filesystem::path File(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

Connection MustOpen(const std::filesystem::path& path, const OpenOptions& options = {}) {
  auto connection = Connection::Open(path, options);
  if (!connection) FAIL(connection.error().ToString());
  return std::move(*connection);
}

int64_t Count(Connection& db, std::string_view sql) {
  auto query = db.Prepare(sql);
  REQUIRE(query.has_value());
  REQUIRE(*query->Step());
  return query->Int(0);
}

base::ManualClock TestClock() {
  return base::ManualClock(base::FromUnixMillis(1'700'000'000'000));
}

TEST_CASE("Connection: a sale's database is WAL, FULL, with foreign keys", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"));
  CHECK(*db.Pragma("synchronous") == 2);
  CHECK(*db.Pragma("foreign_keys") == 1);
  auto mode = db.Prepare("PRAGMA journal_mode");
  REQUIRE(*mode->Step());
  CHECK(mode->TextView(0) == "wal");
}

TEST_CASE("Statement: every type comes back as it went in", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"));
  REQUIRE(db.Execute("CREATE TABLE t(a ANY, b ANY, c ANY, d ANY, e ANY, f ANY) STRICT"));
  const std::vector<uint8_t> bytes{0, 1, 255};
  const std::string with_nul("a\0b", 3);
  auto insert = db.Prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  REQUIRE(insert
              ->Bind(INT64_MIN, std::string_view(), std::span<const uint8_t>(bytes), nullptr,
                     std::optional<std::string>("นม"), with_nul)
              .Run());
  auto query = db.Prepare("SELECT *, typeof(b), typeof(d) FROM t");
  REQUIRE(*query->Step());
  CHECK(query->Int(0) == INT64_MIN);
  CHECK(query->Text(1).empty());
  CHECK(query->TextView(6) == "text");
  CHECK(query->Blob(2) == bytes);
  CHECK(query->IsNull(3));
  CHECK(query->OptionalInt(3) == std::nullopt);
  CHECK(query->OptionalText(4) == "นม");
  CHECK(query->Text(5) == with_nul);
  CHECK_FALSE(*query->Step());
}

TEST_CASE("Statement: the cache gives a clean statement, and one nested in itself works", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"));
  constexpr std::string_view kSql = "SELECT ?1";
  { REQUIRE(*db.Prepare(kSql)->Bind(7).Step()); }
  {
    auto again = db.Prepare(kSql);
    REQUIRE(*again->Step());
    CHECK(again->IsNull(0));
  }
  auto outer = db.Prepare(kSql);
  REQUIRE(*outer->Bind(1).Step());
  auto inner = db.Prepare(kSql);
  REQUIRE(*inner->Bind(2).Step());
  CHECK(outer->Int(0) == 1);
  CHECK(inner->Int(0) == 2);
}

TEST_CASE("Statement: mistakes are errors, not crashes", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"));
  CHECK(db.Prepare("SELEC 1").error().Is(SqliteErrc::kOther));
  CHECK(db.Prepare("").error().Is(SqliteErrc::kOther));
  CHECK(db.Prepare("SELECT 1; DROP TABLE t").error().Is(SqliteErrc::kOther));
  CHECK(db.Prepare("SELECT ?1")->Bind(1, 2).Step().error().Is(SqliteErrc::kOther));
  REQUIRE(db.Execute("CREATE TABLE t(a INTEGER PRIMARY KEY) STRICT"));
  REQUIRE(db.Prepare("INSERT INTO t VALUES (1)")->Run());
  const auto twice = db.Prepare("INSERT INTO t VALUES (1)")->Run();
  REQUIRE_FALSE(twice);
  CHECK(twice.error().Is(SqliteErrc::kConstraint));
  CHECK(twice.error().Detail().find("a.db") != std::string::npos);
}

TEST_CASE("Statement: RunWith keeps what it was given although it copies nothing", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"));
  REQUIRE(db.Execute("CREATE TABLE t(a TEXT NOT NULL, b BLOB UNIQUE) STRICT"));
  auto insert = db.Prepare("INSERT INTO t VALUES (?1, ?2)");
  for (int i = 0; i < 3; ++i) {
    std::string text = "text " + std::to_string(i);
    std::vector<uint8_t> bytes(20, static_cast<uint8_t>(i));
    REQUIRE(insert->RunWith(text, std::span<const uint8_t>(bytes)));
    CHECK(insert->RunWith(text, std::span<const uint8_t>(bytes)).error().Is(SqliteErrc::kConstraint));
    std::fill(text.begin(), text.end(), 'x');
  }
  CHECK(Count(db, "SELECT count(*) FROM t WHERE a LIKE 'text _' AND length(b) = 20") == 3);
  CHECK(insert->Run().error().Is(SqliteErrc::kConstraint));  // nothing of the last run is left
}

TEST_CASE("Transaction: without Commit nothing happened", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"));
  REQUIRE(db.Execute("CREATE TABLE t(a INTEGER) STRICT"));
  {
    auto transaction = Transaction::Begin(db);
    REQUIRE(transaction);
    REQUIRE(db.Prepare("INSERT INTO t VALUES (1)")->Run());
  }
  CHECK_FALSE(db.InTransaction());
  CHECK(Count(db, "SELECT count(*) FROM t") == 0);
  {
    auto transaction = Transaction::Begin(db);
    REQUIRE(db.Prepare("INSERT INTO t VALUES (1)")->Run());
    REQUIRE(transaction->Commit());
  }
  auto reader = MustOpen(folder.File("a.db"), {.mode = OpenMode::kReadOnly});
  CHECK(Count(reader, "SELECT count(*) FROM t") == 1);
  CHECK(reader.Prepare("INSERT INTO t VALUES (2)")->Run().error().Is(SqliteErrc::kReadOnly));
}

TEST_CASE("Transaction: a second writer is told that the file is busy", "[sqlite]") {
  const Folder folder;
  auto one = MustOpen(folder.File("a.db"));
  auto two = MustOpen(folder.File("a.db"), {.busy_timeout_ms = 1});
  auto held = Transaction::Begin(one);
  REQUIRE(held);
  CHECK(Transaction::Begin(two).error().Is(SqliteErrc::kBusy));
}

TEST_CASE("Connection: no folder, no database and damage are told at Open", "[sqlite]") {
  const Folder folder;
  CHECK(Connection::Open(folder.File("none/a.db")).error().Is(SqliteErrc::kCannotOpen));
  CHECK(Connection::Open(folder.File("none.db"), {.mode = OpenMode::kReadOnly}).error().Is(SqliteErrc::kCannotOpen));
  std::ofstream(folder.File("text.db")) << std::string(5000, 'x');
  CHECK(Connection::Open(folder.File("text.db")).error().Is(SqliteErrc::kCorrupt));
}

TEST_CASE("Connection: CopyTo makes a whole database while the other is open", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"));
  REQUIRE(db.Execute("CREATE TABLE t(a INTEGER) STRICT; INSERT INTO t VALUES (5)"));
  REQUIRE(db.CopyTo(folder.File("b.db")));
  auto copy = MustOpen(folder.File("b.db"));
  CHECK(copy.QuickCheck());
  CHECK(Count(copy, "SELECT a FROM t") == 5);
  CHECK_FALSE(db.CopyTo(folder.File("b.db")));
}

TEST_CASE("Connection: Checkpoint empties the WAL", "[sqlite]") {
  const Folder folder;
  auto db = MustOpen(folder.File("a.db"), {.wal_autocheckpoint_pages = 0});
  REQUIRE(db.Execute("CREATE TABLE t(a INTEGER) STRICT; INSERT INTO t VALUES (5)"));
  CHECK(std::filesystem::file_size(folder.File("a.db-wal")) > 0);
  REQUIRE(db.Checkpoint(CheckpointMode::kPassive));
  REQUIRE(db.Checkpoint(CheckpointMode::kTruncate));
  CHECK(std::filesystem::file_size(folder.File("a.db-wal")) == 0);
}

TEST_CASE("Migrate: from nothing, and again with nothing to do", "[sqlite][migration]") {
  const Folder folder;
  const auto clock = TestClock();
  auto db = MustOpen(folder.File("a.db"));
  REQUIRE(Migrate(db, NoteMigrations(), clock));
  CHECK(*db.Pragma("user_version") == 2);
  CHECK(Count(db, "SELECT count(*) FROM schema_history") == 2);
  CHECK(Count(db, "SELECT applied_ms FROM schema_history WHERE number = 2") == 1'700'000'000'000);
  CHECK(db.Prepare("INSERT INTO note(text, author) VALUES ('a', 'b')")->Run());
  REQUIRE(Migrate(db, NoteMigrations(), clock));
  CHECK(Count(db, "SELECT count(*) FROM schema_history") == 2);
  CHECK(CheckSchema(db, NoteMigrations()));
  CHECK_FALSE(std::filesystem::exists(folder.File("a.db.before-v1")));
}

TEST_CASE("Migrate: an older database keeps its rows and is copied first", "[sqlite][migration]") {
  const Folder folder;
  const auto clock = TestClock();
  auto db = MustOpen(folder.File("a.db"));
  REQUIRE(Migrate(db, NoteMigrations().first(1), clock));
  REQUIRE(db.Prepare("INSERT INTO note(text) VALUES ('kept')")->Run());
  CHECK(CheckSchema(db, NoteMigrations()).error().Is(SqliteErrc::kOther));
  REQUIRE(Migrate(db, NoteMigrations(), clock));
  CHECK(Count(db, "SELECT count(*) FROM note WHERE text = 'kept' AND author IS NULL") == 1);
  auto copy = MustOpen(folder.File("a.db.before-v2"));
  CHECK(*copy.Pragma("user_version") == 1);
  CHECK(Count(copy, "SELECT count(*) FROM note") == 1);
}

TEST_CASE("Migrate: a step that fails leaves no trace", "[sqlite][migration]") {
  const Folder folder;
  const auto clock = TestClock();
  auto db = MustOpen(folder.File("a.db"));
  constexpr Migration kSteps[] = {{1, 1, "good", "CREATE TABLE a(x INTEGER) STRICT;"},
                                  {2, 1, "half bad", "CREATE TABLE b(x INTEGER) STRICT; INSERT INTO none VALUES (1);"}};
  const auto status = Migrate(db, kSteps, clock);
  REQUIRE_FALSE(status);
  CHECK(status.error().Detail().find("migration 2") == 0);
  CHECK(*db.Pragma("user_version") == 1);
  CHECK(Count(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'") == 0);
}

TEST_CASE("Migrate: a newer database opens while compatible and is refused after", "[sqlite][migration]") {
  const Folder folder;
  const auto clock = TestClock();
  constexpr Migration kSteps[] = {{1, 1, "one", "CREATE TABLE a(x INTEGER) STRICT;"},
                                  {2, 1, "two, still readable by one", "CREATE TABLE b(x INTEGER) STRICT;"},
                                  {3, 3, "three, not readable by older", "ALTER TABLE a RENAME TO c;"}};
  auto db = MustOpen(folder.File("a.db"));
  REQUIRE(Migrate(db, std::span(kSteps).first(2), clock));
  CHECK(Migrate(db, std::span(kSteps).first(1), clock));
  CHECK(*db.Pragma("user_version") == 2);
  REQUIRE(Migrate(db, kSteps, clock));
  const auto refused = Migrate(db, std::span(kSteps).first(2), clock);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(SqliteErrc::kNewerDatabase));
  CHECK(refused.error().Detail().find("has schema 3, this program knows 2") != std::string::npos);
  CHECK(CheckSchema(db, std::span(kSteps).first(1)).error().Is(SqliteErrc::kNewerDatabase));
}

}  // namespace
}  // namespace evertill::sqlite
