#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/presenters/act.h"
#include "app/presenters/view.h"

namespace evertill::presenters {

/// Why a line of a counter script is not an act.
enum class ScriptErrc { kBadAct, kUnknownAct };
[[nodiscard]] constexpr std::string_view ErrorName(ScriptErrc code) {
  return code == ScriptErrc::kBadAct ? "bad_act" : "unknown_act";
}

/// Longest line of a counter script, in bytes.
inline constexpr size_t kLongestScriptLine = 64 * 1024;

/// One line of a counter script, a JSON object such as {"scan":"8850…"} or {"line":2,"qty":1}. Numbers that stand for
/// amounts or quantities may be JSON numbers or decimal strings.
[[nodiscard]] base::Expected<Act> ReadAct(std::string_view line);

/// The answer to one act, a JSON object on one line without the line end: "ok", lines, totals, member, points, receipt;
/// or "ok":false with "error". Money and quantities are decimal strings.
[[nodiscard]] std::string WriteView(const View& view);

}  // namespace evertill::presenters
