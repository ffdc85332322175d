#include "devices/scale/serial_scale.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <vector>

#include "devices/link/link_error.h"
#include "devices/link/open_link.h"
#include "devices/scale/scale_error.h"
#include "tests/unit/devices/record/pty_device.h"

namespace evertill::devices::scale {
namespace {

using checkout::DeviceNote;
using checkout::DeviceState;

const base::Clock& SystemClock() {
  static const auto kClock = base::MakeSystemClock();
  return *kClock;
}

/// What a scale reported, seen from the test's thread.
struct Reports {
  void Add(const checkout::DeviceStatus& status) {
    const std::lock_guard lock(mutex);
    all.push_back(status);
  }
  checkout::DeviceStatus Last() {
    const std::lock_guard lock(mutex);
    return all.empty() ? checkout::DeviceStatus{} : all.back();
  }
  bool Becomes(DeviceState state) {
    return Eventually([&] { return Last().state == state; });
  }
  std::mutex mutex;
  std::vector<checkout::DeviceStatus> all;
};

std::unique_ptr<SerialScale> Open(const std::string& path, const std::string& protocol, Reports& reports) {
  auto scale = SerialScale::Create({"serial:" + path, protocol, "", ""}, SystemClock(),
                                   [&reports](const checkout::DeviceStatus& status) { reports.Add(status); });
  INFO((scale ? "" : scale.error().ToString()));
  REQUIRE(scale);
  return std::move(*scale);
}

/// Answers each W and each Z like a Toledo with `answer` of the moment.
struct Toledo {
  std::mutex mutex;
  std::string answer =
      "\x02"
      "00.512\r";
  std::string zero_answer = "\x02?P\r";
  std::atomic<int> asked{0};
  void Set(std::string text) {
    const std::lock_guard lock(mutex);
    answer = std::move(text);
  }
  void SetZero(std::string text) {
    const std::lock_guard lock(mutex);
    zero_answer = std::move(text);
  }
  std::string operator()(std::string& received) {
    if (received.empty()) return {};
    const char command = received.front();
    received.erase(0, 1);
    const std::lock_guard lock(mutex);
    if (command == 'Z') return zero_answer;
    ++asked;
    return command == 'W' ? answer : "";
  }
};

TEST_CASE("Scale: weighs, says how it stands, and sets to zero", "[devices][scale]") {
  Toledo toledo;
  PtyDevice device(std::ref(toledo));
  Reports reports;
  const auto scale = Open(device.Path(), "toledo-8217", reports);
  const auto weighed = scale->Weigh(2000);
  INFO((weighed ? "" : weighed.error().ToString()));
  REQUIRE(weighed);
  CHECK(*weighed == checkout::Weighing{512'000, true, false, false});
  CHECK(reports.Becomes(DeviceState::kReady));
  CHECK(reports.Last().name == "Mettler Toledo 8217");

  toledo.Set("\x02?\x41\r");
  CHECK_FALSE(scale->Weigh(2000)->at_rest);
  CHECK(reports.Last().notes == std::vector{DeviceNote::kInMotion});
  toledo.Set("\x02?\x42\r");
  CHECK(scale->Weigh(2000)->overload);
  CHECK(reports.Last().state == DeviceState::kAttention);
  CHECK(reports.Last().notes == std::vector{DeviceNote::kOverload});
  toledo.Set("\x02?\x44\r");
  CHECK(scale->Weigh(2000)->under_zero);
  CHECK(reports.Last().notes == std::vector{DeviceNote::kUnderZero});

  CHECK(scale->Zero());
  toledo.SetZero("\x02?A\r");
  const auto refused = scale->Zero();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(ScaleErrc::kCannotZero));
}

TEST_CASE("Scale: settings that make no sense are refused", "[devices][scale]") {
  const auto refused = [](const ScaleSettings& settings) {
    const auto scale = SerialScale::Create(settings, SystemClock(), {});
    REQUIRE_FALSE(scale);
    return std::string(scale.error().Name());
  };
  CHECK(refused({"serial:/dev/ttyUSB0", "toledo-8217", "stone", ""}) == "device_record_invalid");
  CHECK(refused({"serial:/dev/ttyUSB0", "toledo", "", ""}) == "device_record_unknown");
  CHECK(refused({"ttyUSB0", "toledo-8217", "", ""}) == "device_address_invalid");
}

TEST_CASE("Scale: a scale without the command cannot be set to zero", "[devices][scale]") {
  PtyDevice device;
  Reports reports;
  const auto scale = Open(device.Path(), "cas", reports);
  const auto zero = scale->Zero();
  REQUIRE_FALSE(zero);
  CHECK(zero.error().Name() == "scale_cannot_zero");
}

TEST_CASE("Scale: silence and rubbish end in time, each with its own error", "[devices][scale]") {
  Toledo toledo;
  PtyDevice device(std::ref(toledo));
  Reports reports;
  toledo.Set("");
  const auto scale = Open(device.Path(), "toledo-8217", reports);
  const auto bounded = [&](int timeout_ms) {
    const auto start = SystemClock().Uptime();
    auto result = scale->Weigh(timeout_ms);
    CHECK((SystemClock().Uptime() - start).count() < timeout_ms + 300);
    REQUIRE_FALSE(result);
    return std::string(result.error().Name());
  };
  CHECK(bounded(800) == "scale_no_answer");
  CHECK(reports.Becomes(DeviceState::kAbsent));
  toledo.Set(
      "\x02"
      "00.5");
  CHECK(bounded(800) == "scale_unreadable");
  toledo.Set("\xFF\x00\xFE garbage \r");
  CHECK(bounded(800) == "scale_unreadable");
  CHECK(reports.Last().notes == std::vector{DeviceNote::kUnreadable});
  CHECK(reports.Last().state == DeviceState::kAttention);
  toledo.Set(std::string(5000, 'x'));
  CHECK(bounded(800) == "scale_unreadable");
  toledo.Set(
      "\x02"
      "00.512\r");
  const auto again = scale->Weigh(2000);
  INFO((again ? "" : again.error().ToString()));
  CHECK(again);
}

TEST_CASE("Scale: one broken answer is asked again within the time", "[devices][scale]") {
  std::atomic<int> asked{0};
  PtyDevice device([&](std::string& received) -> std::string {
    if (received.empty()) return {};
    received.clear();
    return ++asked % 2 == 1 ? "\x02"
                              "0#.512\r"
                            : "\x02"
                              "00.512\r";
  });
  Reports reports;
  const auto scale = Open(device.Path(), "toledo-8217", reports);
  REQUIRE(reports.Becomes(DeviceState::kAttention));
  for (int i = 0; i < 3; ++i) CHECK(scale->Weigh(1500)->milligrams == 512'000);
}

TEST_CASE("Scale: an answer that comes too late is not taken for the next one", "[devices][scale]") {
  // The first question is answered after its time, with what lay on the scale then.
  std::atomic<int> asked{0};
  PtyDevice device([&](std::string& received) -> std::string {
    if (received.empty()) return {};
    received.clear();
    if (++asked == 1) {
      std::this_thread::sleep_for(std::chrono::milliseconds(600));
      return "\x02"
             "99.999\r";
    }
    return "\x02"
           "00.512\r";
  });
  Reports reports;
  const auto scale = Open(device.Path(), "toledo-8217", reports);
  REQUIRE(Eventually([&] { return asked == 1; }));
  const auto weighed = scale->Weigh(3000);
  REQUIRE(weighed);
  CHECK(weighed->milligrams == 512'000);
}

TEST_CASE("Scale: unplugged amid an answer it is absent, and found again when it is back", "[devices][scale]") {
  Toledo toledo;
  toledo.Set(
      "\x02"
      "00.5");
  auto device = std::make_unique<PtyDevice>(std::ref(toledo));
  std::string path = device->Path();
  Reports reports;
  auto protocol = LoadScaleProtocol("toledo-8217");
  std::mutex mutex;
  SerialScale scale(
      std::move(*protocol), std::nullopt, {checkout::DeviceKind::kScale, "Scale", "serial", {}, {}, ""},
      [&]() -> base::Expected<std::unique_ptr<link::Link>> {
        const std::lock_guard lock(mutex);
        return link::OpenLink(link::SerialAddress{path});
      },
      SystemClock(), [&](const checkout::DeviceStatus& status) { reports.Add(status); });
  REQUIRE(reports.Becomes(DeviceState::kAttention));
  device->Unplug();
  REQUIRE(reports.Becomes(DeviceState::kAbsent));
  const auto gone = scale.Weigh(1000);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().Name() == "device_unreachable");
  toledo.Set(
      "\x02"
      "01.000\r");
  {
    const std::lock_guard lock(mutex);
    device = std::make_unique<PtyDevice>(std::ref(toledo));
    path = device->Path();
  }
  CHECK(reports.Becomes(DeviceState::kReady));
  CHECK(scale.Weigh(1500)->milligrams == 1'000'000);
}

TEST_CASE("Scale: CAS is greeted before it is asked", "[devices][scale]") {
  std::string frame = "S 00.512kg";
  char bcc = 0;
  for (const char c : frame) bcc = static_cast<char>(bcc ^ c);
  std::atomic<bool> willing{true};
  PtyDevice device([&](std::string& received) -> std::string {
    if (received.empty()) return {};
    const char c = received.front();
    received.erase(0, 1);
    if (c == '\x05') return willing ? "\x06" : "\x15";
    return c == '\x11' ? "\x01\x02" + frame + bcc + "\x03\x04" : "";
  });
  Reports reports;
  const auto scale = Open(device.Path(), "cas", reports);
  CHECK(scale->Weigh(2000)->milligrams == 512'000);
  willing = false;
  CHECK(scale->Weigh(700).error().Is(ScaleErrc::kNoAnswer));
}

TEST_CASE("Scale: of a stream only what begins after the call counts", "[devices][scale]") {
  std::atomic<bool> stop{false};
  std::atomic<int> grams{500};
  PtyDevice device;
  std::thread stream([&] {
    while (!stop) {
      char text[40];
      std::snprintf(text, sizeof text, "ST,GS,+%7.3fkg\r\n", grams / 1000.0);
      device.Send(text);
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
    }
  });
  Reports reports;
  {
    const auto scale = Open(device.Path(), "st-gs", reports);
    CHECK(scale->Weigh(2000)->milligrams == 500'000);
    for (const int next : {750, 20, 1999}) {
      grams = next;
      CHECK(scale->Weigh(2000)->milligrams == next * 1000);
    }
  }
  stop = true;
  stream.join();
}

TEST_CASE("Scale: many askers at once each get an answer", "[devices][scale]") {
  Toledo toledo;
  PtyDevice device(std::ref(toledo));
  Reports reports;
  const auto scale = Open(device.Path(), "toledo-8217", reports);
  std::atomic<int> right{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] {
      for (int n = 0; n < 5; ++n) {
        const auto weighed = scale->Weigh(5000);
        if (weighed && weighed->milligrams == 512'000) ++right;
      }
    });
  }
  for (auto& asker : askers) asker.join();
  CHECK(right == 40);
}

}  // namespace
}  // namespace evertill::devices::scale
