#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/ui/probe_run.h"
#include "tests/ui/screen.h"

using namespace evertill::tests;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

const char* Probe() {
  return EVERTILL_UI_PROBE;
}

constexpr auto kByHand = 150ms;

void Shoot(Screen& screen, const std::string& name) {
  if (const char* folder = std::getenv("EVERTILL_UI_SHOTS"); folder != nullptr) {
    std::this_thread::sleep_for(400ms);
    screen.Save(std::string(folder) + "/" + name + ".png");
  }
}

/// Two products and the member's card.
void RingUp(Screen& screen, ProbeRun& till) {
  screen.Scan("8850000000017");
  screen.Scan("8850999320014");
  screen.Scan("M0004417");
  (void)till.WaitFor("scan", 3);
  std::this_thread::sleep_for(300ms);
}

}  // namespace

TEST_CASE("Points: scan, member, F4, pay: points are used by one key and taken back by it", "[ui][points]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {"--held", "500"});
  RingUp(screen, till);
  Shoot(screen, "points-ready");
  screen.Key(kKeyF4);
  CHECK(till.WaitFor("redeem", 1) == Lines{"redeem max"});
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "points-used");
  screen.Key(kKeyF4);
  CHECK(till.WaitFor("redeem", 2).back() == "redeem 0");
  std::this_thread::sleep_for(300ms);
  screen.Click(1168, 186);  // the key on the member's card
  CHECK(till.WaitFor("redeem", 3).back() == "redeem max");
  std::this_thread::sleep_for(300ms);
  screen.Type("120", kByHand);
  screen.Key(kKeyF4);
  CHECK(till.WaitFor("redeem", 4).back() == "redeem 120");
  std::this_thread::sleep_for(300ms);
  screen.Key(kKeyF9);
  CHECK(till.WaitFor("cash", 1) == Lines{"cash exact"});
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "points-paid");
}

TEST_CASE("Points: when points pay it all, Pay finishes the sale at once", "[ui][points]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8850000000055");
  screen.Scan("M0004417");
  (void)till.WaitFor("scan", 2);
  std::this_thread::sleep_for(300ms);
  screen.Key(kKeyF4);
  (void)till.WaitFor("redeem", 1);
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "points-cover-all");
  screen.Key(kKeyF12);
  CHECK(till.WaitFor("cash", 1) == Lines{"cash exact"});
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "points-paid-all");
}

TEST_CASE("Points: the member's PIN is asked on a pad, and tries are counted", "[ui][points]") {
  Screen screen;
  screen.UseLayout("th");
  ProbeRun till(Probe(), {"--held", "500", "--pin", "2468"});
  RingUp(screen, till);
  screen.Key(kKeyF4);
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "pin-pad");
  screen.Type("1111", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("pin", 1) == Lines{"pin 1111"});
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "pin-wrong");
  CHECK(till.WaitFor("redeem", 0).empty());
  screen.Click(236, 362);  // 1-2-3 stand on top: this is 1
  screen.Key(kKeyBackspace);
  screen.Type("2468", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("pin", 2).back() == "pin 2468");
  CHECK(till.WaitFor("redeem", 1) == Lines{"redeem max"});
  screen.UseLayout("us");
}

TEST_CASE("Points: a scan while the PIN is asked is a scan; Escape gives up", "[ui][points]") {
  Screen screen;
  ProbeRun till(Probe(), {"--pin", "2468"});
  RingUp(screen, till);
  screen.Key(kKeyF4);
  std::this_thread::sleep_for(300ms);
  screen.Key(kKeyEscape);
  std::this_thread::sleep_for(300ms);
  screen.Key(kKeyF4);
  std::this_thread::sleep_for(300ms);
  screen.Scan("8850000000024");
  CHECK(till.WaitFor("scan", 4).back() == "scan 8850000000024");
  CHECK(till.WaitFor("pin", 0).empty());
}

TEST_CASE("Points: what cannot be used is said, in every language and look", "[ui][points][shots]") {
  Screen screen;
  struct Look {
    const char* name;
    Lines arguments;
  };
  const Look looks[] = {
      {"th-offline", {"--lang", "th", "--offline", "--held", "500"}},
      {"vi-offline", {"--lang", "vi", "--offline", "--held", "500"}},
      {"en-offline-dark", {"--dark", "--offline", "--held", "500", "--not-active", "40"}},
      {"en-card-needed", {"--offline", "--held", "0", "--why-not", "card_needed"}},
      {"th-pin-locked-dark", {"--lang", "th", "--dark", "--held", "0", "--why-not", "pin_locked"}},
      {"vi-debt", {"--lang", "vi", "--held", "0", "--debt", "130"}},
      {"en-1024", {"--size", "1024x768", "--offline", "--held", "500"}},
      {"th-1024", {"--size", "1024x768", "--lang", "th", "--offline", "--held", "500"}},
  };
  for (const auto& look : looks) {
    INFO(look.name);
    ProbeRun till(Probe(), look.arguments);
    RingUp(screen, till);
    Shoot(screen, std::string(look.name));
    screen.Key(kKeyF4);
    CHECK(till.WaitFor("redeem", 1) == Lines{"redeem max"});
    std::this_thread::sleep_for(300ms);
    Shoot(screen, std::string(look.name) + "-used");
  }
}
