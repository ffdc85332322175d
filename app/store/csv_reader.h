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
/// a byte order mark. Empty lines are passed over. A record that is wrong (unclosed or stray quote, invalid UTF-8, too
/// long) is told with its line, and reading goes on at the next line, so that one slip never swallows the rest.
class CsvReader {
 public:
  explicit CsvReader(std::unique_ptr<ByteSource> source);
  /// False at the end. An error is the source's.
  [[nodiscard]] base::Expected<bool> Next(CsvRow& row);
  [[nodiscard]] const ByteSource& Source() const { return *source_; }

 private:
  enum class Parsed { kRow, kBadLine, kNeedsMore };
  Parsed ParseRecord(CsvRow& row);
  Parsed Reject(CsvRow& row, const char* problem, size_t next);
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
  int64_t line_ = 1;
  std::string text_;          ///< the fields of one record, unquoted, one after the other
  std::vector<size_t> ends_;  ///< where each field ends in text_
};

}  // namespace evertill::store
