#include "devices/label/label_printer.h"

#include <catch2/catch.hpp>
#include <mutex>

#include "devices/label/label_error.h"
#include "devices/link/link_error.h"
#include "tests/unit/devices/label/label_samples.h"
#include "tests/unit/devices/record/pty_device.h"

namespace evertill::devices::label {
namespace {

using checkout::DeviceNote;
using checkout::DeviceState;
using checkout::PrintState;

/// A printer of the ZPL language that says how it is when asked.
struct Zebra {
  std::mutex mutex;
  std::string first = "030,0,0,0245,000,0,0,0,000,0,0,0";
  std::string second = "000,0,0,0,0,2,4,0,00000000,1,000";
  void Set(std::string first_line, std::string second_line = "000,0,0,0,0,2,4,0,00000000,1,000") {
    const std::lock_guard lock(mutex);
    first = std::move(first_line);
    second = std::move(second_line);
  }
  std::string operator()(std::string& received) {
    const size_t asked = received.find("~HS");
    if (asked == std::string::npos) return {};
    received.erase(asked, 3);
    const std::lock_guard lock(mutex);
    return "\x02" + first + "\x03\r\n\x02" + second +
           "\x03\r\n\x02"
           "1234,0\x03\r\n";
  }
};

LabelSettings On(const std::string& path, LabelLanguage language = LabelLanguage::kZpl) {
  LabelSettings settings;
  settings.address = "serial:" + path;
  settings.language = language;
  return settings;
}

TEST_CASE("Label printer: prints, and says what is in the way before anything is sent", "[devices][label]") {
  Zebra zebra;
  PtyDevice device(std::ref(zebra));
  checkout::DeviceStatus last;
  auto printer = LabelPrinter::Create(On(device.Path()), [&](const checkout::DeviceStatus& status) { last = status; });
  REQUIRE(printer);
  CHECK(last.state == DeviceState::kConnecting);
  const auto printed = (*printer)->Print(ThaiLabel(), 2);
  INFO((printed ? "" : printed.error().ToString()));
  REQUIRE(printed);
  CHECK(*printed == PrintState::kSent);
  CHECK(device.WaitFor("^PQ2\n^XZ\n"));
  CHECK(last.state == DeviceState::kReady);

  zebra.Set("030,1,0,0245,000,0,0,0,000,0,0,0");
  const size_t before = device.Received().size();
  const auto refused = (*printer)->Print(VietnameseLabel());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Name() == "label_printer_not_ready");
  CHECK(last.notes == std::vector{DeviceNote::kPaperOut});
  CHECK(device.Received().substr(before).find("^XA") == std::string::npos);
  zebra.Set("030,0,1,0245,000,0,0,0,000,0,0,0", "000,0,1,0,0,2,4,0,00000000,1,000");
  CHECK((*printer)->Look().notes == std::vector{DeviceNote::kCoverOpen, DeviceNote::kOffline});
}

TEST_CASE("Label printer: one that says nothing still prints, one that is gone does not", "[devices][label]") {
  PtyDevice device;
  auto printer = LabelPrinter::Create(On(device.Path(), LabelLanguage::kEpl), {});
  REQUIRE(printer);
  CHECK((*printer)->Print(MemberLabel()));
  CHECK(device.WaitFor("\r\nP1\r\n"));
  CHECK((*printer)->Look().notes == std::vector{DeviceNote::kNoStatus});
  device.Unplug();
  const auto gone = (*printer)->Print(MemberLabel());
  REQUIRE_FALSE(gone);
  CHECK(gone.error().Name() == "device_unreachable");
  CHECK((*printer)->Look().state == DeviceState::kAbsent);
}

TEST_CASE("Label printer: answers that are none are told as such", "[devices][label]") {
  CHECK_FALSE(ReadHostStatus("").understood);
  CHECK_FALSE(ReadHostStatus("\x02garbage\x03\r\n\x02\x03").understood);
  CHECK_FALSE(ReadHostStatus("\x02"
                             "030,1,0,0245,000,0,0,0,000,0,0,0\x03\r\n\x02"
                             "000,0")
                  .understood);
  PtyDevice device([](std::string& received) {
    const bool asked = !received.empty();
    received.clear();
    return std::string(asked ? "\xFF\x02??\x03" : "");
  });
  auto printer = LabelPrinter::Create(On(device.Path()), {});
  REQUIRE(printer);
  CHECK((*printer)->Look().notes == std::vector{DeviceNote::kUnreadable});
  CHECK((*printer)->Print(MemberLabel()));
}

}  // namespace
}  // namespace evertill::devices::label
