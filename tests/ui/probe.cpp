// The till's window on a counter without a store. Each act that the window sends is one line on standard output.
//   ui_probe [--lang LANG] [--dark] [--high-contrast] [--size WxH] [--locked] [--offline]
#include <cstdio>
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
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--lang" && i + 1 < argc) options.language = argv[++i];
    if (argument == "--dark") options.look = ui::Look::kDark;
    if (argument == "--high-contrast") options.look = ui::Look::kHighContrast;
    if (argument == "--locked") phase = presenters::Phase::kLocked;
    if (argument == "--offline") sync = {presenters::SyncView::State::kOffline, 3, 4};
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
    counter->ShowSync(sync);
    return counter;
  });
}
