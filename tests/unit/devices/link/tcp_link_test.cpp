#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "app/base/clock.h"
#include "devices/link/file_descriptor.h"
#include "devices/link/open_link.h"

namespace evertill::devices::link {
namespace {

using std::chrono::milliseconds;

/// A port of this machine where a socket is bound; listening or not.
struct Port {
  explicit Port(bool listening) : listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int small = 4096;
    setsockopt(listener.Get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    REQUIRE(bind(listener.Get(), reinterpret_cast<sockaddr*>(&where), size) == 0);
    getsockname(listener.Get(), reinterpret_cast<sockaddr*>(&where), &size);
    number = ntohs(where.sin_port);
    if (listening) REQUIRE(listen(listener.Get(), 4) == 0);
  }
  [[nodiscard]] FileDescriptor Accept() const { return FileDescriptor(accept(listener.Get(), nullptr, nullptr)); }
  [[nodiscard]] TcpAddress Address() const { return {"127.0.0.1", number}; }
  FileDescriptor listener;
  uint16_t number = 0;
};

}  // namespace

TEST_CASE("TCP link: bytes there and back", "[devices][link][tcp]") {
  const Port port(true);
  auto link = OpenLink(port.Address());
  REQUIRE(link);
  const FileDescriptor peer = port.Accept();
  CHECK(*(*link)->Write("hello", 1000) == 5);
  CHECK((*link)->Drain(1000));
  char bytes[16];
  CHECK(recv(peer.Get(), bytes, sizeof bytes, 0) == 5);
  CHECK(*(*link)->Read(0) == "");
  CHECK(send(peer.Get(), "back", 4, 0) == 4);
  CHECK(*(*link)->Read(1000) == "back");
}

TEST_CASE("TCP link: nobody there is said at once", "[devices][link][tcp]") {
  const Port closed(false);
  const auto clock = base::MakeSystemClock();
  const auto began = clock->Uptime();
  const auto link = OpenLink(closed.Address());
  REQUIRE_FALSE(link);
  CHECK(link.error().Name() == "device_unreachable");
  CHECK(link.error().Detail().find("127.0.0.1") != std::string::npos);
  CHECK_FALSE(OpenLink(TcpAddress{"no-such-host.invalid"}));
  CHECK(clock->Uptime() - began < milliseconds(8000));
}

TEST_CASE("TCP link: a peer that stops reading gives a short write in time, and no drain", "[devices][link][tcp]") {
  const Port port(true);
  auto link = OpenLink(port.Address());
  REQUIRE(link);
  const FileDescriptor peer = port.Accept();
  const auto clock = base::MakeSystemClock();
  const auto began = clock->Uptime();
  const auto written = (*link)->Write(std::string(20'000'000, ' '), 200);
  REQUIRE(written);
  CHECK(*written < 20'000'000);
  CHECK(*written > 0);
  CHECK_FALSE((*link)->Drain(100));
  CHECK(*(*link)->Write(std::string(20'000'000, ' '), 50) < 20'000'000);
  CHECK(clock->Uptime() - began < milliseconds(5000));
}

TEST_CASE("TCP link: a peer that goes is lost, for good", "[devices][link][tcp]") {
  const Port port(true);
  auto link = OpenLink(port.Address());
  REQUIRE(link);
  (void)port.Accept();  // and closed
  const auto heard = (*link)->Read(1000);
  REQUIRE_FALSE(heard);
  CHECK(heard.error().Name() == "link_lost");
  CHECK_FALSE((*link)->Write("x", 100));
  CHECK_FALSE((*link)->Drain(10));
}

TEST_CASE("TCP link: an answer that nobody read does not take back the job", "[devices][link][tcp]") {
  const Port port(true);
  auto link = OpenLink(port.Address());
  REQUIRE(link);
  const FileDescriptor peer = port.Accept();
  CHECK(send(peer.Get(), "status", 6, 0) == 6);
  CHECK(*(*link)->Write("job", 1000) == 3);
  (*link).reset();
  char bytes[16];
  CHECK(recv(peer.Get(), bytes, sizeof bytes, 0) == 3);
  CHECK(recv(peer.Get(), bytes, sizeof bytes, 0) == 0);  // an orderly end, no reset
}

}  // namespace evertill::devices::link
