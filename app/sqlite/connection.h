#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/base/expected.h"
#include "app/sqlite/error.h"
#include "app/sqlite/statement.h"

struct sqlite3;

namespace evertill::sqlite {

enum class OpenMode {
  kReadWriteCreate,
  kReadOnly,
};

/// How safe a COMMIT is. Sales need kFull: with kNormal a power cut loses acknowledged commits in WAL mode.
enum class Synchronous { kOff, kNormal, kFull };

enum class JournalMode {
  kWal,
  kOff,   ///< no rollback at all: only for a new file that is thrown away when anything fails
  kKeep,  ///< whatever the file has
};

struct OpenOptions {
  OpenMode mode = OpenMode::kReadWriteCreate;
  JournalMode journal = JournalMode::kWal;
  Synchronous synchronous = Synchronous::kFull;
  int busy_timeout_ms = 5000;
  /// Pages in the WAL after which a commit checkpoints by itself; 0 leaves that to Checkpoint().
  int wal_autocheckpoint_pages = 1000;
  /// Bytes to map for reading; 0 for none.
  int64_t mmap_bytes = 0;
  int cache_kib = 2048;
  /// Of a file that is made now; an existing one keeps its own. Small pages make small commits cheaper: every page that
  /// a transaction touches is written, summed and later moved as a whole.
  int page_bytes = 4096;
  /// Name of a registered VFS, for tests that inject faults; empty for the machine's.
  std::string vfs = {};
};

enum class CheckpointMode {
  kPassive,   ///< as much as readers allow, never waits
  kTruncate,  ///< everything, waiting for readers, and an empty WAL file after it
};

/// One connection to one database file. One thread at a time (the owner's mutex); movable, statements stay valid.
class Connection {
 public:
  /// Opens (and, unless read-only, creates) the file, for its owner alone; foreign keys are on.
  [[nodiscard]] static base::Expected<Connection> Open(const std::filesystem::path& path,
                                                       const OpenOptions& options = {});

  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// A statement for one parameterised SQL text, prepared the first time and kept. `sql` is a constant of the program,
  /// never put together from input.
  [[nodiscard]] base::Expected<Statement> Prepare(std::string_view sql);
  /// Runs several statements without parameters or rows: schemas and pragmas.
  [[nodiscard]] base::Status Execute(const std::string& sql);

  [[nodiscard]] int64_t LastInsertRowid() const;
  /// Rows changed by the last INSERT, UPDATE or DELETE.
  [[nodiscard]] int64_t Changes() const;
  [[nodiscard]] bool InTransaction() const;
  [[nodiscard]] const std::filesystem::path& Path() const;

  /// Pages in the WAL after this connection's last commit: what a checkpoint would have to move.
  [[nodiscard]] int WalPages() const;
  /// Moves the WAL into the database file. Only on the one connection that writes this file.
  [[nodiscard]] base::Status Checkpoint(CheckpointMode mode);
  /// Writes a consistent copy to a new file (VACUUM INTO); refused when `target` exists. The way to back up a live
  /// file.
  [[nodiscard]] base::Status CopyTo(const std::filesystem::path& target);
  /// kCorrupt with the first finding when the file is damaged. About half a second for each gigabyte.
  [[nodiscard]] base::Status QuickCheck();
  /// Number of an integer pragma such as user_version.
  [[nodiscard]] base::Expected<int64_t> Pragma(const char* name);

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace evertill::sqlite
