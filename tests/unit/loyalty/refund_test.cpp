#include "app/loyalty/refund.h"

#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "app/base/random.h"
#include "app/loyalty/errors.h"
#include "app/loyalty/ledger.h"

using namespace evertill;
using domain::Posting;
using loyalty::LoyaltyErrc;
using loyalty::PlanRefund;
using loyalty::RefundLine;
using loyalty::SalePoints;

namespace {
const domain::EventId kSale(*base::Uuid::Parse("018bcfe5-6800-7000-8000-000000000001"));
const domain::EventId kRefund(*base::Uuid::Parse("018bcfe5-6800-7000-8000-000000000002"));
constexpr int64_t kOne = 1'000'000;
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

/// By account and lot, so that steps can be compared with one whole refund.
using Totals = std::map<std::pair<std::string, std::string>, int64_t>;
void Add(Totals& totals, const std::vector<Posting>& postings) {
  for (const auto& posting : postings) totals[{posting.account, posting.lot}] += posting.amount;
}

int64_t SumOf(const std::vector<int64_t>& points) {
  return std::accumulate(points.begin(), points.end(), int64_t{0});
}

SalePoints SomeSale(base::Random& random) {
  SalePoints sale;
  sale.sale = kSale;
  for (uint64_t i = 1 + random.Below(4); i > 0; --i) {
    sale.earned.push_back(static_cast<int64_t>(random.Below(50)));
    sale.spent.push_back(static_cast<int64_t>(random.Below(50)));
    sale.quantity_micro.push_back(random.Below(2) == 0 ? kOne * static_cast<int64_t>(1 + random.Below(4))
                                                       : static_cast<int64_t>(1 + random.Below(3'000'000)));
  }
  int64_t owed = SumOf(sale.spent);
  for (int lot = 0; owed > 0; ++lot) {
    const int64_t part = std::min(owed, static_cast<int64_t>(1 + random.Below(60)));
    sale.redemption.push_back({"ESCROW", "g", "lot" + std::to_string(lot), -part});
    owed -= part;
  }
  return sale;
}

SalePoints PlainSale() {
  return {kSale,
          {10, 3},
          {30, 0},
          {3 * kOne, kOne},
          {{"LOCAL", "", "old", -10}, {"ESCROW", "g", "new", -15}, {"AVAIL", "standin", "", -5}}};
}

bool Fails(const SalePoints& sale, const std::vector<RefundLine>& lines, LoyaltyErrc code) {
  const auto plan = PlanRefund(sale, lines, kRefund, 0);
  return !plan && plan.error().Is(code);
}
}  // namespace

TEST_CASE("SharePoints: the shares add up, each within one point of its exact part", "[loyalty][refund]") {
  const auto random = base::MakeSeededRandom(4);
  for (int round = 0; round < 5000; ++round) {
    std::vector<int64_t> weights;
    int64_t sum = 0;
    for (uint64_t i = 1 + random->Below(12); i > 0; --i) {
      weights.push_back(static_cast<int64_t>(random->Below(20'000)) - 500);
      sum += std::max<int64_t>(weights.back(), 0);
    }
    const auto points = static_cast<int64_t>(random->Below(1000));
    const auto shares = loyalty::SharePoints(points, weights);
    REQUIRE(shares.size() == weights.size());
    CHECK(SumOf(shares) == points);
    for (size_t i = 0; i < shares.size() && sum > 0; ++i) {
      const int64_t exact = points * std::max<int64_t>(weights[i], 0);
      CHECK(shares[i] * sum > exact - sum);
      CHECK(shares[i] * sum < exact + sum);
    }
  }
}

TEST_CASE("SharePoints: ties go to the first line, and no weight at all to the first line too", "[loyalty][refund]") {
  CHECK(loyalty::SharePoints(10, {1, 1, 1}) == std::vector<int64_t>{4, 3, 3});
  CHECK(loyalty::SharePoints(1, {1, 1}) == std::vector<int64_t>{1, 0});
  CHECK(loyalty::SharePoints(7, {0, -5, 0}) == std::vector<int64_t>{7, 0, 0});
  CHECK(loyalty::SharePoints(7, {-5, 2}) == std::vector<int64_t>{0, 7});
  CHECK(loyalty::SharePoints(0, {1, 2}) == std::vector<int64_t>{0, 0});
  CHECK(loyalty::SharePoints(5, {}).empty());
  const auto huge = loyalty::SharePoints(kMost, {kMost, kMost, kMost});
  CHECK(SumOf(huge) == kMost);
}

TEST_CASE("Refund: any partial steps, in any order, give what one whole refund gives", "[loyalty][refund]") {
  const auto random = base::MakeSeededRandom(5);
  for (int round = 0; round < 2000; ++round) {
    const auto sale = SomeSale(*random);
    std::vector<RefundLine> whole;
    for (size_t i = 0; i < sale.earned.size(); ++i) {
      whole.push_back({static_cast<int>(i) + 1, 0, sale.quantity_micro[i]});
    }
    const auto at_once = PlanRefund(sale, whole, kRefund, 0);
    REQUIRE(at_once);
    CHECK(at_once->reversed == SumOf(sale.earned));
    CHECK(at_once->restored == SumOf(sale.spent));
    Totals expected;
    Add(expected, at_once->postings);
    // Every lot that was spent is restored, no more and no less.
    for (const auto& spent : sale.redemption) CHECK(expected[{"PENDING", spent.lot}] == -spent.amount);

    Totals totals;
    std::vector<int64_t> done(sale.earned.size(), 0);
    std::vector<int64_t> reversed(sale.earned.size(), 0);
    std::vector<int64_t> restored(sale.earned.size(), 0);
    while (done != sale.quantity_micro) {
      std::vector<RefundLine> step;
      for (size_t i = done.size(); i > 0; --i) {
        const int64_t left = sale.quantity_micro[i - 1] - done[i - 1];
        if (left == 0 || random->Below(2) == 0) continue;
        const int64_t now = random->Below(3) == 0 ? left : 1 + static_cast<int64_t>(random->Below(uint64_t(left)));
        step.push_back({static_cast<int>(i), done[i - 1], now});
        done[i - 1] += now;
      }
      const auto plan = PlanRefund(sale, step, kRefund, 0);
      REQUIRE(plan);
      CHECK(loyalty::CheckPostings({"refund", domain::MemberId(kSale.Value()), plan->postings}));
      Add(totals, plan->postings);
      for (const auto& line : plan->lines) {
        reversed[size_t(line.line) - 1] += line.reversed;
        restored[size_t(line.line) - 1] += line.restored;
        CHECK(reversed[size_t(line.line) - 1] <= sale.earned[size_t(line.line) - 1]);
        CHECK(restored[size_t(line.line) - 1] <= sale.spent[size_t(line.line) - 1]);
      }
    }
    CHECK(totals == expected);
    CHECK(reversed == sale.earned);
    CHECK(restored == sale.spent);
  }
}

TEST_CASE("Refund: earned points leave LOCAL as far as they are there, then AVAIL", "[loyalty][refund]") {
  const auto plan = PlanRefund(PlainSale(), {{2, 0, kOne}, {1, 0, 2 * kOne}}, kRefund, 4);
  REQUIRE(plan);
  CHECK(plan->reversed == 9);
  CHECK(plan->restored == 20);
  REQUIRE(plan->lines.size() == 2);
  CHECK(plan->lines[1].reversed == 6);
  CHECK(plan->postings == std::vector<Posting>{{"LOCAL", "", kSale.ToString(), -4},
                                               {"AVAIL", "refund", kSale.ToString(), -5},
                                               {"ISSUED", "", "", 9},
                                               {"REDEEMED", "", "", -20},
                                               {"PENDING", kRefund.ToString(), "", 5},
                                               {"PENDING", kRefund.ToString(), "new", 15}});
}

TEST_CASE("Refund: without its rule restored points are spendable at once", "[loyalty][refund]") {
  const auto off = loyalty::Safeguards::Without(loyalty::Rule::kRestorePending);
  const auto plan = PlanRefund(PlainSale(), {{1, 0, kOne}}, kRefund, 100, off);
  REQUIRE(plan);
  CHECK(plan->postings == std::vector<Posting>{{"LOCAL", "", kSale.ToString(), -3},
                                               {"ISSUED", "", "", 3},
                                               {"REDEEMED", "", "", -10},
                                               {"LOCAL", "", "", 5},
                                               {"LOCAL", "", "new", 5}});
}

TEST_CASE("Refund: two tills that refund different lines restore different lots", "[loyalty][refund]") {
  SalePoints sale{kSale, {0, 0}, {10, 10}, {kOne, kOne}, {{"ESCROW", "g", "a", -10}, {"ESCROW", "g", "b", -10}}};
  const auto first = PlanRefund(sale, {{1, 0, kOne}}, kRefund, 0);
  const auto second = PlanRefund(sale, {{2, 0, kOne}}, kRefund, 0);
  REQUIRE((first && second));
  CHECK(first->postings[1].lot == "b");
  CHECK(second->postings[1].lot == "a");
}

TEST_CASE("Refund: more than was sold, lines that are not there and sales that do not add up are refused",
          "[loyalty][refund]") {
  const auto sale = PlainSale();
  CHECK(Fails(sale, {{1, 0, 3 * kOne + 1}}, LoyaltyErrc::kRefundTooMuch));
  CHECK(Fails(sale, {{1, 3 * kOne, 1}}, LoyaltyErrc::kRefundTooMuch));
  CHECK(Fails(sale, {{1, 4 * kOne, 1}}, LoyaltyErrc::kRefundTooMuch));
  CHECK(Fails(sale, {{1, kOne, kMost}}, LoyaltyErrc::kRefundTooMuch));
  CHECK(Fails(sale, {{0, 0, 1}}, LoyaltyErrc::kBadPoints));
  CHECK(Fails(sale, {{3, 0, 1}}, LoyaltyErrc::kBadPoints));
  CHECK(Fails(sale, {{-1, 0, 1}}, LoyaltyErrc::kBadPoints));
  CHECK(Fails(sale, {{1, 0, 0}}, LoyaltyErrc::kBadPoints));
  CHECK(Fails(sale, {{1, 0, -kOne}}, LoyaltyErrc::kBadPoints));
  CHECK(Fails(sale, {{1, -kOne, kOne}}, LoyaltyErrc::kBadPoints));
  CHECK(Fails(sale, {{1, 0, kOne}, {1, 0, kOne}}, LoyaltyErrc::kBadPoints));
  auto broken = sale;
  broken.redemption.pop_back();
  CHECK(Fails(broken, {{1, 0, kOne}}, LoyaltyErrc::kBadPoints));
  broken = sale;
  broken.earned = {kMost, kMost};
  CHECK(Fails(broken, {{1, 0, kOne}}, LoyaltyErrc::kBadPoints));
  broken = sale;
  broken.spent = {30};
  CHECK(Fails(broken, {{1, 0, kOne}}, LoyaltyErrc::kBadPoints));
}
