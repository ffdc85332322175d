#include "app/store/csv_reader.h"

#include <algorithm>

#include "app/domain/text.h"

namespace evertill::store {
namespace {

constexpr size_t kChunk = 256 * 1024;
constexpr size_t kLongestRecord = 64 * 1024;
constexpr size_t kMostFields = 512;
/// How far the end of a record that is too long is looked for. Farther off, a quote counts as one that was never
/// closed.
constexpr size_t kFarthestEnd = 16 * 1024 * 1024;
constexpr const char* kTooLong = "longer than 64 KiB";
constexpr const char* kNotClosed = "a quote is not closed";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

base::Expected<bool> CsvReader::Refill() {
  if (source_ended_) return false;
  window_.erase(0, start_);
  start_ = 0;
  const size_t have = window_.size();
  window_.resize(have + kChunk);
  EVERTILL_ASSIGN(const size_t got, source_->Read({window_.data() + have, kChunk}));
  window_.resize(have + got);
  source_ended_ = got == 0;
  return !source_ended_;
}

base::Status CsvReader::SkipByteOrderMark() {
  while (window_.size() < kByteOrderMark.size() && !source_ended_) {
    EVERTILL_ASSIGN([[maybe_unused]] const bool more, Refill());
  }
  if (window_.starts_with(kByteOrderMark)) start_ = kByteOrderMark.size();
  begun_ = true;
  return {};
}

/// The rest of a line whose record was given up before its end was read.
void CsvReader::SkipLine() {
  const size_t end = window_.find('\n', start_);
  start_ = end == std::string::npos ? window_.size() : end + 1;
  if (end != std::string::npos) ++line_;
  skipping_ = end == std::string::npos;
}

void CsvReader::FinishField() {
  ends_.push_back(text_.size());
}

CsvReader::Parsed CsvReader::Reject(CsvRow& row, const char* problem, size_t next) {
  row.problem = problem;
  after_ = next;
  skipping_ = window_[next - 1] != '\n';
  return Parsed::kBadLine;
}

CsvReader::Parsed CsvReader::GiveUp(size_t at, bool quoted, const char* problem) {
  long_ = {at - start_, quoted, problem};
  return Parsed::kTooLong;
}

/// Finds where a record ends that is not taken: rows inside its quotes are none of the file's. Kept in memory while it
/// is looked for, because an opening quote that nothing closes ends its record at the end of its line instead.
base::Expected<CsvReader::Parsed> CsvReader::PassLong(CsvRow& row) {
  size_t from = long_.from;  // from start_ on, which Refill() moves
  bool quoted = long_.quoted;
  for (;;) {
    const std::string_view all = std::string_view(window_).substr(start_);
    const size_t size = all.size();
    const size_t found = quoted ? all.find('"', from) : all.find_first_of(",\n", from);
    const bool at_end = found == std::string_view::npos || (all[found] != '\n' && found + 1 == size);
    if (at_end && size < kFarthestEnd) {
      EVERTILL_ASSIGN(const bool more, Refill());
      from = std::min(found, size);
      if (more) continue;
    }
    if (at_end && (!quoted || found != std::string_view::npos)) return Reject(row, long_.problem, start_ + size);
    const char next = at_end ? '\0' : all[found + (quoted ? 1 : 0)];
    if (quoted && next == '"') {
      from = found + 2;
    } else if (quoted && next != ',' && next != '\r' && next != '\n') {
      const size_t line_end = all.find('\n');
      return Reject(row, kNotClosed, start_ + (line_end == std::string_view::npos ? size : line_end + 1));
    } else if (quoted) {
      from = found + 1;
      quoted = false;
    } else if (next == '\n') {
      return Reject(row, long_.problem, start_ + found + 1);
    } else {
      quoted = all[found + 1] == '"';
      from = found + (quoted ? 2 : 1);
    }
  }
}

/// One record from start_. A record that is not whole yet is parsed again when more is there: records are short.
CsvReader::Parsed CsvReader::ParseRecord(CsvRow& row) {
  text_.clear();
  ends_.clear();
  const std::string_view all(window_);
  const size_t first_end = all.find('\n', start_);
  if (first_end == std::string_view::npos && !source_ended_ && all.size() - start_ <= kLongestRecord) {
    return Parsed::kNeedsMore;
  }
  // Where reading goes on after a record that is wrong.
  const size_t next_line = first_end == std::string_view::npos ? all.size() : first_end + 1;
  size_t at = start_;
  for (;;) {
    if (ends_.size() >= kMostFields) return GiveUp(at, at < all.size() && all[at] == '"', "more than 512 fields");
    if (at < all.size() && all[at] == '"') {
      for (++at;; ++at) {
        const size_t quote = all.find('"', at);
        if (quote == std::string_view::npos || quote - start_ > kLongestRecord) {
          const bool too_long = (quote == std::string_view::npos ? all.size() : quote) - start_ > kLongestRecord;
          if (too_long) return GiveUp(at, true, kTooLong);
          if (!source_ended_) return Parsed::kNeedsMore;
          return Reject(row, kNotClosed, next_line);
        }
        if (quote + 1 == all.size() && !source_ended_) return Parsed::kNeedsMore;
        text_.append(all.substr(at, quote - at));
        at = quote + 1;
        if (at >= all.size() || all[at] != '"') break;
        text_.push_back('"');
      }
    } else {
      const size_t end = std::min(all.find_first_of(",\n\"", at), all.size());
      if (end == all.size() && !source_ended_ && end - start_ <= kLongestRecord) return Parsed::kNeedsMore;
      if (end - start_ > kLongestRecord) return GiveUp(end, false, kTooLong);
      if (end < all.size() && all[end] == '"') return Reject(row, "a quote inside a field without quotes", next_line);
      text_.append(all.substr(at, end - at));
      at = end;
      const bool line_end = at == all.size() || all[at] == '\n';
      if (line_end && text_.size() > (ends_.empty() ? 0 : ends_.back()) && text_.back() == '\r') text_.pop_back();
    }
    FinishField();
    if (at + 1 < all.size() && all[at] == '\r' && all[at + 1] == '\n') ++at;
    if (at + 1 == all.size() && all[at] == '\r') {
      if (!source_ended_) return Parsed::kNeedsMore;
      ++at;
    }
    if (at >= all.size()) {
      if (!source_ended_) return Parsed::kNeedsMore;
      after_ = at;
      return Parsed::kRow;
    }
    if (all[at] == '\n') {
      after_ = at + 1;
      return Parsed::kRow;
    }
    if (all[at] != ',') return Reject(row, "text after a closing quote", next_line);
    ++at;
  }
}

base::Expected<bool> CsvReader::Next(CsvRow& row) {
  if (!begun_) EVERTILL_TRY(SkipByteOrderMark());
  for (;;) {
    row.fields.clear();
    row.problem = nullptr;
    row.line = line_;
    if (start_ >= window_.size()) {
      EVERTILL_ASSIGN(const bool more, Refill());
      if (!more) return false;
      continue;
    }
    if (skipping_) {
      SkipLine();
      continue;
    }
    Parsed parsed = ParseRecord(row);
    if (parsed == Parsed::kNeedsMore) {
      EVERTILL_ASSIGN([[maybe_unused]] const bool more, Refill());
      continue;
    }
    if (parsed == Parsed::kTooLong) {
      EVERTILL_ASSIGN(parsed, PassLong(row));
    }
    const std::string_view used(window_.data() + start_, after_ - start_);
    line_ += std::count(used.begin(), used.end(), '\n');
    const bool valid = parsed == Parsed::kBadLine || domain::IsValidUtf8(text_);
    start_ = after_;
    if (parsed == Parsed::kBadLine) return true;
    if (!valid) {
      row.problem = "not valid UTF-8";
      return true;
    }
    if (ends_.size() == 1 && ends_[0] == 0) continue;  // an empty line
    size_t from = 0;
    for (const size_t end : ends_) {
      row.fields.emplace_back(text_.data() + from, end - from);
      from = end;
    }
    return true;
  }
}

}  // namespace evertill::store
