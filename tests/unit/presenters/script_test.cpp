#include "app/presenters/script.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "app/presenters/counter_presenter.h"
#include "tests/support/fake_ports.h"

using namespace evertill;
using presenters::ReadAct;
using presenters::ScriptErrc;
namespace act = presenters::act;

namespace {

/// Plays lines at a counter in memory and answers with the parsed JSON of each.
class Play {
 public:
  explicit Play(support::FakeTill& till) : presenter_(*till.OpenCounter(), "en") {}
  boost::json::object operator()(const std::string& line) {
    const auto act = ReadAct(line);
    const auto view = act ? presenter_.Do(*act) : presenter_.Refuse(act.error());
    return boost::json::parse(presenters::WriteView(view)).as_object();
  }

 private:
  presenters::CounterPresenter presenter_;
};

std::string At(const boost::json::object& object, const char* key) {
  const auto& value = object.at(key);
  return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
}

std::string CodeOf(const boost::json::object& answer) {
  return std::string(answer.at("error").at("code").as_string());
}

}  // namespace

TEST_CASE("Script: the acts of the contract are read", "[presenters][script]") {
  CHECK(std::get<act::Scan>(*ReadAct(R"({"scan":"8850999320014"})")).code == "8850999320014");
  CHECK(std::get<act::Quantity>(*ReadAct(R"({"qty":3})")).quantity == "3");
  CHECK_FALSE(std::get<act::Quantity>(*ReadAct(R"({"qty":3})")).line);
  CHECK(std::get<act::Quantity>(*ReadAct(R"({"line":2,"qty":1})")).line == 2);
  CHECK(std::get<act::Quantity>(*ReadAct(R"({"qty":0.842})")).quantity == "0.842");
  CHECK(std::get<act::Quantity>(*ReadAct(R"({"qty":"1.5"})")).quantity == "1.5");
  CHECK(std::get<act::CashTender>(*ReadAct(R"({"tender":{"cash":"exact"}})")).amount == "exact");
  CHECK(std::get<act::CashTender>(*ReadAct(R"({"tender":{"cash":100}})")).amount == "100");
  CHECK(std::get<act::SignIn>(*ReadAct(R"({"sign_in":{"cashier":"nok","pin":"1234"}})")).pin == "1234");
  CHECK(std::get<act::OpenShift>(*ReadAct(R"({"open_shift":{"float":"1000.00"}})")).opening_float == "1000.00");
  CHECK(std::get<act::Enrol>(*ReadAct(R"({"enrol":{"name":"A","phone":"1","consent":["offers"]}})")).consents.size() ==
        1);
  CHECK(std::holds_alternative<act::State>(*ReadAct(R"({"state":true})")));
  CHECK(std::holds_alternative<act::VoidBasket>(*ReadAct(R"({"void_basket":true})")));
}

TEST_CASE("Script: a line that is no act is refused with its reason", "[presenters][script]") {
  for (const std::string& line :
       {std::string(), std::string("{"), std::string("[]"), std::string("17"), std::string(R"({"scan":8850})"),
        std::string(R"({"state":false})"), std::string(R"({"line":0,"qty":1})"), std::string(R"({"qty":[1]})"),
        std::string(100, '['), R"({"scan":")" + std::string(70000, '1') + "\"}"}) {
    INFO(line.substr(0, 60));
    const auto read = ReadAct(line);
    REQUIRE_FALSE(read);
    CHECK(read.error().Is(ScriptErrc::kBadAct));
  }
  CHECK(ReadAct(R"({"dance":true})").error().Is(ScriptErrc::kUnknownAct));
  CHECK(ReadAct(R"({})").error().Is(ScriptErrc::kUnknownAct));
}

TEST_CASE("Script: a whole sale, as a support engineer sees it", "[presenters][script]") {
  support::FakeTill till;
  till.AddProduct(support::MakeProduct("8850999320014", "น้ำดื่ม", "49.75"));
  Play play(till);
  const auto scanned = play(R"({"scan":"8850999320014"})");
  CHECK(scanned.at("ok").as_bool());
  CHECK(boost::json::serialize(scanned.at("lines")) ==
        R"([{"line":1,"sku":"8850999320014","barcode":"8850999320014","name":"น้ำดื่ม","qty":"1",)"
        R"("unit_price":"49.75","total":"49.75"}])");
  CHECK(At(play(R"({"qty":3})"), "total") == "149.25");
  const auto enrolled = play(R"({"enrol":{"name":"Somchai Jaidee","phone":"0812345678","consent":["points"]}})");
  CHECK(At(enrolled.at("member").as_object(), "name") == "Somchai Jaidee");
  const auto paid = play(R"({"tender":{"cash":"200.00"}})");
  CHECK(At(paid, "subtotal") == "149.25");
  CHECK(At(paid, "tax") == "9.76");
  CHECK(At(paid, "total") == "149.25");
  CHECK(At(paid, "due") == "0.00");
  CHECK(At(paid, "paid") == "149.25");
  CHECK(At(paid, "change") == "50.75");
  CHECK(At(paid, "receipt") == "L03-000001");
  CHECK(boost::json::serialize(paid.at("points")) ==
        R"({"before":0,"earned":5,"spent":0,"after":5,"provisional":true})");
}

TEST_CASE("Script: a refused line changes nothing", "[presenters][script]") {
  support::FakeTill till;
  till.AddProduct(support::MakeProduct("1", "A", "10.00"));
  Play play(till);
  play(R"({"scan":"1"})");
  const auto before = boost::json::serialize(play(R"({"state":true})"));
  CHECK(CodeOf(play(R"({"scan":"999"})")) == "unknown_barcode");
  CHECK(CodeOf(play(R"({"qty":0})")) == "bad_quantity");
  CHECK(CodeOf(play(R"({"line":9,"qty":1})")) == "no_such_line");
  CHECK(CodeOf(play(R"({"member":"0999999999"})")) == "member_not_found");
  CHECK(CodeOf(play(R"({"tender":{"cash":"-1"}})")) == "bad_tender");
  CHECK(CodeOf(play(R"({"tender":{"card":{"amount":"1.00"}}})")) == "unknown_act");
  CHECK(CodeOf(play("not json")) == "bad_act");
  CHECK(boost::json::serialize(play(R"({"state":true})")) == before);
}

TEST_CASE("Presenter: a till can be locked where somebody signs in again, and only there", "[presenters]") {
  support::FakeTill till;
  till.cashiers.push_back({{domain::CashierId(base::Uuid{{1}}), "nok", checkout::Role::kCashier}, "1234"});
  presenters::CounterPresenter attended(*till.OpenCounter(false), "en");
  CHECK_FALSE(attended.Do(act::State{}).can_lock);
  CHECK(attended.Do(act::State{}).cashiers == std::vector<std::string>{"nok"});
  CHECK(attended.Do(act::SignIn{"nok", "1234"}).can_lock);
  CHECK(attended.Do(act::Lock{}).phase == presenters::Phase::kLocked);
  presenters::CounterPresenter unattended(*till.OpenCounter(true), "en");
  CHECK_FALSE(unattended.Do(act::State{}).can_lock);
}

TEST_CASE("Presenter: suggested notes are round sums above what is due", "[presenters]") {
  const auto suggest = [](const char* due, const char* code) {
    std::vector<std::string> sums;
    const auto currency = *domain::Currency::Find(code);
    for (const auto& sum : presenters::SuggestCash(*domain::Money::Parse(due, currency))) {
      sums.push_back(sum.ToDecimal());
    }
    return sums;
  };
  CHECK(suggest("1042.39", "THB") == std::vector<std::string>{"1100.00", "1500.00", "2000.00"});
  CHECK(suggest("49.75", "THB") == std::vector<std::string>{"50.00", "60.00", "100.00"});
  CHECK(suggest("15000", "VND") == std::vector<std::string>{"20000", "50000", "100000"});
  CHECK(suggest("0.00", "THB").empty());
}
