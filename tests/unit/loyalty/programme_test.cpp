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
