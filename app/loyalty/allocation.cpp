#include "app/loyalty/allocation.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace evertill::loyalty {
namespace {

/// Soonest to expire first, never last, then by id.
bool ComesFirst(const AvailableLot& a, const AvailableLot& b) {
  const bool a_never = a.expires_ms == 0;
  const bool b_never = b.expires_ms == 0;
  return std::tie(a_never, a.expires_ms, a.lot) < std::tie(b_never, b.expires_ms, b.lot);
}

/// One entry a lot, whatever pieces it came in.
std::vector<AvailableLot> Merged(const std::vector<AvailableLot>& lots) {
  std::map<std::string, AvailableLot> by_id;
  for (const auto& lot : lots) {
    const auto [it, added] = by_id.try_emplace(lot.lot, lot);
    if (added) continue;
    if (__builtin_add_overflow(it->second.points, lot.points, &it->second.points)) {
      it->second.points = lot.points < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
    }
    const int64_t soonest = std::min(it->second.expires_ms, lot.expires_ms);
    it->second.expires_ms = soonest > 0 ? soonest : std::max(it->second.expires_ms, lot.expires_ms);
  }
  std::vector<AvailableLot> merged;
  for (auto& [id, lot] : by_id) merged.push_back(std::move(lot));
  SortLots(merged);
  return merged;
}

}  // namespace

int64_t TargetAt(int64_t points, int rank, int tills_of_store) {
  if (points <= 0 || tills_of_store < 1) return 0;
  if (rank == 0) return points / 2 / tills_of_store;
  if (rank == 1) return points / 5 / tills_of_store;
  return 0;
}

int64_t Rebalance(int64_t target, int64_t held) {
  target = std::max<int64_t>(target, 0);
  held = std::max<int64_t>(held, 0);
  const bool far_too_little = held < target - held;
  const bool far_too_much = held - target > target;
  return far_too_little || far_too_much ? target - held : 0;
}

void SortLots(std::vector<AvailableLot>& lots) {
  std::stable_sort(lots.begin(), lots.end(), ComesFirst);
}

std::vector<LotShare> TakeLots(std::vector<AvailableLot> lots, int64_t points) {
  SortLots(lots);
  std::vector<LotShare> taken;
  for (const auto& lot : lots) {
    if (points <= 0) break;
    const int64_t take = std::min(lot.points, points);
    if (take <= 0) continue;
    taken.push_back({lot.lot, take, lot.expires_ms});
    points -= take;
  }
  return taken;
}

std::vector<std::vector<LotShare>> CutIntoGrants(const std::vector<LotShare>& lots) {
  std::vector<std::vector<LotShare>> parts;
  for (const auto& share : lots) {
    if (parts.empty() || parts.back().size() == kMostLotsOfGrant) parts.emplace_back();
    parts.back().push_back(share);
  }
  return parts;
}

std::vector<LotMove> CoverNegativeLots(std::vector<AvailableLot> lots) {
  lots = Merged(lots);
  std::vector<int64_t> left;
  for (const auto& lot : lots) left.push_back(lot.points);
  size_t giver = 0;
  for (size_t taker = 0; taker < lots.size(); ++taker) {
    while (left[taker] < 0 && giver < lots.size()) {
      if (left[giver] <= 0) {
        ++giver;
        continue;
      }
      // −2⁶³ has no opposite in 64 bits: add what the giver has, rather than turn the need around.
      const int64_t rest = left[taker] + left[giver];
      left[taker] = std::min<int64_t>(rest, 0);
      left[giver] = std::max<int64_t>(rest, 0);
    }
  }
  std::vector<LotMove> result;
  for (size_t i = 0; i < lots.size(); ++i) {
    if (left[i] != lots[i].points) result.push_back({lots[i].lot, left[i] - lots[i].points});
  }
  return result;
}

}  // namespace evertill::loyalty
