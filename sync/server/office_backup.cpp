#include "sync/server/office_backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>

#include "app/crypto/bytes.h"
#include "sync/server/admin.h"
#include "sync/server/errors.h"
#include "sync/server/keys.h"
#include "sync/server/sqlite_session.h"
#include "sync/server/sqlite_store.h"

namespace evertill::server {

namespace fs = std::filesystem;

namespace {

/// Beside the keys: the highest counter of an epoch that was ever begun here, which outlives the database.
constexpr std::string_view kEpochFile = "epoch";

tl::unexpected<base::Error> Failed(const fs::path& path, const std::error_code& error) {
  return base::Fail(sqlite::SqliteErrc::kIo, path.string() + ": " + error.message());
}

base::Status SyncPath(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  return good ? base::Status() : Failed(path, std::error_code(error, std::generic_category()));
}

/// Files of a key folder into another, 0600 in 0700; what is there already stays.
base::Status CopyKeys(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (::mkdir(to.c_str(), 0700) != 0 && errno != EEXIST) {
    return Failed(to, std::error_code(errno, std::generic_category()));
  }
  fs::directory_iterator files(from, error);
  if (error) return Failed(from, error);
  for (const fs::directory_entry& file : files) {
    if (!file.is_regular_file(error)) continue;
    const fs::path target = to / file.path().filename();
    fs::copy_file(file.path(), target, fs::copy_options::skip_existing, error);
    if (error) return Failed(target, error);
    fs::permissions(target, fs::perms::owner_read | fs::perms::owner_write, error);
    if (error) return Failed(target, error);
    EVERTILL_TRY(SyncPath(target));
  }
  return {};
}

fs::path WithEnd(const fs::path& path, std::string_view end) {
  return path.string() + std::string(end);
}

/// With what SQLite keeps beside it.
void RemoveDatabase(const fs::path& path) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm", "-journal", ".lock"}) fs::remove(WithEnd(path, end), ignored);
}

/// Whether it stands here or not: the same file gives the same name.
std::string CopyName(const fs::path& target) {
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(target, ignored);
  return (whole.empty() ? target : whole).string();
}

int64_t HighestCounter(const fs::path& keys) {
  std::ifstream in(keys / kEpochFile);
  int64_t counter = 0;
  in >> counter;
  return in ? counter : 0;
}
base::Status NoteCounter(const fs::path& keys, int64_t counter) {
  const fs::path file = keys / kEpochFile;
  const fs::path part = WithEnd(file, ".new");
  {
    std::ofstream out(part, std::ios::trunc);
    out << counter << "\n";
    out.flush();
    if (!out) return Failed(part, std::make_error_code(std::errc::io_error));
  }
  ::chmod(part.c_str(), 0600);
  EVERTILL_TRY(SyncPath(part));
  std::error_code error;
  fs::rename(part, file, error);
  return error ? base::Status(Failed(file, error)) : SyncPath(keys);
}

}  // namespace

base::Status BackUp(Store& store, const fs::path& database, const fs::path& target, const base::Clock& clock,
                    base::Random& random) {
  std::error_code ignored;
  const fs::path keys = KeyFolderFor(target);
  for (const fs::path& path : {target, keys}) {
    if (fs::exists(path, ignored)) return base::Fail(ServerErrc::kBadArgument, path.string() + " is there already");
  }
  EVERTILL_ASSIGN(const auto hosts, LoadHosts(store));
  // A folder that lacks a key would give a copy that lacks it.
  EVERTILL_TRY(LoadOrCreateKeys(KeyFolderFor(database), hosts, clock, random));
  const std::string name = CopyName(target);
  const auto record = [&]() -> base::Status {
    EVERTILL_TRY(store.RecordCopy(name, clock.Now()));
    return store.Audit(clock.Now(), "operator", "backup", name);
  };
  EVERTILL_TRY(InTransaction(store, record));
  const fs::path part = WithEnd(target, ".part");
  const auto copy = [&]() -> base::Status {
    RemoveDatabase(part);
    sqlite::OpenOptions options;
    options.mode = sqlite::OpenMode::kReadOnly;
    EVERTILL_ASSIGN(sqlite::Connection live, sqlite::Connection::Open(database, options));
    const mode_t before = ::umask(0077);
    const base::Status copied = live.CopyTo(part);
    ::umask(before);
    EVERTILL_TRY(copied);
    ::chmod(part.c_str(), 0600);
    EVERTILL_TRY(SyncPath(part));
    EVERTILL_TRY(CopyKeys(KeyFolderFor(database), keys));
    std::error_code error;
    fs::rename(part, target, error);
    if (error) return Failed(target, error);
    return SyncPath(target.has_parent_path() ? target.parent_path() : fs::path("."));
  };
  const base::Status done = copy();
  if (done) return {};
  RemoveDatabase(part);
  fs::remove_all(keys, ignored);
  const base::Status forgotten = InTransaction(store, [&] { return store.ForgetCopy(name); });
  return forgotten ? done : forgotten;
}

base::Status ForgetBackup(Store& store, const fs::path& target, const base::Clock& clock) {
  const std::string name = CopyName(target);
  EVERTILL_ASSIGN(const auto copies, store.Copies());
  if (std::none_of(copies.begin(), copies.end(), [&](const CopyRow& copy) { return copy.name == name; })) {
    return base::Fail(ServerErrc::kBadArgument, "no backup " + name + " is known");
  }
  const auto forget = [&]() -> base::Status {
    EVERTILL_TRY(store.ForgetCopy(name));
    return store.Audit(clock.Now(), "operator", "backup_forget", name);
  };
  return InTransaction(store, forget);
}

base::Expected<wire::Epoch> BeginEpoch(Store& store, int64_t highest_known, const base::Clock& clock,
                                       base::Random& random) {
  EVERTILL_ASSIGN(const wire::Epoch before, LoadEpoch(store));
  wire::Epoch epoch;
  epoch.counter = std::max(before.counter, highest_known) + 1;
  epoch.random.resize(16);
  random.Fill({reinterpret_cast<uint8_t*>(epoch.random.data()), epoch.random.size()});
  EVERTILL_TRY(store.SetMeta("epoch", epoch.ToString()));
  EVERTILL_TRY(store.Audit(clock.Now(), "operator", "epoch", before.ToString() + " to " + epoch.ToString()));
  return epoch;
}

namespace {

/// The epoch of whatever stands at the place to be restored; 0 where nothing can be read.
int64_t CounterOf(const fs::path& database, const base::Clock& clock) {
  std::error_code ignored;
  if (!fs::exists(database, ignored)) return 0;
  const auto store = OpenSqliteStore(database, StoreAccess::kRead, clock);
  if (!store) return 0;
  const auto epoch = LoadEpoch(**store);
  return epoch ? epoch->counter : 0;
}

/// The copy as it will stand there: whole, of this version's schema, in an epoch of its own.
base::Expected<wire::Epoch> Prepare(const fs::path& part, const fs::path& copy, int64_t highest,
                                    const base::Clock& clock, base::Random& random) {
  RemoveDatabase(part);
  {
    sqlite::OpenOptions options;
    options.mode = sqlite::OpenMode::kReadOnly;
    EVERTILL_ASSIGN(sqlite::Connection from, sqlite::Connection::Open(copy, options));
    EVERTILL_TRY(from.QuickCheck());
    const mode_t before = ::umask(0077);
    const base::Status copied = from.CopyTo(part);
    ::umask(before);
    EVERTILL_TRY(copied);
    ::chmod(part.c_str(), 0600);
  }
  EVERTILL_ASSIGN(const auto store, OpenSqliteStore(part, StoreAccess::kWrite, clock));
  wire::Epoch epoch;
  const auto begin = [&]() -> base::Status {
    // The copy itself may be restored once more.
    EVERTILL_TRY(store->RecordCopy(CopyName(copy), clock.Now()));
    EVERTILL_ASSIGN(epoch, BeginEpoch(*store, highest, clock, random));
    return store->Audit(clock.Now(), "operator", "restore", copy.string());
  };
  EVERTILL_TRY(InTransaction(*store, begin));
  return epoch;
}

base::Status MoveDatabase(const fs::path& from, const fs::path& to) {
  for (const char* end : {"-wal", "-shm", ""}) {
    std::error_code error;
    if (!fs::exists(WithEnd(from, end), error)) continue;
    fs::rename(WithEnd(from, end), WithEnd(to, end), error);
    if (error) return Failed(WithEnd(to, end), error);
  }
  return {};
}

}  // namespace

base::Expected<Restored> RestoreBackup(const fs::path& database, const fs::path& copy, const base::Clock& clock,
                                       base::Random& random) {
  std::error_code error;
  if (!fs::is_regular_file(copy, error)) return base::Fail(ServerErrc::kBadArgument, copy.string() + ": no such file");
  if (fs::equivalent(copy, database, error)) {
    return base::Fail(ServerErrc::kBadArgument, copy.string() + " is the database itself");
  }
  if (database.has_parent_path()) fs::create_directories(database.parent_path(), error);
  EVERTILL_ASSIGN(const ServeLock served, ServeLock::Take(database));
  WriterLock writer(database);
  EVERTILL_TRY(writer.Take());
  const fs::path keys = KeyFolderFor(database);
  const int64_t highest = std::max(CounterOf(database, clock), HighestCounter(keys));
  const fs::path part = WithEnd(database, ".restoring");
  Restored restored;
  const auto epoch = Prepare(part, copy, highest, clock, random);
  if (!epoch) {
    RemoveDatabase(part);
    return base::Fail(ServerErrc::kBadArgument,
                      copy.string() + " is no head office's database: " + epoch.error().ToString());
  }
  restored.epoch = *epoch;
  if (fs::exists(KeyFolderFor(copy), error)) EVERTILL_TRY(CopyKeys(KeyFolderFor(copy), keys));
  EVERTILL_TRY(LoadAuthority(keys));  // without keys no till would believe it
  EVERTILL_TRY(NoteCounter(keys, restored.epoch.counter));
  if (fs::exists(database, error)) {
    restored.aside = WithEnd(database, ".before-epoch-" + std::to_string(restored.epoch.counter));
    EVERTILL_TRY(MoveDatabase(database, restored.aside));
  }
  EVERTILL_TRY(MoveDatabase(part, database));
  RemoveDatabase(part);
  EVERTILL_TRY(SyncPath(database.has_parent_path() ? database.parent_path() : fs::path(".")));
  return restored;
}

}  // namespace evertill::server
