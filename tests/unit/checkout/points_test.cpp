#include <catch2/catch.hpp>

#include "app/checkout/counter.h"
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
const std::string kPhone = "EV2" + std::string(146, 'A');

/// A till where one member has 1,240 points, 500 of which it may spend without asking. 10 points are worth 1 baht.
struct Shop {
  FakeTill till;
  domain::MemberId member{*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000aa")};

  Shop() {
    till.AddProduct(MakeProduct("8850999320014", "Water", "49.75"));
    till.AddProduct(MakeProduct("8850006341117", "Milk", "10.00"));
    till.AddProduct(MakeProduct("8850000000017", "Rice", "199.00"));
    till.members.push_back({.id = member,
                            .name = "คุณสมชาย ใจดี",
                            .phone = "0812345678",
                            .card = "1234567890123456",
                            .language = "th",
                            .consents = {},
                            .points = 1240,
                            .provisional = false,
                            .as_of = {}});
    till.rights.members[member] = {500, 1240, "", 0};
    till.rights.cards[kCard] = {member, CardLevel::kSigned, "0123456789abcdef"};
    till.rights.cards[kPhone] = {member, CardLevel::kPhone, "0123456789abcdef"};
  }
  Counter Open() { return std::move(*till.OpenCounter()); }
};

int64_t Sum(const std::vector<int64_t>& numbers) {
  int64_t sum = 0;
  for (const int64_t number : numbers) sum += number;
  return sum;
}

}  // namespace

TEST_CASE("Points: lower what is due, never the tax, and earn nothing", "[checkout][points]") {
  Shop shop;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.Scan("8850006341117"));
  const auto tax = counter.Basket().Totals().tax;
  const auto scanned = counter.Scan(kCard);
  REQUIRE(scanned);
  CHECK(*scanned == Counter::Scanned::kMember);
  CHECK(counter.Points().earned == 8);
  REQUIRE(counter.Redeem("500"));
  CHECK(counter.Due().ToDecimal() == "159.00");
  CHECK(counter.Basket().Totals().tax == tax);
  CHECK(counter.Points().spent == 500);
  CHECK(counter.Points().earned == 6);
  REQUIRE(counter.TenderCash("200"));
  const domain::Sale& sale = shop.till.sales.front();
  CHECK(sale.change.ToDecimal() == "41.00");
  REQUIRE(sale.tenders.size() == 2);
  CHECK(sale.tenders[0].kind == domain::TenderKind::kPoints);
  CHECK(sale.tenders[0].amount.ToDecimal() == "50.00");
  CHECK(sale.tenders[0].given == sale.tenders[0].amount);
  CHECK(sale.points.after == 1240 + 6 - 500);
  CHECK(Sum(sale.points.line_spent) == 500);
  CHECK(Sum(sale.points.line_earned) == 6);
  CHECK(sale.points.line_spent.size() == 2);
  CHECK(sale.points.active_ms == base::ToUnixMillis(shop.till.clock.Now()));
  CHECK(loyalty::MemberDelta(shop.till.postings.front()) == 6 - 500);
  CHECK(shop.till.rights.members[shop.member].held == 0);
}

TEST_CASE("Points: one more than can be spent is refused and changes nothing", "[checkout][points]") {
  Shop shop;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("100"));
  const auto refused = counter.Redeem("501");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(LoyaltyErrc::kNotEnoughHere));
  CHECK(refused.error().Detail() == "500");
  CHECK(counter.Points().spent == 100);
  for (const char* bad : {"-1", "1.5", "", "99999999999999999999", "all"}) {
    CHECK(counter.Redeem(bad).error().Is(LoyaltyErrc::kBadPoints));
  }
  REQUIRE(counter.Redeem("500"));
  CHECK(counter.Due().ToDecimal() == "149.00");
}

TEST_CASE("Points: max takes the fewest that cover what is due, and pays no more than it", "[checkout][points]") {
  Shop shop;
  Counter counter = shop.Open();
  domain::Product odd = MakeProduct("odd", "Odd", "10.05");
  shop.till.AddProduct(odd);
  REQUIRE(counter.Scan("odd"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("max"));
  CHECK(counter.Points().spent == 101);  // 101 points are worth 10.10
  CHECK(counter.Tenders().front().amount.ToDecimal() == "10.05");
  CHECK(counter.Due().IsZero());
  CHECK(counter.Points().earned == 0);
  REQUIRE(counter.TenderCash("exact"));
  const domain::Sale& sale = shop.till.sales.front();
  CHECK(sale.tenders.size() == 1);
  CHECK(sale.points.spent == 101);
  CHECK(sale.points.line_earned.empty());
  CHECK(sale.points.active_ms == 0);
  CHECK(sale.change.IsZero());
}

TEST_CASE("Points: max spends no more than can be spent here", "[checkout][points]") {
  Shop shop;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("max"));
  CHECK(counter.Points().spent == 500);
  CHECK(counter.Here()->elsewhere == 740);
}

TEST_CASE("Points: a basket that shrinks or grows keeps what still fits", "[checkout][points]") {
  Shop shop;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850006341117"));
  REQUIRE(counter.Scan("8850999320014"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("max"));
  CHECK(counter.Points().spent == 500);
  REQUIRE(counter.VoidLine(2));
  CHECK(counter.Points().spent == 100);
  CHECK(counter.Due().IsZero());
  CHECK(shop.till.rights.reserved.begin()->second == 100);
  REQUIRE(counter.Scan("8850006341117"));
  CHECK(counter.Points().spent == 100);
  CHECK(counter.Due().ToDecimal() == "10.00");
  REQUIRE(counter.VoidLine(1));
  CHECK(counter.Points().spent == 0);
  CHECK(shop.till.rights.reserved.empty());
}

TEST_CASE("Points: taken back by 0, by another member, by voiding", "[checkout][points]") {
  Shop shop;
  shop.till.members.push_back(shop.till.members.front());
  shop.till.members.back().id = domain::MemberId(*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000bb"));
  shop.till.members.back().phone = "0899999999";
  Counter counter = shop.Open();
  CHECK(counter.Redeem("max").error().Is(CheckoutErrc::kNothingToPay));
  REQUIRE(counter.Scan("8850000000017"));
  CHECK(counter.Redeem("max").error().Is(CheckoutErrc::kNoMember));
  CHECK(counter.Redeem("0").error().Is(CheckoutErrc::kNoPointsUsed));
  REQUIRE(counter.AttachMember("0812345678"));
  REQUIRE(counter.Redeem("max"));
  REQUIRE(counter.Redeem("0"));
  CHECK(counter.Due().ToDecimal() == "199.00");
  CHECK(shop.till.rights.reserved.empty());
  REQUIRE(counter.Redeem("max"));
  REQUIRE(counter.AttachMember("0812345678"));  // shown again: nothing changes
  CHECK(counter.Points().spent == 500);
  REQUIRE(counter.AttachMember("0899999999"));
  CHECK(counter.Points().spent == 0);
  CHECK(shop.till.rights.reserved.empty());
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("max"));
  REQUIRE(counter.DetachMember());
  CHECK(counter.Due().ToDecimal() == "199.00");
  CHECK(shop.till.rights.reserved.empty());
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("max"));
  REQUIRE(counter.VoidBasket());
  CHECK(shop.till.rights.reserved.empty());
}

TEST_CASE("Points: a told number is not enough where a card is needed; a better card is kept", "[checkout][points]") {
  Shop shop;
  shop.till.rights.lowest = CardLevel::kSigned;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember("0812345678"));
  CHECK(counter.Level() == CardLevel::kNone);
  CHECK(counter.Redeem("max").error().Is(CheckoutErrc::kCardNeeded));
  REQUIRE(counter.Scan(kPhone));
  CHECK(counter.Level() == CardLevel::kPhone);
  REQUIRE(counter.AttachMember("0812345678"));
  CHECK(counter.Level() == CardLevel::kPhone);
  REQUIRE(counter.Redeem("max"));
  CHECK(counter.Scan("EV1" + std::string(138, 'B')).error().Is(CheckoutErrc::kCardForged));
  CHECK(counter.Points().spent == 500);
}

TEST_CASE("Points: a PIN is asked once for each attachment and counted", "[checkout][points]") {
  Shop shop;
  shop.till.rights.members[shop.member].pin = "2468";
  Counter counter = shop.Open();
  CHECK(counter.EnterPin("2468").error().Is(CheckoutErrc::kNoMember));
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  CHECK(counter.Redeem("max").error().Is(CheckoutErrc::kPinNeeded));
  const auto wrong = counter.EnterPin("0000");
  CHECK(wrong.error().Is(CheckoutErrc::kPinWrong));
  CHECK(wrong.error().Detail() == "2");
  CHECK(counter.Redeem("max").error().Is(CheckoutErrc::kPinNeeded));
  REQUIRE(counter.EnterPin("2468"));
  REQUIRE(counter.Redeem("max"));
  REQUIRE(counter.Redeem("100"));  // still good
  REQUIRE(counter.TenderCash("exact"));
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  CHECK(counter.Redeem("max").error().Is(CheckoutErrc::kPinNeeded));
  for (int i = 0; i < 3; ++i) CHECK_FALSE(counter.EnterPin("0000"));
  CHECK(counter.EnterPin("2468").error().Is(CheckoutErrc::kPinLocked));
}

TEST_CASE("Points: head office is asked first and pays from its hold", "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.available = 740;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("700"));
  CHECK(shop.till.rights.journal == std::vector<std::string>{"reserve 700"});
  REQUIRE(counter.TenderCash("exact"));
  const auto& postings = shop.till.postings.front();
  const auto hold =
      std::find_if(postings.begin(), postings.end(), [](const auto& posting) { return posting.account == "HOLD"; });
  REQUIRE(hold != postings.end());
  CHECK(hold->source == shop.till.sales.front().id.ToString());
  CHECK(hold->amount == -700);
}

TEST_CASE("Points: a question that is lost falls back to the rights held, under the same event", "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.answers = false;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("400"));
  REQUIRE(shop.till.rights.asked.size() == 1);
  const domain::EventId asked = *shop.till.rights.asked.begin();
  REQUIRE(counter.TenderCash("exact"));
  CHECK(shop.till.sales.front().id == asked);
  CHECK(shop.till.rights.members[shop.member].held == 100);
}

TEST_CASE("Points: when head office says no, the rights held still pay; if not enough, it is said",
          "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.available = 30;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("400"));
  CHECK(counter.Points().spent == 400);
  const auto refused = counter.Redeem("531");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(CheckoutErrc::kNotEnoughOnline));
  CHECK(refused.error().Detail() == "530");
  CHECK(counter.Points().spent == 400);
  REQUIRE(counter.Redeem("max"));  // 500 held here and 30 from head office
  CHECK(counter.Points().spent == 530);
  REQUIRE(counter.TenderCash("exact"));
  const auto sum = [&](const char* account) {
    int64_t points = 0;
    for (const auto& posting : shop.till.postings.front()) {
      if (posting.account == account) points += posting.amount;
    }
    return points;
  };
  CHECK(sum("HOLD") == -30);
  CHECK(sum("ESCROW") == -500);
  CHECK(sum("REDEEMED") == 530);
}

TEST_CASE("Points: a hold taken back is given up under its event, and more is held under another",
          "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.available = 740;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850006341117"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("max"));
  CHECK(counter.Points().spent == 100);
  REQUIRE(counter.Redeem("0"));
  REQUIRE(counter.Redeem("max"));  // the hold is still there: no second question
  CHECK(shop.till.rights.journal.size() == 1);
  REQUIRE(counter.Scan("8850000000017"));
  CHECK(counter.Points().spent == 100);
  REQUIRE(counter.Redeem("640"));
  CHECK(counter.Points().spent == 640);
  CHECK(shop.till.rights.journal == std::vector<std::string>{"reserve 100", "reserve 640", "abandon"});
  const domain::EventId kept = *shop.till.rights.asked.begin();
  CHECK_FALSE(shop.till.rights.given_up.contains(kept));
  REQUIRE(counter.TenderCash("exact"));
  CHECK(shop.till.sales.front().id == kept);
}

TEST_CASE("Points: more than can be held leaves the hold as it is", "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.available = 740;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("600"));
  CHECK_FALSE(counter.Redeem("1240"));
  CHECK(counter.Points().spent == 600);
  REQUIRE(counter.TenderCash("exact"));
  CHECK(shop.till.sales.front().points.spent == 600);
}

TEST_CASE("Points: rights that are gone at the last moment leave the basket as it was", "[checkout][points]") {
  Shop shop;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  REQUIRE(counter.Redeem("max"));
  shop.till.rights.gone = true;
  CHECK(counter.TenderCash("exact").error().Is(CheckoutErrc::kRightsGone));
  CHECK_FALSE(counter.Saved());
  CHECK(counter.Points().spent == 0);
  CHECK(counter.Due().ToDecimal() == "199.00");
  shop.till.rights.gone = false;
  REQUIRE(counter.TenderCash("exact"));
}

TEST_CASE("Points: a killed till comes back with what was redeemed, and frees what is not its basket's",
          "[checkout][points]") {
  Shop shop;
  {
    Counter counter = shop.Open();
    REQUIRE(counter.Scan("8850000000017"));
    REQUIRE(counter.AttachMember(kCard));
    REQUIRE(counter.Redeem("300"));
  }
  shop.till.rights.reserved[domain::EventId(*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000cc"))] = 50;
  {
    Counter counter = shop.Open();
    CHECK(counter.Points().spent == 300);
    CHECK(counter.Level() == CardLevel::kSigned);
    CHECK(counter.Due().ToDecimal() == "169.00");
    CHECK(shop.till.rights.reserved.size() == 1);
  }
  shop.till.rights.members[shop.member].held = 10;
  Counter counter = shop.Open();
  CHECK(counter.Points().spent == 0);
  CHECK(counter.Due().ToDecimal() == "199.00");
}

TEST_CASE("Points: what a full disk kept from being given back can be spent once there is room", "[checkout][points]") {
  Shop shop;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.Scan(kCard));
  REQUIRE(counter.Redeem("500"));
  shop.till.rights.disk_full = true;
  REQUIRE(counter.VoidBasket());
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.Scan(kCard));
  REQUIRE(counter.Here());
  CHECK(counter.Here()->here == 0);
  shop.till.rights.disk_full = false;
  CHECK(counter.Here()->here == 500);
  CHECK(counter.Redeem("500"));
}

TEST_CASE("Checkout: names of errors stand at their codes", "[checkout]") {
  CHECK(base::Error(CheckoutErrc::kUnknownBarcode).Name() == "unknown_barcode");
  CHECK(base::Error(CheckoutErrc::kNoLine).Name() == "no_line");
  CHECK(base::Error(CheckoutErrc::kBadCashier).Name() == "bad_cashier");
  CHECK(base::Error(CheckoutErrc::kCardForged).Name() == "card_forged");
  CHECK(base::Error(CheckoutErrc::kPinUnknownHere).Name() == "pin_unknown_here");
  CHECK(base::Error(CheckoutErrc::kNotEnoughOnline).Name() == "not_enough_points");
}

TEST_CASE("Points: a hold survives a kill; one that was given up after the basket was kept does not",
          "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.available = 740;
  std::string kept;
  {
    Counter counter = shop.Open();
    REQUIRE(counter.Scan("8850000000017"));
    REQUIRE(counter.AttachMember(kCard));
    REQUIRE(counter.Redeem("700"));
    kept = shop.till.kept;
  }
  const domain::EventId held = *shop.till.rights.asked.begin();
  {
    Counter counter = shop.Open();
    CHECK(counter.Points().spent == 700);
    CHECK(shop.till.rights.asked.contains(held));
    REQUIRE(counter.DetachMember());  // gives the hold up
    CHECK(shop.till.rights.given_up.contains(held));
  }
  shop.till.kept = kept;  // a power cut brought an older basket back
  Counter counter = shop.Open();
  CHECK(counter.Points().spent == 0);
  CHECK(counter.Due().ToDecimal() == "199.00");
  REQUIRE(counter.TenderCash("exact"));
  CHECK(loyalty::MemberDelta(shop.till.postings.back()) > 0);
}

TEST_CASE("Points: a member with a PIN spends nothing at a till that cannot check it", "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.available = 740;
  shop.till.rights.members[shop.member].pin_not_here = true;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  CHECK(counter.Redeem("100").error().Is(CheckoutErrc::kPinUnknownHere));
  CHECK(counter.Redeem("max").error().Is(CheckoutErrc::kPinUnknownHere));
  CHECK(shop.till.reserver.holds.empty());
  // Its hash has come with a round.
  shop.till.rights.members[shop.member].pin_not_here = false;
  shop.till.rights.members[shop.member].pin = "2468";
  CHECK(counter.Redeem("100").error().Is(CheckoutErrc::kPinNeeded));
  REQUIRE(counter.EnterPin("2468"));
  REQUIRE(counter.Redeem("100"));
}

TEST_CASE("Points: are provisional until head office has answered this program", "[checkout][points]") {
  Shop shop;
  shop.till.enrolled = true;
  shop.till.reserver.available = 740;
  Counter counter = shop.Open();
  REQUIRE(counter.Scan("8850000000017"));
  REQUIRE(counter.AttachMember(kCard));
  CHECK(counter.Points().provisional);
  shop.till.reserver.reached = true;
  CHECK_FALSE(counter.Points().provisional);
  shop.till.members.front().provisional = true;  // this till has written what head office does not have
  counter.RefreshMember();
  CHECK(counter.Points().provisional);
}

TEST_CASE("Points: a card of which only a part was read is refused as a card", "[checkout][points]") {
  CHECK(checkout::LooksSigned(kCard));
  CHECK(checkout::LooksSigned("ev1abcdefghijklmnopq"));
  CHECK(checkout::LooksSigned(kCard.substr(0, 60)));
  CHECK_FALSE(checkout::LooksSigned("EV1ABCDEFGHIJKLMNOP"));  // as long as a code can be
  CHECK_FALSE(checkout::LooksSigned("EV3ABCDEFGHIJKLMNOPQ"));
  CHECK_FALSE(checkout::LooksSigned("EV1ABCDEFGHIJ0LMNOPQ"));
  Shop shop;
  Counter counter = shop.Open();
  CHECK(counter.Scan(kCard.substr(0, 60)).error().Is(CheckoutErrc::kCardForged));
}
