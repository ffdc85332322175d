#include "app/presenters/print_words.h"

namespace evertill::presenters {

PrintWords PrintWordsOf(const PrintView& print, const Words& words) {
  using checkout::PrintState;
  PrintWords out;
  out.detail = print.problem;
  switch (print.state) {
    case PrintState::kQueued:
      out.text = words.Tr("The receipt is on its way to the printer");
      if (print.problem.empty()) return out;
      out.text = print.problem;
      out.detail.clear();
      out.tone = Tone::kWarn;
      return out;
    case PrintState::kSent:
      out.text = words.Tr("Receipt sent to the printer");
      out.tone = Tone::kGood;
      return out;
    case PrintState::kConfirmed:
      out.text = words.Tr("Receipt printed");
      out.tone = Tone::kGood;
      return out;
    case PrintState::kFailed:
      out.text = words.Tr("The receipt did not print. The sale is saved.");
      out.leave = words.Tr("Without receipt");
      break;
    case PrintState::kUnknown:
      out.text = words.Tr("It may not have printed. Look at the paper.");
      out.leave = words.Tr("It's there");
      out.seen_is = true;
      break;
  }
  out.tone = Tone::kWarn;
  out.asks = true;
  out.again = words.Tr("Print again");
  return out;
}

}  // namespace evertill::presenters
