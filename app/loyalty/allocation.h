#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "app/loyalty/grant.h"

/// How head office hands out rights ahead of need, and in which order lots go. Pure.
namespace evertill::loyalty {

/// What a till of one store should hold of a member's points: half of them stand ready at the store they visit most, a
/// fifth at the second, the rest stays at head office for online use; a store's part is shared equally by its tills.
/// `rank` 0: the store visited most. 0 for other stores. `points`: all that could be granted (AVAIL and what is granted
/// already), never below 0. Rounded down; never more than a till could need is not its business.
[[nodiscard]] int64_t TargetAt(int64_t points, int rank, int tills_of_store);

/// What to do for one till now: > 0 grant so much more; < 0 ask the till to give its grants back (it holds more than
/// twice its target); 0 leave it. Small changes are not worth a message: a top-up only where it holds under half.
[[nodiscard]] int64_t Rebalance(int64_t target, int64_t held);

/// A lot with points in AVAIL, at head office.
struct AvailableLot {
  std::string lot;
  int64_t points = 0;
  int64_t expires_ms = 0;  ///< 0: never
};
/// The canonical order: soonest to expire first (never last), then by id.
void SortLots(std::vector<AvailableLot>& lots);
/// Takes up to `points` out of lots with something in them, in canonical order.
[[nodiscard]] std::vector<LotShare> TakeLots(std::vector<AvailableLot> lots, int64_t points);

/// Members who never spend collect a lot for every visit. A grant has at most so many of them, that a hundred grants
/// accepted in one event stay below the largest event that head office takes (512 KiB): else a till's chain would stop.
inline constexpr size_t kMostLotsOfGrant = 40;
/// Cuts lots into the parts that each become a grant, in order.
[[nodiscard]] std::vector<std::vector<LotShare>> CutIntoGrants(const std::vector<LotShare>& lots);

/// Lots below zero are covered by lots above zero, both in canonical order, as far as these go: what a period's close
/// posts, so that arrival order cannot change which lots are left. Each entry: lot and what is added to it; Σ = 0.
struct LotMove {
  std::string lot;
  int64_t points = 0;
};
[[nodiscard]] std::vector<LotMove> CoverNegativeLots(std::vector<AvailableLot> lots);

}  // namespace evertill::loyalty
