#include "app/store/csv_reader.h"

#include <algorithm>

#include "app/domain/text.h"

namespace evertill::store {
namespace {

constexpr size_t kChunk = 256 * 1024;
constexpr size_t kLongestRecord = 64 * 1024;
constexpr size_t kMostFields = 512;
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
    if (ends_.size() >= kMostFields) return Reject(row, "more than 512 fields", next_line);
    if (at < all.size() && all[at] == '"') {
      for (++at;; ++at) {
        const size_t quote = all.find('"', at);
        if (quote == std::string_view::npos || quote - start_ > kLongestRecord) {
          const bool too_long = (quote == std::string_view::npos ? all.size() : quote) - start_ > kLongestRecord;
          if (!source_ended_ && !too_long) return Parsed::kNeedsMore;
          return Reject(row, "a quote is not closed", next_line);
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
      if (end - start_ > kLongestRecord) return Reject(row, "longer than 64 KiB", next_line);
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
    const Parsed parsed = ParseRecord(row);
    if (parsed == Parsed::kNeedsMore) {
      EVERTILL_ASSIGN([[maybe_unused]] const bool more, Refill());
      continue;
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
