#include "devices/sim/real_time_scanner.h"

namespace evertill::devices::sim {
namespace {

constexpr char kDle = 0x10;
constexpr char kHealthy = 0x12;  // bits 1 and 4 are always set; nothing else is

}  // namespace

void RealTimeScanner::Take(uint8_t byte, RealTimeEvents& events) {
  seen_ += static_cast<char>(byte);
  const auto restart = [this, byte] { seen_.assign(byte == kDle ? 1 : 0, kDle); };
  if (seen_.size() == 1) return restart();
  const char kind = seen_[1];
  if (kind != 0x04 && kind != 0x05 && kind != 0x14) return restart();
  if (seen_.size() == 2) return;
  const char n = seen_[2];
  if (kind == 0x04 && n >= 1 && n <= 4) {  // DLE EOT: status
    events.replies += kHealthy;
    ++events.commands;
    return restart();
  }
  if (kind == 0x05 && (n == 1 || n == 2)) {  // DLE ENQ: recover
    ++events.commands;
    return restart();
  }
  if (kind != 0x14 || n != 1) return restart();
  if (seen_.size() < 5) return;
  const bool valid = (seen_[3] == 0 || seen_[3] == 1) && seen_[4] >= 1 && seen_[4] <= 8;
  if (valid) {  // DLE DC4 1 m t: pulse
    ++events.pulses;
    ++events.commands;
  }
  restart();
}

}  // namespace evertill::devices::sim
