#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/domain/money.h"

namespace evertill::loyalty {

/// How members earn, and what points are worth: data, versioned, the same at every till and at head office.
/// As JSON: {"version":1,"currency":"THB","earn":{"points":1,"per":"25.00"},"worth":{"points":10,"amount":"1.00"}}.
struct Programme {
  int64_t version = 0;         ///< recorded in every event as rules_version
  int64_t earn_points = 0;     ///< points for each …
  domain::Money earn_per;      ///< … of this much net value
  int64_t worth_points = 0;    ///< this many points …
  domain::Money worth_amount;  ///< … are worth this much at redemption
};

/// Reads the JSON form. kBadRules with what is wrong: unknown or missing key, a number below 1, an amount that is not
/// positive, another currency than `currency`.
[[nodiscard]] base::Expected<Programme> ParseProgramme(std::string_view text, domain::Currency currency);
[[nodiscard]] std::string FormatProgramme(const Programme& programme);

/// What a new till starts with until head office says otherwise: 1 point per 25 units of currency (per 25,000 where the
/// currency has no decimals), 10 points worth 1 unit (1,000).
[[nodiscard]] Programme DefaultProgramme(domain::Currency currency);

/// Points for a sale of `net` value, after discounts: whole steps only, never negative.
[[nodiscard]] int64_t PointsEarned(const Programme& programme, domain::Money net);

/// What `points` (any sign; below 0 counts as 0) can pay: whole steps of `worth_points` would waste the rest, so it is
/// exact in proportion, rounded down to the minor unit.
[[nodiscard]] domain::Money WorthOf(const Programme& programme, int64_t points);

}  // namespace evertill::loyalty
