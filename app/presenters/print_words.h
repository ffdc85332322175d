#pragma once

#include <string>

#include "app/presenters/view.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

/// How loud something is said.
enum class Tone { kCalm, kGood, kWarn, kBad };

/// How a receipt stands with the printer, for a cashier.
struct PrintWords {
  std::string text;    ///< "Receipt printed", "It may not have printed. Look at the paper."
  std::string detail;  ///< what else is known, or what may be done; may be empty
  Tone tone = Tone::kCalm;
  bool asks = false;     ///< a person has to look: print_again and leave are the two answers
  std::string again;     ///< label of the key that prints it again
  std::string leave;     ///< label of the key that leaves it as it is
  bool seen_is = false;  ///< `leave` says that the receipt is there; otherwise that none is wanted
  bool operator==(const PrintWords&) const = default;
};

/// Pure. Nothing is ever printed again by itself: where it may be on paper already, the words ask.
[[nodiscard]] PrintWords PrintWordsOf(const PrintView& print, const Words& words);

}  // namespace evertill::presenters
