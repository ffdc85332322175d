#include "app/checkout/counter.h"

#include <catch2/catch.hpp>

#include "app/domain/errors.h"
#include "tests/support/fake_ports.h"

using namespace evertill;
using checkout::CheckoutErrc;
using checkout::Counter;
using support::FakeTill;
using support::MakeProduct;

namespace {

FakeTill MakeTill() {
  FakeTill till;
  till.AddProduct(MakeProduct("8850999320014", "Water", "49.75"));
  till.AddProduct(MakeProduct("8850006341117", "Milk", "10.00"));
  domain::Product beer = MakeProduct("beer", "Beer", "60.00");
  beer.min_age = 20;
  till.AddProduct(beer);
  return till;
}

}  // namespace

TEST_CASE("Counter: three scans and exact cash are one saved sale", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter);
  for (int i = 0; i < 3; ++i) REQUIRE(counter->Scan("8850999320014"));
  REQUIRE(counter->TenderCash("exact"));
  REQUIRE(till.sales.size() == 1);
  const domain::Sale& sale = till.sales.front();
  CHECK(sale.totals.total.ToDecimal() == "149.25");
  CHECK(sale.change.IsZero());
  CHECK(sale.receipt.Value() == "L03-000001");
  CHECK(counter->Saved()->receipt.Value() == "L03-000001");
  CHECK(till.EventKinds() == std::vector<std::string>{"shift_open"});
  CHECK(till.kept.empty());
}

TEST_CASE("Counter: change is what was given less what was due", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter->Scan("8850999320014"));
  REQUIRE(counter->TenderCash("20.00"));
  CHECK(till.sales.empty());
  CHECK(counter->Due().ToDecimal() == "29.75");
  REQUIRE(counter->TenderCash("100"));
  REQUIRE(till.sales.size() == 1);
  CHECK(till.sales.front().change.ToDecimal() == "70.25");
  CHECK(till.sales.front().tenders.size() == 2);
}

TEST_CASE("Counter: the next scan starts a new sale", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter->Scan("8850999320014"));
  REQUIRE(counter->TenderCash("exact"));
  REQUIRE(counter->Scan("8850006341117"));
  CHECK_FALSE(counter->Saved());
  CHECK(counter->Basket().Lines().size() == 1);
  REQUIRE(counter->TenderCash("exact"));
  CHECK(till.sales[0].id != till.sales[1].id);
  CHECK(till.sales[1].receipt.Value() == "L03-000002");
}

TEST_CASE("Counter: an unknown code says so and leaves the saved sale on the screen", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter->Scan("8850999320014"));
  REQUIRE(counter->TenderCash("exact"));
  const auto scanned = counter->Scan("4006381333931");
  REQUIRE_FALSE(scanned);
  CHECK(scanned.error().Is(CheckoutErrc::kUnknownBarcode));
  CHECK(scanned.error().Detail() == "4006381333931");
  CHECK(counter->Saved());
}

TEST_CASE("Counter: an exact hit comes before another way to write the code", "[checkout]") {
  FakeTill till = MakeTill();
  till.AddProduct(MakeProduct("036000291452", "As UPC", "1.00"));
  auto counter = till.OpenCounter();
  REQUIRE(counter->Scan("0036000291452"));
  CHECK(counter->Basket().Lines().back().name == "As UPC");
  till.AddProduct(MakeProduct("0036000291452", "As EAN", "2.00"));
  REQUIRE(counter->Scan("0036000291452"));
  CHECK(counter->Basket().Lines().back().name == "As EAN");
}

TEST_CASE("Counter: a member earns on the net value, whenever they show the card", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter->Enrol("คุณสมชาย ใจดี", "081-234-5678", "th", {"points"}));
  REQUIRE(counter->VoidBasket());
  REQUIRE(counter->Scan("8850999320014"));
  REQUIRE(counter->SetQuantity(std::nullopt, "3"));
  const std::string card = till.members.front().card;
  const auto scanned = counter->Scan(card);
  REQUIRE(scanned);
  CHECK(*scanned == Counter::Scanned::kMember);
  CHECK(counter->Points().earned == 5);
  REQUIRE(counter->TenderCash("exact"));
  CHECK(till.sales.front().points.after == 5);
  CHECK(till.members.front().points == 5);
  REQUIRE(counter->AttachMember("0812345678"));
  CHECK(counter->Member()->points == 5);
  CHECK(counter->Basket().IsEmpty());
}

TEST_CASE("Counter: a sale that could not be saved is not lost and not paid", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter->Scan("8850999320014"));
  till.disk_full = true;
  CHECK_FALSE(counter->TenderCash("100.00"));
  CHECK_FALSE(counter->Saved());
  CHECK(counter->Tenders().empty());
  till.disk_full = false;
  REQUIRE(counter->TenderCash("100.00"));
  CHECK(till.sales.size() == 1);
}

TEST_CASE("Counter: refused money changes nothing", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  CHECK(counter->TenderCash("exact").error().Is(CheckoutErrc::kNothingToPay));
  REQUIRE(counter->Scan("8850999320014"));
  CHECK(counter->TenderCash("0").error().Is(CheckoutErrc::kBadTender));
  CHECK(counter->TenderCash("-5.00").error().Is(CheckoutErrc::kBadTender));
  CHECK(counter->TenderCash("5,00").error().Is(domain::DomainErrc::kBadAmount));
  CHECK(counter->Due().ToDecimal() == "49.75");
}

TEST_CASE("Counter: once money was taken, the basket stays as it is", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter->Scan("8850999320014"));
  REQUIRE(counter->TenderCash("10.00"));
  CHECK(counter->SetQuantity(1, "2").error().Is(CheckoutErrc::kNotAllowed));
  CHECK(counter->VoidLine(1).error().Is(CheckoutErrc::kNotAllowed));
  REQUIRE(counter->VoidBasket());
  CHECK(till.events.back().core.kind == "void_basket");
  CHECK(till.events.back().ext.find("\"paid_back\":1000") != std::string::npos);
}

TEST_CASE("Counter: alcohol waits for the age check", "[checkout]") {
  FakeTill till = MakeTill();
  auto counter = till.OpenCounter();
  REQUIRE(counter->Scan("beer"));
  CHECK(counter->TenderCash("exact").error().Is(CheckoutErrc::kAgeCheckNeeded));
  REQUIRE(counter->ConfirmAge());
  CHECK(counter->TenderCash("exact"));
}

TEST_CASE("Counter: nobody sells without signing in and counting the float", "[checkout]") {
  FakeTill till = MakeTill();
  till.cashiers.push_back(
      {{domain::CashierId(till.members.empty() ? base::Uuid{{1}} : base::Uuid{}), "nok", checkout::Role::kCashier},
       "1234"});
  auto counter = till.OpenCounter(false);
  CHECK(counter->Scan("8850999320014").error().Is(CheckoutErrc::kNotSignedIn));
  CHECK(counter->SignIn("nok", "9999").error().Is(CheckoutErrc::kWrongPin));
  REQUIRE(counter->SignIn("nok", "1234"));
  REQUIRE(counter->Scan("8850999320014"));
  CHECK(counter->TenderCash("exact").error().Is(CheckoutErrc::kNoShift));
  CHECK_FALSE(counter->OpenShift("-1.00"));
  REQUIRE(counter->OpenShift("1000.00"));
  CHECK(counter->OpenShift("1000.00").error().Is(CheckoutErrc::kShiftOpen));
  REQUIRE(counter->TenderCash("exact"));
  CHECK(till.sales.front().cashier_name == "nok");
  REQUIRE(counter->Lock());
  CHECK(counter->Scan("8850999320014").error().Is(CheckoutErrc::kNotSignedIn));
}

TEST_CASE("Counter: a basket comes back after a kill, but not when its sale was saved", "[checkout]") {
  FakeTill till = MakeTill();
  std::string kept;
  {
    auto counter = till.OpenCounter();
    REQUIRE(counter->Enrol("Nguyễn Văn A", "0912345678", "vi", {}));
    REQUIRE(counter->Scan("8850999320014"));
    REQUIRE(counter->Scan("8850006341117"));
    REQUIRE(counter->SetQuantity(1, "4"));
    REQUIRE(counter->TenderCash("5.00"));
    kept = till.kept;
  }
  till.products.clear();  // the kept basket needs no catalogue
  auto counter = till.OpenCounter();
  REQUIRE(counter);
  CHECK(counter->Basket().Totals().total.ToDecimal() == "209.00");
  CHECK(counter->Due().ToDecimal() == "204.00");
  CHECK(counter->Member()->name == "Nguyễn Văn A");
  REQUIRE(counter->TenderCash("exact"));
  till.kept = kept;  // killed after the commit and before the keeper was cleared
  auto again = till.OpenCounter();
  CHECK(again->Basket().IsEmpty());
  till.kept = "{\"broken";
  CHECK(till.OpenCounter()->Basket().IsEmpty());
}
