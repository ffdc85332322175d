#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/store/byte_source.h"

namespace evertill::store {

/// One record of a CSV file.
struct CsvRow {
  int64_t line = 0;                      ///< of the file, from 1, where the record starts
  std::vector<std::string_view> fields;  ///< unquoted; valid until the next Next()
  const char* problem = nullptr;         ///< why the record cannot be used; fields are then empty
};

/// RFC 4180 from any source: comma, quotes with "" inside, line breaks inside quotes, LF or CRLF, UTF-8 with or without
/// a byte order mark. Empty lines are passed over. A record that is wrong is told with its line. After an unclosed or
/// stray quote reading goes on at the next line, so that one slip never swallows the rest; after a record of more than
/// 64 KiB or 512 fields where that record ends, so that no part of it passes for a row.
class CsvReader {
 public:
  explicit CsvReader(std::unique_ptr<ByteSource> source);
  /// False at the end. An error is the source's.
  [[nodiscard]] base::Expected<bool> Next(CsvRow& row);
  [[nodiscard]] const ByteSource& Source() const { return *source_; }

 private:
  enum class Parsed { kRow, kBadLine, kNeedsMore, kTooLong };
  Parsed ParseRecord(CsvRow& row);
  Parsed Reject(CsvRow& row, const char* problem, size_t next);
  Parsed GiveUp(size_t at, bool quoted, const char* problem);
  [[nodiscard]] base::Expected<Parsed> PassLong(CsvRow& row);
  void FinishField();
  [[nodiscard]] base::Expected<bool> Refill();
  [[nodiscard]] base::Status SkipByteOrderMark();
  void SkipLine();

  std::unique_ptr<ByteSource> source_;
  std::string window_;  ///< what was read and not yet used begins at start_
  size_t start_ = 0;
  size_t after_ = 0;  ///< where the next record starts
  bool source_ended_ = false;
  bool begun_ = false;
  bool skipping_ = false;  ///< in the middle of a line that was given up
  /// Where reading stands in a record that is too long to be taken, counted from start_.
  struct Long {
    size_t from = 0;
    bool quoted = false;
    const char* problem = nullptr;
  };
  Long long_;
  int64_t line_ = 1;
  std::string text_;          ///< the fields of one record, unquoted, one after the other
  std::vector<size_t> ends_;  ///< where each field ends in text_
};

}  // namespace evertill::store
