// The till's window on a counter without a store. Each act that the window sends is one line on standard output.
//   ui_probe [--lang LANG] [--dark] [--high-contrast] [--size WxH] [--locked] [--offline]
//            [--held N] [--not-active N] [--debt N] [--pin PIN] [--why-not CODE]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "app/base/clock.h"
#include "app/ui/app.h"
#include "tests/support/fake_counter.h"

int main(int argc, char** argv) {
  using namespace evertill;
  ui::UiOptions options;
  auto phase = presenters::Phase::kRinging;
  presenters::SyncView sync;
  sync.state = presenters::SyncView::State::kOnline;
  tests::FakeCounter::Points points;
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
    return counter;
  });
}
