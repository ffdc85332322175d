#pragma once

#include <string>

#include "app/base/error.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

/// Why something was refused and what to do about it, for a cashier, in the language of `words`. An error that no
/// cashier can do anything about is said plainly, with its name for the support desk.
[[nodiscard]] std::string ExplainError(const Words& words, const base::Error& error);

}  // namespace evertill::presenters
