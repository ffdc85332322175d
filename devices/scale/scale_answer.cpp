#include "devices/scale/scale_answer.h"

#include "devices/record/control_text.h"
#include "devices/scale/scale_error.h"

namespace evertill::devices::scale {
namespace {

constexpr size_t kMostShown = 40;

std::string Shown(std::string_view answer) {
  return "\"" + record::ToControlText(answer.substr(0, kMostShown)) + "\"";
}

bool Applies(const AnswerRule& rule, const AnswerFields& fields) {
  const auto field = fields.find(rule.field);
  if (field == fields.end()) return false;
  if (rule.is) return field->second == *rule.is;
  if (rule.byte >= field->second.size()) return false;
  return (static_cast<unsigned char>(field->second[rule.byte]) & rule.mask) == rule.value;
}

/// The meanings of one answer, as a set of bits.
class Meanings {
 public:
  Meanings(const ScaleProtocol& protocol, const AnswerFields& fields) {
    for (const AnswerRule& rule : protocol.rules) {
      if (rule.means == Meaning::kAtRest) rest_is_told_ = rest_is_told_ || fields.contains(rule.field);
      if (Applies(rule, fields)) bits_ |= Bit(rule.means);
    }
  }
  [[nodiscard]] bool Has(Meaning meaning) const { return (bits_ & Bit(meaning)) != 0; }
  [[nodiscard]] bool AtRest() const { return !Has(Meaning::kMotion) && (!rest_is_told_ || Has(Meaning::kAtRest)); }
  /// It should say whether it is at rest, and says nothing that is known.
  [[nodiscard]] bool Silent() const {
    return rest_is_told_ && !Has(Meaning::kAtRest) && !Has(Meaning::kMotion) && !Has(Meaning::kOverload) &&
           !Has(Meaning::kUnderZero);
  }

 private:
  static unsigned Bit(Meaning meaning) { return 1U << static_cast<unsigned>(meaning); }
  unsigned bits_ = 0;
  bool rest_is_told_ = false;
};

}  // namespace

base::Expected<ScaleAnswer> ReadAnswer(const ScaleProtocol& protocol, std::string_view answer,
                                       std::optional<WeightUnit> unit) {
  std::optional<AnswerFields> fields;
  for (const AnswerPattern& pattern : protocol.answers) {
    fields = pattern.Match(answer);
    if (fields) break;
  }
  if (!fields) return base::Fail(ScaleErrc::kUnreadable, Shown(answer) + " is no answer of " + protocol.name);
  const Meanings meanings(protocol, *fields);
  if (meanings.Has(Meaning::kUnreadable) || meanings.Silent()) {
    return base::Fail(ScaleErrc::kUnreadable, Shown(answer) + " has a state that " + protocol.name + " doesn't know");
  }
  if (meanings.Has(Meaning::kFault)) return base::Fail(ScaleErrc::kUnreadable, "the scale reports a fault");
  ScaleAnswer result;
  result.at_zero = meanings.Has(Meaning::kAtZero);
  result.refused = meanings.Has(Meaning::kRefused);
  result.weighing.overload = meanings.Has(Meaning::kOverload);
  result.weighing.under_zero = meanings.Has(Meaning::kUnderZero);
  const auto weight = fields->find("weight");
  result.has_weight = weight != fields->end() && !result.weighing.overload;
  if (!result.has_weight) return result;
  if (const auto told = fields->find("unit"); told != fields->end()) {
    unit = ParseUnit(told->second);
  } else if (!unit) {
    unit = protocol.unit;
  }
  const auto milligrams = unit ? ToMilligrams(weight->second, *unit) : std::nullopt;
  if (!milligrams) return base::Fail(ScaleErrc::kUnreadable, Shown(answer) + ": no weight and unit");
  result.weighing.milligrams = meanings.Has(Meaning::kNegative) ? -*milligrams : *milligrams;
  result.weighing.under_zero = result.weighing.under_zero || result.weighing.milligrams < 0;
  result.weighing.at_rest = meanings.AtRest();
  return result;
}

}  // namespace evertill::devices::scale
