#include "app/loyalty/rights.h"

#include <algorithm>
#include <tuple>

#include "app/loyalty/errors.h"
#include "app/loyalty/ledger.h"

namespace evertill::loyalty {
namespace {

enum class LotState { kEmpty, kReady, kNotActive, kExpired };

LotState StateOf(const HeldLot& held, int64_t now_ms) {
  if (held.left <= 0) return LotState::kEmpty;
  if (held.expires_ms != 0 && now_ms >= held.expires_ms) return LotState::kExpired;
  if (held.not_after_ms != 0 && now_ms >= held.not_after_ms) return LotState::kExpired;
  return held.active_ms > now_ms ? LotState::kNotActive : LotState::kReady;
}

void Count(int64_t& sum, int64_t points) {
  sum = points > kMostPoints - sum ? kMostPoints : sum + points;
}

/// standin ≤ min(C, certified) − used, and no more than the till has left of G.
int64_t StandInLeft(const StandIn& stand_in) {
  const int64_t most = std::min({stand_in.permit, stand_in.certified, kMostPoints});
  const int64_t used = std::max<int64_t>(stand_in.used, 0);
  if (most <= used) return 0;
  return std::max<int64_t>(std::min(most - used, stand_in.till_left), 0);
}

/// What may still be spent of this member's points here today.
int64_t RoomToday(const RightsPicture& picture) {
  if (picture.day_limit <= 0) return kMostPoints;
  const int64_t spent = std::max<int64_t>(picture.spent_today, 0);
  return picture.day_limit > spent ? picture.day_limit - spent : 0;
}

Spendable WithoutDayLimit(const RightsPicture& picture, base::Instant now, bool with_stand_in) {
  const int64_t now_ms = base::ToUnixMillis(now);
  Spendable spendable;
  for (const auto& held : picture.held) {
    switch (StateOf(held, now_ms)) {
      case LotState::kEmpty:
        break;
      case LotState::kReady:
        Count(spendable.held, held.left);
        break;
      case LotState::kNotActive:
        Count(spendable.not_active, held.left);
        break;
      case LotState::kExpired:
        Count(spendable.expired, held.left);
        break;
    }
  }
  if (with_stand_in) spendable.stand_in = std::min(StandInLeft(picture.stand_in), kMostPoints - spendable.held);
  return spendable;
}

/// Pointers to the lots that can be spent, in the order in which they go.
std::vector<const HeldLot*> InOrder(const RightsPicture& picture, int64_t now_ms) {
  std::vector<const HeldLot*> lots;
  for (const auto& held : picture.held) {
    if (StateOf(held, now_ms) == LotState::kReady) lots.push_back(&held);
  }
  std::stable_sort(lots.begin(), lots.end(), [](const HeldLot* a, const HeldLot* b) {
    const bool a_never = a->expires_ms == 0;
    const bool b_never = b->expires_ms == 0;
    return std::tie(a_never, a->expires_ms, a->lot, a->source, a->account) <
           std::tie(b_never, b->expires_ms, b->lot, b->source, b->account);
  });
  return lots;
}

}  // namespace

Spendable WhatCanBeSpent(const RightsPicture& picture, base::Instant now, bool with_stand_in) {
  Spendable spendable = WithoutDayLimit(picture, now, with_stand_in);
  const int64_t room = RoomToday(picture);
  const int64_t all = spendable.Here();
  spendable.held = std::min(spendable.held, room);
  spendable.stand_in = std::min(spendable.stand_in, room - spendable.held);
  spendable.past_day_limit = all - spendable.Here();
  return spendable;
}

base::Expected<std::vector<domain::Posting>> FundRedemption(const RightsPicture& picture, int64_t points,
                                                            base::Instant now, bool with_stand_in,
                                                            const Safeguards& safeguards) {
  if (points < 1 || points > kMostPoints) return base::Fail(LoyaltyErrc::kBadPoints, std::to_string(points));
  if (safeguards.On(Rule::kGate) && points > WithoutDayLimit(picture, now, with_stand_in).Here()) {
    return base::Fail(LoyaltyErrc::kNotEnoughHere, std::to_string(WhatCanBeSpent(picture, now, with_stand_in).Here()));
  }
  const int64_t room = RoomToday(picture);
  if (points > room) return base::Fail(LoyaltyErrc::kDayLimit, std::to_string(room));
  std::vector<domain::Posting> postings;
  int64_t owed = points;
  for (const HeldLot* held : InOrder(picture, base::ToUnixMillis(now))) {
    if (owed == 0) break;
    const int64_t take = std::min(owed, held->left);
    postings.push_back({held->account, held->source, held->lot, -take});
    owed -= take;
  }
  if (owed > 0) postings.push_back({std::string(kAvail), std::string(kStandInSource), "", -owed});
  postings.push_back({std::string(kRedeemed), "", "", points});
  return postings;
}

}  // namespace evertill::loyalty
