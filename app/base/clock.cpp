#include "app/base/clock.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

namespace evertill::base {
namespace {

class SystemClock final : public Clock {
 public:
  explicit SystemClock(std::chrono::milliseconds offset) : offset_(offset) {}
  [[nodiscard]] Instant Now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()) + offset_;
  }
  [[nodiscard]] std::chrono::milliseconds Uptime() const override {
    // Not std::chrono::steady_clock: that stands still while the machine sleeps, and each lid closed over lunch would
    // look like a wall clock that jumped.
    std::timespec up{};
    if (clock_gettime(CLOCK_BOOTTIME, &up) != 0) return {};
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds(up.tv_sec) +
                                                                 std::chrono::nanoseconds(up.tv_nsec));
  }

 private:
  std::chrono::milliseconds offset_;
};

}  // namespace

std::string FormatUtc(Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  const auto ms = (at - seconds).count();
  const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 40> text{};
  const size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::string result(text.data(), size);
  std::string millis = std::to_string(ms);
  return result + "." + std::string(3 - millis.size(), '0') + millis + "Z";
}

std::string FormatLocal(Instant at, const char* strftime_format) {
  const std::time_t time = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  localtime_r(&time, &parts);
  std::array<char, 80> text{};
  const size_t size = std::strftime(text.data(), text.size(), strftime_format, &parts);
  return std::string(text.data(), size);
}

Instant StartOfLocalDay(Instant at) {
  const std::time_t time = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  localtime_r(&time, &parts);
  parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
  parts.tm_isdst = -1;  // midnight may be on the other side of a change of summer time
  return std::min(at, FromUnixMillis(int64_t{std::mktime(&parts)} * 1000));
}

std::unique_ptr<Clock> MakeSystemClock() {
  std::chrono::milliseconds offset{0};
#ifdef EVERTILL_TEST_HOOKS
  if (const char* start = std::getenv("EVERTILL_TEST_CLOCK")) {
    const SystemClock real{std::chrono::milliseconds(0)};
    offset = FromUnixMillis(std::strtoll(start, nullptr, 10)) - real.Now();
  }
#endif
  return std::make_unique<SystemClock>(offset);
}

int64_t MonotonicNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace evertill::base
