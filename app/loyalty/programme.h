#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/domain/money.h"

namespace evertill::loyalty {

/// How long points wait and live. As JSON: "lots":{"activation_hours":0,"expiry_days":0}.
struct LotPolicy {
  int64_t activation_hours = 0;  ///< from the sale until the points can be spent
  int64_t expiry_days = 0;       ///< from the sale until they are gone; 0: never
  bool operator==(const LotPolicy&) const = default;
};

/// When points may be spent at a till that is offline. As JSON: "redeem":{"stand_in":{"member":0,"till":0},
/// "denylist_hours":72,"day_limit":0,"grant_days":30,"pin":"when_set"}.
struct RedeemPolicy {
  int64_t stand_in_member = 0;  ///< C: most points past the rights held, for one member at one till
  int64_t stand_in_till = 0;    ///< G: the same for all members together, between two syncs
  int64_t denylist_hours = 72;  ///< D: offline redemption closes when the list of lost cards is older
  int64_t day_limit = 0;        ///< most points of one member at one till in a day; 0: none
  int64_t grant_days = 30;      ///< how long a grant may be used
  bool pin_always = false;      ///< "always": no redemption without a PIN; "when_set": only of members who have one
  bool operator==(const RedeemPolicy&) const = default;
};

/// How members earn, and what points are worth: data, versioned, the same at every till and at head office.
/// As JSON: {"version":1,"currency":"THB","earn":{"points":1,"per":"25.00"},"worth":{"points":10,"amount":"1.00"}},
/// and the sections "lots" and "redeem" where they differ from what is said there.
struct Programme {
  int64_t version = 0;         ///< recorded in every event as rules_version
  int64_t earn_points = 0;     ///< points for each …
  domain::Money earn_per;      ///< … of this much net value
  int64_t worth_points = 0;    ///< this many points …
  domain::Money worth_amount;  ///< … are worth this much at redemption
  LotPolicy lots;
  RedeemPolicy redeem;
};

/// Reads the JSON form. kBadRules with what is wrong: unknown or missing key, a number below 1, an amount that is not
/// positive, another currency than `currency`.
[[nodiscard]] base::Expected<Programme> ParseProgramme(std::string_view text, domain::Currency currency);
[[nodiscard]] std::string FormatProgramme(const Programme& programme);

/// What a new till starts with until head office says otherwise: 1 point per 25 units of currency (per 25,000 where the
/// currency has no decimals), 10 points worth 1 unit (1,000).
[[nodiscard]] Programme DefaultProgramme(domain::Currency currency);

/// Points for a sale of `net` value, after discounts: whole steps only, never negative, never past kMostPoints.
[[nodiscard]] int64_t PointsEarned(const Programme& programme, domain::Money net);

/// What `points` (any sign; below 0 counts as 0) can pay: whole steps of `worth_points` would waste the rest, so it is
/// exact in proportion, rounded down to the minor unit; never past Money::kLargestAmount.
[[nodiscard]] domain::Money WorthOf(const Programme& programme, int64_t points);

/// The fewest points that are worth at least `amount`: what pays a sale in full. 0 for nothing or less.
[[nodiscard]] int64_t PointsFor(const Programme& programme, domain::Money amount);

}  // namespace evertill::loyalty
