#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/loyalty/safeguards.h"
#include "sync/server/store.h"

namespace evertill::server {

enum class StoreAccess {
  kCreate,  ///< for `init`: makes the file
  kWrite,   ///< brings the schema up to date; the one session of this process that writes
  kRead,
};

struct SqliteStoreOptions {
  std::string vfs = {};  ///< name of a registered SQLite VFS, for tests that inject faults; empty: the machine's
  loyalty::Safeguards safeguards = {};  ///< rule kFsync is asked here
};

/// Head office on one SQLite file (WAL, synchronous FULL). Only one session may write: SQLite 3.40 can corrupt a WAL
/// file that two connections checkpoint.
[[nodiscard]] base::Expected<std::unique_ptr<Store>> OpenSqliteStore(const std::filesystem::path& file,
                                                                     StoreAccess access, const base::Clock& clock,
                                                                     const SqliteStoreOptions& more = {});

/// `sqlite:PATH` to PATH. kBadArgument for another kind of database, with what is understood.
[[nodiscard]] base::Expected<std::filesystem::path> ParseDatabaseUrl(std::string_view url);

/// That this process serves a database, for as long as it lives: a lock on DATABASE.serve, which says who has it. A
/// process that dies leaves the file and no lock.
class ServeLock {
 public:
  /// kAlreadyServed with the other process's number.
  [[nodiscard]] static base::Expected<ServeLock> Take(const std::filesystem::path& database);
  ~ServeLock();
  ServeLock(ServeLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  ServeLock& operator=(ServeLock&&) = delete;

 private:
  explicit ServeLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace evertill::server
