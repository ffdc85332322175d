#pragma once

#include <span>
#include <string_view>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/sqlite/connection.h"

namespace evertill::sqlite {

/// One step of a schema, embedded from a .sql file at build time. Never changed once released.
struct Migration {
  int number;          ///< 1, 2, 3, …
  int min_compatible;  ///< the oldest schema number whose programs can still use a database after this step
  const char* description;
  std::string_view sql;
};

/// Brings the database to the last of `migrations`, each in a transaction of its own together with its version number
/// (PRAGMA user_version) and a row in schema_history. A database that holds anything is first copied beside itself to
/// NAME.before-vN. kNewerDatabase when a newer program has marked it as not usable by this one; a newer one that is
/// still compatible is left as it is. On an error the database is as the last whole step left it.
[[nodiscard]] base::Status Migrate(Connection& connection, std::span<const Migration> migrations,
                                   const base::Clock& clock);

/// The checks of Migrate() without changing anything: for a read-only connection. kOther when steps are missing.
[[nodiscard]] base::Status CheckSchema(Connection& connection, std::span<const Migration> migrations);

}  // namespace evertill::sqlite
