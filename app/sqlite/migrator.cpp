#include "app/sqlite/migrator.h"

#include <system_error>

#include "app/base/check.h"
#include "app/base/log.h"
#include "app/sqlite/transaction.h"

namespace evertill::sqlite {
namespace {

/// Statements before each step, so that a database tells its own story.
constexpr const char* kCreateHistory =
    "CREATE TABLE IF NOT EXISTS schema_history("
    "number INTEGER PRIMARY KEY, min_compatible INTEGER NOT NULL, description TEXT NOT NULL, "
    "applied_ms INTEGER NOT NULL) STRICT";

struct Versions {
  int64_t have = 0;
  int64_t min_compatible = 0;
};

base::Expected<Versions> ReadVersions(Connection& connection) {
  Versions versions;
  EVERTILL_ASSIGN(versions.have, connection.Pragma("user_version"));
  if (versions.have == 0) return versions;
  EVERTILL_ASSIGN(auto query, connection.Prepare("SELECT max(min_compatible) FROM schema_history"));
  EVERTILL_ASSIGN(const bool row, query.Step());
  if (row) versions.min_compatible = query.Int(0);
  return versions;
}

base::Status CheckUsable(const Connection& connection, const Versions& versions, int64_t known) {
  if (versions.have > known && versions.min_compatible > known) {
    return base::Fail(SqliteErrc::kNewerDatabase, connection.Path().string() + ": has schema " +
                                                      std::to_string(versions.have) + ", this program knows " +
                                                      std::to_string(known) + "; use the newer program");
  }
  return {};
}

base::Status Backup(Connection& connection, int64_t next) {
  const std::filesystem::path copy = connection.Path().string() + ".before-v" + std::to_string(next);
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);  // of an attempt that did not get to its end
  EVERTILL_TRY(connection.CopyTo(copy));
  std::filesystem::permissions(copy, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  base::LogInfo("database copied to {} before its schema changes", copy.string());
  return {};
}

base::Status Apply(Connection& connection, const Migration& migration, const base::Clock& clock) {
  EVERTILL_ASSIGN(auto transaction, Transaction::Begin(connection));
  EVERTILL_TRY(connection.Execute(kCreateHistory));
  EVERTILL_TRY(connection.Execute(std::string(migration.sql)));
  EVERTILL_ASSIGN(auto insert, connection.Prepare("INSERT INTO schema_history VALUES (?1, ?2, ?3, ?4)"));
  EVERTILL_TRY(
      insert.Bind(migration.number, migration.min_compatible, migration.description, base::ToUnixMillis(clock.Now()))
          .Run());
  EVERTILL_TRY(connection.Execute("PRAGMA user_version=" + std::to_string(migration.number)));
  return transaction.Commit();
}

}  // namespace

base::Status Migrate(Connection& connection, std::span<const Migration> migrations, const base::Clock& clock) {
  for (size_t i = 0; i < migrations.size(); ++i) EVERTILL_CHECK(migrations[i].number == static_cast<int>(i) + 1);
  EVERTILL_ASSIGN(const Versions versions, ReadVersions(connection));
  const auto known = static_cast<int64_t>(migrations.size());
  EVERTILL_TRY(CheckUsable(connection, versions, known));
  if (versions.have >= known) return {};
  if (versions.have > 0) EVERTILL_TRY(Backup(connection, versions.have + 1));
  for (const Migration& migration : migrations.subspan(static_cast<size_t>(versions.have))) {
    if (auto applied = Apply(connection, migration, clock); !applied) {
      return base::Fail(std::move(applied.error()).Within("migration " + std::to_string(migration.number)));
    }
  }
  return {};
}

base::Status CheckSchema(Connection& connection, std::span<const Migration> migrations) {
  EVERTILL_ASSIGN(const Versions versions, ReadVersions(connection));
  const auto known = static_cast<int64_t>(migrations.size());
  EVERTILL_TRY(CheckUsable(connection, versions, known));
  if (versions.have < known) {
    return base::Fail(SqliteErrc::kOther, connection.Path().string() + ": has the older schema " +
                                              std::to_string(versions.have) + " of " + std::to_string(known));
  }
  return {};
}

}  // namespace evertill::sqlite
