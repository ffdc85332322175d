#include "app/store/business_clock.h"

#include <algorithm>

#include "app/store/database.h"

namespace evertill::store {
namespace {

using std::chrono::minutes;

constexpr minutes kMostBehind{2};
constexpr minutes kMostJump{5};
constexpr const char* kOffset = "server_offset_ms";
constexpr const char* kUnsafe = "clock_unsafe";

}  // namespace

BusinessClock::BusinessClock(const base::Clock& clock, const loyalty::Safeguards& safeguards)
    : clock_(clock), safeguards_(safeguards), anchor_wall_(clock.Now()), anchor_uptime_(clock.Uptime()) {}

base::Status BusinessClock::Load(sqlite::Connection& db) {
  EVERTILL_ASSIGN(const int64_t offset, GetMetaNumber(db, kOffset));
  EVERTILL_ASSIGN(const int64_t kept, GetMetaNumber(db, kUnsafe));
  const std::lock_guard lock(mutex_);
  offset_ = std::chrono::milliseconds(offset);
  unsafe_ = unsafe_ || kept != 0;
  return {};
}

base::Status BusinessClock::Keep(sqlite::Connection& db) const {
  {
    const std::lock_guard lock(mutex_);
    if (!unsafe_) return {};
  }
  return SetMeta(db, kUnsafe, "1");
}

base::Status BusinessClock::SetBy(sqlite::Connection& db, int64_t server_ms) {
  const std::lock_guard lock(mutex_);
  anchor_wall_ = clock_.Now();
  anchor_uptime_ = clock_.Uptime();
  offset_ = base::FromUnixMillis(server_ms) - anchor_wall_;
  unsafe_ = false;
  EVERTILL_TRY(SetMeta(db, kOffset, std::to_string(offset_.count())));
  return SetMeta(db, kUnsafe, "0");
}

base::Instant BusinessClock::Corrected() const {
  const std::lock_guard lock(mutex_);
  return clock_.Now() + offset_;
}

base::Instant BusinessClock::Business(base::Instant previous) const {
  base::Instant now = Corrected();
  if (!safeguards_.On(loyalty::Rule::kBusinessClock)) return now;
  {
    const std::lock_guard lock(mutex_);
    // A wall clock that ran ahead would carry every later event with it, as time of business never goes back: from
    // when the clock was last believed, only the time that really passed counts.
    const base::Instant believed = anchor_wall_ + (clock_.Uptime() - anchor_uptime_) + offset_;
    if (now - believed > kMostJump) now = believed;
  }
  return std::max(now, previous);
}

bool BusinessClock::IsBehind(base::Instant previous) const {
  return safeguards_.On(loyalty::Rule::kBusinessClock) && Corrected() + kMostBehind < previous;
}

void BusinessClock::Saw(base::Instant t_business) {
  const std::lock_guard lock(mutex_);
  last_event_ = t_business;
}

base::Instant BusinessClock::LastEvent() const {
  const std::lock_guard lock(mutex_);
  return last_event_;
}

bool BusinessClock::IsUnsafe() const {
  const std::lock_guard lock(mutex_);
  return unsafe_;
}

bool BusinessClock::NoticeUnsafe(base::Instant previous) {
  if (!safeguards_.On(loyalty::Rule::kBusinessClock)) return false;
  const bool behind = IsBehind(previous);
  const std::lock_guard lock(mutex_);
  const auto jump = (clock_.Now() - anchor_wall_) - (clock_.Uptime() - anchor_uptime_);
  if (behind || std::chrono::abs(jump) > kMostJump) unsafe_ = true;
  return unsafe_;
}

}  // namespace evertill::store
