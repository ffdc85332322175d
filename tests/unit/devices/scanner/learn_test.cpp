#include "devices/scanner/learn.h"

#include <catch2/catch.hpp>

#include "devices/scanner/config_block.h"

using namespace evertill::devices::scanner;

TEST_CASE("Learn: what stands around a code", "[devices][scanner]") {
  const auto serial = GuessFraming("\x02]E08850999320014\r\n");
  CHECK(serial.prefix == "\x02");
  CHECK(serial.text == "]E08850999320014");
  CHECK(serial.suffix == "\r\n");
  const auto gs1 = GuessFraming(
      "\x1D"
      "0109506000134352\t");
  CHECK(gs1.text ==
        "\x1D"
        "0109506000134352");
  CHECK(gs1.prefix.empty());
  CHECK(gs1.suffix == "\t");
  CHECK(GuessFraming("8850").suffix.empty());
  CHECK(GuessFraming("\r\r").suffix == "\r\r");
}

TEST_CASE("Learn: a hand is slower than a scanner", "[devices][scanner]") {
  CHECK(IsMachinePace({{}, {}, "8850999320014\r", 120}));
  CHECK_FALSE(IsMachinePace({{}, {}, "8850999320014\r", 2'500}));
  CHECK_FALSE(IsMachinePace({{}, {}, "a\r", 5}));
}

TEST_CASE("Learn: devices by their names", "[devices][scanner]") {
  CHECK(SettingsFor("/dev/ttyACM0").path == "serial:/dev/ttyACM0");
  CHECK(SettingsFor("/dev/serial/by-id/x").kind == ScannerKind::kSerial);
  CHECK(SettingsFor("tcp://10.0.0.7:4001").kind == ScannerKind::kSerial);
  CHECK(SettingsFor("/dev/input/event3").kind == ScannerKind::kEvdev);
  CHECK(SettingsFor("05e0:1200").kind == ScannerKind::kEvdev);
}

TEST_CASE("Configuration: a scanner is put in or replaced, all else stays", "[devices][scanner]") {
  const std::string before =
      "# This counter's hardware.\n\n[printer]\naddress = \"tcp://10.0.0.5:9100\"  # by the door\n\n"
      "[[scanner]]  # left\nkind = \"serial\"\npath = \"serial:/dev/ttyACM0\"\n\n"
      "# the other one\n[[scanner]]\nkind = \"evdev\"\npath = '/dev/input/by-id/a'\nduplicate_ms = 300\n\n"
      "# dark is nicer\n[screen]\ntheme = \"dark\"\n";
  ScannerSettings settings{
      .kind = ScannerKind::kEvdev, .path = "/dev/input/by-id/a", .suffix = "\t\r", .allow_keyboard = true};
  const std::string after = WithScanner(before, settings);
  CHECK(after ==
        "# This counter's hardware.\n\n[printer]\naddress = \"tcp://10.0.0.5:9100\"  # by the door\n\n"
        "[[scanner]]  # left\nkind = \"serial\"\npath = \"serial:/dev/ttyACM0\"\n\n"
        "# the other one\n[[scanner]]\nkind = \"evdev\"\npath = \"/dev/input/by-id/a\"\nsuffix = \"\\u0009\\u000D\"\n"
        "allow_keyboard = true\n\n# dark is nicer\n[screen]\ntheme = \"dark\"\n");
  CHECK(WithScanner(after, settings) == after);
  settings.path = "/dev/input/by-id/b\"\\";
  const std::string added = WithScanner(before, settings);
  CHECK(added.starts_with(before));
  CHECK(added.find("path = \"/dev/input/by-id/b\\\"\\\\\"") != std::string::npos);
  CHECK(WithScanner(added, settings) == added);
  CHECK(WithScanner("", {}) == "[[scanner]]\nkind = \"wedge\"\n");
  CHECK(WithScanner("a = 1", {}) == "a = 1\n\n[[scanner]]\nkind = \"wedge\"\n");
}
