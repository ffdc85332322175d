#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

#include "app/base/clock.h"
#include "devices/link/file_descriptor.h"
#include "devices/link/open_link.h"

namespace evertill::devices::link {
namespace {

using std::chrono::milliseconds;

/// The device's end of a serial line.
struct Pty {
  Pty() {
    int master = -1;
    int slave = -1;
    char name[128];
    REQUIRE(openpty(&master, &slave, name, nullptr, nullptr) == 0);
    device = FileDescriptor(master);
    keep = FileDescriptor(slave);  // otherwise the device's end hangs up whenever nobody has the line open
    path = name;
  }
  void Say(std::string_view bytes) const {
    REQUIRE(write(device.Get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  [[nodiscard]] std::string Hear(size_t wanted) const {
    std::string heard;
    pollfd entry{device.Get(), POLLIN, 0};
    while (heard.size() < wanted && poll(&entry, 1, 2000) > 0) {
      char bytes[4096];
      const ssize_t got = read(device.Get(), bytes, sizeof bytes);
      if (got <= 0) break;
      heard.append(bytes, static_cast<size_t>(got));
    }
    return heard;
  }
  FileDescriptor device;
  FileDescriptor keep;
  std::string path;
};

std::unique_ptr<Link> Open(const Pty& pty, FlowControl flow = FlowControl::kNone) {
  SerialAddress address{pty.path};
  address.flow = flow;
  auto link = OpenLink(address);
  REQUIRE(link);
  return std::move(*link);
}

std::string AllBytes(bool flow_marks) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    if (flow_marks || (byte != 0x11 && byte != 0x13)) all += static_cast<char>(byte);
  }
  return all;
}

std::string HearFrom(Link& link, size_t wanted) {
  std::string heard;
  for (int i = 0; i < 100 && heard.size() < wanted; ++i) {
    const auto bytes = link.Read(50);
    REQUIRE(bytes);
    heard += *bytes;
  }
  return heard;
}

}  // namespace

TEST_CASE("Serial link: every byte goes through unchanged, both ways", "[devices][link][serial]") {
  const Pty pty;
  auto link = Open(pty);
  CHECK(*link->Write(AllBytes(true), 1000) == 256);
  CHECK(link->Drain(1000));
  CHECK(pty.Hear(256) == AllBytes(true));
  pty.Say(AllBytes(true));
  CHECK(HearFrom(*link, 256) == AllBytes(true));
  CHECK(*link->Read(0) == "");
  CHECK(link->ReadsBack());
}

TEST_CASE("Serial link: XOFF holds it up in time, XON lets it go on, and neither is data", "[devices][link][serial]") {
  const Pty pty;
  auto link = Open(pty, FlowControl::kSoftware);
  CHECK(*link->Write("before", 500) == 6);
  CHECK(pty.Hear(6) == "before");
  pty.Say("a\x13");
  CHECK(HearFrom(*link, 1) == "a");
  const auto clock = base::MakeSystemClock();
  const auto began = clock->Uptime();
  CHECK(*link->Write("after", 200) == 0);
  CHECK(clock->Uptime() - began < milliseconds(2000));
  CHECK(pty.Hear(0).empty());
  pty.Say("\x11");
  CHECK(*link->Write("after", 2000) == 5);
  CHECK(pty.Hear(5) == "after");
  CHECK(*link->Write(AllBytes(true), 500) == 256);  // our own 11 and 13 are data to the device
  CHECK(pty.Hear(256) == AllBytes(true));
}

TEST_CASE("Serial link: a device that holds the line up does not hold up the end", "[devices][link][serial]") {
  const Pty pty;
  const auto clock = base::MakeSystemClock();
  const auto began = clock->Uptime();
  {
    auto link = Open(pty, FlowControl::kSoftware);
    pty.Say("\x13");
    (void)link->Read(100);
    (void)link->Write(std::string(100'000, 'x'), 100);
    (void)link->Drain(100);
  }
  CHECK(clock->Uptime() - began < milliseconds(3000));
}

TEST_CASE("Serial link: one program at a time", "[devices][link][serial]") {
  const Pty pty;
  {
    const auto link = Open(pty);
    const auto second = OpenLink(SerialAddress{pty.path});
    REQUIRE_FALSE(second);
    CHECK(second.error().Name() == "device_busy");
  }
  CHECK(OpenLink(SerialAddress{pty.path}));
}

TEST_CASE("Serial link: a line that is unplugged is lost, for good", "[devices][link][serial]") {
  Pty pty;
  auto link = Open(pty);
  pty.device = FileDescriptor();
  const auto heard = link->Read(1000);
  REQUIRE_FALSE(heard);
  CHECK(heard.error().Name() == "link_lost");
  CHECK_FALSE(link->Write("x", 100));
  CHECK_FALSE(link->Drain(10));
}

TEST_CASE("Serial link: speed and flow control are set on the line", "[devices][link][serial]") {
  const Pty pty;
  SerialAddress address{pty.path};
  address.baud = 115200;
  address.flow = FlowControl::kHardware;
  address.stop_bits = 2;
  const auto link = OpenLink(address);
  REQUIRE(link);
  termios line{};
  REQUIRE(tcgetattr(pty.keep.Get(), &line) == 0);
  CHECK(cfgetospeed(&line) == B115200);
  CHECK((line.c_cflag & CRTSCTS) != 0);
  CHECK((line.c_cflag & CSTOPB) != 0);
  CHECK((line.c_iflag & (IXON | IXOFF | ICRNL | INLCR)) == 0);
  CHECK((line.c_lflag & (ICANON | ECHO | ISIG)) == 0);
}

TEST_CASE("Serial link: what is no serial line is said", "[devices][link][serial]") {
  const auto absent = OpenLink(SerialAddress{"/dev/ttyNOT-THERE"});
  REQUIRE_FALSE(absent);
  CHECK(absent.error().Name() == "device_unreachable");
  CHECK(absent.error().Detail().find("/dev/ttyNOT-THERE") != std::string::npos);
  const auto other = OpenLink(SerialAddress{"/dev/null"});
  REQUIRE_FALSE(other);
  CHECK(other.error().ToString() == "device_unreachable: /dev/null: not a serial line");
}

}  // namespace evertill::devices::link
