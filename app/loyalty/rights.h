#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/domain/event.h"
#include "app/loyalty/safeguards.h"

/// "May this redemption go ahead here?": the decision, without any storage or network.
namespace evertill::loyalty {

/// Points of one lot that this till may spend.
struct HeldLot {
  std::string account;  ///< ESCROW, LOCAL or HOLD
  std::string source;   ///< grant id; event id of a hold; empty for LOCAL
  std::string lot;
  int64_t left = 0;          ///< not yet spent and not reserved by another basket
  int64_t active_ms = 0;     ///< spendable from then on (activation delay of LOCAL)
  int64_t expires_ms = 0;    ///< of the lot; 0: never
  int64_t not_after_ms = 0;  ///< of the grant; 0: none
};

/// What may be spent past the rights held. All 0 where there is no permit: the default.
struct StandIn {
  int64_t permit = 0;     ///< C
  int64_t certified = 0;  ///< AVAIL that head office certified, as of acked seq s
  int64_t used = 0;       ///< Σ stand-in of this member in this till's events after s
  int64_t till_left = 0;  ///< G less what this till has used since the last sync
};

struct RightsPicture {
  std::vector<HeldLot> held;
  StandIn stand_in;
  int64_t spent_today = 0;  ///< of this member at this till since midnight of business
  int64_t day_limit = 0;    ///< 0: none
};

/// What can be spent here at `now`, and what stands in the way of more.
struct Spendable {
  int64_t held = 0;            ///< rights in hand
  int64_t stand_in = 0;        ///< past them
  int64_t not_active = 0;      ///< in hand, but their activation delay has not passed
  int64_t expired = 0;         ///< in hand, but lot or grant is past its time
  int64_t past_day_limit = 0;  ///< spendable but for the limit of the day; not in `held` or `stand_in`
  [[nodiscard]] int64_t Here() const { return held + stand_in; }
};

/// `with_stand_in`: the member showed a phone code and head office has not just said no.
[[nodiscard]] Spendable WhatCanBeSpent(const RightsPicture& picture, base::Instant now, bool with_stand_in);

/// The postings that pay `points`: lots that expire first go first, then by lot id, then by source, so that every
/// till and server chooses alike; stand-in last (AVAIL, source "standin", lot ""). Their other side is one posting of
/// REDEEMED, the last. kBadPoints for points below 1 or past kMostPoints, kNotEnoughHere with what could be spent,
/// kDayLimit. Rule kGate is asked here.
[[nodiscard]] base::Expected<std::vector<domain::Posting>> FundRedemption(const RightsPicture& picture, int64_t points,
                                                                          base::Instant now, bool with_stand_in,
                                                                          const Safeguards& safeguards = {});

}  // namespace evertill::loyalty
