#include "app/loyalty/rights.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "app/base/random.h"
#include "app/loyalty/errors.h"
#include "app/loyalty/ledger.h"

using namespace evertill;
using domain::Posting;
using loyalty::HeldLot;
using loyalty::LoyaltyErrc;
using loyalty::RightsPicture;
using loyalty::Rule;
using loyalty::Safeguards;
using loyalty::StandIn;

namespace {
constexpr int64_t kNowMs = 1'800'000'000'000;
const base::Instant kNow = base::FromUnixMillis(kNowMs);
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

HeldLot Escrow(const char* grant, const char* lot, int64_t left, int64_t expires = 0) {
  return {"ESCROW", grant, lot, left, 0, expires, 0};
}
RightsPicture Holding(std::vector<HeldLot> held) {
  return {std::move(held), {}, 0, 0};
}
int64_t Sum(const std::vector<Posting>& postings) {
  int64_t sum = 0;
  for (const auto& posting : postings) sum += posting.amount;
  return sum;
}
}  // namespace

TEST_CASE("Rights: lots that expire first are spent first", "[loyalty][rights]") {
  std::vector<HeldLot> held{Escrow("g2", "never", 50),
                            Escrow("g1", "soon", 10, kNowMs + 1),
                            Escrow("g9", "late", 5, kNowMs + 9),
                            Escrow("g1", "late", 5, kNowMs + 9),
                            {"LOCAL", "", "late", 5, 0, kNowMs + 9, 0}};
  const std::vector<Posting> expected{{"ESCROW", "g1", "soon", -10}, {"LOCAL", "", "late", -5},
                                      {"ESCROW", "g1", "late", -5},  {"ESCROW", "g9", "late", -5},
                                      {"ESCROW", "g2", "never", -1}, {"REDEEMED", "", "", 26}};
  const auto by_text = [](const HeldLot& a, const HeldLot& b) {
    return a.source + "|" + a.lot < b.source + "|" + b.lot;
  };
  std::sort(held.begin(), held.end(), by_text);
  do {
    const auto postings = loyalty::FundRedemption(Holding(held), 26, kNow, false);
    REQUIRE(postings);
    CHECK(*postings == expected);
  } while (std::next_permutation(held.begin(), held.end(), by_text));
}

TEST_CASE("Rights: one point more than there is is refused, and says how many there are", "[loyalty][rights]") {
  const auto picture = Holding({Escrow("g1", "a", 70), {"LOCAL", "", "b", 30, 0, 0, 0}});
  CHECK(loyalty::WhatCanBeSpent(picture, kNow, false).Here() == 100);
  CHECK(loyalty::FundRedemption(picture, 100, kNow, false));
  const auto refused = loyalty::FundRedemption(picture, 101, kNow, false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(LoyaltyErrc::kNotEnoughHere));
  CHECK(refused.error().Detail() == "100");
}

TEST_CASE("Rights: nothing, less than nothing and more than can be counted are refused", "[loyalty][rights]") {
  const auto picture = Holding({Escrow("g1", "a", kMost), Escrow("g2", "a", kMost)});
  for (const int64_t points : {int64_t{0}, int64_t{-1}, -kMost - 1, kMost, loyalty::kMostPoints + 1}) {
    for (const auto& safeguards : {Safeguards{}, Safeguards::Without(Rule::kGate)}) {
      const auto refused = loyalty::FundRedemption(picture, points, kNow, true, safeguards);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().Is(LoyaltyErrc::kBadPoints));
    }
  }
  CHECK(loyalty::WhatCanBeSpent(picture, kNow, true).Here() == loyalty::kMostPoints);
  const auto all = loyalty::FundRedemption(picture, loyalty::kMostPoints, kNow, true);
  REQUIRE(all);
  CHECK(Sum(*all) == 0);
}

TEST_CASE("Rights: what is past its time or not active yet is no right, and is named", "[loyalty][rights]") {
  const auto picture = Holding({{"ESCROW", "g1", "expired lot", 10, 0, kNowMs, 0},
                                {"ESCROW", "g2", "expired grant", 20, 0, 0, kNowMs},
                                {"LOCAL", "", "young", 40, kNowMs + 1, 0, 0},
                                {"ESCROW", "g3", "spent", 0, 0, 0, 0},
                                {"ESCROW", "g4", "overdrawn", -7, 0, 0, 0},
                                {"LOCAL", "", "good", 5, kNowMs, kNowMs + 1, kNowMs + 1}});
  const auto spendable = loyalty::WhatCanBeSpent(picture, kNow, false);
  CHECK(spendable.held == 5);
  CHECK(spendable.expired == 30);
  CHECK(spendable.not_active == 40);
  CHECK(loyalty::FundRedemption(picture, 5, kNow, false));
  CHECK_FALSE(loyalty::FundRedemption(picture, 6, kNow, false));
  // A millisecond earlier or later it is another picture.
  CHECK(loyalty::WhatCanBeSpent(picture, kNow - std::chrono::milliseconds(1), false).held == 30);
  CHECK(loyalty::WhatCanBeSpent(picture, kNow + std::chrono::milliseconds(1), false).held == 40);
}

TEST_CASE("Rights: stand-in is min(C, certified) less what was used, and what the till has left", "[loyalty][rights]") {
  const auto stand_in = [](StandIn figures) {
    return loyalty::WhatCanBeSpent({{}, figures, 0, 0}, kNow, true).stand_in;
  };
  CHECK(stand_in({}) == 0);
  CHECK(stand_in({40, 1000, 0, 2000}) == 40);
  CHECK(stand_in({40, 25, 0, 2000}) == 25);
  CHECK(stand_in({40, 1000, 15, 2000}) == 25);
  CHECK(stand_in({40, 1000, 40, 2000}) == 0);
  CHECK(stand_in({40, 1000, 90, 2000}) == 0);
  CHECK(stand_in({40, 1000, 0, 7}) == 7);
  CHECK(stand_in({40, 1000, 0, -3}) == 0);
  CHECK(stand_in({40, -10, 0, 2000}) == 0);
  CHECK(stand_in({0, 1000, 0, 2000}) == 0);
  CHECK(stand_in({40, 1000, -kMost - 1, 2000}) == 40);
  CHECK(stand_in({40, -kMost - 1, 5, 2000}) == 0);
  CHECK(loyalty::WhatCanBeSpent({{}, {40, 1000, 0, 2000}, 0, 0}, kNow, false).stand_in == 0);
}

TEST_CASE("Rights: stand-in pays last, out of AVAIL and of no lot", "[loyalty][rights]") {
  const RightsPicture picture{{Escrow("g1", "a", 10)}, {40, 1000, 0, 2000}, 0, 0};
  const auto postings = loyalty::FundRedemption(picture, 50, kNow, true);
  REQUIRE(postings);
  CHECK(*postings ==
        std::vector<Posting>{{"ESCROW", "g1", "a", -10}, {"AVAIL", "standin", "", -40}, {"REDEEMED", "", "", 50}});
  CHECK_FALSE(loyalty::FundRedemption(picture, 51, kNow, true));
  CHECK_FALSE(loyalty::FundRedemption(picture, 11, kNow, false));
}

TEST_CASE("Rights: without the gate the excess goes through as stand-in", "[loyalty][rights]") {
  const auto picture = Holding({Escrow("g1", "a", 10)});
  CHECK_FALSE(loyalty::FundRedemption(picture, 11, kNow, false, Safeguards::Without(Rule::kReturn)));
  const auto postings = loyalty::FundRedemption(picture, 25, kNow, false, Safeguards::Without(Rule::kGate));
  REQUIRE(postings);
  CHECK(*postings ==
        std::vector<Posting>{{"ESCROW", "g1", "a", -10}, {"AVAIL", "standin", "", -15}, {"REDEEMED", "", "", 25}});
}

TEST_CASE("Rights: the limit of the day holds, and what is shown can be spent", "[loyalty][rights]") {
  const RightsPicture picture{{Escrow("g1", "a", 100)}, {40, 1000, 0, 2000}, 70, 100};
  const auto spendable = loyalty::WhatCanBeSpent(picture, kNow, true);
  CHECK(spendable.held == 30);
  CHECK(spendable.stand_in == 0);
  CHECK(spendable.past_day_limit == 110);
  CHECK(loyalty::FundRedemption(picture, 30, kNow, true));
  const auto refused = loyalty::FundRedemption(picture, 31, kNow, true);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(LoyaltyErrc::kDayLimit));
  CHECK(refused.error().Detail() == "30");
  CHECK(loyalty::WhatCanBeSpent({{Escrow("g1", "a", 9)}, {}, 200, 100}, kNow, true).Here() == 0);
}

TEST_CASE("Rights: any redemption that is let through adds up and takes no more than is there", "[loyalty][rights]") {
  const auto random = base::MakeSeededRandom(3);
  int funded = 0;
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    RightsPicture picture;
    const auto near = [&](int64_t around) { return around + static_cast<int64_t>(random->Below(5)) - 2; };
    for (uint64_t i = random->Below(6); i > 0; --i) {
      picture.held.push_back({"ESCROW", "g" + std::to_string(i), "l" + std::to_string(random->Below(3)), near(20),
                              near(kNowMs - 1), random->Below(2) == 0 ? 0 : near(kNowMs + 1), 0});
    }
    picture.stand_in = {near(10), near(10), near(2), near(8)};
    const bool with = random->Below(2) == 0;
    const auto spendable = loyalty::WhatCanBeSpent(picture, kNow, with);
    const int64_t points = near(spendable.Here());
    const auto postings = loyalty::FundRedemption(picture, points, kNow, with);
    CHECK(bool(postings) == (points >= 1 && points <= spendable.Here()));
    (postings ? funded : refused)++;
    if (!postings) continue;
    CHECK(Sum(*postings) == 0);
    CHECK(postings->back() == Posting{"REDEEMED", "", "", points});
    CHECK(loyalty::MemberDelta(*postings) == -points);
    for (const auto& posting : *postings) {
      if (posting.account != "ESCROW") continue;
      const auto from = std::find_if(picture.held.begin(), picture.held.end(), [&](const auto& held) {
        return held.source == posting.source && held.lot == posting.lot;
      });
      REQUIRE(from != picture.held.end());
      CHECK(-posting.amount <= from->left);
    }
  }
  CHECK(funded > 1000);
  CHECK(refused > 1000);
}
