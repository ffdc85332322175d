#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/ui/monitors.h"
#include "tests/ui/probe_run.h"
#include "tests/ui/screen.h"

using namespace evertill::tests;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

constexpr Screen::Area kTill{0, 0, 1280, 800};
constexpr Screen::Area kCustomer{1280, 0, 1280, 800};
constexpr Screen::Area kHead{1280, 0, 1280, 76};
constexpr Screen::Area kTotal{1830, 600, 720, 190};
constexpr uint32_t kGround = 0xF3F4F7;
constexpr uint32_t kDark = 0x0D1424;
constexpr uint32_t kDarkest = 0x060A15;  ///< in the dark look

const char* Probe() {
  return EVERTILL_UI_PROBE;
}

/// Without regard to spaces, which a reader of pictures sees where there are none, and the other way round.
bool Contains(std::string text, std::string part) {
  std::erase(text, ' ');
  std::erase(part, ' ');
  return text.find(part) != std::string::npos;
}

uint32_t Dot(Screen& screen, int x, int y) {
  return screen.Pixels({x, y, 1, 1}).front() & 0xFFFFFF;
}

/// The customer's window stands there: its ground is in the corner of an idle screen, its dark head when selling.
bool CustomerIsThere(Screen& screen) {
  return Eventually([&] {
    const uint32_t corner = Dot(screen, 1290, 10);
    return (corner == kGround || corner == kDark) && Dot(screen, 2550, 790) == kGround;
  });
}

/// The screen comes to say `part` there; what it said last is in `said`.
bool Says(Screen& screen, Screen::Area area, const std::string& part, std::string& said, bool light_on_dark = false) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  do {
    said = screen.Read(area, light_on_dark);
    if (Contains(said, part)) return true;
    std::this_thread::sleep_for(200ms);
  } while (std::chrono::steady_clock::now() < end);
  UNSCOPED_INFO("it says: " << said);
  return false;
}

/// The till's window stands on the first monitor and the window manager has given it the keyboard.
bool TillIsThere(Screen& screen) {
  const bool there = Eventually([&] {
    const uint32_t bar = Dot(screen, 400, 4);
    return bar == kDark || bar == kDarkest;
  });
  std::this_thread::sleep_for(500ms);
  return there;
}

/// In light letters on the till's dark bar.
bool SaysOnBar(Screen& screen, const std::string& part, std::string& said) {
  return Says(screen, {545, 15, 350, 22}, part, said, true);
}

void Shoot(Screen& screen, const std::string& name) {
  if (const char* folder = std::getenv("EVERTILL_UI_SHOTS"); folder != nullptr) {
    screen.Save(std::string(folder) + "/" + name + ".png");
  }
}

}  // namespace

TEST_CASE("Customer: a second monitor shows the sale, the total and the change", "[ui][customer]") {
  UseMonitors({kTill, kCustomer});
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {"--kiosk", "--customer-monitor", "2"});
  CHECK(TillIsThere(screen));
  std::string said;
  CHECK(CustomerIsThere(screen));
  CHECK(Says(screen, kCustomer, "Siam Square", said));
  CHECK(Contains(said, "Welcome"));
  screen.Scan("8850999320014");
  CHECK(Says(screen, kCustomer, "Phu Quoc fish sauce", said));
  CHECK(Contains(said, "429.00"));
  screen.Scan("8850999320014");
  CHECK(Says(screen, kTotal, "858", said));
  screen.Type("1000", 150ms);
  screen.Key(kKeyF12);
  CHECK(Says(screen, kCustomer, "Your change", said));
  CAPTURE(said);
  CHECK(Contains(said, "42.00"));
  CHECK(Contains(said, "Thank you"));
  Shoot(screen, "customer-change");
  screen.Scan("8850000000055");
  CHECK(Says(screen, kTotal, "14.00", said));  // the next customer's
  CHECK(till.Terminate() == 0);
}

TEST_CASE("Customer: a touch on the customer's screen does not take the keyboard from the till", "[ui][customer]") {
  UseMonitors({kTill, kCustomer});
  Screen screen;
  screen.UseLayout("th");
  ProbeRun till(Probe(), {"--kiosk", "--customer-monitor", "2", "--lines", "3"});
  CHECK(TillIsThere(screen));
  CHECK(CustomerIsThere(screen));
  for (int touch = 1; touch <= 3; ++touch) {
    screen.Click(1280 + 300 * touch, 200 * touch);
    std::this_thread::sleep_for(200ms);
    screen.Scan("8850999320014");
    CHECK(till.WaitFor("scan", static_cast<size_t>(touch)).size() == static_cast<size_t>(touch));
    std::this_thread::sleep_for(300ms);
  }
  screen.Key(kKeyF9);
  CHECK(till.WaitFor("cash", 1) == Lines{"cash exact"});
  screen.UseLayout("us");
}

TEST_CASE("Customer: with one monitor there is no window over the till, and the till says what is missing",
          "[ui][customer]") {
  UseMonitors({kTill});
  Screen screen;
  ProbeRun till(Probe(), {"--kiosk", "--customer-monitor", "2", "--lines", "2"});
  CHECK(TillIsThere(screen));
  std::string said;
  Shoot(screen, "one-monitor");
  CHECK(SaysOnBar(screen, "Customer screen", said));
  CHECK(Says(screen, {13, 65, 734, 60}, "Basket", said));
}

TEST_CASE("Customer: the screen comes and goes with its monitor", "[ui][customer]") {
  UseMonitors({kTill});
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {"--kiosk", "--customer-monitor", "2"});
  CHECK(TillIsThere(screen));
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  UseMonitors({kTill, kCustomer});
  CHECK(CustomerIsThere(screen));
  std::string said;
  CHECK(Says(screen, kTotal, "429", said));  // the sale that is being rung
  screen.Scan("8850000000055");
  CHECK(Says(screen, kTotal, "443", said));
  UseMonitors({kTill});
  CHECK(SaysOnBar(screen, "Customer screen", said));
  screen.Scan("8850000000055");
  CHECK(till.WaitFor("scan", 3).size() == 3);
  UseMonitors({kTill, kCustomer});
  CHECK(CustomerIsThere(screen));
  CHECK(Says(screen, kTotal, "457", said));
  CHECK(till.Terminate() == 0);
}

TEST_CASE("Customer: a telephone reads the code to pay with off the screen, light and dark", "[ui][customer]") {
  UseMonitors({kTill, kCustomer});
  Screen screen;
  for (const std::string look : {"--kiosk", "--dark"}) {
    INFO(look);
    ProbeRun till(Probe(), {"--kiosk", "--customer-monitor", "2", "--lines", "2", "--pay-code", look});
    CHECK(TillIsThere(screen));
    std::string read;
    for (int i = 0; i < 20 && read.empty(); ++i) {
      read = screen.ReadCode(kCustomer);
      if (read.empty()) std::this_thread::sleep_for(200ms);
    }
    CHECK(Contains(read, "00020101021229370016A000000677010111"));
  }
}

TEST_CASE("Customer: what a member is called and owns is not shown to the queue", "[ui][customer]") {
  UseMonitors({kTill, kCustomer});
  Screen screen;
  ProbeRun till(Probe(), {"--kiosk", "--customer-monitor", "2", "--lines", "3", "--member", "Anna Smith", "en"});
  CHECK(TillIsThere(screen));
  CHECK(CustomerIsThere(screen));
  std::string said;
  CHECK(Says(screen, kHead, "Anna", said, true));
  CHECK_FALSE(Contains(said, "Smith"));
  said = screen.Read(kCustomer);
  CAPTURE(said);
  CHECK(Contains(said, "You earn points: 28"));
  CHECK_FALSE(Contains(said, "Smith"));
  CHECK_FALSE(Contains(said, "1,240"));
  CHECK_FALSE(Contains(said, "4417"));
}

TEST_CASE("Customer: a plain window where it was asked for, and the till keeps the keyboard", "[ui][customer]") {
  UseMonitors({kTill, kCustomer});
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {"--customer-window", "--lines", "2"});
  std::string said;
  CHECK(Says(screen, {0, 0, 2560, 800}, "TOTAL TO PAY", said));
  screen.Scan("8850999320014");
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
  CHECK(till.Terminate() == 0);
}
