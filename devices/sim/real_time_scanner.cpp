#include "devices/sim/real_time_scanner.h"

#include <string_view>

namespace evertill::devices::sim {
namespace {

using namespace std::string_view_literals;

constexpr char kDle = 0x10;
constexpr std::string_view kPowerOff = "\x10\x14\x02\x01\x08"sv;
constexpr std::string_view kClear = "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"sv;

/// 1 when `seen` is a whole command, 0 when it may become one, -1 when it can't.
int Match(std::string_view seen, std::string_view whole) {
  return seen == whole ? 1 : whole.starts_with(seen) ? 0 : -1;
}

}  // namespace

void RealTimeScanner::Take(uint8_t byte, std::vector<RealTimeEvent>& events) {
  seen_ += static_cast<char>(byte);
  const auto restart = [this, byte] { seen_.assign(byte == kDle ? 1 : 0, kDle); };
  const auto found = [&](RealTimeKind kind, int n) {
    events.push_back({kind, n});
    seen_.clear();
  };
  if (seen_.size() == 1) return restart();
  const char kind = seen_[1];
  if (kind != 0x04 && kind != 0x05 && kind != 0x14) return restart();
  if (seen_.size() == 2) return;
  const char n = seen_[2];
  if (kind == 0x04) return n >= 1 && n <= 4 ? found(RealTimeKind::kStatus, n) : restart();
  if (kind == 0x05) return n == 1 || n == 2 ? found(RealTimeKind::kRecover, n) : restart();
  if (n == 1) {
    if (seen_.size() < 5) return;
    const bool valid = (seen_[3] == 0 || seen_[3] == 1) && seen_[4] >= 1 && seen_[4] <= 8;
    return valid ? found(RealTimeKind::kPulse, seen_[3]) : restart();
  }
  const std::string_view whole = n == 2 ? kPowerOff : kClear;
  const int match = Match(seen_, whole);
  if (match > 0) return found(n == 2 ? RealTimeKind::kPowerOff : RealTimeKind::kClear, n);
  if (match < 0) restart();
}

}  // namespace evertill::devices::sim
