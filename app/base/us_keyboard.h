#pragma once

#include <cstdint>
#include <optional>

namespace evertill::base {

/// The character that a US keyboard prints for a key, by the key's number in Linux (linux/input-event-codes.h; X adds
/// 8): scanners that act as keyboards press the keys of a US keyboard, whatever layout the machine has. Digits of the
/// number pad count as digits whether Num Lock is on or not. Nothing for keys that print nothing.
[[nodiscard]] std::optional<char> UsKeyCharacter(uint32_t linux_code, bool shift);

}  // namespace evertill::base
