#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "devices/record/record_file.h"
#include "devices/record/record_table.h"
#include "devices/scale/answer_pattern.h"
#include "devices/scale/weight.h"

namespace evertill::devices::scale {

/// What a rule says about an answer.
enum class Meaning {
  kAtRest,  ///< A record with such a rule calls nothing at rest that doesn't say so.
  kMotion,  ///< Or busy: no weight at rest yet.
  kOverload,
  kUnderZero,
  kNegative,    ///< The weight's sign, where it stands apart from the digits.
  kAtZero,      ///< Also: setting to zero worked.
  kRefused,     ///< Setting to zero did not work.
  kFault,       ///< The scale says that it is broken.
  kUnreadable,  ///< No scale of this protocol says that.
};

/// `means` when field `field` is exactly `is`, or when `mask` of its byte number `byte` has the value `value`.
struct AnswerRule {
  std::string field;
  std::optional<std::string> is;
  size_t byte = 0;
  unsigned mask = 0;
  unsigned value = 0;
  Meaning means = Meaning::kUnreadable;
};

/// One thing to say to the scale; with `expect` it must answer that one byte before the next step.
struct AskStep {
  std::string send;
  std::string expect;
  std::string refuse;  ///< The byte it says instead when it cannot now.
};

/// One kind of scale, read from a record.
struct ScaleProtocol {
  std::string name;  ///< For people: "Mettler Toledo 8217".
  record::SerialDefaults serial;
  std::optional<WeightUnit> unit;  ///< Where the answers have none.
  std::string end;                 ///< The bytes that end an answer.
  bool streams = false;            ///< It speaks all the time, unasked.
  int answer_ms = 500;             ///< An answer takes no longer than this.
  std::vector<AnswerPattern> answers;
  std::vector<AnswerRule> rules;
  std::vector<AskStep> weigh;
  std::vector<AskStep> zero;  ///< Empty: it cannot be set to zero from here.
};

/// The protocols that are part of the program.
[[nodiscard]] std::span<const record::BuiltInRecord> BuiltInScales();

/// A protocol by its name ("toledo-8217"). `folders`: where to look before the built-in ones, the shop's own first.
/// Errors: device_record_unknown, device_record_invalid.
[[nodiscard]] base::Expected<ScaleProtocol> LoadScaleProtocol(std::string_view name,
                                                              std::span<const std::filesystem::path> folders = {});

/// A protocol from a record's text.
[[nodiscard]] base::Expected<ScaleProtocol> ParseScaleProtocol(const record::RecordText& text);

}  // namespace evertill::devices::scale
