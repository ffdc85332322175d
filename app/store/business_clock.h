#pragma once

#include <chrono>
#include <mutex>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/loyalty/safeguards.h"
#include "app/sqlite/connection.h"

namespace evertill::store {

/// Time of business: the wall clock corrected by what head office said last, never before the event before (rule
/// kBusinessClock). Notices a clock that cannot be trusted: more than two minutes before the last event, or moved by
/// more than five minutes against the time since this program started. Any thread.
class BusinessClock {
 public:
  BusinessClock(const base::Clock& clock, const loyalty::Safeguards& safeguards);

  /// What was kept in the database.
  [[nodiscard]] base::Status Load(sqlite::Connection& db);
  /// Keeps that the clock is not to be trusted, where that was noticed. In a transaction.
  [[nodiscard]] base::Status Keep(sqlite::Connection& db) const;
  /// Head office's clock shows `server_ms`: what was noticed is forgotten. In a transaction.
  [[nodiscard]] base::Status SetBy(sqlite::Connection& db, int64_t server_ms);

  /// The wall clock and head office's correction.
  [[nodiscard]] base::Instant Corrected() const;
  /// The same, not before `previous`.
  [[nodiscard]] base::Instant Business(base::Instant previous) const;
  /// Looks at the clock. True when it is, or since the last SetBy() was, not to be trusted.
  [[nodiscard]] bool NoticeUnsafe(base::Instant previous);
  /// What was noticed so far.
  [[nodiscard]] bool IsUnsafe() const;
  /// The last event that is committed: for who looks at the clock without writing.
  void Saw(base::Instant t_business);
  [[nodiscard]] base::Instant LastEvent() const;
  /// True when the clock stands before the last event now: for a till that no head office can set right.
  [[nodiscard]] bool IsBehind(base::Instant previous) const;

 private:
  const base::Clock& clock_;
  const loyalty::Safeguards safeguards_;
  mutable std::mutex mutex_;
  std::chrono::milliseconds offset_{0};
  base::Instant anchor_wall_;
  std::chrono::milliseconds anchor_uptime_;
  base::Instant last_event_{};
  bool unsafe_ = false;
};

}  // namespace evertill::store
