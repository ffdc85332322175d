#include "app/base/us_keyboard.h"

#include <string_view>

namespace evertill::base {
namespace {

/// A run of neighbouring keys.
struct KeyRun {
  uint32_t first;
  std::string_view plain;
  std::string_view shifted;
};

constexpr KeyRun kRuns[] = {
    {2, "1234567890-=", "!@#$%^&*()_+"},
    {16, "qwertyuiop[]", "QWERTYUIOP{}"},
    {30, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    {43, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    {57, " ", " "},
    // The number pad.
    {55, "*", "*"},
    {71, "789-456+1230.", "789-456+1230."},
    {98, "/", "/"},
};

}  // namespace

std::optional<char> UsKeyCharacter(uint32_t linux_code, bool shift) {
  for (const KeyRun& run : kRuns) {
    if (linux_code >= run.first && linux_code - run.first < run.plain.size()) {
      const size_t index = linux_code - run.first;
      return shift ? run.shifted[index] : run.plain[index];
    }
  }
  return std::nullopt;
}

}  // namespace evertill::base
