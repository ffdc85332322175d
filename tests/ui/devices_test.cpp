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

constexpr Screen::Area kLeft{13, 65, 734, 722};
constexpr Screen::Area kNotice{78, 545, 346, 62};  ///< its words, without the keys
constexpr Screen::Area kBar{545, 15, 350, 22};     ///< in light letters, without the border around them

// As tests/ui/probe.cpp reads them: the numbers of kind, state and notes.
const std::string kPrinterReady = "device 0 tcp://192.168.1.50:9100 1";
const std::string kPaperOut = "device 0 tcp://192.168.1.50:9100 2 0";
const std::string kNearEnd = "device 0 tcp://192.168.1.50:9100 2 1";
const std::string kPrinterAbsent = "device 0 tcp://192.168.1.50:9100 3";

const char* Probe() {
  return EVERTILL_UI_PROBE;
}

/// Without regard to spaces, which a reader of pictures sees where there are none, and the other way round.
bool Contains(std::string text, std::string part) {
  std::erase(text, ' ');
  std::erase(part, ' ');
  return text.find(part) != std::string::npos;
}

/// The screen comes to say `part` there, or no longer; what it said last is in `said`.
bool ComesTo(Screen& screen, Screen::Area area, const std::string& part, bool there, std::string& said) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  do {
    said = screen.Read(area, area.y < 52);
    if (Contains(said, part) == there) return true;
    std::this_thread::sleep_for(200ms);
  } while (std::chrono::steady_clock::now() < end);
  UNSCOPED_INFO("it says: " << said);
  return false;
}

bool Says(Screen& screen, Screen::Area area, const std::string& part, std::string& said) {
  return ComesTo(screen, area, part, true, said);
}

bool StopsSaying(Screen& screen, Screen::Area area, const std::string& part, std::string& said) {
  return ComesTo(screen, area, part, false, said);
}

void Shoot(Screen& screen, const std::string& name) {
  if (const char* folder = std::getenv("EVERTILL_UI_SHOTS"); folder != nullptr) {
    screen.Save(std::string(folder) + "/" + name + ".png");
  }
}

}  // namespace

TEST_CASE("Devices: paper out is said at once with what to do, the sale goes on, and it leaves when it is over",
          "[ui][devices]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeControl control;
  ProbeRun till(Probe(), {"--control", control.Path()});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  control.Tell(kPrinterReady);
  control.Tell(kPaperOut);
  std::string said;
  CHECK(Says(screen, kNotice, "Paper is out", said));
  CAPTURE(said);
  CHECK(Contains(said, "Open the lid, put in a roll"));
  CHECK(Says(screen, kBar, "Paper is out", said));  // the bar says so on every page
  Shoot(screen, "paper-out");
  screen.Scan("8850000000055");
  CHECK(till.WaitFor("scan", 2).back() == "scan 8850000000055");
  screen.Key(kKeyF9);
  CHECK(till.WaitFor("cash", 1) == Lines{"cash exact"});
  screen.Scan("8850999320014");
  CHECK(Says(screen, kNotice, "Paper is out", said));  // still
  control.Tell(kPrinterReady);
  CHECK(StopsSaying(screen, kNotice, "Paper is out", said));
  CHECK(StopsSaying(screen, kBar, "Paper is out", said));
}

TEST_CASE("Devices: what still works is said once, and Esc puts any notice away", "[ui][devices]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeControl control;
  ProbeRun till(Probe(), {"--control", control.Path()});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  control.Tell(kNearEnd);
  std::string said;
  CHECK(Says(screen, kNotice, "nearly out", said));
  screen.Key(kKeyF9);
  (void)till.WaitFor("cash", 1);
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 2);
  std::this_thread::sleep_for(400ms);
  CHECK_FALSE(Contains(screen.Read(kNotice), "nearly out"));
  CHECK(Says(screen, kBar, "nearly out", said));  // but it is not forgotten
  control.Tell(kPrinterAbsent);
  CHECK(Says(screen, kNotice, "Not connected", said));
  screen.Key(kKeyEscape);
  CHECK(StopsSaying(screen, kNotice, "Not connected", said));
  control.Tell(kPaperOut);  // something else is the matter now
  CHECK(Says(screen, kNotice, "Paper is out", said));
}

TEST_CASE("Devices: their page opens under any keyboard layout, is live, and a scan goes on selling", "[ui][devices]") {
  Screen screen;
  for (const std::string layout : {"th", "us"}) {
    screen.UseLayout(layout);
    INFO(layout);
    ProbeControl control;
    ProbeRun till(Probe(), {"--control", control.Path()});
    control.Tell(kPrinterReady);
    control.Tell("device 2 usb-Newland-event-kbd 1");
    screen.Control(kKeyD);
    std::string said;
    CHECK(Says(screen, kLeft, "Receipt printer", said));
    CAPTURE(said);
    CHECK(Contains(said, "Scanner"));
    CHECK(Contains(said, "Ready"));
    control.Tell("device 2 usb-Newland-event-kbd 3");
    CHECK(Says(screen, kLeft, "Not connected", said));
    Shoot(screen, "devices-" + layout);
    screen.Scan("8850999320014");
    CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
    CHECK(Says(screen, kLeft, "Basket", said));
  }
}

TEST_CASE("Devices: a test page is asked for by a touch, the drawer is not", "[ui][devices]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeControl control;
  ProbeRun till(Probe(), {"--control", control.Path()});
  control.Tell(kPrinterReady);
  control.Tell("device 3 printer 1");
  screen.Control(kKeyD);
  std::string said;
  REQUIRE(Says(screen, kLeft, "Test print", said));
  screen.Click(660, 200);
  CHECK(till.WaitFor("device 0", 1) == Lines{"device 0 tcp://192.168.1.50:9100"});
  CHECK(Says(screen, kLeft, "Done", said));
  screen.Click(660, 288);
  std::this_thread::sleep_for(500ms);
  CHECK(till.WaitFor("device ", 0).size() <= 1);
  screen.Key(kKeyEscape);
  CHECK(Says(screen, kLeft, "Ready to scan", said));
}

TEST_CASE("Print: a receipt that may not have printed asks, and is printed again by a person only", "[ui][print]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {"--print-ends", "4"});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  screen.Key(kKeyF9);
  std::string said;
  CHECK(Says(screen, kLeft, "It may not have printed", said));
  Shoot(screen, "print-unknown");
  std::this_thread::sleep_for(1500ms);
  CHECK(till.WaitFor("print_", 0).empty());  // not by itself
  screen.Key(kKeyF8);
  CHECK(till.WaitFor("print_", 1) == Lines{"print_again L03-000124"});
  CHECK(StopsSaying(screen, kLeft, "It may not have printed", said));
  screen.Key(kKeyF8);
  std::this_thread::sleep_for(300ms);
  CHECK(till.WaitFor("print_", 1).size() == 1);  // once asked, once printed
}

TEST_CASE("Print: the next sale does not forget the last one's receipt; it is there, says Esc", "[ui][print]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {"--print-ends", "4"});
  screen.Scan("8850999320014");
  (void)till.WaitFor("scan", 1);
  screen.Key(kKeyF9);
  (void)till.WaitFor("cash", 1);
  std::this_thread::sleep_for(300ms);
  screen.Scan("8850000000079");  // beer: the age is asked first
  (void)till.WaitFor("scan", 2);
  std::this_thread::sleep_for(400ms);
  screen.Key(kKeyF8);
  CHECK(till.WaitFor("confirm_age", 1).size() == 1);
  std::string said;
  CHECK(Says(screen, kNotice, "L03-000124", said));
  Shoot(screen, "print-unknown-next");
  CHECK(till.WaitFor("print_", 0).empty());
  screen.Key(kKeyEscape);
  CHECK(till.WaitFor("print_", 1) == Lines{"print_seen L03-000124"});
  CHECK(StopsSaying(screen, kNotice, "L03-000124", said));
}

TEST_CASE("Print: after a start the last sale's receipt is told, and asked about where nobody is sure", "[ui][print]") {
  Screen screen;
  screen.UseLayout("us");
  {
    ProbeControl control;
    ProbeRun till(Probe(), {"--control", control.Path()});
    control.Tell("last L03-000099 2");
    std::string said;
    CHECK(Says(screen, kNotice, "L03-000099", said));
    CAPTURE(said);
    CHECK(Contains(said, "Receipt printed"));
    screen.Scan("8850999320014");  // read, and gone
    CHECK(StopsSaying(screen, kNotice, "L03-000099", said));
  }
  ProbeControl control;
  ProbeRun till(Probe(), {"--control", control.Path()});
  control.Tell("last L03-000099 4");
  std::string said;
  CHECK(Says(screen, kNotice, "may not have printed", said));
  screen.Key(kKeyF8);
  CHECK(till.WaitFor("print_", 1) == Lines{"print_again L03-000099"});
}

TEST_CASE("Customer: without a window manager a scan over the customer's window is the till's", "[ui][customer]") {
  Screen screen;
  screen.UseLayout("us");
  ProbeRun till(Probe(), {"--customer-window", "--lines", "2"});
  screen.Click(500, 300);
  screen.Scan("8850999320014");
  CHECK(till.WaitFor("scan", 1) == Lines{"scan 8850999320014"});
  CHECK(till.Terminate() == 0);
}
