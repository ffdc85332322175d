// The till's window on a counter without a store. Each act that the window sends is one line on standard output.
//   ui_probe [--lang LANG] [--dark] [--high-contrast] [--size WxH] [--locked] [--offline]
//            [--held N] [--not-active N] [--debt N] [--pin PIN] [--why-not CODE]
//            [--kiosk] [--customer-monitor N | --customer-window] [--lines N] [--dong] [--training] [--pay-code]
//            [--receipt-code]
//            [--member NAME LANG] [--print-ends STATE] [--control FIFO]
// What the devices say comes by the FIFO, a line each: "device KIND ADDRESS STATE [NOTE…]", KIND, STATE and NOTE being
// the numbers of the enumerators; "print RECEIPT STATE"; "last RECEIPT STATE" for what is told at the start.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "app/base/clock.h"
#include "app/ui/app.h"
#include "tests/support/fake_counter.h"

namespace {

using namespace evertill;

void Tell(tests::FakeCounter& counter, const std::string& line) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  int number = 0;
  if (what == "device") {
    checkout::DeviceStatus status;
    words >> number >> status.address;
    status.kind = static_cast<checkout::DeviceKind>(number);
    const char* names[] = {"Epson TM-T88VI", "Zebra GK420", "Newland HR22", "", "CAS AP-1", "", "Epson DM-D30"};
    status.name = names[number];
    words >> number;
    status.state = static_cast<checkout::DeviceState>(number);
    while (words >> number) status.notes.push_back(static_cast<checkout::DeviceNote>(number));
    counter.ShowDevice(status);
  } else if (what == "print" || what == "last") {
    presenters::PrintView print;
    words >> print.receipt >> number;
    print.state = static_cast<checkout::PrintState>(number);
    print.at_start = what == "last";
    counter.ShowPrint(print);
  }
}

constexpr char kPayCode[] =
    "00020101021229370016A000000677010111011300668123456785303764540"
    "71042.3958"
    "02TH62070703L036304A1B2";
constexpr char kReceiptCode[] = "https://hq.example.com/r#L03-000124.9d3kQ0mP1cVb7xYz2Wn4TgHs6LrJ8uEaFiDoKqXvBwMy5NpR";

}  // namespace

int main(int argc, char** argv) {
  ui::UiOptions options;
  auto phase = presenters::Phase::kRinging;
  presenters::SyncView sync;
  sync.state = presenters::SyncView::State::kOnline;
  tests::FakeCounter::Points points;
  int lines = 0;
  bool dong = false;
  bool training = false;
  std::optional<presenters::CodeView> code;
  std::string member, member_language, control;
  auto print_ends = checkout::PrintState::kConfirmed;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--lang" && i + 1 < argc) options.language = argv[++i];
    if (argument == "--dark") options.look = ui::Look::kDark;
    if (argument == "--high-contrast") options.look = ui::Look::kHighContrast;
    if (argument == "--locked") phase = presenters::Phase::kLocked;
    if (argument == "--offline") {
      sync = {presenters::SyncView::State::kOffline, 3, 4};
      points.provisional = true;
    }
    if (argument == "--customer-monitor" && i + 1 < argc) options.customer.monitor = std::atoi(argv[++i]);
    if (argument == "--kiosk") options.kiosk = true;
    if (argument == "--customer-window") options.customer.windowed = true;
    if (argument == "--lines" && i + 1 < argc) lines = std::atoi(argv[++i]);
    if (argument == "--dong") dong = true;
    if (argument == "--training") training = true;
    if (argument == "--pay-code") code = presenters::CodeView{kPayCode, true};
    if (argument == "--receipt-code") code = presenters::CodeView{kReceiptCode, false};
    if (argument == "--member" && i + 2 < argc) member = argv[++i], member_language = argv[++i];
    if (argument == "--print-ends" && i + 1 < argc)
      print_ends = static_cast<checkout::PrintState>(std::atoi(argv[++i]));
    if (argument == "--control" && i + 1 < argc) control = argv[++i];
    if (argument == "--held" && i + 1 < argc) points.here = std::atoll(argv[++i]);
    if (argument == "--not-active" && i + 1 < argc) points.not_active = std::atoll(argv[++i]);
    if (argument == "--debt" && i + 1 < argc) points.debt = std::atoll(argv[++i]);
    if (argument == "--pin" && i + 1 < argc) points.pin = argv[++i];
    if (argument == "--why-not" && i + 1 < argc) points.why_not = argv[++i];
    if (argument == "--size" && i + 1 < argc) std::sscanf(argv[++i], "%dx%d", &options.width, &options.height);
  }
  const auto clock = base::MakeSystemClock();
  options.clock = clock.get();
  return ui::RunApp(options, [&](base::Dispatcher& screen) {
    auto counter = std::make_unique<tests::FakeCounter>(screen, [](const std::string& act) {
      std::printf("%s\n", act.c_str());
      std::fflush(stdout);
    });
    counter->Begin(phase);
    counter->UsePoints(points);
    counter->ShowSync(sync);
    counter->PrintEndsAs(print_ends);
    if (dong) counter->SellInDong();
    if (training) counter->Train();
    if (code) counter->UseCode(*code);
    if (!member.empty()) counter->NameMember(member, member_language);
    counter->Fill(lines);
    if (!control.empty()) {
      // It ends with the program: a reader of a FIFO cannot be woken.
      std::thread([control, &counter = *counter] {
        for (;;) {
          std::ifstream fifo(control);
          for (std::string line; std::getline(fifo, line);) Tell(counter, line);
        }
      }).detach();
    }
    return counter;
  });
}
