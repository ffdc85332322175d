#include <catch2/catch.hpp>
#include <mutex>

#include "devices/scale/scale_error.h"
#include "devices/scale/serial_scale.h"
#include "devices/sim/scale_device.h"
#include "tests/unit/devices/record/pty_device.h"

namespace evertill::devices::scale {
namespace {

const base::Clock& SystemClock() {
  static const auto kClock = base::MakeSystemClock();
  return *kClock;
}

/// The simulated scale at the far end of a real pseudo-terminal.
struct SimulatedScale {
  explicit SimulatedScale(const std::string& protocol)
      : scale(protocol), device([this](std::string& received) {
          const std::lock_guard lock(mutex);
          const std::string bytes = std::exchange(received, {});
          return bytes.empty() ? std::string() : scale.Take(bytes);
        }) {
    if (!scale.Streams()) return;
    talk = std::thread([this] {
      while (!stop) {
        {
          const std::lock_guard lock(mutex);
          device.Send(scale.Stream());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
      }
    });
  }
  ~SimulatedScale() {
    stop = true;
    if (talk.joinable()) talk.join();
  }
  void Do(const std::string& command) {
    const std::lock_guard lock(mutex);
    INFO(command);
    REQUIRE(scale.Control(command).find("\"ok\":true") != std::string::npos);
  }
  std::mutex mutex;
  sim::SimScale scale;
  std::atomic<bool> stop{false};
  PtyDevice device;
  std::thread talk;
};

TEST_CASE("Scale and simulator: every protocol, every state", "[devices][scale][sim]") {
  for (const std::string& protocol : sim::ScaleProtocolNames()) {
    DYNAMIC_SECTION(protocol) {
      SimulatedScale simulated(protocol);
      auto scale = SerialScale::Create({"serial:" + simulated.device.Path(), protocol, "", ""}, SystemClock(), {});
      REQUIRE(scale);
      for (const auto& [kilograms, milligrams] :
           {std::pair<std::string, int64_t>{"0.512", 512'000}, {"0", 0}, {"14.999", 14'999'000}, {"0.001", 1'000}}) {
        simulated.Do("weight " + kilograms);
        const auto weighed = (*scale)->Weigh(2000);
        INFO((weighed ? "" : weighed.error().ToString()));
        REQUIRE(weighed);
        CHECK(*weighed == checkout::Weighing{milligrams, true, false, false});
      }
      simulated.Do("motion on");
      REQUIRE((*scale)->Weigh(2000));
      CHECK_FALSE((*scale)->Weigh(2000)->at_rest);
      simulated.Do("motion off");
      simulated.Do("weight 15.001");
      CHECK((*scale)->Weigh(2000)->overload);
      CHECK_FALSE((*scale)->Weigh(2000)->at_rest);
      simulated.Do("weight -0.020");
      CHECK((*scale)->Weigh(2000)->under_zero);
      CHECK_FALSE((*scale)->Weigh(2000)->overload);
    }
  }
}

TEST_CASE("Scale and simulator: set to zero, and refused while loaded", "[devices][scale][sim]") {
  for (const std::string protocol : {"toledo-8217", "nci", "mt-sics"}) {
    DYNAMIC_SECTION(protocol) {
      SimulatedScale simulated(protocol);
      auto scale = SerialScale::Create({"serial:" + simulated.device.Path(), protocol, "", ""}, SystemClock(), {});
      REQUIRE(scale);
      simulated.Do("weight 0.020");
      CHECK((*scale)->Weigh(2000)->milligrams == 20'000);
      const auto zeroed = (*scale)->Zero();
      INFO((zeroed ? "" : zeroed.error().ToString()));
      CHECK(zeroed);
      CHECK((*scale)->Weigh(2000)->milligrams == 0);
      simulated.Do("weight 5.000");
      const auto refused = (*scale)->Zero();
      REQUIRE_FALSE(refused);
      CHECK(refused.error().Name() == "scale_cannot_zero");
      CHECK((*scale)->Weigh(2000)->milligrams == 4'980'000);
    }
  }
}

TEST_CASE("Scale and simulator: rubbish, half answers, a wrong check and silence are errors in time",
          "[devices][scale][sim]") {
  for (const std::string& protocol : sim::ScaleProtocolNames()) {
    DYNAMIC_SECTION(protocol) {
      SimulatedScale simulated(protocol);
      simulated.Do("weight 0.512");
      auto scale = SerialScale::Create({"serial:" + simulated.device.Path(), protocol, "", ""}, SystemClock(), {});
      REQUIRE(scale);
      for (const std::string fault : {"garbage", "half", "mute"}) {
        simulated.Do(fault + " on");
        const auto start = SystemClock().Uptime();
        const auto weighed = (*scale)->Weigh(900);
        INFO(fault);
        CHECK((SystemClock().Uptime() - start).count() < 1300);
        CHECK_FALSE(weighed);
        simulated.Do(fault + " off");
        CHECK((*scale)->Weigh(2500)->milligrams == 512'000);
      }
    }
  }
  SimulatedScale cas("cas");
  auto scale = SerialScale::Create({"serial:" + cas.device.Path(), "cas", "", ""}, SystemClock(), {});
  REQUIRE(scale);
  cas.Do("wrong-check on");
  const auto weighed = (*scale)->Weigh(900);
  REQUIRE_FALSE(weighed);
  CHECK(weighed.error().Is(ScaleErrc::kUnreadable));
}

}  // namespace
}  // namespace evertill::devices::scale
