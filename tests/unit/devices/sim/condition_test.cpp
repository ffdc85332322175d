#include "devices/sim/printer_condition.h"

#include <catch2/catch.hpp>
#include <string>

namespace evertill::devices::sim {
namespace {

using namespace std::string_literals;

std::string RealTime(const PrinterCondition& condition) {
  std::string bytes;
  for (int n = 1; n <= 4; ++n) bytes += static_cast<char>(RealTimeStatus(condition, n));
  return bytes;
}

}  // namespace

TEST_CASE("Printer condition: real-time status has the bits of Epson's reference", "[devices][sim]") {
  const struct {
    const char* what;
    PrinterCondition condition;
    std::string real_time;
    std::string automatic;
  } rows[] = {
      {"well", {}, "\x12\x12\x12\x12"s, "\x10\x00\x00\x0F"s},
      {"near end", {.paper = PaperState::kNearEnd}, "\x12\x12\x12\x1E"s, "\x10\x00\x03\x0F"s},
      {"paper out", {.paper = PaperState::kOut}, "\x1A\x32\x12\x7E"s, "\x18\x00\x0F\x0F"s},
      {"cover open", {.cover_open = true}, "\x1A\x16\x12\x12"s, "\x38\x00\x00\x0F"s},
      {"cutter", {.cutter_error = true}, "\x1A\x52\x1A\x12"s, "\x18\x08\x00\x0F"s},
      {"unrecoverable", {.unrecoverable = true}, "\x1A\x52\x32\x12"s, "\x18\x20\x00\x0F"s},
      {"overheated", {.overheated = true}, "\x1A\x52\x52\x12"s, "\x18\x40\x00\x0F"s},
      {"feed button", {.feeding = true}, "\x5A\x1A\x12\x12"s, "\x58\x00\x00\x0F"s},
      {"drawer open", {.drawer_open = true}, "\x16\x12\x12\x12"s, "\x14\x00\x00\x0F"s},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(RealTime(row.condition) == row.real_time);
    CHECK(AutomaticStatus(row.condition) == row.automatic);
    // How a host tells them apart: 0xx1xx10 real time, 0xx1xx00 automatic, 0xx0xxxx what follows.
    for (const char byte : RealTime(row.condition)) CHECK((byte & 0x93) == 0x12);
    CHECK((row.automatic[0] & 0x93) == 0x10);
    for (int i = 1; i < 4; ++i) CHECK((row.automatic[static_cast<size_t>(i)] & 0x90) == 0);
  }
}

TEST_CASE("Printer condition: the drawer's switch may be wired either way", "[devices][sim]") {
  CHECK(RealTimeStatus({.drawer_open = false, .drawer_open_is_high = false}, 1) == 0x16);
  CHECK(RealTimeStatus({.drawer_open = true, .drawer_open_is_high = false}, 1) == 0x12);
  CHECK(QueuedStatus({.drawer_open = true}, 2) == 0x01);
  CHECK(QueuedStatus({.paper = PaperState::kNearEnd}, 1) == 0x03);
  CHECK(QueuedStatus({}, 1) == 0x00);
}

TEST_CASE("Printer condition: automatic status tells what it was asked to tell", "[devices][sim]") {
  const PrinterCondition well;
  const PrinterCondition out{.paper = PaperState::kOut};
  CHECK(AutomaticStatusTells(0x08, well, out));
  CHECK(AutomaticStatusTells(0x02, well, out));  // it went offline
  CHECK_FALSE(AutomaticStatusTells(0x05, well, out));
  CHECK(AutomaticStatusTells(0x01, well, {.drawer_open = true}));
  CHECK_FALSE(AutomaticStatusTells(0xFE, well, {.drawer_open = true}));
  CHECK(AutomaticStatusTells(0x04, well, {.cutter_error = true}));
  CHECK(AutomaticStatusTells(0x40, well, {.feeding = true}));
  CHECK_FALSE(AutomaticStatusTells(0x00, well, out));
  CHECK_FALSE(AutomaticStatusTells(0xFF, out, out));
}

}  // namespace evertill::devices::sim
