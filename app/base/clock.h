#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/expected.h"

namespace evertill::base {

/// A moment on the wall clock, UTC, in milliseconds since 1970.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] inline int64_t ToUnixMillis(Instant at) {
  return at.time_since_epoch().count();
}
[[nodiscard]] inline Instant FromUnixMillis(int64_t ms) {
  return Instant(std::chrono::milliseconds(ms));
}

/// RFC 3339 in UTC with milliseconds: 2026-11-22T03:15:00.000Z.
[[nodiscard]] std::string FormatUtc(Instant at);
/// Local date and time of the machine's zone for people: "2026-11-22 10:15".
[[nodiscard]] std::string FormatLocal(Instant at, const char* strftime_format = "%Y-%m-%d %H:%M");

/// The last midnight of the machine's zone that is not after `at`: a business counts its days by that.
[[nodiscard]] Instant StartOfLocalDay(Instant at);

/// The only way to ask what time it is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The wall clock: may jump either way; never used for order.
  [[nodiscard]] virtual Instant Now() const = 0;
  /// Time since an arbitrary start that never goes back, also while the machine sleeps.
  [[nodiscard]] virtual std::chrono::milliseconds Uptime() const = 0;
};

/// The machine's clock. In test builds EVERTILL_TEST_CLOCK=<unix milliseconds> makes it start there instead.
[[nodiscard]] std::unique_ptr<Clock> MakeSystemClock();

/// Nanoseconds since an arbitrary start, for measuring how long the program takes; never for what it does.
[[nodiscard]] int64_t MonotonicNanos();

/// A clock that a test moves by hand.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  [[nodiscard]] Instant Now() const override { return now_; }
  [[nodiscard]] std::chrono::milliseconds Uptime() const override { return up_; }
  void Advance(std::chrono::milliseconds by) {
    now_ += by;
    up_ += by;
  }
  void Set(Instant now) { now_ = now; }

 private:
  Instant now_;
  std::chrono::milliseconds up_{0};
};

}  // namespace evertill::base
