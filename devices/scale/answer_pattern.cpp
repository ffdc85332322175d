#include "devices/scale/answer_pattern.h"

#include <algorithm>
#include <charconv>

#include "devices/record/control_text.h"
#include "devices/record/record_error.h"

namespace evertill::devices::scale {
namespace {

using record::RecordErrc;

constexpr size_t kWidest = 32;

bool InNumber(char c) {
  return (c >= '0' && c <= '9') || c == ' ' || c == '+' || c == '-' || c == '.' || c == ',';
}

bool InUnit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ';
}

std::optional<size_t> ParseWidth(std::string_view text) {
  size_t width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error != std::errc() || end != text.data() + text.size() || width == 0 || width > kWidest) return std::nullopt;
  return width;
}

}  // namespace

struct AnswerPattern::Attempt {
  std::string_view answer;
  size_t check_from = 0;
  std::vector<std::pair<size_t, size_t>> found;  ///< Where each part begins, and how long it is.
};

base::Expected<AnswerPattern::Part> AnswerPattern::ParseField(std::string_view field) {
  const size_t colon = field.find(':');
  Part part;
  part.text = std::string(field.substr(0, colon));
  if (part.text == "check" || part.text == "bcc") {
    if (colon != std::string_view::npos) return base::Fail(RecordErrc::kInvalid, "{" + part.text + "} has no width");
    part.kind = part.text == "check" ? Kind::kCheckStart : Kind::kCheck;
    part.least = part.most = part.kind == Kind::kCheck ? 1 : 0;
    return part;
  }
  part.kind = part.text == "weight" ? Kind::kNumber : part.text == "unit" ? Kind::kLetters : Kind::kAny;
  if (colon == std::string_view::npos) {
    if (part.kind == Kind::kAny || part.text.empty()) {
      return base::Fail(RecordErrc::kInvalid, "{" + part.text + "} needs a width: {" + part.text + ":1}");
    }
    part.least = 1;
    part.most = kWidest;
    return part;
  }
  const std::string_view width = field.substr(colon + 1);
  const size_t dash = width.find('-');
  const auto least = ParseWidth(width.substr(0, dash));
  const auto most = dash == std::string_view::npos ? least : ParseWidth(width.substr(dash + 1));
  if (!least || !most || *most < *least) {
    return base::Fail(RecordErrc::kInvalid, "{" + std::string(field) + "}: widths are 1 to 32");
  }
  part.least = *least;
  part.most = *most;
  return part;
}

base::Expected<AnswerPattern> AnswerPattern::Parse(std::string_view text) {
  AnswerPattern pattern;
  size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '{') {
      const size_t close = text.find('}', at);
      if (close == std::string_view::npos) return base::Fail(RecordErrc::kInvalid, "{ without }");
      EVERTILL_ASSIGN(Part part, ParseField(text.substr(at + 1, close - at - 1)));
      if (part.text != "skip" && pattern.Has(part.text)) {
        return base::Fail(RecordErrc::kInvalid, "{" + part.text + "} stands twice");
      }
      pattern.parts_.push_back(std::move(part));
      at = close + 1;
      continue;
    }
    const size_t next = std::min(text.find('{', at), text.size());
    Part part;
    EVERTILL_ASSIGN(part.text, record::ParseControlText(text.substr(at, next - at)));
    part.least = part.most = part.text.size();
    pattern.parts_.push_back(std::move(part));
    at = next;
  }
  if (pattern.parts_.empty()) return base::Fail(RecordErrc::kInvalid, "an empty pattern");
  return pattern;
}

bool AnswerPattern::Has(std::string_view field) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [field](const Part& part) { return part.kind != Kind::kLiteral && part.text == field; });
}

bool AnswerPattern::MatchFrom(Attempt& attempt, size_t index, size_t at) const {
  if (index == parts_.size()) return at == attempt.answer.size();
  const Part& part = parts_[index];
  const std::string_view rest = attempt.answer.substr(at);
  if (rest.size() < part.least) return false;
  if (part.kind == Kind::kLiteral && !rest.starts_with(part.text)) return false;
  if (part.kind == Kind::kCheckStart) attempt.check_from = at;
  if (part.kind == Kind::kCheck) {
    char sum = 0;
    for (size_t i = attempt.check_from; i < at; ++i) sum = static_cast<char>(sum ^ attempt.answer[i]);
    if (sum != rest.front()) return false;
  }
  size_t most = std::min(part.most, rest.size());
  if (part.kind == Kind::kNumber || part.kind == Kind::kLetters) {
    const auto fits = part.kind == Kind::kNumber ? InNumber : InUnit;
    most = static_cast<size_t>(std::find_if_not(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(most), fits) -
                               rest.begin());
  }
  // The longest first: a number takes all of its digits.
  for (size_t length = most + 1; length-- > part.least;) {
    attempt.found[index] = {at, length};
    if (MatchFrom(attempt, index + 1, at + length)) return true;
  }
  return false;
}

std::optional<AnswerFields> AnswerPattern::Match(std::string_view answer) const {
  Attempt attempt{answer, 0, std::vector<std::pair<size_t, size_t>>(parts_.size())};
  if (!MatchFrom(attempt, 0, 0)) return std::nullopt;
  AnswerFields fields;
  for (size_t i = 0; i < parts_.size(); ++i) {
    const Kind kind = parts_[i].kind;
    if (kind == Kind::kLiteral || kind == Kind::kCheckStart || kind == Kind::kCheck || parts_[i].text == "skip")
      continue;
    fields[parts_[i].text] = std::string(answer.substr(attempt.found[i].first, attempt.found[i].second));
  }
  return fields;
}

}  // namespace evertill::devices::scale
