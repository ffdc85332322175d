#pragma once

#include <filesystem>
#include <memory>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "sync/server/store.h"

namespace evertill::server {

enum class StoreAccess {
  kCreate,  ///< for `init`: makes the file
  kWrite,   ///< brings the schema up to date; the one session of this process that writes
  kRead,
};

/// Head office on one SQLite file (WAL, synchronous FULL). Only one session may write: SQLite 3.40 can corrupt a WAL
/// file that two connections checkpoint.
[[nodiscard]] base::Expected<std::unique_ptr<Store>> OpenSqliteStore(const std::filesystem::path& file,
                                                                     StoreAccess access, const base::Clock& clock);

/// `sqlite:PATH` to PATH. kBadArgument for another kind of database, with what is understood.
[[nodiscard]] base::Expected<std::filesystem::path> ParseDatabaseUrl(std::string_view url);

}  // namespace evertill::server
