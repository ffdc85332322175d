#include "app/presenters/wedge.h"

#include <utility>

#include "app/base/us_keyboard.h"

namespace evertill::presenters {
namespace {

constexpr uint32_t kFirstOfX = 8;  // X numbers Linux' keys from here

}  // namespace

std::optional<char> UsCharacter(uint32_t hardware_code, bool shift) {
  return hardware_code < kFirstOfX ? std::nullopt : base::UsKeyCharacter(hardware_code - kFirstOfX, shift);
}

bool Wedge::Character(char character, int64_t at_ms) {
  const bool fresh = burst_.empty() || at_ms - last_ms_ > settings_.gap_ms || at_ms < last_ms_;
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
  const std::string& prefix = settings_.prefix;
  const bool marked = !prefix.empty() && text.size() > prefix.size() && text.starts_with(prefix);
  if (gap > settings_.gap_ms || gap < 0) return std::nullopt;
  if (marked) return Scan{text.substr(prefix.size()), true};
  if (text.size() < kShortest) return std::nullopt;
  const auto gaps = static_cast<int64_t>(text.size());  // between characters, and the one before Enter
  return Scan{std::move(text), at_ms - first_ms_ <= gaps * kMachineGapMs};
}

}  // namespace evertill::presenters
