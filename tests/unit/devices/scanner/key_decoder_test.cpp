#include "devices/scanner/key_decoder.h"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <utility>

using evertill::devices::scanner::KeyDecoder;

namespace {

constexpr uint32_t kCtrl = 29, kShift = 42, kRightShift = 54, kAlt = 56, kEnter = 28, kTab = 15, kCaps = 58;

std::string Type(KeyDecoder& keys, std::initializer_list<std::pair<uint32_t, int>> events) {
  std::string out;
  for (const auto& [code, value] : events) out += keys.Take(code, value);
  return out;
}

/// Each key pressed and let go.
std::string Press(KeyDecoder& keys, std::initializer_list<uint32_t> codes) {
  std::string out;
  for (const uint32_t code : codes) out += Type(keys, {{code, 1}, {code, 0}});
  return out;
}

}  // namespace

TEST_CASE("Keys: digits, letters with either Shift, Enter", "[devices][scanner]") {
  KeyDecoder keys;
  CHECK(Press(keys, {9, 9, 6, 11, kEnter}) == "8850\r");
  CHECK(Type(keys, {{kShift, 1}, {30, 1}, {30, 0}, {kShift, 0}, {30, 1}, {30, 0}}) == "Aa");
  CHECK(Type(keys, {{kRightShift, 1}, {3, 1}, {3, 0}, {kRightShift, 0}}) == "@");
  CHECK(Press(keys, {27, 79, 80, 96, kTab}) == "]12\r\t");
}

TEST_CASE("Keys: Caps Lock and repeats change nothing", "[devices][scanner]") {
  KeyDecoder keys;
  CHECK(Press(keys, {kCaps, 30, 16}) == "aq");
  CHECK(Type(keys, {{2, 1}, {2, 2}, {2, 2}, {2, 0}}) == "1");
}

TEST_CASE("Keys: FNC1 comes as Ctrl and bracket, or as Alt and a number", "[devices][scanner]") {
  KeyDecoder keys;
  CHECK(Type(keys, {{kCtrl, 1}, {27, 1}, {27, 0}, {kCtrl, 0}}) == "\x1D");
  // Alt+0029 on the number pad.
  CHECK(Type(keys, {{kAlt, 1}, {82, 1}, {82, 0}, {82, 1}, {82, 0}, {80, 1}, {80, 0}, {73, 1}, {73, 0}, {kAlt, 0}}) ==
        "\x1D");
  // Alt+233 is é.
  CHECK(Type(keys, {{kAlt, 1}, {80, 1}, {81, 1}, {81, 1}, {kAlt, 0}}) == "\xC3\xA9");
  CHECK(Type(keys, {{kAlt, 1}, {30, 1}, {30, 0}, {kAlt, 0}}).empty());
  CHECK(Press(keys, {2}) == "1");
}

TEST_CASE("Keys: after lost events no Shift is stuck", "[devices][scanner]") {
  KeyDecoder keys;
  CHECK(Type(keys, {{kShift, 1}}).empty());
  keys.Reset();
  CHECK(Press(keys, {30}) == "a");
}
