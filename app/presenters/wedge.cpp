#include "app/presenters/wedge.h"

#include <string_view>
#include <utility>

namespace evertill::presenters {
namespace {

/// A run of neighbouring keys, as X numbers them.
struct KeyRun {
  uint32_t first;
  std::string_view plain;
  std::string_view shifted;
};

constexpr KeyRun kRuns[] = {
    {10, "1234567890-=", "!@#$%^&*()_+"},
    {24, "qwertyuiop[]", "QWERTYUIOP{}"},
    {38, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    {51, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    {65, " ", " "},
    // The number pad.
    {63, "*", "*"},
    {79, "789-456+1230.", "789-456+1230."},
    {106, "/", "/"},
};

}  // namespace

std::optional<char> UsCharacter(uint32_t hardware_code, bool shift) {
  for (const KeyRun& run : kRuns) {
    if (hardware_code >= run.first && hardware_code - run.first < run.plain.size()) {
      const size_t index = hardware_code - run.first;
      return shift ? run.shifted[index] : run.plain[index];
    }
  }
  return std::nullopt;
}

bool Wedge::Character(char character, int64_t at_ms) {
  const bool fresh = burst_.empty() || at_ms - last_ms_ > kLongestGapMs || at_ms < last_ms_;
  if (fresh) {
    burst_.clear();
    first_ms_ = at_ms;
  }
  if (burst_.size() < kLongest) burst_ += character;
  last_ms_ = at_ms;
  return fresh;
}

std::optional<Wedge::Scan> Wedge::Enter(int64_t at_ms) {
  std::string text = std::exchange(burst_, {});
  const int64_t gap = at_ms - last_ms_;
  if (text.size() < kShortest || gap > kLongestGapMs || gap < 0) return std::nullopt;
  const auto gaps = static_cast<int64_t>(text.size());  // between characters, and the one before Enter
  return Scan{std::move(text), at_ms - first_ms_ <= gaps * kMachineGapMs};
}

}  // namespace evertill::presenters
