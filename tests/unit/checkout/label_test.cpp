#include <catch2/catch.hpp>

#include "app/checkout/counter.h"
#include "app/domain/errors.h"
#include "app/domain/sale_codec.h"
#include "tests/support/fake_ports.h"

using namespace evertill;
using checkout::CheckoutErrc;
using support::FakeTill;
using support::MakeProduct;

namespace {

using Meaning = domain::ScanPattern::Meaning;

std::string Ean(const std::string& twelve) {
  return twelve + *domain::CheckDigit(twelve);
}

/// A shop that weighs prawns (number 12345) and mangoes (written with zeros), and sells pharmacy goods.
FakeTill MakeTill() {
  FakeTill till;
  domain::Product prawns = MakeProduct("12345", "Prawns", "380.00");
  prawns.unit = domain::SellUnit::kKilogram;
  till.AddProduct(prawns);
  domain::Product mangoes = MakeProduct(Ean("230004200000"), "Mangoes", "60.00");
  mangoes.unit = domain::SellUnit::kKilogram;
  till.AddProduct(mangoes);
  till.AddProduct(MakeProduct("9506000134352", "Vitamins", "120.00"));
  return till;
}

base::Expected<checkout::Counter> OpenCounter(FakeTill& till) {
  checkout::TillIdentity identity = till.Identity();
  identity.patterns = {{Meaning::kWeight, "21.....{NNDDD}"}, {Meaning::kPrice, "23.....{NNNDD}"}};
  return checkout::Counter::Open(identity, domain::DefaultTaxScheme(support::Thb()),
                                 {till, till, till, till, till, till, till.rights, nullptr, till.clock, *till.random});
}

}  // namespace

TEST_CASE("Labels: a weight label rings up that weight", "[checkout][labels]") {
  FakeTill till = MakeTill();
  auto counter = OpenCounter(till);
  REQUIRE(counter);
  REQUIRE(counter->Scan(Ean("211234500842")));
  const auto& line = counter->Basket().Lines().back();
  CHECK(line.name == "Prawns");
  CHECK(line.quantity.ToString() == "0.842");
  CHECK(line.total.ToDecimal() == "319.96");
}

TEST_CASE("Labels: a price label's line costs what the label says", "[checkout][labels]") {
  FakeTill till = MakeTill();
  auto counter = OpenCounter(till);
  REQUIRE(counter->Scan(Ean("230004204975")));
  CHECK(counter->Basket().Lines().back().name == "Mangoes");
  CHECK(counter->Basket().Totals().total.ToDecimal() == "49.75");
  CHECK(counter->Basket().Lines().back().quantity.ToString() == "0.8292");
}

TEST_CASE("Labels: two packs are two lines, and each has its own weight", "[checkout][labels]") {
  FakeTill till = MakeTill();
  auto counter = OpenCounter(till);
  REQUIRE(counter->Scan(Ean("211234500842")));
  REQUIRE(counter->Scan(Ean("211234500500")));
  CHECK(counter->Basket().Lines().size() == 2);
  CHECK(counter->Basket().Totals().total.ToDecimal() == "509.96");
}

TEST_CASE("Labels: without a pattern, or with a wrong digit, such a code is unknown", "[checkout][labels]") {
  FakeTill till = MakeTill();
  auto plain = till.OpenCounter();
  CHECK(plain->Scan(Ean("211234500842")).error().Is(CheckoutErrc::kUnknownBarcode));
  auto counter = OpenCounter(till);
  CHECK(counter->Scan(Ean("219999900842")).error().Is(CheckoutErrc::kUnknownBarcode));
  std::string broken = Ean("211234500842");
  broken.back() = broken.back() == '0' ? '1' : '0';
  CHECK(counter->Scan(broken).error().Is(CheckoutErrc::kUnknownBarcode));
  CHECK(counter->Scan(Ean("211234500000")).error().Is(domain::DomainErrc::kBadBarcode));
  CHECK(counter->Basket().IsEmpty());
}

TEST_CASE("Labels: lot, serial number and expiry go with the line, through a kill and into the journal",
          "[checkout][labels]") {
  FakeTill till = MakeTill();
  const std::string code =
      "]d20109506000134352"
      "17301231"
      "10AB-7\x1D"
      "21S1";
  {
    auto counter = OpenCounter(till);
    REQUIRE(counter->Scan(code));
    REQUIRE(counter->Scan(code));
    REQUIRE(counter->Scan("9506000134352"));
    REQUIRE(counter->Basket().Lines().size() == 2);
    CHECK(counter->Basket().Lines().front().quantity.ToString() == "2");
  }
  auto counter = OpenCounter(till);
  const domain::GoodsTrace trace{"AB-7", "S1", "2030-12-31"};
  REQUIRE(counter->Basket().Lines().size() == 2);
  CHECK(counter->Basket().Lines().front().trace == trace);
  REQUIRE(counter->TenderCash("exact"));
  const std::string ext = domain::EncodeSaleExt(till.sales.front());
  CHECK(ext.find(R"("lot":"AB-7","serial":"S1","expiry":"2030-12-31")") != std::string::npos);
  CHECK(till.sales.front().lines.back().trace == domain::GoodsTrace{});
}

TEST_CASE("Labels: goods are refused from the day after the one on them", "[checkout][labels]") {
  FakeTill till = MakeTill();
  till.clock.Set(base::FromUnixMillis(1'795'305'600'000));  // 2026-11-22 00:00 UTC; the 21st or 22nd anywhere
  auto counter = OpenCounter(till);
  const auto refused = counter->Scan(
      "]C10109506000134352"
      "17261120");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(CheckoutErrc::kGoodsExpired));
  CHECK(refused.error().Detail() == "2026-11-20");
  CHECK(counter->Scan("(01)09506000134352(16)261120").error().Is(CheckoutErrc::kGoodsExpired));
  CHECK(counter->Scan("(01)09506000134352(7003)2611201200").error().Is(CheckoutErrc::kGoodsExpired));
  CHECK(counter->Basket().IsEmpty());
  CHECK(counter->Scan("(01)09506000134352(15)261120"));  // best before is no last day of sale
  CHECK(counter->Scan("(01)09506000134352(17)261123"));
  CHECK(counter->Scan("https://a.example/01/09506000134352?17=261200"));
  CHECK(counter->Basket().ItemCount() == 3);
  // Unknown goods are unknown first.
  CHECK(counter->Scan("(01)09520123456788(17)261120").error().Is(CheckoutErrc::kUnknownBarcode));
}

TEST_CASE("Labels: a member's card is still a member's card", "[checkout][labels]") {
  FakeTill till = MakeTill();
  auto counter = OpenCounter(till);
  REQUIRE(counter->Enrol("Nok", "0812345678", "th", {}));
  REQUIRE(counter->VoidBasket());
  const auto scanned = counter->Scan(till.members.front().card);
  REQUIRE(scanned);
  CHECK(*scanned == checkout::Counter::Scanned::kMember);
  CHECK(counter->Scan("https://hq.example/r#L03-000001").error().Is(CheckoutErrc::kUnknownBarcode));
}
