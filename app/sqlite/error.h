#pragma once

#include <string_view>

#include "app/base/expected.h"

struct sqlite3;

namespace evertill::sqlite {

/// Everything a database can answer, folded to what a caller can act on. The detail names the file.
enum class SqliteErrc {
  kBusy,           ///< another connection holds it and the busy time-out has passed
  kReadOnly,       ///< the file, its folder or its disk cannot be written
  kDiskFull,       ///< no space; the transaction is gone
  kIo,             ///< the disk failed: whether a COMMIT took place is unknown
  kCorrupt,        ///< not a database, or a damaged one
  kConstraint,     ///< UNIQUE, CHECK, foreign key or an append-only trigger
  kCannotOpen,     ///< no such file or folder, or no right to it
  kNewerDatabase,  ///< made by a newer program that says older ones must not touch it
  kOther,          ///< a mistake in our SQL or its use
};

[[nodiscard]] std::string_view ErrorName(SqliteErrc code);

/// The Error for an SQLite result code of `db` on `path`. For the library's own files.
[[nodiscard]] base::Error MakeError(sqlite3* db, int result, std::string_view path, std::string_view doing = {});

}  // namespace evertill::sqlite
