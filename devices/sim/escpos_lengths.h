#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace evertill::devices::sim {

/// How long the command at the head of `stream` is, in bytes; 0 while that cannot be known yet; nothing when it is not
/// a command of this printer. `stream` is not empty and starts with DLE, ESC, FS or GS.
[[nodiscard]] std::optional<size_t> CommandLength(std::string_view stream);

}  // namespace evertill::devices::sim
