#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "app/loyalty/errors.h"
#include "app/presenters/counter_presenter.h"
#include "app/presenters/explain.h"
#include "app/presenters/receipt_composer.h"
#include "app/presenters/script.h"
#include "tests/support/fake_ports.h"

using namespace evertill;
using checkout::CheckoutErrc;
using loyalty::LoyaltyErrc;
using presenters::ReadAct;
namespace act = presenters::act;

namespace {

const std::string kCard = "EV1" + std::string(138, 'A');

/// Plays lines at a counter where one member has 500 points here and 740 elsewhere.
class Play {
 public:
  Play() {
    till.AddProduct(support::MakeProduct("8850000000017", "ข้าวหอมมะลิ", "199.00"));
    till.members.push_back({member, "Linh", "0812345678", "1234567890123456", "en", {}, 1240, false, {}});
    till.rights.members[member] = {500, 1240, "2468", 0};
    till.rights.cards[kCard] = {member, checkout::CardLevel::kSigned, "0123456789abcdef"};
    presenter.emplace(*till.OpenCounter(), "en");
  }
  boost::json::object operator()(const std::string& line) {
    const auto act = ReadAct(line);
    const auto view = act ? presenter->Do(*act) : presenter->Refuse(act.error());
    return boost::json::parse(presenters::WriteView(view)).as_object();
  }
  support::FakeTill till;
  domain::MemberId member{*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000aa")};
  std::optional<presenters::CounterPresenter> presenter;
};

std::string CodeOf(const boost::json::object& answer) {
  return std::string(answer.at("error").at("code").as_string());
}

std::string Text(const domain::ReceiptDocument& receipt) {
  std::string text;
  for (const auto& element : receipt.elements) {
    if (const auto* row = std::get_if<domain::ColumnsElement>(&element)) text += row->left + "|" + row->right + "\n";
    if (const auto* line = std::get_if<domain::TextElement>(&element)) text += line->text + "\n";
    if (const auto* code = std::get_if<domain::QrCodeElement>(&element)) text += "QR " + code->data + "\n";
    if (std::holds_alternative<domain::DrawerKickElement>(element)) text += "drawer\n";
  }
  return text;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class FixedLink final : public checkout::ReceiptLinks {
 public:
  base::Expected<std::string> LinkFor(const domain::Sale& sale) override {
    return "https://hq.example/r#proof-of-" + sale.receipt.Value();
  }
};

}  // namespace

TEST_CASE("Script: points, PINs and refunds are read", "[presenters][script][points]") {
  CHECK(std::get<act::Redeem>(*ReadAct(R"({"redeem":"max"})")).points == "max");
  CHECK(std::get<act::Redeem>(*ReadAct(R"({"redeem":120})")).points == "120");
  CHECK(std::get<act::Redeem>(*ReadAct(R"({"redeem":0})")).points == "0");
  CHECK(std::get<act::MemberPin>(*ReadAct(R"({"pin":"1234"})")).pin == "1234");
  const auto refund = std::get<act::Refund>(
      *ReadAct(R"({"refund":{"receipt":"L03-000001","lines":[{"line":2,"qty":"1.5"},{"line":1}]}})"));
  CHECK(refund.receipt == "L03-000001");
  REQUIRE(refund.lines.size() == 2);
  CHECK(refund.lines[0].quantity == "1.5");
  CHECK(refund.lines[1].quantity.empty());
  CHECK_FALSE(ReadAct(R"({"redeem":true})"));
  CHECK_FALSE(ReadAct(R"({"pin":1234})"));
  CHECK_FALSE(ReadAct(R"({"refund":{"lines":[]}})"));
  CHECK_FALSE(ReadAct(R"({"refund":{"receipt":"L03-000001","lines":[{"qty":1}]}})"));
}

TEST_CASE("Script: the answers say what can be spent here, and why not more", "[presenters][script][points]") {
  Play play;
  play(R"({"scan":"8850000000017"})");
  const auto attached = play(R"({"scan":")" + kCard + R"("})");
  CHECK(boost::json::serialize(attached.at("member")) ==
        R"({"id":"018bcfe5-6800-7000-8000-0000000000aa","name":"Linh","card":"••• 3456","language":"en",)"
        R"("points":1240,"worth":"124.00","level":"L1","spendable":500,"elsewhere":740,"not_active":0,"debt":0,)"
        R"("pin_needed":true,"why_not":null})");
  CHECK(CodeOf(play(R"({"redeem":"max"})")) == "pin_needed");
  const auto wrong = play(R"({"pin":"0000"})");
  CHECK(CodeOf(wrong) == "pin_wrong");
  CHECK(wrong.at("error").at("message").as_string() == "The PIN is wrong. Tries left: 2.");
  CHECK_FALSE(play(R"({"pin":"2468"})").at("member").at("pin_needed").as_bool());
  CHECK(CodeOf(play(R"({"redeem":501})")) == "not_enough_points_here");
  CHECK(CodeOf(play(R"({"redeem":-5})")) == "bad_points");
  CHECK(CodeOf(play(R"({"redeem":99999999999999999999})")) == "bad_points");
  const auto used = play(R"({"redeem":"max"})");
  CHECK(used.at("due").as_string() == "149.00");
  CHECK(used.at("total").as_string() == "199.00");
  CHECK(boost::json::serialize(used.at("tenders")) == R"([{"kind":"points","amount":"50.00"}])");
  CHECK(boost::json::serialize(used.at("points")) ==
        R"({"before":1240,"earned":5,"spent":500,"after":745,"provisional":true})");
  const auto paid = play(R"({"tender":{"cash":"exact"}})");
  CHECK(paid.at("paid").as_string() == "199.00");
  CHECK(paid.at("receipt").as_string() == "L03-000001");
  play.till.rights.closed = base::Error(CheckoutErrc::kClockUnsafe);
  play(R"({"scan":"8850000000017"})");
  const auto closed = play(R"({"member":"0812345678"})");
  CHECK(closed.at("member").at("why_not").as_string() == "clock_unsafe");
  CHECK(closed.at("member").at("spendable").as_int64() == 0);
  CHECK(CodeOf(play(R"({"redeem":"max"})")) == "clock_unsafe");
}

TEST_CASE("Script: a refund shows a negative total and is finished by a tender", "[presenters][script][points]") {
  Play play;
  play(R"({"scan":"8850000000017"})");
  play(R"({"scan":")" + kCard + R"("})");
  play(R"({"pin":"2468"})");
  play(R"({"redeem":500})");
  play(R"({"tender":{"cash":"exact"}})");
  const auto refund = play(R"({"refund":{"receipt":"L03-000001"}})");
  CHECK(refund.at("total").as_string() == "-199.00");
  CHECK(refund.at("due").as_string() == "-149.00");
  CHECK(refund.at("refund").as_bool());
  const auto done = play(R"({"tender":{"cash":"exact"}})");
  CHECK(done.at("receipt").as_string() == "L03-000002");
  CHECK(done.at("paid").as_string() == "-199.00");
  CHECK(boost::json::serialize(done.at("points")) ==
        R"({"before":745,"earned":-5,"spent":-500,"after":1240,"provisional":true})");
  CHECK(CodeOf(play(R"({"refund":{"receipt":"L03-000001"}})")) == "refund_too_much");
  CHECK(CodeOf(play(R"({"refund":{"receipt":"L03-000009"}})")) == "receipt_not_found");

  FixedLink links;
  const auto identity = play.till.Identity();
  const std::string sold = Text(presenters::ComposeSaleReceipt(play.till.sales[0], identity, {.links = &links}));
  INFO(sold);
  CHECK(Contains(sold, "500 points|฿50.00\n"));
  CHECK(Contains(sold, "Cash|฿149.00\n"));
  CHECK(Contains(sold, "Points spent|−500\n"));
  CHECK(Contains(sold, "Points after|745\n"));
  CHECK(Contains(sold, "Provisional"));
  CHECK(Contains(sold, "QR https://hq.example/r#proof-of-L03-000001\n"));
  CHECK(Contains(sold, "drawer"));
  const std::string back = Text(presenters::ComposeSaleReceipt(play.till.sales[1], identity, {}));
  INFO(back);
  CHECK(Contains(back, "Refund of L03-000001\n"));
  CHECK(Contains(back, "Points taken back|−5\n"));
  CHECK(Contains(back, "Points given back|+500\n"));
  CHECK(Contains(back, "Total|−฿199.00\n"));
  CHECK(Contains(back, "QR L03-000002\n"));
}

TEST_CASE("Script: a look again shows what head office has told meanwhile", "[presenters][script][points]") {
  Play play;
  play(R"({"scan":"8850000000017"})");
  play(R"({"scan":")" + kCard + R"("})");
  play.till.members.front().points = 1300;
  play.till.rights.members[play.member].held = 560;
  const auto again = play(R"({"state":true})");
  CHECK(again.at("member").at("points").as_int64() == 1300);
  CHECK(again.at("member").at("spendable").as_int64() == 560);
  CHECK(again.at("points").at("before").as_int64() == 1300);
}

TEST_CASE("Receipt: what points paid in full opens no drawer", "[presenters][points]") {
  Play play;
  play.till.AddProduct(support::MakeProduct("1", "Water", "14.00"));
  play(R"({"scan":"1"})");
  play(R"({"scan":")" + kCard + R"("})");
  play(R"({"pin":"2468"})");
  CHECK(play(R"({"redeem":"max"})").at("due").as_string() == "0.00");
  play(R"({"tender":{"cash":"exact"}})");
  REQUIRE(play.till.sales.size() == 1);
  const std::string receipt = Text(presenters::ComposeSaleReceipt(play.till.sales[0], play.till.Identity(), {}));
  CHECK(Contains(receipt, "140 points|฿14.00\n"));
  CHECK_FALSE(Contains(receipt, "Cash|"));
  CHECK_FALSE(Contains(receipt, "drawer"));
}

TEST_CASE("Words: every reason why points cannot be spent has its own words", "[presenters][words][points]") {
  const auto words = presenters::Words::For("en");
  const auto check = [&](const base::Error& error) {
    INFO(error.Name());
    CHECK_FALSE(Contains(presenters::ExplainError(*words, error), "did not work"));
  };
  for (int code = static_cast<int>(CheckoutErrc::kCardForged); code <= static_cast<int>(CheckoutErrc::kNotEnoughOnline);
       ++code) {
    check(base::Error(static_cast<CheckoutErrc>(code)));
  }
  for (int code = 0; code <= static_cast<int>(LoyaltyErrc::kRefundTooMuch); ++code) {
    check(base::Error(static_cast<LoyaltyErrc>(code)));
  }
}

TEST_CASE("Receipt: a refund says what was kept back for points that were spent already", "[presenters][points]") {
  Play play;
  play(R"({"scan":"8850000000017"})");
  play(R"({"scan":")" + kCard + R"("})");
  play(R"({"tender":{"cash":"exact"}})");  // 199.00: 7 points
  play.till.members.front().points = 2;
  const auto shown = play(R"({"refund":{"receipt":"L03-000001"}})");
  CHECK(shown.at("points").at("withheld").as_int64() == 5);
  CHECK(shown.at("due").as_string() == "-198.50");
  CHECK(boost::json::serialize(shown.at("tenders")) == R"([{"kind":"points","amount":"-0.50"}])");
  play(R"({"tender":{"cash":"exact"}})");
  REQUIRE(play.till.sales.size() == 2);
  const std::string receipt = Text(presenters::ComposeSaleReceipt(play.till.sales[1], play.till.Identity(), {}));
  INFO(receipt);
  CHECK(Contains(receipt, "5 points spent already|−฿0.50\n"));
  CHECK(Contains(receipt, "Cash|−฿198.50\n"));
  CHECK(Contains(receipt, "Points taken back|−7\n"));
  CHECK(Contains(receipt, "Settled with money|+5\n"));
  CHECK(Contains(receipt, "Points after|0\n"));
}
