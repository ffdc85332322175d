#include "sync/server/sqlite_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "sync/server/errors.h"
#include "sync/server/sqlite_session.h"

namespace evertill::server {

using crypto::AsBytes;
using sqlite::Statement;

WriterLock::WriterLock(const std::filesystem::path& database) : path_(database.string() + ".lock") {
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}
WriterLock::~WriterLock() {
  if (file_ >= 0) ::close(file_);
}
base::Status WriterLock::Take() {
  if (file_ < 0) return base::Fail(sqlite::SqliteErrc::kReadOnly, path_.string() + ": cannot be opened for writing");
  while (::flock(file_, LOCK_EX) != 0) {
    if (errno != EINTR) {
      return base::Fail(sqlite::SqliteErrc::kIo, path_.string() + ": " + std::generic_category().message(errno));
    }
  }
  return {};
}
void WriterLock::Release() {
  if (file_ >= 0) ::flock(file_, LOCK_UN);
}

base::Expected<ServeLock> ServeLock::Take(const std::filesystem::path& database) {
  const std::string path = database.string() + ".serve";
  const auto failed = [&path](int error) {
    return base::Fail(sqlite::SqliteErrc::kIo, path + ": " + std::generic_category().message(error));
  };
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return failed(errno);
  ServeLock lock(file);
  std::array<char, 20> text{};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed(errno);
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    const std::string who(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
    return base::Fail(ServerErrc::kAlreadyServed,
                      database.string() + " is served by process " + (who.empty() ? "unknown" : who));
  }
  const std::string own = std::to_string(::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, own.data(), own.size(), 0) != static_cast<ssize_t>(own.size())) {
    return failed(errno);
  }
  return lock;
}
ServeLock::~ServeLock() {
  if (file_ >= 0) ::close(file_);
}

SqliteSession::SqliteSession(sqlite::Connection connection, bool writes) : db_(std::move(connection)) {
  if (writes) lock_.emplace(db_.Path());
}

SqliteSession::~SqliteSession() {
  Rollback();
}

base::Status SqliteSession::Begin() {
  if (lock_) EVERTILL_TRY(lock_->Take());
  auto begun = sqlite::Transaction::Begin(db_);
  if (!begun) {
    if (lock_) lock_->Release();
    return base::Fail(std::move(begun.error()));
  }
  transaction_.emplace(std::move(*begun));
  return {};
}

base::Status SqliteSession::Commit() {
  base::Status done = transaction_->Commit();
  if (!done) transaction_->Rollback();
  transaction_.reset();
  if (lock_) lock_->Release();
  return done;
}

void SqliteSession::Rollback() {
  if (!transaction_) return;
  transaction_->Rollback();
  transaction_.reset();
  if (lock_) lock_->Release();
}

base::Status SqliteSession::Nested(const std::function<base::Status()>& work) {
  EVERTILL_TRY(Do("SAVEPOINT one_job"));
  base::Status done = work();
  if (!done) EVERTILL_TRY(Do("ROLLBACK TO one_job"));
  EVERTILL_TRY(Do("RELEASE one_job"));
  return done;
}

base::Status SqliteSession::BeginRead() {
  EVERTILL_ASSIGN(sqlite::Transaction begun, sqlite::Transaction::Begin(db_, sqlite::TransactionKind::kDeferred));
  transaction_.emplace(std::move(begun));
  return {};
}

void SqliteSession::EndRead() {
  transaction_.reset();
}

base::Expected<std::optional<std::string>> SqliteSession::Meta(std::string_view key) {
  return One<std::string>(Ask("SELECT value FROM meta WHERE key = ?1", key),
                          [](const Statement& row) { return row.Text(0); });
}

base::Status SqliteSession::SetMeta(std::string_view key, std::string_view value) {
  return Do("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key,
            value);
}

base::Status SqliteSession::AddStore(const StoreRow& store, base::Instant now) {
  EVERTILL_ASSIGN(const auto known, FindStore(store.code));
  if (known) return base::Fail(ServerErrc::kStoreExists, store.code);
  return Do("INSERT INTO stores (code, name, currency, created_ms) VALUES (?1, ?2, ?3, ?4)", store.code, store.name,
            store.currency, base::ToUnixMillis(now));
}

namespace {

StoreRow ReadStore(const Statement& row) {
  return {row.Text(0), row.Text(1), row.Text(2)};
}

}  // namespace

base::Expected<std::optional<StoreRow>> SqliteSession::FindStore(std::string_view code) {
  return One<StoreRow>(Ask("SELECT code, name, currency FROM stores WHERE code = ?1", code), ReadStore);
}

base::Expected<std::vector<StoreRow>> SqliteSession::Stores() {
  return All<StoreRow>(Ask("SELECT code, name, currency FROM stores ORDER BY code"), ReadStore);
}

base::Status SqliteSession::SetStoreCurrency(std::string_view code, std::string_view currency) {
  return Do("UPDATE stores SET currency = ?2 WHERE code = ?1", code, currency);
}

base::Status SqliteSession::AddCode(const wire::Digest& hash, const CodeRow& code) {
  return Do("INSERT INTO codes (hash, purpose, store, till, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)", AsBytes(hash),
            code.purpose == CodePurpose::kTill ? "till" : "first_admin", code.store, code.till,
            base::ToUnixMillis(code.expires));
}

base::Expected<std::optional<CodeRow>> SqliteSession::FindCode(const wire::Digest& hash) {
  return One<CodeRow>(Ask("SELECT purpose, store, till, expires_ms, used_ms FROM codes WHERE hash = ?1", AsBytes(hash)),
                      [](const Statement& row) {
                        return CodeRow{row.TextView(0) == "till" ? CodePurpose::kTill : CodePurpose::kFirstAdmin,
                                       row.Text(1), row.Text(2), base::FromUnixMillis(row.Int(3)), !row.IsNull(4)};
                      });
}

base::Status SqliteSession::MarkCodeUsed(const wire::Digest& hash, base::Instant now) {
  return Do("UPDATE codes SET used_ms = ?2 WHERE hash = ?1", AsBytes(hash), base::ToUnixMillis(now));
}

base::Status SqliteSession::AddToken(const wire::Digest& hash, const TokenRow& token, base::Instant now) {
  return Do("INSERT INTO tokens (hash, role, terminal, incarnation, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            AsBytes(hash), RoleName(token.role), token.terminal, token.incarnation, base::ToUnixMillis(now));
}

base::Expected<std::optional<TokenRow>> SqliteSession::FindToken(const wire::Digest& hash) {
  return One<TokenRow>(
      Ask("SELECT role, terminal, incarnation FROM tokens WHERE hash = ?1 AND revoked_ms IS NULL", AsBytes(hash)),
      [](const Statement& row) {
        return TokenRow{ParseRole(row.TextView(0)).value_or(TokenRole::kPuller), row.Text(1), row.Int(2)};
      });
}

base::Status SqliteSession::RevokeTillTokens(std::string_view terminal, int64_t incarnation, base::Instant now) {
  return Do(
      "UPDATE tokens SET revoked_ms = ?3 WHERE role = 'till' AND terminal = ?1 AND incarnation = ?2 AND revoked_ms IS "
      "NULL",
      terminal, incarnation, base::ToUnixMillis(now));
}

base::Expected<std::optional<TerminalRow>> SqliteSession::FindTerminal(std::string_view terminal, int64_t incarnation) {
  return One<TerminalRow>(
      Ask("SELECT terminal, incarnation, store, till, public_key, name, head_seq, head_hash, "
          "last_seen_ms, fenced, reclaimed_ms, due_seq FROM terminals WHERE terminal = ?1 AND incarnation = ?2",
          terminal, incarnation),
      ReadTerminal);
}

base::Expected<std::vector<TerminalRow>> SqliteSession::Terminals() {
  return All<TerminalRow>(
      Ask("SELECT terminal, incarnation, store, till, public_key, name, head_seq, head_hash, "
          "last_seen_ms, fenced, reclaimed_ms, due_seq FROM terminals ORDER BY terminal, incarnation"),
      ReadTerminal);
}

base::Expected<std::vector<TerminalRow>> SqliteSession::LivesOf(std::string_view terminal) {
  return All<TerminalRow>(
      Ask("SELECT terminal, incarnation, store, till, public_key, name, head_seq, head_hash, "
          "last_seen_ms, fenced, reclaimed_ms, due_seq FROM terminals WHERE terminal = ?1 ORDER BY incarnation",
          terminal),
      ReadTerminal);
}

base::Status SqliteSession::AddTerminal(const TerminalRow& terminal) {
  const int64_t seen = base::ToUnixMillis(terminal.last_seen);
  return Do(
      "INSERT INTO terminals (terminal, incarnation, store, till, public_key, name, head_hash, enrolled_ms, "
      "last_seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
      terminal.terminal, terminal.incarnation, terminal.store, terminal.till, AsBytes(terminal.public_key),
      terminal.name, AsBytes(terminal.head_hash), seen);
}

base::Status SqliteSession::AdvanceHead(std::string_view terminal, int64_t incarnation, int64_t seq,
                                        const wire::Digest& hash, base::Instant now) {
  return Do(
      "UPDATE terminals SET head_seq = ?3, head_hash = ?4, last_seen_ms = ?5 WHERE terminal = ?1 AND incarnation = ?2 "
      "AND head_seq < ?3",
      terminal, incarnation, seq, AsBytes(hash), base::ToUnixMillis(now));
}

base::Status SqliteSession::TouchTerminal(std::string_view terminal, int64_t incarnation, base::Instant now) {
  return Do("UPDATE terminals SET last_seen_ms = ?3 WHERE terminal = ?1 AND incarnation = ?2", terminal, incarnation,
            base::ToUnixMillis(now));
}

base::Status SqliteSession::Audit(base::Instant now, std::string_view who, std::string_view what,
                                  std::string_view detail) {
  return Do("INSERT INTO audit (at_ms, who, what, detail) VALUES (?1, ?2, ?3, ?4)", base::ToUnixMillis(now), who, what,
            detail);
}

base::Expected<std::filesystem::path> ParseDatabaseUrl(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme) || url.size() == kScheme.size()) {
    return base::Fail(ServerErrc::kBadArgument, "--database " + std::string(url) + ": expected sqlite:PATH");
  }
  return std::filesystem::path(url.substr(kScheme.size()));
}

base::Expected<std::unique_ptr<Store>> OpenSqliteStore(const std::filesystem::path& file, StoreAccess access,
                                                       const base::Clock& clock, const SqliteStoreOptions& more) {
  std::error_code ignored;
  if (access != StoreAccess::kCreate && !std::filesystem::exists(file, ignored)) {
    return base::Fail(ServerErrc::kNotInitialised, file.string() + ": no such database; run: evertill-hq init");
  }
  sqlite::OpenOptions options;
  options.cache_kib = 16 << 10;
  options.vfs = more.vfs;
  if (!more.safeguards.On(loyalty::Rule::kFsync)) options.synchronous = sqlite::Synchronous::kOff;
  if (access == StoreAccess::kRead) options.mode = sqlite::OpenMode::kReadOnly;
  EVERTILL_ASSIGN(sqlite::Connection connection, sqlite::Connection::Open(file, options));
  if (access == StoreAccess::kRead) {
    EVERTILL_TRY(sqlite::CheckSchema(connection, HeadOfficeMigrations()));
  } else {
    // Who is erased is not to be read in what is left of a page.
    EVERTILL_TRY(connection.Execute("PRAGMA secure_delete=ON"));
    WriterLock lock(file);
    EVERTILL_TRY(lock.Take());
    EVERTILL_TRY(sqlite::Migrate(connection, HeadOfficeMigrations(), clock));
  }
  return std::unique_ptr<Store>(std::make_unique<SqliteSession>(std::move(connection), access != StoreAccess::kRead));
}

}  // namespace evertill::server
