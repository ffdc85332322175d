#include "app/sqlite/connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <deque>
#include <functional>

namespace evertill::sqlite {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// Lets the cache be searched by string_view without making a string.
struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

struct Cached {
  StatementHandle statement;
  bool in_use = false;
};

const char* NameOf(Synchronous level) {
  switch (level) {
    case Synchronous::kOff:
      return "OFF";
    case Synchronous::kNormal:
      return "NORMAL";
    case Synchronous::kFull:
      return "FULL";
  }
  return "FULL";
}

int NoteWalPages(void* pages, sqlite3* /*db*/, const char* /*name*/, int in_wal) {
  *static_cast<int*>(pages) = in_wal;
  return SQLITE_OK;
}

/// SQLite makes files that the group may read; what is there already is not even opened, because closing it would let
/// go of the locks that this process has on it. The log's files take after the database's.
void CreatePrivate(const std::filesystem::path& path) {
  if (path.empty() || path.native().starts_with(':')) return;
  const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made >= 0) ::close(made);
}

}  // namespace

struct Connection::State {
  std::filesystem::path path;
  int wal_pages = 0;
  std::unique_ptr<sqlite3, CloseDatabase> db;  // closed after the statements below are finalized
  // unique_ptr keeps the addresses that statements hold while the map grows.
  std::unordered_map<std::string, std::unique_ptr<Cached>, TextHash, std::equal_to<>> cache;

  [[nodiscard]] base::Expected<StatementHandle> Compile(std::string_view sql, unsigned flags) const {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int result = sqlite3_prepare_v3(db.get(), sql.data(), static_cast<int>(sql.size()), flags, &raw, &tail);
    StatementHandle statement(raw);
    if (result != SQLITE_OK) return base::Fail(MakeError(db.get(), result, path.native(), sql));
    if (!statement) return base::Fail(SqliteErrc::kOther, path.string() + ": empty SQL");
    const std::string_view rest = sql.substr(static_cast<size_t>(tail - sql.data()));
    if (rest.find_first_not_of(" \n\t;") != std::string_view::npos) {
      return base::Fail(SqliteErrc::kOther, path.string() + ": more than one statement: " + std::string(sql));
    }
    return statement;
  }
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

base::Expected<Connection> Connection::Open(const std::filesystem::path& path, const OpenOptions& options) {
  const bool writes = options.mode == OpenMode::kReadWriteCreate;
  const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
  auto state = std::make_unique<State>();
  state->path = path;
  if (writes) CreatePrivate(path);
  sqlite3* raw = nullptr;
  const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
  const int result = sqlite3_open_v2(path.c_str(), &raw, flags, vfs);
  state->db.reset(raw);
  if (result != SQLITE_OK) return base::Fail(MakeError(raw, result, path.native()));
  if (writes && sqlite3_db_readonly(raw, "main") == 1) {
    // SQLite falls back to reading without a word when the file may not be written.
    return base::Fail(SqliteErrc::kReadOnly, path.string() + ": the file cannot be written");
  }
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, options.busy_timeout_ms);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);

  Connection connection(std::move(state));
  std::string setup = "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;";
  setup += "PRAGMA cache_size=-" + std::to_string(options.cache_kib) + ";";
  setup += "PRAGMA mmap_size=" + std::to_string(options.mmap_bytes) + ";";
  if (writes) {
    setup += "PRAGMA page_size=" + std::to_string(options.page_bytes) + ";";
    if (options.journal == JournalMode::kWal) setup += "PRAGMA journal_mode=WAL;";
    if (options.journal == JournalMode::kOff) setup += "PRAGMA journal_mode=OFF;";
    setup += std::string("PRAGMA synchronous=") + NameOf(options.synchronous) + ";";
    setup += "PRAGMA wal_autocheckpoint=" + std::to_string(options.wal_autocheckpoint_pages) + ";";
  }
  EVERTILL_TRY(connection.Execute(setup));
  // SQLite has one hook, which its own automatic checkpoint uses too.
  if (writes && options.wal_autocheckpoint_pages == 0) {
    sqlite3_wal_hook(raw, &NoteWalPages, &connection.state_->wal_pages);
  }
  // The first read of the file: what is no database is told here and not at the first sale.
  EVERTILL_TRY(connection.Pragma("schema_version"));
  return connection;
}

base::Expected<Statement> Connection::Prepare(std::string_view sql) {
  auto found = state_->cache.find(sql);
  if (found == state_->cache.end()) {
    EVERTILL_ASSIGN(auto statement, state_->Compile(sql, SQLITE_PREPARE_PERSISTENT));
    auto cached = std::make_unique<Cached>();
    cached->statement = std::move(statement);
    found = state_->cache.emplace(std::string(sql), std::move(cached)).first;
  }
  Cached& cached = *found->second;
  if (cached.in_use) {  // the same SQL nested in itself: a second statement, not kept
    EVERTILL_ASSIGN(auto statement, state_->Compile(sql, 0));
    return Statement(*this, statement.release(), nullptr);
  }
  cached.in_use = true;
  return Statement(*this, cached.statement.get(), &cached.in_use);
}

base::Status Connection::Execute(const std::string& sql) {
  const int result = sqlite3_exec(state_->db.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return base::Fail(MakeError(state_->db.get(), result, state_->path.native()));
  return {};
}

int64_t Connection::LastInsertRowid() const {
  return sqlite3_last_insert_rowid(state_->db.get());
}
int64_t Connection::Changes() const {
  return sqlite3_changes64(state_->db.get());
}
bool Connection::InTransaction() const {
  return sqlite3_get_autocommit(state_->db.get()) == 0;
}
const std::filesystem::path& Connection::Path() const {
  return state_->path;
}

int Connection::WalPages() const {
  return state_->wal_pages;
}

base::Status Connection::Checkpoint(CheckpointMode mode) {
  const int how = mode == CheckpointMode::kPassive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
  const int result = sqlite3_wal_checkpoint_v2(state_->db.get(), "main", how, nullptr, nullptr);
  if (result != SQLITE_OK) return base::Fail(MakeError(state_->db.get(), result, state_->path.native(), "checkpoint"));
  return {};
}

base::Status Connection::CopyTo(const std::filesystem::path& target) {
  EVERTILL_ASSIGN(auto copy, Prepare("VACUUM INTO ?1"));
  return copy.Bind(target.native()).Run();
}

base::Status Connection::QuickCheck() {
  EVERTILL_ASSIGN(auto check, Prepare("PRAGMA quick_check(1)"));
  EVERTILL_ASSIGN(const bool row, check.Step());
  if (row && check.TextView(0) == "ok") return {};
  return base::Fail(SqliteErrc::kCorrupt, state_->path.string() + ": " + (row ? check.Text(0) : "no answer"));
}

base::Expected<int64_t> Connection::Pragma(const char* name) {
  EVERTILL_ASSIGN(auto query, Prepare(std::string("PRAGMA ") + name));
  EVERTILL_ASSIGN(const bool row, query.Step());
  return row ? query.Int(0) : 0;
}

}  // namespace evertill::sqlite
