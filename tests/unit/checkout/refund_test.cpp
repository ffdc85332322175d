#include <algorithm>
#include <catch2/catch.hpp>

#include "app/checkout/counter.h"
#include "app/domain/errors.h"
#include "app/loyalty/errors.h"
#include "tests/support/fake_ports.h"

using namespace evertill;
using checkout::CardLevel;
using checkout::CheckoutErrc;
using checkout::Counter;
using loyalty::LoyaltyErrc;
using support::FakeTill;
using support::MakeProduct;

namespace {

const std::string kCard = "EV1" + std::string(138, 'A');

/// A till that has sold three waters and a rice to a member, who paid 500 points and cash.
struct Shop {
  FakeTill till;
  domain::MemberId member{*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000aa")};
  Counter counter;

  Shop() : counter(Make()) {
    till.rights.cards[kCard] = {member, CardLevel::kSigned, "0123456789abcdef"};
    till.rights.members[member] = {500, 500, "", 0};
    REQUIRE(counter.Scan("8850999320014"));
    REQUIRE(counter.SetQuantity({}, "3"));
    REQUIRE(counter.Scan("8850000000017"));
    REQUIRE(counter.AttachMember(kCard));
    REQUIRE(counter.Redeem("500"));
    REQUIRE(counter.TenderCash("exact"));  // 348.25, of which 50.00 in points; earns 11
  }
  Counter Make() {
    till.AddProduct(MakeProduct("8850999320014", "Water", "49.75"));
    till.AddProduct(MakeProduct("8850000000017", "Rice", "199.00"));
    till.members.push_back({.id = member,
                            .name = "Linh",
                            .phone = "",
                            .card = "1234567890123456",
                            .language = "vi",
                            .consents = {},
                            .points = 500,
                            .provisional = false,
                            .as_of = {}});
    return std::move(*till.OpenCounter());
  }
};

}  // namespace

TEST_CASE("Refund: a whole receipt goes back to what it was paid with, and its points with it", "[checkout][refund]") {
  Shop shop;
  REQUIRE(shop.counter.Refund("L03-000001", {}));
  CHECK(shop.counter.Due().ToDecimal() == "-298.25");
  CHECK(shop.counter.Paid().ToDecimal() == "-50.00");
  CHECK(shop.counter.Scan("8850999320014").error().Is(CheckoutErrc::kNotAllowed));
  REQUIRE(shop.counter.TenderCash("exact"));
  REQUIRE(shop.till.sales.size() == 2);
  const domain::Sale& sale = shop.till.sales[0];
  const domain::Sale& refund = shop.till.sales[1];
  CHECK(domain::SaleKind(refund) == "refund");
  CHECK(refund.refund->sale == sale.id);
  CHECK(refund.totals.total == -sale.totals.total);
  CHECK(refund.totals.tax == -sale.totals.tax);
  CHECK(refund.points.earned == -11);
  CHECK(refund.points.spent == -500);
  CHECK(refund.points.after == 500);
  CHECK(refund.lines.front().quantity.ToString() == "-3");
  int64_t pending = 0;
  for (const auto& posting : shop.till.postings[1]) {
    if (posting.account == "PENDING") pending += posting.amount;
    CHECK(posting.account != "AVAIL");
  }
  CHECK(pending == 500);
  // Once, here and after a restart.
  CHECK(shop.counter.Refund("L03-000001", {}).error().Is(LoyaltyErrc::kRefundTooMuch));
  CHECK(shop.till.OpenCounter()->Refund("L03-000001", {}).error().Is(LoyaltyErrc::kRefundTooMuch));
  CHECK(shop.counter.Refund("L03-000002", {}).error().Is(CheckoutErrc::kNotAllowed));
}

TEST_CASE("Refund: parts add up to the whole, and one more piece is refused", "[checkout][refund]") {
  Shop shop;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(shop.counter.Refund("L03-000001", {{1, "1"}}));
    REQUIRE(shop.counter.TenderCash("exact"));
  }
  CHECK(shop.counter.Refund("L03-000001", {{1, "1"}}).error().Is(LoyaltyErrc::kRefundTooMuch));
  CHECK(shop.counter.Refund("L03-000001", {{2, "2"}}).error().Is(LoyaltyErrc::kRefundTooMuch));
  REQUIRE(shop.counter.Refund("L03-000001", {}));  // the rest
  REQUIRE(shop.counter.TenderCash("exact"));
  const domain::Sale& sale = shop.till.sales[0];
  domain::Money total = sale.totals.total;
  domain::Money tax = sale.totals.tax;
  domain::Money cash = domain::Money::Zero(total.GetCurrency());
  int64_t earned = sale.points.earned;
  int64_t spent = sale.points.spent;
  for (size_t i = 0; i < shop.till.sales.size(); ++i) {
    const auto& each = shop.till.sales[i];
    for (const auto& tender : each.tenders) cash += tender.amount;
    if (i == 0) continue;
    total += each.totals.total;
    tax += each.totals.tax;
    earned += each.points.earned;
    spent += each.points.spent;
  }
  CHECK(total.IsZero());
  CHECK(tax.IsZero());
  CHECK(cash.IsZero());
  CHECK(earned == 0);
  CHECK(spent == 0);
}

TEST_CASE("Refund: what cannot be refunded is refused and changes nothing", "[checkout][refund]") {
  Shop shop;
  CHECK(shop.counter.Refund("L03-000009", {}).error().Is(CheckoutErrc::kReceiptNotFound));
  CHECK(shop.counter.Refund("L03-000001", {{3, ""}}).error().Is(CheckoutErrc::kNoLine));
  CHECK(shop.counter.Refund("L03-000001", {{1, "0.5"}}).error().Is(domain::DomainErrc::kBadQuantity));
  CHECK(shop.counter.Refund("L03-000001", {{1, "-1"}}).error().Is(domain::DomainErrc::kBadQuantity));
  CHECK(shop.counter.Refund("L03-000001", {{1, "1"}, {1, "1"}}).error().Is(LoyaltyErrc::kRefundTooMuch));
  CHECK(shop.counter.Saved());
  REQUIRE(shop.counter.Scan("8850999320014"));
  CHECK(shop.counter.Refund("L03-000001", {}).error().Is(CheckoutErrc::kNotAllowed));
  REQUIRE(shop.counter.VoidBasket());
  REQUIRE(shop.counter.Refund("L03-000001", {{2, ""}}));
  CHECK(shop.counter.TenderCash("1.00").error().Is(CheckoutErrc::kBadTender));
  REQUIRE(shop.counter.VoidBasket());
  CHECK_FALSE(shop.counter.Refunding());
  CHECK(shop.till.sales.size() == 1);
  REQUIRE(shop.counter.Scan("8850999320014"));
}

TEST_CASE("Refund: of earned points that are spent already, their worth is kept back", "[checkout][refund]") {
  Shop shop;
  shop.till.members.front().points = 4;  // of the 11 that the sale earned
  REQUIRE(shop.counter.Refund("L03-000001", {}));
  CHECK(shop.counter.Points().withheld == 7);
  CHECK(shop.counter.Points().after == 4 - 11 + 500 + 7);
  CHECK(shop.counter.Due().ToDecimal() == "-297.55");  // 7 points are worth 0.70
  REQUIRE(shop.counter.TenderCash("exact"));
  const domain::Sale& refund = shop.till.sales[1];
  REQUIRE(refund.tenders.size() == 3);
  CHECK(refund.tenders[1].kind == domain::TenderKind::kPoints);
  CHECK(refund.tenders[1].amount.ToDecimal() == "-0.70");
  CHECK(refund.tenders[2].amount.ToDecimal() == "-297.55");
  const auto& postings = shop.till.postings[1];
  const domain::Posting from{"ADJUST", "", "", -7};
  const domain::Posting to{"AVAIL", "withheld", refund.refund->sale.ToString(), 7};
  CHECK(std::count(postings.begin(), postings.end(), from) == 1);
  CHECK(std::count(postings.begin(), postings.end(), to) == 1);
  // No debt is left by the refund: 500 come back, and nothing else is owed.
  CHECK(shop.till.members.front().points == 500);
}

TEST_CASE("Refund: a member who owes nothing gets all the money, one who owes pays for all that was earned",
          "[checkout][refund]") {
  Shop shop;
  SECTION("owns just what is taken back") {
    shop.till.members.front().points = 11;
    REQUIRE(shop.counter.Refund("L03-000001", {}));
    CHECK(shop.counter.Points().withheld == 0);
    CHECK(shop.counter.Due().ToDecimal() == "-298.25");
  }
  SECTION("owes") {
    shop.till.members.front().points = -300;
    REQUIRE(shop.counter.Refund("L03-000001", {}));
    CHECK(shop.counter.Points().withheld == 11);
    CHECK(shop.counter.Due().ToDecimal() == "-297.15");
  }
}

TEST_CASE("Refund: at a till without head office what is given back can be spent at once", "[checkout][refund]") {
  Shop shop;
  shop.till.rights.refunded[shop.till.sales[0].id].only_ledger = true;
  REQUIRE(shop.counter.Refund("L03-000001", {}));
  REQUIRE(shop.counter.TenderCash("exact"));
  int64_t local = 0;
  for (const auto& posting : shop.till.postings[1]) {
    CHECK(posting.account != "PENDING");
    if (posting.account == "LOCAL" && posting.lot == "lot1") local += posting.amount;
  }
  CHECK(local == 500);
}
