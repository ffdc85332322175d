#include "app/domain/basket.h"

#include <catch2/catch.hpp>

#include "app/domain/errors.h"

using namespace evertill::domain;

namespace {

Currency Thb() {
  return *Currency::Find("THB");
}

Product MakeProduct(const std::string& barcode, const char* price, SellUnit unit = SellUnit::kEach) {
  return {.row = 1,
          .barcode = barcode,
          .sku = {},
          .name = "Product " + barcode,
          .names = {},
          .price = *Money::Parse(price, Thb()),
          .tax_code = {},
          .category = {},
          .unit = unit,
          .min_age = 0,
          .price_derived = false};
}

Basket MakeBasket() {
  return Basket(Thb(), DefaultTaxScheme(Thb()));
}

}  // namespace

TEST_CASE("Basket: the same product scanned twice in a row is two of it", "[domain][basket]") {
  Basket basket = MakeBasket();
  CHECK(basket.Add(MakeProduct("1", "49.75"), Quantity::Units(1)) == 1);
  CHECK(basket.Add(MakeProduct("1", "49.75"), Quantity::Units(1)) == 1);
  CHECK(basket.Add(MakeProduct("2", "10.00"), Quantity::Units(1)) == 2);
  CHECK(basket.Add(MakeProduct("1", "49.75"), Quantity::Units(1)) == 3);
  CHECK(basket.Lines()[0].quantity == Quantity::Units(2));
  CHECK(basket.Totals().total.ToDecimal() == "159.25");
  CHECK(basket.Totals().tax.ToDecimal() == "10.42");
  CHECK(basket.ItemCount() == 4);
}

TEST_CASE("Basket: a price that changed between two scans is a line of its own", "[domain][basket]") {
  Basket basket = MakeBasket();
  REQUIRE(basket.Add(MakeProduct("1", "49.75"), Quantity::Units(1)));
  CHECK(basket.Add(MakeProduct("1", "39.75"), Quantity::Units(1)) == 2);
}

TEST_CASE("Basket: weighed lines never merge and count as one item", "[domain][basket]") {
  Basket basket = MakeBasket();
  const Product banana = MakeProduct("B", "45.00", SellUnit::kKilogram);
  REQUIRE(basket.Add(banana, *Quantity::Parse("0.842")));
  REQUIRE(basket.Add(banana, *Quantity::Parse("1.5")));
  CHECK(basket.Lines().size() == 2);
  CHECK(basket.Totals().total.ToDecimal() == "105.39");
  CHECK(basket.ItemCount() == 2);
}

TEST_CASE("Basket: a refused change changes nothing", "[domain][basket]") {
  Basket basket = MakeBasket();
  REQUIRE(basket.Add(MakeProduct("1", "49.75"), Quantity::Units(2)));
  CHECK(basket.SetQuantity(1, Quantity()).error().Is(DomainErrc::kBadQuantity));
  CHECK(basket.SetQuantity(1, *Quantity::Parse("-1")).error().Is(DomainErrc::kBadQuantity));
  CHECK(basket.SetQuantity(1, *Quantity::Parse("1.5")).error().Is(DomainErrc::kBadQuantity));
  CHECK(basket.SetQuantity(2, Quantity::Units(1)).error().Is(DomainErrc::kNoSuchLine));
  CHECK(basket.SetQuantity(0, Quantity::Units(1)).error().Is(DomainErrc::kNoSuchLine));
  CHECK(basket.Remove(7).error().Is(DomainErrc::kNoSuchLine));
  CHECK(basket.Add(MakeProduct("9", "99999999999.00"), Quantity::Units(100)).error().Is(DomainErrc::kAmountTooLarge));
  CHECK(basket.Totals().total.ToDecimal() == "99.50");
  CHECK(basket.Lines().size() == 1);
}

TEST_CASE("Basket: removing a line renumbers those below", "[domain][basket]") {
  Basket basket = MakeBasket();
  for (const auto* code : {"1", "2", "3"}) REQUIRE(basket.Add(MakeProduct(code, "1.00"), Quantity::Units(1)));
  REQUIRE(basket.Remove(2));
  CHECK(basket.Lines()[1].barcode == "3");
  CHECK(basket.Lines()[1].number == 2);
}

TEST_CASE("Basket: holds a thousand lines and no more", "[domain][basket]") {
  Basket basket = MakeBasket();
  for (size_t i = 0; i < Basket::kMostLines; ++i) {
    REQUIRE(basket.Add(MakeProduct(std::to_string(i), "1.00"), Quantity::Units(1)));
  }
  CHECK(basket.Add(MakeProduct("x", "1.00"), Quantity::Units(1)).error().Is(DomainErrc::kBasketFull));
}

TEST_CASE("Basket: the highest age limit counts", "[domain][basket]") {
  Basket basket = MakeBasket();
  Product beer = MakeProduct("beer", "60.00");
  beer.min_age = 20;
  REQUIRE(basket.Add(MakeProduct("1", "1.00"), Quantity::Units(1)));
  CHECK(basket.AgeLimit() == 0);
  REQUIRE(basket.Add(beer, Quantity::Units(1)));
  CHECK(basket.AgeLimit() == 20);
}

TEST_CASE("Basket: tax on top where prices exclude it", "[domain][basket]") {
  const Currency usd = *Currency::Find("USD");
  Basket basket(usd, {TaxMode::kExclusive, TaxRounding::kPerLine, {{"S", 8875}}, "S"});
  Product item = MakeProduct("1", "1.00");
  item.price = *Money::Parse("10.00", usd);
  REQUIRE(basket.Add(item, Quantity::Units(1)));
  CHECK(basket.Totals().tax.ToDecimal() == "0.89");
  CHECK(basket.Totals().total.ToDecimal() == "10.89");
}
