#include "app/sqlite/error.h"

#include <sqlite3.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <string>

namespace evertill::sqlite {
namespace {

SqliteErrc CodeOf(int result) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SqliteErrc::kBusy;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return SqliteErrc::kReadOnly;
    case SQLITE_FULL:
      return SqliteErrc::kDiskFull;
    case SQLITE_IOERR:
      return SqliteErrc::kIo;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SqliteErrc::kCorrupt;
    case SQLITE_CONSTRAINT:
      return SqliteErrc::kConstraint;
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return SqliteErrc::kCannotOpen;
    default:
      return SqliteErrc::kOther;
  }
}

/// Less than this and no log of a database can grow.
constexpr uint64_t kNoSpace = 64 * 1024;

bool IsFull(std::string_view path) {
  const std::string file(path);
  const size_t slash = file.rfind('/');
  struct statvfs disk {};
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  return ::statvfs(folder.c_str(), &disk) == 0 && uint64_t{disk.f_bavail} * disk.f_frsize < kNoSpace;
}

/// A disk without room shows in many ways, by where SQLite was: a write, the shared memory of the log, a new file.
SqliteErrc CodeOf(int result, int system_error, std::string_view path) {
  const SqliteErrc code = CodeOf(result);
  if (code != SqliteErrc::kIo && code != SqliteErrc::kCannotOpen) return code;
  if (system_error == ENOSPC || system_error == EDQUOT) return SqliteErrc::kDiskFull;
  if (system_error == EROFS) return SqliteErrc::kReadOnly;
  const bool reading = result == SQLITE_IOERR_READ || result == SQLITE_IOERR_CORRUPTFS;
  return code == SqliteErrc::kIo && !reading && IsFull(path) ? SqliteErrc::kDiskFull : code;
}

}  // namespace

std::string_view ErrorName(SqliteErrc code) {
  switch (code) {
    case SqliteErrc::kBusy:
      return "database_busy";
    case SqliteErrc::kReadOnly:
      return "database_read_only";
    case SqliteErrc::kDiskFull:
      return "disk_full";
    case SqliteErrc::kIo:
      return "database_io";
    case SqliteErrc::kCorrupt:
      return "database_corrupt";
    case SqliteErrc::kConstraint:
      return "database_constraint";
    case SqliteErrc::kCannotOpen:
      return "database_cannot_open";
    case SqliteErrc::kNewerDatabase:
      return "newer_database";
    case SqliteErrc::kOther:
      return "database_error";
  }
  return "database_unknown";
}

base::Error MakeError(sqlite3* db, int result, std::string_view path, std::string_view doing) {
  // sqlite3_errmsg speaks of the last call on this connection; when that was another one, the plain words are right.
  const bool ours = db != nullptr && (sqlite3_errcode(db) & 0xff) == (result & 0xff);
  std::string detail(path);
  detail += ": ";
  if (!doing.empty()) detail.append(doing).append(": ");
  detail += ours ? sqlite3_errmsg(db) : sqlite3_errstr(result);
  return {CodeOf(result, ours ? sqlite3_system_errno(db) : 0, path), std::move(detail)};
}

}  // namespace evertill::sqlite
