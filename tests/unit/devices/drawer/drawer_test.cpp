#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <vector>

#include "devices/drawer/drawer_error.h"
#include "devices/drawer/serial_drawer.h"
#include "devices/link/link_error.h"
#include "devices/link/open_link.h"
#include "devices/sim/drawer_device.h"
#include "tests/unit/devices/record/pty_device.h"

namespace evertill::devices::drawer {
namespace {

using checkout::DeviceNote;
using checkout::DeviceState;

const base::Clock& SystemClock() {
  static const auto kClock = base::MakeSystemClock();
  return *kClock;
}

struct Reports {
  checkout::DeviceReport Sink() {
    return [this](const checkout::DeviceStatus& status) {
      const std::lock_guard lock(mutex);
      last = status;
    };
  }
  bool Becomes(DeviceState state, std::vector<DeviceNote> notes) {
    return Eventually([&] {
      const std::lock_guard lock(mutex);
      return last.state == state && last.notes == notes;
    });
  }
  std::mutex mutex;
  checkout::DeviceStatus last;
};

DrawerSettings On(const std::string& path) {
  DrawerSettings settings;
  settings.address = "serial:" + path;
  return settings;
}

TEST_CASE("Drawer: settings that make no sense are refused with the reason", "[devices][drawer]") {
  const auto problem = [](auto change) {
    DrawerSettings settings = On("/dev/null");
    change(settings);
    const auto wiring = ParseWiring(settings);
    REQUIRE_FALSE(wiring);
    return wiring.error().ToString();
  };
  CHECK(problem([](auto& s) { s.open = ""; }) == "drawer_settings_invalid: open: nothing would open it");
  CHECK(problem([](auto& s) { s.pulse = "cts"; }) == "drawer_settings_invalid: pulse: dtr or rts");
  CHECK(problem([](auto& s) { s.pulse_ms = 5000; }) == "drawer_settings_invalid: pulse_ms: 10 to 2000");
  CHECK(problem([](auto& s) { s.sensor = "rts"; }).starts_with("drawer_settings_invalid: sensor: cts, dsr or dcd"));
  CHECK(problem([](auto& s) { s.open = "<BELL>"; }).starts_with("drawer_settings_invalid: open: <BELL>"));
  CHECK(problem([](auto& s) { s.ask = "?"; }).starts_with("drawer_settings_invalid: ask: says_open"));
}

TEST_CASE("Drawer: bytes open it, once for each time", "[devices][drawer]") {
  PtyDevice device;
  Reports reports;
  DrawerSettings settings = On(device.Path());
  settings.open = "<ESC>p<NUL><x19><xFA>";
  auto drawer = SerialDrawer::Create(settings, SystemClock(), reports.Sink());
  REQUIRE(drawer);
  const std::string pulse("\x1Bp\x00\x19\xFA", 5);
  CHECK((*drawer)->Open());
  CHECK(device.WaitFor(pulse));
  CHECK((*drawer)->Open());
  CHECK(device.WaitFor(pulse + pulse));
  CHECK(device.Received() == pulse + pulse);
  CHECK(reports.Becomes(DeviceState::kReady, {DeviceNote::kNoStatus}));
  CHECK_FALSE((*drawer)->IsOpen().has_value());
}

TEST_CASE("Drawer: its own answer says whether it is open, and rubbish says nothing", "[devices][drawer]") {
  std::atomic<char> says{'c'};
  PtyDevice device([&](std::string& received) -> std::string {
    const size_t ask = received.find('?');
    if (ask == std::string::npos) return {};
    received.erase(0, ask + 1);
    return std::string(1, says);
  });
  Reports reports;
  DrawerSettings settings = On(device.Path());
  settings.ask = "?";
  settings.says_open = "o";
  settings.says_closed = "c";
  auto drawer = SerialDrawer::Create(settings, SystemClock(), reports.Sink());
  REQUIRE(drawer);
  CHECK(reports.Becomes(DeviceState::kReady, {}));
  CHECK((*drawer)->IsOpen() == false);
  says = 'o';
  CHECK(reports.Becomes(DeviceState::kReady, {DeviceNote::kDrawerOpen}));
  CHECK((*drawer)->IsOpen() == true);
  says = '#';
  CHECK(reports.Becomes(DeviceState::kReady, {DeviceNote::kNoStatus}));
  CHECK_FALSE((*drawer)->IsOpen().has_value());
}

TEST_CASE("Drawer and simulator: each pulse opens once, and closing is seen", "[devices][drawer][sim]") {
  sim::SimDrawer simulated(sim::SimDrawer::Trigger::kPrinterPulse);
  std::mutex mutex;
  PtyDevice device([&](std::string& received) {
    const std::lock_guard lock(mutex);
    const std::string bytes = std::exchange(received, {});
    return bytes.empty() ? std::string() : simulated.Take(bytes);
  });
  Reports reports;
  DrawerSettings settings = On(device.Path());
  settings.open = "<ESC>p<NUL><x19><xFA>";
  settings.ask = "?";
  settings.says_open = "o";
  settings.says_closed = "c";
  auto drawer = SerialDrawer::Create(settings, SystemClock(), reports.Sink());
  REQUIRE(drawer);
  for (int pulses = 1; pulses <= 3; ++pulses) {
    REQUIRE(reports.Becomes(DeviceState::kReady, {}));
    CHECK((*drawer)->Open());
    CHECK(reports.Becomes(DeviceState::kReady, {DeviceNote::kDrawerOpen}));
    const std::lock_guard lock(mutex);
    CHECK(simulated.Pulses() == pulses);
    CHECK(simulated.Control("close") == "{\"ok\":true,\"open\":false,\"pulses\":" + std::to_string(pulses) + "}");
  }
}

/// Lines in memory: a pseudo-terminal has none.
struct FakeLines final : ModemLines {
  struct State {
    std::mutex mutex;
    std::vector<std::pair<ModemLine, bool>> set;
    bool sensor = false;
  };
  explicit FakeLines(State& to) : state(to) {}
  base::Status Set(ModemLine line, bool on) override {
    const std::lock_guard lock(state.mutex);
    state.set.emplace_back(line, on);
    return {};
  }
  base::Expected<bool> Get(ModemLine) override {
    const std::lock_guard lock(state.mutex);
    return state.sensor;
  }
  State& state;
};

TEST_CASE("Drawer: a pulse on DTR opens it, and CTS tells when it is open", "[devices][drawer]") {
  PtyDevice device;
  FakeLines::State state;
  Reports reports;
  DrawerSettings settings = On(device.Path());
  settings.pulse = "dtr";
  settings.pulse_ms = 20;
  settings.sensor = "!cts";
  SerialDrawer drawer(
      *ParseWiring(settings), {checkout::DeviceKind::kDrawer, "Drawer", "serial", {}, {}, ""},
      [&] { return link::OpenLink(link::SerialAddress{device.Path()}); },
      [&](link::Link&) { return std::make_unique<FakeLines>(state); }, SystemClock(), reports.Sink());
  CHECK(reports.Becomes(DeviceState::kReady, {DeviceNote::kDrawerOpen}));
  {
    const std::lock_guard lock(state.mutex);
    state.sensor = true;
  }
  CHECK(reports.Becomes(DeviceState::kReady, {}));
  CHECK(drawer.Open());
  const std::lock_guard lock(state.mutex);
  CHECK(state.set == std::vector<std::pair<ModemLine, bool>>{
                         {ModemLine::kDtr, false}, {ModemLine::kDtr, true}, {ModemLine::kDtr, false}});
  CHECK(device.Received().empty());
}

TEST_CASE("Drawer: a port without control lines says so and opens nothing", "[devices][drawer]") {
  PtyDevice device;
  Reports reports;
  DrawerSettings settings = On(device.Path());
  settings.pulse = "rts";
  auto drawer = SerialDrawer::Create(settings, SystemClock(), reports.Sink());
  REQUIRE(drawer);
  const auto opened = (*drawer)->Open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().Name() == "drawer_not_reached");
}

TEST_CASE("Drawer: absent it fails at once, never opens later, and works when it is back", "[devices][drawer]") {
  Reports reports;
  std::mutex mutex;
  std::string path = "/dev/no-such-drawer";
  SerialDrawer drawer(
      *ParseWiring(On("")), {checkout::DeviceKind::kDrawer, "Drawer", "serial", {}, {}, ""},
      [&] {
        const std::lock_guard lock(mutex);
        return link::OpenLink(link::SerialAddress{path});
      },
      LinesOf, SystemClock(), reports.Sink());
  CHECK(reports.Becomes(DeviceState::kAbsent, {}));
  const auto start = SystemClock().Uptime();
  const auto opened = drawer.Open();
  CHECK((SystemClock().Uptime() - start).count() < 2500);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().Name() == "device_unreachable");
  auto device = std::make_unique<PtyDevice>();
  {
    const std::lock_guard lock(mutex);
    path = device->Path();
  }
  CHECK(reports.Becomes(DeviceState::kReady, {DeviceNote::kNoStatus}));
  CHECK(device->Received().empty());
  CHECK(drawer.Open());
  CHECK(device->WaitFor("\a"));
  device->Unplug();
  CHECK(reports.Becomes(DeviceState::kAbsent, {}));
  CHECK_FALSE(drawer.Open());
}

}  // namespace
}  // namespace evertill::devices::drawer
