#include "devices/scanner/scan_assembler.h"

#include <catch2/catch.hpp>

#include "app/base/random.h"
#include "devices/scanner/scanner_error.h"

using namespace evertill;
using namespace evertill::devices::scanner;

using Scans = std::vector<std::string>;

TEST_CASE("Assembler: ten scans in half a second are ten", "[devices][scanner]") {
  ScanAssembler assembler{ScannerSettings{}};
  size_t scans = 0;
  for (int64_t at = 0; at < 500; at += 50) scans += assembler.Take("8850999320014\r", at).size();
  CHECK(scans == 10);
  CHECK(assembler.Take(std::string("1111\r2222\r1111\r"), 600) == Scans{"1111", "2222", "1111"});
}

TEST_CASE("Assembler: any of the usual ends, CR LF being one", "[devices][scanner]") {
  ScanAssembler assembler{ScannerSettings{}};
  CHECK(assembler.Take("1111\r\n2222\n3333\x03\x02"
                       "4444\t",
                       0) == Scans{"1111", "2222", "3333", "4444"});
  CHECK(assembler.Take("01095060001343521"
                       "0A\x1D"
                       "21B\r",
                       1) == Scans{"010950600013435210A\x1D"
                                   "21B"});
  CHECK(assembler.Take("12", 10).empty());
  CHECK(assembler.Take("34", 5'000).empty());  // read late is not silence
  CHECK(assembler.Take("5\r", 9'000) == Scans{"12345"});
}

TEST_CASE("Assembler: a scanner without a suffix is ended by silence, one with a suffix is not", "[devices][scanner]") {
  ScanAssembler assembler{ScannerSettings{}};
  CHECK(assembler.WaitMs(0) == -1);
  CHECK(assembler.Take("8850999320014", 0).empty());
  CHECK(assembler.WaitMs(30) == 70);
  CHECK(assembler.Expire(50).empty());
  CHECK(assembler.Expire(100) == Scans{"8850999320014"});
  CHECK(assembler.Take("1111\r222", 200) == Scans{"1111"});
  CHECK(assembler.Expire(400).empty());  // half a scan: the cable was pulled
  CHECK(assembler.Take("333\r", 500) == Scans{"333"});
}

TEST_CASE("Assembler: prefix and suffix as they are programmed", "[devices][scanner]") {
  ScannerSettings settings;
  settings.prefix = "~S";
  settings.suffix = "##";
  ScanAssembler assembler(settings);
  CHECK(assembler.Take("~S1#2\r##~S3##4##", 0) == Scans{"1#2\r", "3", "4"});
  CHECK(assembler.Take("~S5#", 0).empty());
  CHECK(assembler.Expire(1'000).empty());
  CHECK(assembler.Take("#~S6##", 1'001) == Scans{"#~S6"});
}

TEST_CASE("Assembler: the same code within the window is one scan, another code never waits", "[devices][scanner]") {
  ScannerSettings settings;
  settings.duplicate_ms = 500;
  ScanAssembler assembler(settings);
  CHECK(assembler.Take("1111\r", 0).size() == 1);
  CHECK(assembler.Take("1111\r", 400).empty());
  CHECK(assembler.Take("1111\r", 800).empty());  // held in front of the goods: still the same
  CHECK(assembler.Take("2222\r", 810).size() == 1);
  CHECK(assembler.Take("1111\r", 820).size() == 1);
  CHECK(assembler.Take("1111\r", 1'320).size() == 1);
}

TEST_CASE("Assembler: a scan without end is dropped, the next one is whole", "[devices][scanner]") {
  for (const std::string suffix : {"", "##"}) {
    ScannerSettings settings;
    settings.suffix = suffix;
    ScanAssembler assembler(settings);
    const std::string end = suffix.empty() ? "\r" : suffix;
    CHECK(assembler.Take(std::string(5'000, 'x'), 0).empty());
    CHECK(assembler.Take(end + "1111" + end, 10) == Scans{"1111"});
    CHECK(assembler.Take(std::string(5'000, 'x'), 20).empty());
    CHECK(assembler.WaitMs(20) > 0);
    CHECK(assembler.Expire(500).empty());
    CHECK(assembler.Take("2222" + end, 510) == Scans{"2222"});
    CHECK(assembler.Take(std::string(1'024, '1') + end, 600).size() == 1);
    CHECK(assembler.Take(std::string(1'024 + 40, '1') + end, 700).empty());
  }
}

TEST_CASE("Assembler: how the bytes are cut makes no difference", "[devices][scanner]") {
  const uint64_t seed = base::MakeSystemRandom()->Below(1'000'000);
  CAPTURE(seed);
  const auto random = base::MakeSeededRandom(seed);
  std::string stream;
  for (int i = 0; i < 3'000; ++i) stream += "12\r\n\x02\x1D#A"[random->Below(8)];
  for (const std::string suffix : {"", "#", "\r\n", "##"}) {
    ScannerSettings settings;
    settings.suffix = suffix;
    ScanAssembler whole(settings);
    ScanAssembler pieces(settings);
    const Scans expected = whole.Take(stream, 0);
    Scans got;
    for (size_t at = 0; at < stream.size();) {
      const size_t size = 1 + random->Below(9);
      for (auto& scan : pieces.Take(std::string_view(stream).substr(at, size), 0)) got.push_back(std::move(scan));
      at += size;
    }
    CHECK(got == expected);
  }
}

TEST_CASE("Settings: what cannot be is refused with the reason", "[devices][scanner]") {
  const auto check = [](ScannerKind kind, const char* path) {
    return CheckScannerSettings({.kind = kind, .path = path}).has_value();
  };
  CHECK(check(ScannerKind::kWedge, ""));
  CHECK_FALSE(check(ScannerKind::kWedge, "/dev/input/event1"));
  CHECK(check(ScannerKind::kEvdev, "/dev/input/by-id/usb-x-event-kbd"));
  CHECK(check(ScannerKind::kEvdev, "05E0:1200"));
  for (const auto* bad : {"", "05e0", "05e0:12000", "xxxx:1200", "serial:/dev/ttyS0"}) {
    CHECK_FALSE(check(ScannerKind::kEvdev, bad));
  }
  CHECK(check(ScannerKind::kSerial, "serial:/dev/ttyACM0?baud=115200"));
  CHECK(check(ScannerKind::kSerial, "tcp://10.0.0.7:4001"));
  CHECK_FALSE(check(ScannerKind::kSerial, "file:/tmp/x"));
  CHECK_FALSE(check(ScannerKind::kSerial, "/dev/ttyACM0"));
  ScannerSettings settings;
  settings.gap_ms = 0;
  CHECK(CheckScannerSettings(settings).error().Is(ScannerErrc::kSettingsInvalid));
  settings = {};
  settings.suffix = std::string(17, '#');
  CHECK_FALSE(CheckScannerSettings(settings));
  for (const auto* name : {"wedge", "evdev", "serial"}) CHECK(ScannerKindName(*ParseScannerKind(name)) == name);
  CHECK_FALSE(ParseScannerKind("usb"));
}
