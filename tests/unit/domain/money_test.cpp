#include "app/domain/money.h"

#include <catch2/catch.hpp>
#include <numeric>

#include "app/base/random.h"
#include "app/domain/errors.h"

using namespace evertill;
using domain::Currency;
using domain::DomainErrc;
using domain::Money;
using domain::Quantity;
using domain::Rounding;

namespace {

Currency Thb() {
  return *Currency::Find("THB");
}
Currency Vnd() {
  return *Currency::Find("VND");
}

}  // namespace

TEST_CASE("Money: text and back, with the currency's own decimals", "[domain][money]") {
  CHECK(Money::Parse("49.75", Thb())->Minor() == 4975);
  CHECK(Money::Parse("49.7", Thb())->ToDecimal() == "49.70");
  CHECK(Money::Parse("0", Thb())->ToDecimal() == "0.00");
  CHECK(Money::Parse("-0.05", Thb())->ToDecimal() == "-0.05");
  CHECK(Money::Parse("15000", Vnd())->ToDecimal() == "15000");
  CHECK(Money::Parse("1.234", *Currency::Find("KWD"))->ToDecimal() == "1.234");
}

TEST_CASE("Money: what is no amount is refused", "[domain][money]") {
  for (const auto* text : {"", " ", ".", "1.", ".5", "1.234", "1,000.00", "+1", "1e3", "--1", "฿1", "0x10", "NaN",
                           "1.5.5", "99999999999999999999"}) {
    INFO(text);
    const auto parsed = Money::Parse(text, Thb());
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().Is(DomainErrc::kBadAmount));
  }
  CHECK(Money::Parse("15000.5", Vnd()).error().Is(DomainErrc::kBadAmount));
  CHECK(Money::Parse("100000000000.01", Thb()).error().Is(DomainErrc::kAmountTooLarge));
  CHECK(Money::Parse("100000000000.00", Thb()));
}

TEST_CASE("Currency: only ISO 4217 codes are known", "[domain][money]") {
  CHECK(Currency::Find("VND")->Exponent() == 0);
  CHECK(Currency::Find("THB")->Exponent() == 2);
  CHECK(Currency::Find("BHD")->Exponent() == 3);
  CHECK(Currency::Find("AED"));
  CHECK(Currency::Find("ZMW"));
  CHECK_FALSE(Currency::Find("thb"));
  CHECK_FALSE(Currency::Find("XXY"));
  CHECK_FALSE(Currency::Find(""));
}

TEST_CASE("Money: adding checks currency and size where it comes from outside", "[domain][money]") {
  CHECK(domain::CheckedAdd(Money(1, Thb()), Money(2, Thb()))->Minor() == 3);
  CHECK(domain::CheckedAdd(Money(1, Thb()), Money(2, Vnd())).error().Is(DomainErrc::kCurrencyMismatch));
  CHECK(
      domain::CheckedAdd(Money(Money::kLargestAmount, Thb()), Money(1, Thb())).error().Is(DomainErrc::kAmountTooLarge));
}

TEST_CASE("Money: times a quantity rounds half away from zero, exactly", "[domain][money]") {
  const auto times = [](const char* price, const char* quantity) {
    return Money::Parse(price, Thb())->Times(*Quantity::Parse(quantity), Rounding::kHalfUp)->ToDecimal();
  };
  CHECK(times("45.00", "0.842") == "37.89");
  CHECK(times("0.01", "0.5") == "0.01");
  CHECK(times("-0.01", "0.5") == "-0.01");
  CHECK(times("0.01", "0.499999") == "0.00");
  CHECK(times("49.75", "3") == "149.25");
  CHECK(Money(Money::kLargestAmount, Thb())
            .Times(Quantity::Units(2), Rounding::kHalfUp)
            .error()
            .Is(DomainErrc::kAmountTooLarge));
}

TEST_CASE("Money: each rounding is what its name says", "[domain][money]") {
  const auto halves = [](Rounding rounding) {
    return std::vector<int64_t>{domain::DivideRounded(25, 10, rounding), domain::DivideRounded(35, 10, rounding),
                                domain::DivideRounded(-25, 10, rounding), domain::DivideRounded(21, 10, rounding)};
  };
  CHECK(halves(Rounding::kHalfUp) == std::vector<int64_t>{3, 4, -3, 2});
  CHECK(halves(Rounding::kHalfEven) == std::vector<int64_t>{2, 4, -2, 2});
  CHECK(halves(Rounding::kDown) == std::vector<int64_t>{2, 3, -2, 2});
  CHECK(halves(Rounding::kUp) == std::vector<int64_t>{3, 4, -3, 3});
  CHECK(Money(10039, Thb()).RoundedTo(25, Rounding::kHalfUp).Minor() == 10050);
}

TEST_CASE("Money: Allocate loses no satang", "[domain][money]") {
  const uint64_t seed = 20261122;
  INFO("seed " << seed);
  auto random = base::MakeSeededRandom(seed);
  for (int round = 0; round < 5000; ++round) {
    const auto sign = random->Below(2) == 0 ? 1 : -1;
    const Money whole(sign * static_cast<int64_t>(random->Below(10'000'000'000)), Thb());
    std::vector<int64_t> weights(1 + random->Below(12));
    for (auto& weight : weights) weight = static_cast<int64_t>(random->Below(round % 3 == 0 ? 3 : 1'000'000'000));
    const auto parts = whole.Allocate(weights);
    REQUIRE(parts.size() == weights.size());
    Money sum = Money::Zero(Thb());
    for (const auto& part : parts) sum += part;
    REQUIRE(sum == whole);
    const __int128 total = std::accumulate(weights.begin(), weights.end(), __int128{0});
    for (size_t i = 0; i < parts.size() && total > 0; ++i) {
      // |part × total − whole × weight| < total: within one minor unit of the exact share.
      const __int128 off =
          static_cast<__int128>(parts[i].Minor()) * total - static_cast<__int128>(whole.Minor()) * weights[i];
      REQUIRE((off < total && off > -total));
      if (weights[i] == 0) REQUIRE(parts[i].IsZero());
    }
  }
}

TEST_CASE("Money: Allocate gives the odd units to the largest remainders, earlier first", "[domain][money]") {
  const auto share = [](int64_t minor, std::vector<int64_t> weights) {
    std::vector<int64_t> out;
    for (const auto& part : Money(minor, Thb()).Allocate(weights)) out.push_back(part.Minor());
    return out;
  };
  CHECK(share(100, {1, 1, 1}) == std::vector<int64_t>{34, 33, 33});
  CHECK(share(-100, {1, 1, 1}) == std::vector<int64_t>{-34, -33, -33});
  CHECK(share(10, {6, 3, 2}) == std::vector<int64_t>{5, 3, 2});
  CHECK(share(7, {0, 0}) == std::vector<int64_t>{7, 0});
}

TEST_CASE("Quantity: exact decimals, nothing else", "[domain][quantity]") {
  CHECK(Quantity::Parse("0.842")->ToString() == "0.842");
  CHECK(Quantity::Parse("3")->ToString() == "3");
  CHECK(Quantity::Parse("3.000")->ToString() == "3");
  CHECK(Quantity::Parse("100")->ToString() == "100");
  CHECK(Quantity::Parse("0.0000001").error().Is(DomainErrc::kBadQuantity));
  CHECK(Quantity::Parse("three").error().Is(DomainErrc::kBadQuantity));
  CHECK(Quantity::Parse("100001").error().Is(DomainErrc::kBadQuantity));
}
