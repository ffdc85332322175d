#include <catch2/catch.hpp>

#include <algorithm>
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

constexpr auto kByHand = 150ms;  ///< between the keys of a person
constexpr Screen::Area kPayKey{1018, 680, 250, 108};
constexpr Screen::Area kWholeWindow{0, 52, 1280, 748};
constexpr Screen::Area kBasket{13, 114, 734, 490};

/// Keeps a picture for people where EVERTILL_UI_SHOTS says.
void Shoot(Screen& screen, const std::string& name) {
  if (const char* folder = std::getenv("EVERTILL_UI_SHOTS"); folder != nullptr) {
    std::this_thread::sleep_for(300ms);
    screen.Save(std::string(folder) + "/" + name + ".png");
  }
}

bool Changes(Screen& screen, Screen::Area area, const std::vector<uint32_t>& before) {
  return Eventually([&] { return screen.Pixels(area) != before; });
}

/// The pixels of an area once they have stopped changing.
std::vector<uint32_t> Settled(Screen& screen, Screen::Area area) {
  std::vector<uint32_t> last;
  (void)Eventually([&] {
    std::this_thread::sleep_for(150ms);
    auto now = screen.Pixels(area);
    const bool same = now == last;
    last = std::move(now);
    return same;
  });
  return last;
}

}  // namespace

TEST_CASE("Window: a scan becomes a line on the screen", "[ui]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {});
  const auto before = screen.Pixels(kBasket);
  screen.Scan("8850999320014");
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
  CHECK(Changes(screen, kBasket, before));
}

TEST_CASE("Window: scans are right under any keyboard layout", "[ui]") {
  Screen screen;
  for (const std::string layout : {"th", "vn", "fr", "us"}) {
    screen.UseLayout(layout);
    ProbeRun till(Probe(), {});
    screen.Scan("8850999320014");
    std::this_thread::sleep_for(200ms);
    screen.Scan("L03-000123_aB]");
    INFO(layout);
    CHECK(till.WaitFor("scan", 2) == Lines{"scan 8850999320014", "scan L03-000123_aB]"});
  }
  screen.UseLayout("us");
}

TEST_CASE("Window: ten scans within 100 ms all land, in order", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  Lines expected;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    const std::string code = "885000000000" + std::to_string(9 - i);
    screen.Scan(code);
    expected.push_back("scan " + code);
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  INFO(std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms to send");
  CHECK(took < 100ms);
  CHECK(till.WaitFor("scan", 10) == expected);
}

TEST_CASE("Window: typed digits and Enter are looked up, and nothing is lost before a scan", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Type("42", kByHand);
  std::this_thread::sleep_for(kByHand);
  screen.Scan("8850999320014");  // what was typed by hand is not part of it
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
  std::this_thread::sleep_for(300ms);
  screen.Type("8850", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("scan", 2) == Lines{"scan 8850999320014", "scan 8850"});
}

TEST_CASE("Window: quantity, member, exact cash and notes have their keys", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  std::this_thread::sleep_for(200ms);
  screen.Type("3", kByHand);
  screen.Type("*", kByHand);
  CHECK(till.WaitFor("quantity", 1) == Lines{"quantity 1 3"});
  screen.Key(kKeyF2);
  screen.Type("0812345678", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("member", 1) == Lines{"member 0812345678"});
  std::this_thread::sleep_for(200ms);
  Shoot(screen, "ringing");
  screen.Key(11, false, true);  // Alt+2: the second suggested sum
  CHECK(till.WaitFor("cash", 1) == Lines{"cash 1500.00"});
  std::this_thread::sleep_for(200ms);
  Shoot(screen, "paid");
  screen.Scan("8850000000017");
  std::this_thread::sleep_for(200ms);
  screen.Key(kKeyF9);
  CHECK(till.WaitFor("cash", 2).back() == "cash exact");
}

TEST_CASE("Window: an amount typed fast in front of Pay is cash, not a scan", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  std::this_thread::sleep_for(200ms);
  screen.Key(kKeyF12);
  std::this_thread::sleep_for(200ms);
  screen.Type("1000", 70ms);  // a quick hand on the number pad
  screen.Enter();
  CHECK(till.WaitFor("cash", 1) == Lines{"cash 1000"});
}

TEST_CASE("Window: when the cash was not enough, the next number is cash too", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  std::this_thread::sleep_for(200ms);
  screen.Key(kKeyF12);
  std::this_thread::sleep_for(200ms);
  screen.Type("100", kByHand);
  screen.Enter();
  (void)till.WaitFor("cash", 1);
  std::this_thread::sleep_for(200ms);
  screen.Type("1000", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("cash", 2) == Lines{"cash 100", "cash 1000"});
}

TEST_CASE("Window: a phone number typed where codes are typed finds the member", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Type("0812345678", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("member", 1) == Lines{"member 0812345678"});
  screen.Type("98765432", kByHand);  // no phone number
  screen.Enter();
  CHECK(till.WaitFor("scan", 2).size() == 2);
  std::this_thread::sleep_for(300ms);
  CHECK(till.WaitFor("member", 1).size() == 1);
}

TEST_CASE("Window: a scan in the middle of making a member loses nothing that was typed", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Key(kKeyF5);
  std::this_thread::sleep_for(300ms);
  screen.Type("Linh", kByHand);
  screen.Key(kKeyTab);
  screen.Type("0812", kByHand);
  std::this_thread::sleep_for(kByHand);
  screen.Scan("8850999320014");
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
  std::this_thread::sleep_for(300ms);
  screen.Key(kKeyF5);
  std::this_thread::sleep_for(300ms);
  screen.Type("345678", kByHand);
  Shoot(screen, "set-aside");
  screen.Click(60, 408);
  std::this_thread::sleep_for(200ms);
  screen.Enter();
  CHECK(till.WaitFor("enrol", 1) == Lines{"enrol Linh 0812345678 en 1"});
}

TEST_CASE("Window: keys on the screen work by touch and leave the scanner alone", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Click(820, 413);   // 4
  screen.Click(949, 335);   // 2
  screen.Click(1207, 569);  // Enter
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 42"});
  screen.Scan("8850999320014");
  CHECK(till.WaitFor("scan", 2).back() == "scan 8850999320014");
  screen.Click(820, 643);  // Exact
  CHECK(till.WaitFor("cash", 1) == Lines{"cash exact"});
}

TEST_CASE("Window: an unknown barcode says so at once, and F3 searches for it", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8859999999999");
  (void)till.WaitFor("scan", 1);
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "unknown");
  screen.Key(kKeyF3);
  CHECK(till.WaitFor("search", 1) == Lines{"search 8859999999999"});
}

TEST_CASE("Window: a product is found while its name is typed, and Enter takes it", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Key(kKeyF3);
  std::this_thread::sleep_for(300ms);
  screen.Type("fish", kByHand);
  CHECK(till.WaitFor("search fish", 1) == Lines{"search fish"});
  std::this_thread::sleep_for(300ms);
  Shoot(screen, "search");
  screen.Key(kKeyDown);
  screen.Enter();
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
}

TEST_CASE("Window: a scan while a name is being typed is a scan, and the name stays", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Key(kKeyF3);
  std::this_thread::sleep_for(300ms);
  screen.Type("rice", kByHand);
  (void)till.WaitFor("search rice", 1);
  screen.Scan("8850000000024");
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850000000024"});
}

TEST_CASE("Window: a member is made from three fields and a tick", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Key(kKeyF5);
  std::this_thread::sleep_for(300ms);
  screen.Type("Linh", kByHand);
  screen.Enter();
  screen.Type("0812345678", kByHand);
  screen.Enter();
  std::this_thread::sleep_for(300ms);
  CHECK(till.WaitFor("enrol", 0).empty());  // not without consent
  Shoot(screen, "enrol");
  screen.Click(60, 408);
  std::this_thread::sleep_for(200ms);
  screen.Enter();
  CHECK(till.WaitFor("enrol", 1) == Lines{"enrol Linh 0812345678 en 1"});
}

TEST_CASE("Window: signing in and counting the float lead to selling", "[ui]") {
  Screen screen;
  screen.UseLayout("th");  // a PIN is digits under any layout
  ProbeRun till(Probe(), {"--locked"});
  Shoot(screen, "sign-in");
  screen.Click(284, 398);  // the first name
  std::this_thread::sleep_for(200ms);
  screen.Type("9999", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("sign_in", 1) == Lines{"sign_in Nok 9999"});
  std::this_thread::sleep_for(300ms);
  screen.Type("1234", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("sign_in", 2).back() == "sign_in Nok 1234");
  std::this_thread::sleep_for(300ms);
  screen.Type("1500.50", kByHand);
  screen.Enter();
  CHECK(till.WaitFor("open_shift", 1) == Lines{"open_shift 1500.50"});
  std::this_thread::sleep_for(300ms);
  screen.Scan("8850999320014");
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
  screen.UseLayout("us");
}

TEST_CASE("Window: switching the language changes the words at once, and back", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  const auto english = Settled(screen, kWholeWindow);
  const auto english_pay = screen.Pixels(kPayKey);
  screen.Key(kKeyF11);
  CHECK(till.WaitFor("language th", 1).size() == 1);
  CHECK(Changes(screen, kPayKey, english_pay));
  Shoot(screen, "thai");
  const auto thai_pay = Settled(screen, kPayKey);
  screen.Key(kKeyF11);
  CHECK(till.WaitFor("language vi", 1).size() == 1);
  CHECK(Changes(screen, kPayKey, thai_pay));
  Shoot(screen, "vietnamese");
  (void)Settled(screen, kWholeWindow);
  screen.Key(kKeyF11);
  CHECK(till.WaitFor("language en", 2).size() == 2);
  const bool same_as_before = Settled(screen, kWholeWindow) == english;
  CHECK(same_as_before);
}

TEST_CASE("Window: clearing the basket takes two presses", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  std::this_thread::sleep_for(200ms);
  screen.Key(kKeyDelete, true);
  std::this_thread::sleep_for(300ms);
  CHECK(till.WaitFor("void_basket", 0).empty());
  screen.Key(kKeyDelete, true);
  CHECK(till.WaitFor("void_basket", 1).size() == 1);
}

TEST_CASE("Window: SIGTERM closes it cleanly", "[ui]") {
  Screen screen;
  ProbeRun till(Probe(), {});
  screen.Scan("8850999320014");
  CHECK(till.Terminate() == 0);
}
