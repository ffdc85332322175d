#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"

namespace evertill::devices::scale {

/// The fields that a pattern found in an answer, by name.
using AnswerFields = std::map<std::string, std::string, std::less<>>;

/// The form of one answer, as manuals draw it: `<STX>{status:1}{weight:6}{unit:2}<CR>`.
///
/// - Bytes in the notation of record::ParseControlText() stand for themselves.
/// - `{weight}`: digits, one decimal point, sign, spaces. `{unit}`: letters and spaces. Either with a width:
/// `{weight:6}`.
/// - `{skip:3}`: any bytes, ignored. `{status:1}`, `{status:2-4}`: any other name, kept for the record's rules.
/// - `{check}` is where the bytes begin that `{bcc}`, one byte further on, is the exclusive-or of.
class AnswerPattern {
 public:
  /// Errors: device_record_invalid.
  [[nodiscard]] static base::Expected<AnswerPattern> Parse(std::string_view text);

  /// The fields when the whole of `answer` has this form and its check character is right.
  [[nodiscard]] std::optional<AnswerFields> Match(std::string_view answer) const;
  [[nodiscard]] bool Has(std::string_view field) const;

 private:
  enum class Kind { kLiteral, kNumber, kLetters, kAny, kCheckStart, kCheck };
  struct Part {
    Kind kind = Kind::kLiteral;
    std::string text;  ///< The literal's bytes, or the field's name.
    size_t least = 0;
    size_t most = 0;
  };
  struct Attempt;

  [[nodiscard]] static base::Expected<Part> ParseField(std::string_view field);
  [[nodiscard]] bool MatchFrom(Attempt& attempt, size_t part, size_t at) const;

  std::vector<Part> parts_;
};

}  // namespace evertill::devices::scale
