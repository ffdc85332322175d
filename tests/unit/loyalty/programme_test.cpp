#include "app/loyalty/programme.h"

#include <catch2/catch.hpp>

#include "app/domain/errors.h"

using namespace evertill;
using domain::Currency;
using domain::Money;

namespace {
Currency Thb() {
  return *Currency::Find("THB");
}
constexpr char kGood[] =
    R"({"version":2,"currency":"THB","earn":{"points":1,"per":"25.00"},"worth":{"points":10,"amount":"1.00"}})";
}  // namespace

TEST_CASE("Programme: one point for each whole 25.00", "[loyalty][programme]") {
  const auto programme = loyalty::ParseProgramme(kGood, Thb());
  REQUIRE(programme);
  const auto earned = [&](const char* net) { return loyalty::PointsEarned(*programme, *Money::Parse(net, Thb())); };
  CHECK(earned("0.00") == 0);
  CHECK(earned("24.99") == 0);
  CHECK(earned("25.00") == 1);
  CHECK(earned("1042.39") == 41);
  CHECK(earned("-100.00") == 0);
  CHECK(loyalty::WorthOf(*programme, 1240).ToDecimal() == "124.00");
  CHECK(loyalty::WorthOf(*programme, 9).ToDecimal() == "0.90");
  CHECK(loyalty::WorthOf(*programme, -5).IsZero());
}

TEST_CASE("Programme: survives its own text", "[loyalty][programme]") {
  const auto programme = loyalty::ParseProgramme(kGood, Thb());
  CHECK(loyalty::FormatProgramme(*programme) == kGood);
  for (const auto* code : {"THB", "VND", "USD", "KWD"}) {
    const Currency currency = *Currency::Find(code);
    CHECK(loyalty::ParseProgramme(loyalty::FormatProgramme(loyalty::DefaultProgramme(currency)), currency));
  }
}

TEST_CASE("Programme: a mistake is named", "[loyalty][programme]") {
  const auto refused = [](std::string text) {
    const auto programme = loyalty::ParseProgramme(text, Thb());
    REQUIRE_FALSE(programme);
    CHECK(programme.error().Is(domain::DomainErrc::kBadRules));
    return programme.error().Detail();
  };
  const auto with = [](const char* what, const char* replacement) {
    std::string text = kGood;
    text.replace(text.find(what), std::string(what).size(), replacement);
    return text;
  };
  CHECK(refused("") == "not a JSON object");
  CHECK(refused(with("\"25.00\"", "25")) == "per must be an amount in quotes");
  CHECK(refused(with("25.00", "0.00")) == "per must be more than nothing");
  CHECK(refused(with("THB", "VND")) == "currency must be \"THB\"");
  CHECK(refused(with("\"points\":1,", "\"points\":0,")).find("earn.points") == 0);
  CHECK(refused(with("\"version\"", "\"versoin\"")) == "unknown key \"versoin\"");
}

TEST_CASE("Programme: lots and redemption keep what is said, and say only what differs", "[loyalty][programme]") {
  std::string text = kGood;
  text.insert(text.size() - 1, R"(,"lots":{"activation_hours":24,"expiry_days":365})"
                               R"(,"redeem":{"stand_in":{"member":40,"till":2000},"denylist_hours":48,)"
                               R"("day_limit":500,"grant_days":14,"pin":"always"})");
  const auto programme = loyalty::ParseProgramme(text, Thb());
  REQUIRE(programme);
  CHECK(programme->lots == loyalty::LotPolicy{24, 365});
  CHECK(programme->redeem == loyalty::RedeemPolicy{40, 2000, 48, 500, 14, true});
  CHECK(loyalty::FormatProgramme(*programme) == text);

  text = kGood;
  text.insert(text.size() - 1, R"(,"redeem":{"day_limit":500})");
  const auto sparse = loyalty::ParseProgramme(text, Thb());
  REQUIRE(sparse);
  CHECK(sparse->redeem.day_limit == 500);
  CHECK(sparse->redeem.denylist_hours == 72);
  const auto plain = loyalty::ParseProgramme(kGood, Thb());
  // Nothing may be overspent unless somebody says so.
  CHECK(plain->redeem.stand_in_member == 0);
  CHECK(plain->redeem.stand_in_till == 0);
  CHECK(plain->lots == loyalty::LotPolicy{});
}

TEST_CASE("Programme: a mistake in lots or redemption is named", "[loyalty][programme]") {
  const auto refused = [](const std::string& section) {
    std::string text = kGood;
    text.insert(text.size() - 1, "," + section);
    const auto programme = loyalty::ParseProgramme(text, Thb());
    REQUIRE_FALSE(programme);
    CHECK(programme.error().Is(domain::DomainErrc::kBadRules));
    return programme.error().Detail();
  };
  CHECK(refused(R"("lots":{"expiry_days":-1})").find("lots.expiry_days") == 0);
  CHECK(refused(R"("lots":{"expiry_day":1})") == "unknown key \"expiry_day\"");
  CHECK(refused(R"("lots":5)") == "no section \"lots\"");
  CHECK(refused(R"("redeem":{"stand_in":{"member":-1}})").find("redeem.stand_in.member") == 0);
  CHECK(refused(R"("redeem":{"stand_in":{"member":1.5}})").find("redeem.stand_in.member") == 0);
  CHECK(refused(R"("redeem":{"stand_in":40})") == "no section \"stand_in\"");
  CHECK(refused(R"("redeem":{"denylist_hours":0})").find("redeem.denylist_hours") == 0);
  CHECK(refused(R"("redeem":{"grant_days":99999999999})").find("redeem.grant_days") == 0);
  CHECK(refused(R"("redeem":{"pin":"sometimes"})").find("redeem.pin") == 0);
}

TEST_CASE("Programme: the points for an amount are just enough and not one more", "[loyalty][programme]") {
  for (const auto& [points, amount] : {std::pair{"10", "1.00"}, {"3", "0.01"}, {"7", "0.13"}, {"1", "250.00"}}) {
    std::string text = kGood;
    text.replace(text.find(R"("points":10,"amount":"1.00")"), 27,
                 "\"points\":" + std::string(points) + ",\"amount\":\"" + amount + "\"");
    const auto programme = loyalty::ParseProgramme(text, Thb());
    REQUIRE(programme);
    for (int64_t minor = 1; minor < 2000; minor += 7) {
      const Money due(minor, Thb());
      const int64_t needed = loyalty::PointsFor(*programme, due);
      CHECK(loyalty::WorthOf(*programme, needed) >= due);
      CHECK(loyalty::WorthOf(*programme, needed - 1) < due);
    }
    CHECK(loyalty::PointsFor(*programme, Money(0, Thb())) == 0);
    CHECK(loyalty::PointsFor(*programme, Money(-5, Thb())) == 0);
  }
}

TEST_CASE("Programme: the largest numbers that can be said are counted, not wrapped", "[loyalty][programme]") {
  std::string text = kGood;
  text.replace(text.find("\"points\":1,\"per\":\"25.00\""), 24, "\"points\":1000000,\"per\":\"0.01\"");
  const auto programme = loyalty::ParseProgramme(text, Thb());
  REQUIRE(programme);
  const Money most(Money::kLargestAmount, Thb());
  CHECK(loyalty::PointsEarned(*programme, most) == 1'000'000'000'000);
  CHECK(loyalty::WorthOf(*programme, INT64_MAX) == most);
  CHECK(loyalty::PointsFor(*programme, most) == 1'000'000'000'000);
}
