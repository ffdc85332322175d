#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace evertill::server {

/// RFC 4180 from text in memory, one record at a time; LF, CRLF, a byte order mark and quoted line ends are all fine.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text);

  /// False at the end. An empty line is passed over. `broken` is set when a quote is never closed or followed by text.
  bool Next(std::vector<std::string>& fields);
  [[nodiscard]] bool Broken() const { return broken_; }
  /// Where the record that Next() gave began, from 1.
  [[nodiscard]] int64_t Line() const { return record_line_; }

 private:
  bool ReadField(std::string& field);

  std::string_view text_;
  size_t at_ = 0;
  int64_t line_ = 1;
  int64_t record_line_ = 1;
  bool broken_ = false;
};

}  // namespace evertill::server
