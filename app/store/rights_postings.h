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

/// The day of business that a limit of the day counts by: days since 1970, UTC.
[[nodiscard]] int64_t DayOf(base::Instant at);

}  // namespace evertill::store
