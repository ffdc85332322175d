#include "devices/display/pole_display.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>

#include "devices/link/link_error.h"
#include "devices/link/open_link.h"
#include "tests/unit/devices/record/pty_device.h"

namespace evertill::devices::display {
namespace {

using checkout::CustomerView;
using checkout::DeviceState;

const base::Clock& SystemClock() {
  static const auto kClock = base::MakeSystemClock();
  return *kClock;
}

CustomerView Total(const std::string& total) {
  CustomerView view;
  view.scene = CustomerView::Scene::kSelling;
  view.lines = {{"Milk", "", "45.00"}};
  view.total_label = "Total";
  view.total = total;
  return view;
}

TEST_CASE("Pole display: is set up once, then shows each view", "[devices][display]") {
  PtyDevice device;
  auto display = PoleDisplay::Create({"serial:" + device.Path(), "cd5220", ""}, SystemClock(), {});
  REQUIRE(display);
  (*display)->Show(Total("45.00"));
  REQUIRE(device.WaitFor("\x1BQBTotal          45.00\r"));
  (*display)->Show(Total("90.00"));
  REQUIRE(device.WaitFor("\x1BQBTotal          90.00\r"));
  const std::string all = device.Received();
  CHECK(all.starts_with(std::string("\x1B@\x0C\x1B_\0\x1BQAMilk", 13)));
  CHECK(all.find('\x0C', 4) == std::string::npos);  // no flicker
  CHECK(all.find("?") == std::string::npos);
}

/// A link that takes nothing until it is let.
struct SlowLink final : link::Link {
  explicit SlowLink(std::atomic<bool>& go, std::string& to, std::mutex& guard) : open(go), out(to), mutex(guard) {}
  base::Expected<size_t> Write(std::string_view bytes, int stall_ms) override {
    if (!Eventually([this] { return open.load(); }, stall_ms)) return base::Fail(link::LinkErrc::kLost, "stalled");
    const std::lock_guard lock(mutex);
    out += bytes;
    return bytes.size();
  }
  base::Expected<std::string> Read(int) override { return std::string(); }
  bool Drain(int) override { return true; }
  bool ReadsBack() const override { return true; }
  int PollFd() const override { return -1; }
  std::atomic<bool>& open;
  std::string& out;
  std::mutex& mutex;
};

TEST_CASE("Pole display: showing never blocks, and the newest view wins", "[devices][display]") {
  std::atomic<bool> open{false};
  std::string out;
  std::mutex mutex;
  PoleDisplay display(
      *LoadDisplayProfile("cd5220"), {checkout::DeviceKind::kPoleDisplay, "Pole", "fake", {}, {}, ""},
      [&]() -> base::Expected<std::unique_ptr<link::Link>> { return std::make_unique<SlowLink>(open, out, mutex); },
      SystemClock(), {});
  const auto start = SystemClock().Uptime();
  for (int i = 0; i < 1000; ++i) display.Show(Total(std::to_string(i) + ".00"));
  CHECK((SystemClock().Uptime() - start).count() < 500);
  open = true;
  CHECK(Eventually([&] {
    const std::lock_guard lock(mutex);
    return out.find("999.00") != std::string::npos;
  }));
  const std::lock_guard lock(mutex);
  CHECK(out.find("500.00") == std::string::npos);
}

TEST_CASE("Pole display: unplugged it is absent; back again it shows what is on now", "[devices][display]") {
  auto device = std::make_unique<PtyDevice>();
  std::mutex mutex;
  std::string path = device->Path();
  std::atomic<DeviceState> state{DeviceState::kConnecting};
  PoleDisplay display(
      *LoadDisplayProfile("epson-dm-d"), {checkout::DeviceKind::kPoleDisplay, "Pole", "serial", {}, {}, ""},
      [&] {
        const std::lock_guard lock(mutex);
        return link::OpenLink(link::SerialAddress{path});
      },
      SystemClock(), [&](const checkout::DeviceStatus& status) { state = status.state; });
  display.Show(Total("45.00"));
  REQUIRE(device->WaitFor("45.00"));
  device->Unplug();
  display.Show(Total("60.00"));
  CHECK(Eventually([&] { return state == DeviceState::kAbsent; }));
  display.Show(Total("75.00"));
  auto second = std::make_unique<PtyDevice>();
  {
    const std::lock_guard lock(mutex);
    path = second->Path();
  }
  CHECK(second->WaitFor("75.00"));
  CHECK(Eventually([&] { return state == DeviceState::kReady; }));
  CHECK(second->Received().starts_with("\x1B@\x0C"));
}

}  // namespace
}  // namespace evertill::devices::display
