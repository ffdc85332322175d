#include "app/domain/tax.h"

#include <catch2/catch.hpp>

#include "app/base/random.h"

using namespace evertill::domain;

namespace {

Currency Thb() {
  return *Currency::Find("THB");
}
const TaxRate kVat7{"VAT7", 7000};
const TaxRate kExempt{"EXEMPT", 0};

int64_t Sum(const std::vector<Money>& amounts) {
  int64_t sum = 0;
  for (const auto& amount : amounts) sum += amount.Minor();
  return sum;
}

}  // namespace

TEST_CASE("Tax: 7 % inside 1,042.39 is 68.19", "[domain][tax]") {
  const std::vector<TaxableLine> lines{{Money(104239, Thb()), kVat7}};
  CHECK(ComputeTax(lines, DefaultTaxScheme(Thb())).front().Minor() == 6819);
}

TEST_CASE("Tax: per sale, the lines add up to the tax of the sum", "[domain][tax]") {
  const auto scheme = DefaultTaxScheme(Thb());
  auto random = evertill::base::MakeSeededRandom(3);
  for (int round = 0; round < 500; ++round) {
    std::vector<TaxableLine> lines;
    int64_t sum = 0;
    for (uint64_t i = 0; i < 1 + random->Below(20); ++i) {
      lines.push_back({Money(static_cast<int64_t>(random->Below(50000)), Thb()), kVat7});
      sum += lines.back().amount.Minor();
    }
    REQUIRE(Sum(ComputeTax(lines, scheme)) == DivideRounded(__int128{sum} * 7000, 107000, Rounding::kHalfUp));
  }
}

TEST_CASE("Tax: per line and per sale differ where rounding does", "[domain][tax]") {
  TaxScheme scheme{TaxMode::kExclusive, TaxRounding::kPerLine, {{"S", 8875}}, "S"};
  const std::vector<TaxableLine> lines(10, TaxableLine{Money(56, *Currency::Find("USD")), {"S", 8875}});
  CHECK(Sum(ComputeTax(lines, scheme)) == 50);  // 0.0497 each, rounded ten times
  scheme.rounding = TaxRounding::kPerSale;
  CHECK(Sum(ComputeTax(lines, scheme)) == 50);  // 0.497 once
  const std::vector<TaxableLine> odd(10, TaxableLine{Money(51, *Currency::Find("USD")), {"S", 8875}});
  CHECK(Sum(ComputeTax(odd, scheme)) == 45);  // 0.4526 once …
  scheme.rounding = TaxRounding::kPerLine;
  CHECK(Sum(ComputeTax(odd, scheme)) == 50);  // … against 0.0453 ten times
}

TEST_CASE("Tax: exempt lines carry none, and the table shows each rate once", "[domain][tax]") {
  const auto scheme = DefaultTaxScheme(Thb());
  const std::vector<TaxableLine> lines{
      {Money(10700, Thb()), kVat7}, {Money(5000, Thb()), kExempt}, {Money(10700, Thb()), kVat7}};
  const auto taxes = ComputeTax(lines, scheme);
  CHECK(taxes[1].IsZero());
  const auto rows = SummariseTax(lines, taxes, scheme);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].tax.Minor() == 1400);
  CHECK(rows[0].net.Minor() == 20000);
  CHECK(rows[1].net.Minor() == 5000);
}

TEST_CASE("Tax: a product without a code gets the default, an unknown code is not invented", "[domain][tax]") {
  const auto scheme = DefaultTaxScheme(Thb());
  CHECK(scheme.Find("")->code == "VAT7");
  CHECK(scheme.Find("EXEMPT")->millipercent == 0);
  CHECK(scheme.Find("VAT99") == nullptr);
}
