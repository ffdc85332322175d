#include "app/presenters/entry.h"

#include <catch2/catch.hpp>

#include <string>

using namespace evertill::presenters;

namespace {

void Type(EntryLine& entry, const std::string& text) {
  for (const char c : text) entry.Type(c);
}

}  // namespace

TEST_CASE("EntryLine: what is typed and entered is looked up like a scan", "[presenters][entry]") {
  EntryLine entry;
  Type(entry, "8850");
  const auto act = entry.Enter(1);
  REQUIRE(act.has_value());
  REQUIRE(std::holds_alternative<act::Scan>(*act));
  CHECK(std::get<act::Scan>(*act).code == "8850");
  CHECK(entry.Text().empty());
  CHECK_FALSE(entry.Enter(1).has_value());
}

TEST_CASE("EntryLine: a number, then Qty, is a quantity of the chosen line", "[presenters][entry]") {
  EntryLine entry;
  Type(entry, "3");
  const auto act = entry.PressQuantity(2);
  REQUIRE(act.has_value());
  CHECK(std::get<act::Quantity>(*act).line == 2);
  CHECK(std::get<act::Quantity>(*act).quantity == "3");
}

TEST_CASE("EntryLine: Qty, then a number and Enter, is the same", "[presenters][entry]") {
  EntryLine entry;
  CHECK_FALSE(entry.PressQuantity(2).has_value());
  CHECK(entry.Mode() == EntryMode::kQuantity);
  Type(entry, "0,842");
  const auto act = entry.Enter(std::nullopt);
  REQUIRE(act.has_value());
  CHECK_FALSE(std::get<act::Quantity>(*act).line.has_value());
  CHECK(std::get<act::Quantity>(*act).quantity == "0.842");
  CHECK(entry.Mode() == EntryMode::kCode);
}

TEST_CASE("EntryLine: a phone number before or after the Member key", "[presenters][entry]") {
  EntryLine entry;
  Type(entry, "0812345678");
  auto act = entry.PressMember();
  REQUIRE(act.has_value());
  CHECK(std::get<act::Member>(*act).text == "0812345678");
  CHECK_FALSE(entry.PressMember().has_value());
  CHECK(entry.Mode() == EntryMode::kMember);
  Type(entry, "M-4417");
  act = entry.Enter(1);
  REQUIRE(act.has_value());
  CHECK(std::get<act::Member>(*act).text == "M-4417");
}

TEST_CASE("EntryLine: an amount and Pay is cash", "[presenters][entry]") {
  EntryLine entry;
  Type(entry, "1500");
  const auto act = entry.PressPay();
  REQUIRE(act.has_value());
  CHECK(std::get<act::CashTender>(*act).amount == "1500");
}

TEST_CASE("EntryLine: Pay asks for the cash first, and pressed again takes the exact sum", "[presenters][entry]") {
  EntryLine entry;
  CHECK_FALSE(entry.PressPay().has_value());
  CHECK(entry.Mode() == EntryMode::kCash);
  const auto act = entry.PressPay();
  REQUIRE(act.has_value());
  CHECK(std::get<act::CashTender>(*act).amount == "exact");
  CHECK(entry.Mode() == EntryMode::kCode);
}

TEST_CASE("EntryLine: half a barcode is never taken for cash", "[presenters][entry]") {
  EntryLine entry;
  Type(entry, "L03-0001");
  CHECK_FALSE(entry.PressPay().has_value());
  CHECK(entry.Text() == "L03-0001");
  entry.Clear();
  Type(entry, "8850999320014");
  CHECK_FALSE(entry.PressPay().has_value());
  CHECK(entry.Text() == "8850999320014");
}

TEST_CASE("EntryLine: an amount has digits and one point", "[presenters][entry]") {
  EntryLine entry;
  CHECK_FALSE(entry.PressPay().has_value());
  Type(entry, "x1,0.5-");
  CHECK(entry.Text() == "1.05");
}

TEST_CASE("EntryLine: erasing takes a character, then the question", "[presenters][entry]") {
  EntryLine entry;
  CHECK_FALSE(entry.PressPay().has_value());
  Type(entry, "15");
  entry.Erase();
  CHECK(entry.Text() == "1");
  entry.Erase();
  CHECK(entry.Mode() == EntryMode::kCash);
  entry.Erase();
  CHECK(entry.Mode() == EntryMode::kCode);
}

TEST_CASE("EntryLine: a scan typed into it is taken back with a copy from before", "[presenters][entry]") {
  EntryLine entry;
  Type(entry, "3");
  const EntryLine before = entry;
  Type(entry, "8850999320014");
  entry = before;
  CHECK(entry.Text() == "3");
}

TEST_CASE("EntryLine: a stuck key doesn't fill the memory", "[presenters][entry]") {
  EntryLine entry;
  for (int i = 0; i < 10'000; ++i) entry.Type('5');
  CHECK(entry.Text().size() == EntryLine::kLongest);
}
