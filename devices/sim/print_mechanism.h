#pragma once

#include <chrono>
#include <cstdint>

namespace evertill::devices::sim {

/// Paper takes time: what was set to print is done later. Positions count microseconds of work since the start, so that
/// a position is printed once Done() has reached it. Not thread-safe.
class PrintMechanism {
 public:
  /// `speed_mm_s` 0: everything is done at once.
  explicit PrintMechanism(int speed_mm_s) : speed_mm_s_(speed_mm_s) {}

  void Feed(int dots);
  void Cut();
  /// Time went by; with `running` false nothing moved.
  void Advance(std::chrono::milliseconds now, bool running);
  /// What is set to print will never be.
  void Drop() { queued_us_ = done_us_; }

  [[nodiscard]] int64_t Queued() const { return queued_us_; }
  [[nodiscard]] int64_t Done() const { return done_us_; }
  [[nodiscard]] std::chrono::milliseconds Left() const {
    return std::chrono::milliseconds((queued_us_ - done_us_ + 999) / 1000);
  }
  /// Whether the head's own memory has room for more: printers read on while they print.
  [[nodiscard]] bool TakesMore() const { return Left() < std::chrono::milliseconds(200); }

 private:
  int speed_mm_s_;
  int64_t queued_us_ = 0;
  int64_t done_us_ = 0;
  std::chrono::milliseconds last_{0};
};

}  // namespace evertill::devices::sim
