#pragma once

#include <string_view>

namespace evertill::devices::scale {

enum class ScaleErrc {
  kNoAnswer,    ///< The line is open and the scale says nothing: it is off, or the cable or baud rate is wrong.
  kUnreadable,  ///< It answers what this protocol doesn't know, or with a wrong check character, or a fault.
  kCannotZero,  ///< It has no such command, or refuses: loaded, or in motion.
};

/// Stable names, part of the contract of the programs: scale_no_answer, scale_unreadable, scale_cannot_zero.
[[nodiscard]] std::string_view ErrorName(ScaleErrc code);

}  // namespace evertill::devices::scale
