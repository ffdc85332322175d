#include "app/presenters/wedge.h"

#include <catch2/catch.hpp>

#include <string>

using evertill::presenters::UsCharacter;
using evertill::presenters::Wedge;

namespace {

/// Types `text` with `gap_ms` between keys, then Enter; what the wedge makes of it.
std::optional<Wedge::Scan> TypeAndEnter(Wedge& wedge, const std::string& text, int64_t gap_ms, int64_t& now) {
  for (const char c : text) {
    wedge.Character(c, now);
    now += gap_ms;
  }
  return wedge.Enter(now);
}

}  // namespace

TEST_CASE("UsCharacter: hardware codes are a US keyboard's characters", "[presenters][wedge]") {
  // The codes of a PC keyboard under X: evdev's + 8.
  CHECK(UsCharacter(10, false) == '1');
  CHECK(UsCharacter(19, false) == '0');
  CHECK(UsCharacter(10, true) == '!');
  CHECK(UsCharacter(24, false) == 'q');
  CHECK(UsCharacter(24, true) == 'Q');
  CHECK(UsCharacter(20, false) == '-');
  CHECK(UsCharacter(20, true) == '_');
  CHECK(UsCharacter(34, false) == '[');
  CHECK(UsCharacter(35, false) == ']');
  CHECK(UsCharacter(47, true) == ':');
  CHECK(UsCharacter(49, true) == '~');
  CHECK(UsCharacter(51, false) == '\\');
  CHECK(UsCharacter(61, true) == '?');
  CHECK(UsCharacter(65, false) == ' ');
}

TEST_CASE("UsCharacter: the number pad gives digits with or without Shift", "[presenters][wedge]") {
  const std::string pad = "789-456+1230.";
  for (size_t i = 0; i < pad.size(); ++i) {
    CHECK(UsCharacter(79 + static_cast<uint32_t>(i), false) == pad[i]);
    CHECK(UsCharacter(79 + static_cast<uint32_t>(i), true) == pad[i]);
  }
  CHECK(UsCharacter(63, false) == '*');
}

TEST_CASE("UsCharacter: keys that print nothing give nothing", "[presenters][wedge]") {
  for (const uint32_t code : {0u, 9u, 22u, 23u, 36u, 37u, 50u, 62u, 64u, 66u, 67u, 77u, 92u, 104u, 111u, 500u}) {
    INFO(code);
    CHECK_FALSE(UsCharacter(code, false).has_value());
  }
}

TEST_CASE("Wedge: a fast burst with Enter is a scan, and certain", "[presenters][wedge]") {
  Wedge wedge;
  int64_t now = 5000;
  const auto scan = TypeAndEnter(wedge, "8850999320014", 4, now);
  REQUIRE(scan.has_value());
  CHECK(scan->text == "8850999320014");
  CHECK(scan->certain);
}

TEST_CASE("Wedge: a slow scanner is a scan, but might be a hand", "[presenters][wedge]") {
  Wedge wedge;
  int64_t now = 5000;
  const auto scan = TypeAndEnter(wedge, "8850999320014", 95, now);
  REQUIRE(scan.has_value());
  CHECK_FALSE(scan->certain);
}

TEST_CASE("Wedge: typing by hand is no scan", "[presenters][wedge]") {
  Wedge wedge;
  int64_t now = 5000;
  CHECK_FALSE(TypeAndEnter(wedge, "8850999320014", 140, now).has_value());
}

TEST_CASE("Wedge: three characters are too few, four are enough", "[presenters][wedge]") {
  Wedge wedge;
  int64_t now = 0;
  CHECK_FALSE(TypeAndEnter(wedge, "123", 3, now).has_value());
  now += 1000;
  CHECK(TypeAndEnter(wedge, "1234", 3, now).has_value());
}

TEST_CASE("Wedge: digits typed by hand before a scan are not part of it", "[presenters][wedge]") {
  Wedge wedge;
  CHECK(wedge.Character('3', 1000));
  int64_t now = 1400;
  CHECK(wedge.Character('8', now));  // a new burst
  CHECK_FALSE(wedge.Character('8', now + 2));
  CHECK_FALSE(wedge.Character('5', now + 4));
  CHECK_FALSE(wedge.Character('0', now + 6));
  const auto scan = wedge.Enter(now + 8);
  REQUIRE(scan.has_value());
  CHECK(scan->text == "8850");
}

TEST_CASE("Wedge: Enter long after a burst doesn't make it a scan", "[presenters][wedge]") {
  Wedge wedge;
  for (int i = 0; i < 8; ++i) wedge.Character('7', 100 + i);
  CHECK_FALSE(wedge.Enter(400).has_value());
  CHECK_FALSE(wedge.Enter(401).has_value());
}

TEST_CASE("Wedge: ten scans without a pause are ten scans", "[presenters][wedge]") {
  Wedge wedge;
  int64_t now = 0;
  for (int i = 0; i < 10; ++i) {
    const std::string code = "885000000000" + std::to_string(i);
    const auto scan = TypeAndEnter(wedge, code, 0, now);
    REQUIRE(scan.has_value());
    CHECK(scan->text == code);
  }
}

TEST_CASE("Wedge: another key in between breaks the burst", "[presenters][wedge]") {
  Wedge wedge;
  for (const char c : std::string("885099")) wedge.Character(c, 10);
  wedge.Reset();
  CHECK_FALSE(wedge.Enter(11).has_value());
}

TEST_CASE("Wedge: a clock that goes back begins a new burst", "[presenters][wedge]") {
  Wedge wedge;
  for (const char c : std::string("8850")) wedge.Character(c, 4'000'000'000);
  CHECK(wedge.Character('1', 5));  // X's 32-bit milliseconds wrap after 49 days
}

TEST_CASE("Wedge: what begins with the scanner's prefix is a scan, however slow", "[presenters][wedge]") {
  Wedge wedge({.prefix = "~"});
  int64_t now = 1'000;
  const auto scan = TypeAndEnter(wedge, "~123", 90, now);
  REQUIRE(scan);
  CHECK(scan->text == "123");
  CHECK(scan->certain);
  CHECK_FALSE(TypeAndEnter(wedge, "~", 5, now));
  CHECK_FALSE(TypeAndEnter(wedge, "123", 5, now));
  CHECK(TypeAndEnter(wedge, "12345", 5, now)->text == "12345");
}

TEST_CASE("Wedge: a slower scanner's gap can be set", "[presenters][wedge]") {
  Wedge wedge({.gap_ms = 300});
  int64_t now = 1'000;
  CHECK(TypeAndEnter(wedge, "8850", 250, now)->text == "8850");
  CHECK_FALSE(TypeAndEnter(wedge, "8850", 350, now));
}
