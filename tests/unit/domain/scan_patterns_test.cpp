#include "app/domain/scan_patterns.h"

#include <catch2/catch.hpp>

#include "app/base/random.h"
#include "app/domain/errors.h"

using namespace evertill::domain;
using Meaning = ScanPattern::Meaning;

namespace {

constexpr int kYear = 2026;

Currency Thb() {
  return *Currency::Find("THB");
}
Currency Vnd() {
  return *Currency::Find("VND");
}

std::string Ean(const std::string& twelve) {
  return twelve + *CheckDigit(twelve);
}

ScanMeaning Means(const std::string& scan, const ScanPatterns& patterns, Currency currency = Thb()) {
  const auto understood = Understand(*ParseScan(scan), patterns, currency, kYear);
  REQUIRE(understood);
  REQUIRE(*understood);
  return **understood;
}

Product Goods(SellUnit unit, const char* price, Currency currency = Thb()) {
  return {.row = 1,
          .barcode = "12345",
          .sku = "12345",
          .name = "Prawns",
          .names = {},
          .price = *Money::Parse(price, currency),
          .tax_code = {},
          .category = {},
          .unit = unit,
          .min_age = 0,
          .price_derived = false};
}

const ScanPatterns kShop{{Meaning::kWeight, "21.....{NNDDD}"},
                         {Meaning::kPrice, "23.....{NNNDD}"},
                         {Meaning::kCount, "24......{NNNN}"},
                         {Meaning::kPrice, "02.....V{NNDD}"},
                         {Meaning::kPrice, "29....V{NNNDD}"}};

}  // namespace

TEST_CASE("Patterns: a weight, its product in every form a shop writes it", "[domain][patterns]") {
  const auto meaning = Means(Ean("210012300842"), kShop);
  CHECK(meaning.weight->ToString() == "0.842");
  CHECK_FALSE(meaning.price);
  CHECK(meaning.candidates == std::vector<std::string>{Ean("210012300000"), "210012300000", "2100123", "00123", "123"});
}

TEST_CASE("Patterns: prices, counts, and hundreds of dong", "[domain][patterns]") {
  CHECK(Means(Ean("231234504975"), kShop).price->ToDecimal() == "49.75");
  CHECK(Means(Ean("241234560012"), kShop).count == 12);
  const ScanPatterns dong{{Meaning::kPrice, "23.....{NNNNN00}"}};
  CHECK(Means(Ean("231234501255"), dong, Vnd()).price->ToDecimal() == "125500");
  CHECK(Understand(*ParseScan(Ean("231234504975")), kShop, Vnd(), kYear).error().Is(DomainErrc::kBadBarcode));
}

TEST_CASE("Patterns: the verifier digit of GS1's own examples, and a wrong one refused", "[domain][patterns]") {
  CHECK(ValueVerifier("2875") == '9');
  CHECK(ValueVerifier("14685") == '6');
  CHECK_FALSE(ValueVerifier("123"));
  CHECK_FALSE(ValueVerifier("12a4"));
  // As an UPC-A: 2 12345 9 2875.
  const std::string upc = "21234592875";
  CHECK(Means(upc + *CheckDigit(upc), kShop).price->ToDecimal() == "28.75");
  CHECK(Means(Ean("291234614685"), kShop).price->ToDecimal() == "146.85");
  const auto wrong = Understand(*ParseScan(Ean("291234514685")), kShop, Thb(), kYear);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().Is(DomainErrc::kBadBarcode));
}

TEST_CASE("Patterns: no weight of nothing, no other prefix, no wrong check digit", "[domain][patterns]") {
  CHECK(Understand(*ParseScan(Ean("211234500000")), kShop, Thb(), kYear).error().Is(DomainErrc::kBadBarcode));
  CHECK_FALSE(*Understand(*ParseScan(Ean("221234500100")), kShop, Thb(), kYear));
  CHECK_FALSE(*Understand(*ParseScan(Ean("885123450100")), kShop, Thb(), kYear));
  std::string broken = Ean("211234500842");
  broken.back() = broken.back() == '0' ? '1' : '0';
  CHECK_FALSE(*Understand(*ParseScan(broken), kShop, Thb(), kYear));
  CHECK(ParseScan("]E0" + broken).error().Is(DomainErrc::kBadBarcode));
  CHECK_FALSE(*Understand(*ParseScan(Ean("211234500842")), {}, Thb(), kYear));
}

TEST_CASE("Patterns: one that cannot work is refused with the reason", "[domain][patterns]") {
  for (const auto& pattern : kShop) CHECK(CheckPattern(pattern));
  CHECK(CheckPattern({Meaning::kWeight, "2......{NNDDD}"}));
  for (const auto* bad : {"", "21.....NNDDD", "21.....{NNDDD", "21.....{NNDDD}}", "21....{NNDDD}", "88.....{NNDDD}",
                          "210000012345", "2112345{NNDDD}", "21.....{DDNNN}", "21.....{}", "21....V{NNDDD}V",
                          "21...V{NNNDDD}", "21.....{NNxDD}", "2{NNDDD}{NNDD}", "21.....{NNDDD0}"}) {
    CAPTURE(bad);
    const auto checked = CheckPattern({Meaning::kWeight, bad});
    REQUIRE_FALSE(checked);
    CHECK(checked.error().Is(DomainErrc::kBadPattern));
  }
  CHECK_FALSE(CheckPattern({Meaning::kCount, "21.....{NNDDD}"}));
}

TEST_CASE("Patterns: GS1 codes mean the same in every form", "[domain][patterns]") {
  for (const std::string scan :
       {"]C101995060001343553103000842\x1D"
        "10A1",
        "]e001995060001343553103000842"
        "10A1",
        "]d201995060001343553103000842"
        "10A1",
        "]Q301995060001343553103000842"
        "10A1",
        "01995060001343553103000842"
        "10A1",
        "(01)99506000134355(3103)000842(10)A1", "https://a.example/01/99506000134355/10/A1?3103=000842"}) {
    CAPTURE(scan);
    const auto meaning = Means(scan, {});
    CHECK(meaning.weight->ToString() == "0.842");
    CHECK(meaning.gs1.lot == "A1");
    CHECK(meaning.candidates.front() == "99506000134355");
  }
  CHECK(Means("]C10109506000134352"
              "1526113037"
              "2",
              {})
            .candidates == std::vector<std::string>{"09506000134352", "9506000134352"});
  CHECK(Means("]e00100000096385074", {}).candidates ==
        std::vector<std::string>{"00000096385074", "0000096385074", "000096385074", "96385074"});
  CHECK(Understand(*ParseScan("]C10109506000134353"), {}, Thb(), kYear).error().Is(DomainErrc::kBadGs1));
  CHECK(Understand(*ParseScan("(01)99506000134355(3930)840100"), {}, Thb(), kYear)
            .error()
            .Is(DomainErrc::kCurrencyMismatch));
}

TEST_CASE("Patterns: codes that only look like GS1 stay what they are", "[domain][patterns]") {
  for (const auto* plain : {"0109506000134353XYZ", "0123456789012345678", "9506000134352", "SKU-7", "EV1ABC",
                            "https://hq.example/r#L03-000001", "0109506000134352"}) {
    CAPTURE(plain);
    CHECK_FALSE(*Understand(*ParseScan(plain), kShop, Thb(), kYear));
  }
}

TEST_CASE("Ringing: weights for weighed goods, counts for pieces", "[domain][patterns]") {
  ScanMeaning meaning;
  meaning.weight = *Quantity::Parse("0.842");
  CHECK(RingByLabel(Goods(SellUnit::kKilogram, "380.00"), meaning).quantity.ToString() == "0.842");
  CHECK(RingByLabel(Goods(SellUnit::kEach, "380.00"), meaning).quantity.ToString() == "1");
  meaning.count = 6;
  CHECK(RingByLabel(Goods(SellUnit::kEach, "380.00"), meaning).quantity.ToString() == "6");
  CHECK(RingByLabel(Goods(SellUnit::kKilogram, "380.00"), meaning).quantity.ToString() == "0.842");
}

TEST_CASE("Ringing: a label's price is the line's total, to the satang, at any price per kilogram",
          "[domain][patterns]") {
  ScanMeaning meaning;
  meaning.price = *Money::Parse("319.96", Thb());
  const auto even = RingByLabel(Goods(SellUnit::kKilogram, "380.00"), meaning);
  CHECK(even.quantity.ToString() == "0.842");
  const auto piece = RingByLabel(Goods(SellUnit::kEach, "25.00"), meaning);
  CHECK(piece.quantity.ToString() == "1");
  CHECK(piece.product.price.ToDecimal() == "319.96");
  const uint64_t seed = evertill::base::MakeSystemRandom()->Below(1'000'000);
  CAPTURE(seed);
  const auto random = evertill::base::MakeSeededRandom(seed);
  for (int round = 0; round < 5'000; ++round) {
    const Currency currency = round % 2 == 0 ? Thb() : Vnd();
    Product goods = Goods(SellUnit::kKilogram, "1", currency);
    goods.price = Money(static_cast<int64_t>(1 + random->Below(5'000'000)), currency);
    meaning.price = Money(static_cast<int64_t>(1 + random->Below(2'000'000)), currency);
    const auto rung = RingByLabel(goods, meaning);
    CHECK(rung.product.price.Times(rung.quantity, Rounding::kHalfUp)->Minor() == meaning.price->Minor());
  }
}
