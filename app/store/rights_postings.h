#pragma once

#include "app/domain/event.h"
#include "app/loyalty/safeguards.h"
#include "app/sqlite/connection.h"

namespace evertill::store {

/// When points that an event earns can be spent.
struct LotTimes {
  int64_t active_ms = 0;
  int64_t expires_ms = 0;
};

/// Moves an event's points, in the transaction that writes it at `place`: rows of the ledger, and this till's rights to
/// spend. kRightsGone where it spends what this till does not hold, or another basket keeps (rule kCommitRecheck).
[[nodiscard]] base::Status PostEvent(sqlite::Connection& db, const domain::Event& event, int64_t place,
                                     const LotTimes& times, const loyalty::Safeguards& safeguards);

/// Quarters of an hour since 1970: what a limit of the day is counted in, so that the journal means the same in every
/// time zone.
[[nodiscard]] int64_t QuarterOf(base::Instant at);
/// So many are remembered: any day of business is shorter.
inline constexpr int64_t kQuartersKept = 2 * 24 * 4;

}  // namespace evertill::store
