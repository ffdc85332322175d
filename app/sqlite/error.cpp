#include "app/sqlite/error.h"

#include <sqlite3.h>

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
  return {CodeOf(result), std::move(detail)};
}

}  // namespace evertill::sqlite
