#include "sync/server/csv.h"

namespace evertill::server {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

/// Reads to the next comma or line end; true when a comma follows, so that another field comes.
bool CsvReader::ReadField(std::string& field) {
  const bool quoted = at_ < text_.size() && text_[at_] == '"';
  if (quoted) {
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) {
        broken_ = true;
        return false;
      }
      const char c = text_[at_++];
      if (c == '"') {
        if (at_ >= text_.size() || text_[at_] != '"') break;
        ++at_;
      }
      if (c == '\n') ++line_;
      field += c;
    }
  }
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ',') {
      ++at_;
      return true;
    }
    if (c == '\n' || c == '\r') {
      at_ += c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1;
      ++line_;
      return false;
    }
    if (quoted) broken_ = true;
    field += c;
    ++at_;
  }
  return false;
}

bool CsvReader::Next(std::vector<std::string>& fields) {
  for (;;) {
    fields.clear();
    broken_ = false;
    if (at_ >= text_.size()) return false;
    record_line_ = line_;
    bool more = true;
    while (more) {
      fields.emplace_back();
      more = ReadField(fields.back());
    }
    if (fields.size() > 1 || !fields[0].empty() || broken_) return true;
  }
}

}  // namespace evertill::server
