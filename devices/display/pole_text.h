#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devices/display/display_profile.h"

namespace evertill::devices::display {

/// Text in a display's characters: each cell is the bytes of one column, a letter with the marks that stand on it.
struct PoleText {
  std::vector<std::string> cells;
  size_t lost = 0;        ///< Characters that stand as '?'.
  size_t simplified = 0;  ///< Letters that lost their signs, or were written otherwise.
};

/// Turns UTF-8 into the page's cells. Control characters never get through. What the page hasn't is written without its
/// signs (ế as e, ₫ as d, × as x), else as '?'.
[[nodiscard]] PoleText ToPoleText(std::string_view text, const DisplayPage& page);

}  // namespace evertill::devices::display
