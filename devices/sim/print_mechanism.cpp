#include "devices/sim/print_mechanism.h"

#include <algorithm>

namespace evertill::devices::sim {
namespace {

constexpr int64_t kDotMicrometres = 125;
constexpr int64_t kCutMicroseconds = 300'000;

}  // namespace

void PrintMechanism::Feed(int dots) {
  if (speed_mm_s_ > 0 && dots > 0) queued_us_ += dots * kDotMicrometres * 1000 / speed_mm_s_;
}

void PrintMechanism::Cut() {
  if (speed_mm_s_ > 0) queued_us_ += kCutMicroseconds;
}

void PrintMechanism::Advance(std::chrono::milliseconds now, bool running) {
  if (running) done_us_ = std::min(queued_us_, done_us_ + (now - last_).count() * 1000);
  last_ = now;
}

}  // namespace evertill::devices::sim
