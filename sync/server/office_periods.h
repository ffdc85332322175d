#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/server/office_support.h"

/// What time does to points: nothing by itself; head office posts it. In the caller's transaction.
namespace evertill::server {

/// A till that has not told everything up to a period's end keeps it open for at most this long.
inline constexpr std::chrono::hours kCloseGrace{24 * 7};

/// Points whose activation delay has passed become spendable. Called by `serve` every minute; any number of times.
/// Answers how many lots; at most `limit` in one transaction.
[[nodiscard]] base::Expected<int64_t> Tend(Store& store, const DeskParts& desk, int64_t limit = 1000);

/// The moment after a day given as YYYY-MM-DD (UTC), or a moment as 2026-11-22T03:15:00Z. kBadArgument.
[[nodiscard]] base::Expected<base::Instant> ParsePeriodEnd(std::string_view text);

struct ClosedPeriod {
  int64_t covered = 0;  ///< points of lots below zero that other lots made up for
  int64_t expired = 0;
  int64_t activated = 0;            ///< lots
  std::vector<std::string> behind;  ///< tills that were not waited for
};

/// Closes the books up to `until`: CLOSE with every chain's head; then lots below zero are covered in canonical order
/// and lots whose time has come expire, never more of a member's points than AVAIL holds. Only once every living till
/// has told what it did until then, or (`force`) the grace has passed. kBadArgument otherwise, with the tills that are
/// behind; for an `until` that has not come; for one that is closed already.
[[nodiscard]] base::Expected<ClosedPeriod> ClosePeriod(Store& store, const DeskParts& desk, base::Instant until,
                                                       bool force_after_grace);

/// How points are earned and what they are worth, for every till that sells in that currency. Bad rules change nothing.
/// The version must be above the one that is in force.
[[nodiscard]] base::Expected<std::string> SetProgrammeText(Store& store, const DeskParts& desk, std::string_view json,
                                                           std::string_view currency);
/// The JSON in force, or what a new till starts with.
[[nodiscard]] base::Expected<std::string> ProgrammeText(Store& store, std::string_view currency);

}  // namespace evertill::server
