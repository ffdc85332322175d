#include "app/loyalty/allocation.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <map>

#include "app/base/random.h"

using namespace evertill;
using loyalty::AvailableLot;
using loyalty::LotMove;
using loyalty::LotShare;

namespace {
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

void Shuffle(std::vector<AvailableLot>& lots, base::Random& random) {
  for (size_t i = lots.size(); i > 1; --i) std::swap(lots[i - 1], lots[random.Below(i)]);
}

std::vector<AvailableLot> SomeLots(base::Random& random) {
  std::vector<AvailableLot> lots;
  const auto count = random.Below(8);
  for (uint64_t i = 0; i < count; ++i) {
    const auto points = static_cast<int64_t>(random.Below(41)) - 20;
    lots.push_back({"lot" + std::to_string(i), points, static_cast<int64_t>(random.Below(3)) * 1000});
  }
  if (random.Below(2) == 0) lots.push_back({"", -static_cast<int64_t>(random.Below(30)), 0});
  return lots;
}
}  // namespace

TEST_CASE("Allocation: half goes to the first store, a fifth to the second, never all", "[loyalty][allocation]") {
  CHECK(loyalty::TargetAt(1000, 0, 1) == 500);
  CHECK(loyalty::TargetAt(1000, 1, 1) == 200);
  CHECK(loyalty::TargetAt(1000, 2, 1) == 0);
  CHECK(loyalty::TargetAt(1000, 0, 3) == 166);
  CHECK(loyalty::TargetAt(1, 0, 1) == 0);
  CHECK(loyalty::TargetAt(-50, 0, 1) == 0);
  CHECK(loyalty::TargetAt(1000, 0, 0) == 0);
  for (int tills = 1; tills < 9; ++tills) {
    for (int64_t points = 0; points < 200; ++points) {
      CHECK(tills * (loyalty::TargetAt(points, 0, tills) + loyalty::TargetAt(points, 1, tills)) <= points);
    }
  }
}

TEST_CASE("Allocation: small changes move nothing, large ones reach the target in one step", "[loyalty][allocation]") {
  CHECK(loyalty::Rebalance(100, 50) == 0);
  CHECK(loyalty::Rebalance(100, 49) == 51);
  CHECK(loyalty::Rebalance(100, 200) == 0);
  CHECK(loyalty::Rebalance(100, 201) < 0);
  CHECK(loyalty::Rebalance(0, 0) == 0);
  CHECK(loyalty::Rebalance(0, 1) < 0);
  CHECK(loyalty::Rebalance(1, 0) == 1);
  CHECK(loyalty::Rebalance(kMost, 0) == kMost);
  CHECK(loyalty::Rebalance(0, kMost) < 0);
  CHECK(loyalty::Rebalance(kMost, kMost) == 0);
  for (int64_t target = 0; target < 60; ++target) {
    for (int64_t held = 0; held < 200; ++held) {
      const int64_t change = loyalty::Rebalance(target, held);
      CHECK(loyalty::Rebalance(target, held + change) == 0);
      // What has just been moved is not moved back when the target drifts by a quarter.
      if (change != 0 && target >= 8) {
        CHECK(loyalty::Rebalance(target - target / 4, held + change) == 0);
        CHECK(loyalty::Rebalance(target + target / 4, held + change) == 0);
      }
    }
  }
}

TEST_CASE("Allocation: lots that expire first are taken first, whatever order they came in", "[loyalty][allocation]") {
  const auto random = base::MakeSeededRandom(1);
  std::vector<AvailableLot> lots{
      {"never", 100, 0}, {"late", 30, 9000}, {"b", 10, 5000}, {"a", 10, 5000}, {"gone", -5, 1}};
  for (int i = 0; i < 50; ++i) {
    Shuffle(lots, *random);
    CHECK(loyalty::TakeLots(lots, 45) == std::vector<LotShare>{{"a", 10, 5000}, {"b", 10, 5000}, {"late", 25, 9000}});
  }
  CHECK(loyalty::TakeLots(lots, 0).empty());
  CHECK(loyalty::TakeLots(lots, -1).empty());
  int64_t sum = 0;
  for (const auto& share : loyalty::TakeLots(lots, kMost)) sum += share.points;
  CHECK(sum == 150);
}

TEST_CASE("Allocation: very many lots become several grants, a hundred of which fit one event",
          "[loyalty][allocation]") {
  CHECK(loyalty::CutIntoGrants({}).empty());
  std::vector<LotShare> lots;
  for (int i = 0; i < 1000; ++i) {
    lots.push_back({"018bcfe5-6800-7000-8000-000000000000", 1'000'000'000'000, 1'900'000'000'000 + i});
  }
  std::vector<LotShare> together;
  for (const auto& part : loyalty::CutIntoGrants(lots)) {
    const loyalty::Grant grant{"12-" + std::string(32, 'a') + ":018bcfe5-6800-7000-8000-000000000001",
                               domain::MemberId(),
                               "STORE001/LANE0001",
                               1'000'000,
                               "12-" + std::string(32, 'a'),
                               1'900'000'000'000,
                               part};
    const std::string bytes = loyalty::EncodeGrant(grant);
    // As it stands in the event: a JSON text, with its quotes escaped, beside a signature in base64.
    const auto quotes = static_cast<size_t>(std::count(bytes.begin(), bytes.end(), '"'));
    CHECK(100 * (bytes.size() + quotes + 88 + 40) < (size_t{512} << 10) - 2000);
    together.insert(together.end(), part.begin(), part.end());
  }
  CHECK(together == lots);
}

TEST_CASE("Allocation: covering lots below zero does not depend on arrival order", "[loyalty][allocation]") {
  const auto random = base::MakeSeededRandom(2);
  int covered = 0;
  for (int round = 0; round < 3000; ++round) {
    auto lots = SomeLots(*random);
    const auto moves = loyalty::CoverNegativeLots(lots);
    std::map<std::string, int64_t> left;
    for (const auto& lot : lots) left[lot.lot] += lot.points;
    const auto any = [&](auto test) { return std::any_of(left.begin(), left.end(), test); };
    const auto before = left;
    int64_t sum = 0;
    for (const auto& move : moves) {
      sum += move.points;
      left[move.lot] += move.points;
      // A lot never changes sides, and nothing is moved that was not needed.
      CHECK(before.at(move.lot) != 0);
      CHECK((before.at(move.lot) < 0) == (move.points > 0));
      CHECK((left[move.lot] == 0 || (left[move.lot] < 0) == (before.at(move.lot) < 0)));
    }
    CHECK(sum == 0);
    // As far as they go: afterwards lots are not on both sides of zero.
    CHECK_FALSE(
        (any([](const auto& lot) { return lot.second < 0; }) && any([](const auto& lot) { return lot.second > 0; })));
    covered += moves.empty() ? 0 : 1;
    Shuffle(lots, *random);
    const auto again = loyalty::CoverNegativeLots(lots);
    REQUIRE(again.size() == moves.size());
    for (size_t i = 0; i < moves.size(); ++i) {
      CHECK(again[i].lot == moves[i].lot);
      CHECK(again[i].points == moves[i].points);
    }
  }
  CHECK(covered > 500);
}

TEST_CASE("Allocation: a lot that came in pieces is one lot, and the largest numbers do no harm",
          "[loyalty][allocation]") {
  CHECK(loyalty::CoverNegativeLots({{"x", 10, 5}, {"x", -10, 5}}).empty());
  const auto moves = loyalty::CoverNegativeLots({{"", -7, 0}, {"a", 5, 100}, {"b", 5, 50}});
  REQUIRE(moves.size() == 3);
  CHECK((moves[0].lot == "b" && moves[0].points == -5));
  CHECK((moves[1].lot == "a" && moves[1].points == -2));
  CHECK((moves[2].lot.empty() && moves[2].points == 7));
  const auto huge = loyalty::CoverNegativeLots({{"x", kLeast, 0}, {"y", kMost, 0}});
  REQUIRE(huge.size() == 2);
  CHECK(huge[0].points == kMost);
  CHECK(huge[1].points == -kMost);
}
