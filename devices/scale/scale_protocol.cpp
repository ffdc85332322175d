#include "devices/scale/scale_protocol.h"

#include <array>

#include "devices/record/control_text.h"

namespace evertill::devices::scale {
namespace {

using record::RecordTable;

struct MeaningName {
  std::string_view word;
  Meaning meaning;
};
constexpr std::array kMeanings = {
    MeaningName{"at_rest", Meaning::kAtRest},       MeaningName{"motion", Meaning::kMotion},
    MeaningName{"overload", Meaning::kOverload},    MeaningName{"under_zero", Meaning::kUnderZero},
    MeaningName{"negative", Meaning::kNegative},    MeaningName{"at_zero", Meaning::kAtZero},
    MeaningName{"refused", Meaning::kRefused},      MeaningName{"fault", Meaning::kFault},
    MeaningName{"unreadable", Meaning::kUnreadable}};

base::Expected<AnswerRule> ReadRule(RecordTable& table) {
  AnswerRule rule;
  EVERTILL_ASSIGN(rule.field, table.Text("field"));
  if (table.Has("is")) {
    EVERTILL_ASSIGN(rule.is, table.Bytes("is"));
  } else {
    EVERTILL_ASSIGN(const int byte, table.Number("byte", 0, 0, 31));
    EVERTILL_ASSIGN(const int mask, table.Number("mask", 0, 1, 0xFF));
    EVERTILL_ASSIGN(const int value, table.Number("value", mask, 0, 0xFF));
    if (mask == 0) return table.Problem("mask", "a rule has \"is\" or \"mask\"");
    rule.byte = static_cast<size_t>(byte);
    rule.mask = static_cast<unsigned>(mask);
    rule.value = static_cast<unsigned>(value);
  }
  EVERTILL_ASSIGN(const std::string means, table.Text("means"));
  for (const MeaningName& one : kMeanings) {
    if (one.word != means) continue;
    rule.means = one.meaning;
    return rule;
  }
  return table.Problem("means", "\"" + means + "\" is no meaning");
}

base::Status ReadSteps(RecordTable& record, std::string_view key, std::vector<AskStep>& steps) {
  return record.Tables(key, [&steps](RecordTable& table) -> base::Status {
    AskStep step;
    EVERTILL_ASSIGN(step.send, table.Bytes("send"));
    EVERTILL_ASSIGN(step.expect, table.Bytes("expect"));
    EVERTILL_ASSIGN(step.refuse, table.Bytes("refuse"));
    if (step.send.empty()) return table.Problem("send", "is missing");
    if (step.expect.size() > 1 || step.refuse.size() > 1) return table.Problem("expect", "one byte");
    steps.push_back(std::move(step));
    return {};
  });
}

base::Status ReadProtocol(RecordTable& record, ScaleProtocol& protocol) {
  EVERTILL_ASSIGN(protocol.name, record.Text("name"));
  EVERTILL_ASSIGN(protocol.end, record.Bytes("end"));
  if (protocol.end.empty()) return record.Problem("end", "is missing");
  EVERTILL_ASSIGN(protocol.streams, record.Flag("streams", false));
  EVERTILL_ASSIGN(protocol.answer_ms, record.Number("answer_ms", protocol.answer_ms, 50, 5000));
  if (record.Has("unit")) {
    EVERTILL_ASSIGN(const std::string unit, record.Text("unit"));
    protocol.unit = ParseUnit(unit);
    if (!protocol.unit) return record.Problem("unit", "g, kg, lb or oz");
  }
  EVERTILL_ASSIGN(const auto answers, record.Texts("answers"));
  bool weighs = false;
  for (const std::string& text : answers) {
    auto pattern = AnswerPattern::Parse(text);
    if (!pattern) return record.Problem("answers", text + ": " + pattern.error().Detail());
    if (pattern->Has("weight") && !pattern->Has("unit") && !protocol.unit) {
      return record.Problem("answers", text + ": no {unit}, and none told by \"unit\"");
    }
    weighs = weighs || pattern->Has("weight");
    protocol.answers.push_back(std::move(*pattern));
  }
  if (!weighs) return record.Problem("answers", "none has a {weight}");
  EVERTILL_TRY(ReadSerial(record, protocol.serial));
  EVERTILL_TRY(record.Tables("rule", [&protocol](RecordTable& table) -> base::Status {
    EVERTILL_ASSIGN(AnswerRule rule, ReadRule(table));
    protocol.rules.push_back(std::move(rule));
    return {};
  }));
  EVERTILL_TRY(ReadSteps(record, "weigh", protocol.weigh));
  EVERTILL_TRY(ReadSteps(record, "zero", protocol.zero));
  if (protocol.weigh.empty() != protocol.streams) {
    return record.Problem("weigh", "a scale is asked, or streams = true: one of the two");
  }
  return {};
}

}  // namespace

base::Expected<ScaleProtocol> ParseScaleProtocol(const record::RecordText& text) {
  ScaleProtocol protocol;
  EVERTILL_TRY(record::ReadRecord(text, [&](RecordTable& table) { return ReadProtocol(table, protocol); }));
  return protocol;
}

base::Expected<ScaleProtocol> LoadScaleProtocol(std::string_view name, std::span<const std::filesystem::path> folders) {
  EVERTILL_ASSIGN(const record::RecordText text, record::FindRecord(name, folders, BuiltInScales()));
  return ParseScaleProtocol(text);
}

}  // namespace evertill::devices::scale
