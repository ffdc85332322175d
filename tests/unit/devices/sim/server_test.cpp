#include "devices/sim/printer_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "devices/sim/sim_ports.h"

namespace evertill::devices::sim {
namespace {

using namespace std::string_literals;

/// A printer that serves on a thread of its own, in a folder of its own.
struct Running {
  explicit Running(PrinterServerOptions options = {}) {
    std::string pattern = (std::filesystem::temp_directory_path() / "evertill-server-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    options.port = 0;
    if (!options.serial_path.empty()) options.serial_path = (folder / options.serial_path).string();
    serial_path = options.serial_path;
    auto writer = JobWriter::Open(folder / "paper");
    REQUIRE(writer);
    auto listening = PrinterServer::Listen(options, *writer);
    REQUIRE(listening);
    server = std::move(*listening);
    serving = std::thread([this] { served = server->Run(stop.Get()).has_value(); });
  }
  ~Running() {
    Stop();
    std::filesystem::remove_all(folder);
  }
  bool Stop() {
    if (serving.joinable()) {
      eventfd_write(stop.Get(), 1);
      serving.join();
    }
    return served;
  }
  boost::json::object Do(const std::string& command) {
    return boost::json::parse(server->Control(command)).as_object();
  }
  bool HasJob(int number) const {
    char name[32];
    std::snprintf(name, sizeof name, "job-%04d.json", number);
    for (int i = 0; i < 500 && !std::filesystem::exists(folder / "paper" / name); ++i) usleep(10'000);
    return std::filesystem::exists(folder / "paper" / name);
  }

  std::filesystem::path folder;
  std::string serial_path;
  UniqueFd stop{eventfd(0, EFD_CLOEXEC)};
  std::unique_ptr<PrinterServer> server;
  std::thread serving;
  bool served = false;
};

UniqueFd Connect(uint16_t port) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (connect(fd.Get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return UniqueFd();
  return fd;
}

void Put(const UniqueFd& fd, const std::string& bytes) {
  REQUIRE(write(fd.Get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

/// At least `size` bytes, or what came within five seconds.
std::string Get(const UniqueFd& fd, size_t size, int timeout_ms = 5000) {
  std::string bytes;
  pollfd wait{fd.Get(), POLLIN, 0};
  while (bytes.size() < size && poll(&wait, 1, timeout_ms) > 0) {
    char buffer[256];
    const ssize_t got = read(fd.Get(), buffer, sizeof buffer);
    if (got <= 0) break;
    bytes.append(buffer, static_cast<size_t>(got));
  }
  return bytes;
}

std::string GetLine(const UniqueFd& fd) {
  std::string line;
  while (!line.ends_with('\n')) {
    char byte = 0;
    pollfd wait{fd.Get(), POLLIN, 0};
    if (poll(&wait, 1, 5000) <= 0 || read(fd.Get(), &byte, 1) != 1) break;
    line += byte;
  }
  return line;
}

}  // namespace

TEST_CASE("Printer server: two hosts see the same printer", "[devices][sim]") {
  Running printer;
  const UniqueFd one = Connect(printer.server->Port());
  const UniqueFd two = Connect(printer.server->Port());
  Put(one, "\x1D\x61\xFF"s);
  CHECK(Get(one, 4) == "\x10\x00\x00\x0F"s);
  printer.Do("cover open");
  CHECK(Get(one, 4) == "\x38\x00\x00\x0F"s);
  Put(two, "\x10\x04\x02"s);
  CHECK(Get(two, 1) == "\x16");
  CHECK(printer.Do("status").at("connections") == 2);
}

TEST_CASE("Printer server: data that waits for paper prints after its host has gone", "[devices][sim]") {
  Running printer;
  printer.Do("paper out");
  Put(Connect(printer.server->Port()), "waiting\n\x1DV\x00"s);
  for (int i = 0; i < 500 && printer.Do("status").at("buffered") != 11; ++i) usleep(10'000);
  CHECK(printer.Do("status").at("buffered") == 11);
  CHECK_FALSE(std::filesystem::exists(printer.folder / "paper" / "job-0001.json"));
  printer.Do("paper ok");
  CHECK(printer.HasJob(1));
  CHECK(printer.Stop());
}

TEST_CASE("Printer server: a stalled printer holds its hosts up, and goes on", "[devices][sim]") {
  Running printer;
  const UniqueFd host = Connect(printer.server->Port());
  const int small = 4096;
  setsockopt(host.Get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  printer.Do("stall on");
  const std::string much(1'000'000, '\n');
  ssize_t sent = 0;
  for (int i = 0; i < 20; ++i) {
    const ssize_t got = send(host.Get(), much.data(), much.size(), MSG_DONTWAIT);
    if (got > 0) sent += got;
    usleep(5000);
  }
  CHECK(sent < 100'000);
  Put(host, "");
  printer.Do("stall off");
  std::string probe = "\x1D(H\x06\x00\x30\x30"s + "done";
  Put(host, probe);
  CHECK(Get(host, 7) ==
        "\x37\x22"
        "done\0"s);
}

TEST_CASE("Printer server: disconnecting and switching off break the connection", "[devices][sim]") {
  Running printer;
  const uint16_t port = printer.server->Port();
  const UniqueFd host = Connect(port);
  Put(host, "\x10\x04\x01"s);
  CHECK(Get(host, 1) == "\x12");
  printer.Do("disconnect");
  CHECK(Get(host, 1).empty());
  const UniqueFd again = Connect(port);
  Put(again, "\x10\x04\x01"s);
  CHECK(Get(again, 1) == "\x12");
  printer.Do("power off");
  CHECK(Get(again, 1).empty());
  for (int i = 0; i < 500 && Connect(port).IsOpen(); ++i) usleep(10'000);
  CHECK_FALSE(Connect(port).IsOpen());
  printer.Do("power on");
  for (int i = 0; i < 500 && !Connect(port).IsOpen(); ++i) usleep(10'000);
  CHECK(Connect(port).IsOpen());
}

TEST_CASE("Printer server: one at a time keeps the others waiting", "[devices][sim]") {
  PrinterServerOptions options;
  options.single = true;
  Running printer(options);
  UniqueFd first = Connect(printer.server->Port());
  Put(first, "\x10\x04\x01"s);
  CHECK(Get(first, 1) == "\x12");
  const UniqueFd second = Connect(printer.server->Port());
  Put(second, "\x10\x04\x01"s);
  CHECK(Get(second, 1, 200).empty());
  first = UniqueFd();
  CHECK(Get(second, 1) == "\x12");
}

TEST_CASE("Printer server: commands by TCP, one line each", "[devices][sim]") {
  PrinterServerOptions options;
  options.control = "127.0.0.1:0";
  Running printer(options);
  const UniqueFd commander = Connect(printer.server->ControlPort());
  Put(commander, "paper near\nsta");
  const std::string near = GetLine(commander);
  CHECK(near.starts_with(R"({"ok":true,)"));
  CHECK(near.find(R"("paper":"near")") != std::string::npos);
  Put(commander, "tus\nnonsense\n");
  CHECK(GetLine(commander) == near);
  CHECK(GetLine(commander).starts_with(R"({"ok":false,"error":"unknown command: nonsense")"));
}

TEST_CASE("Printer server: a serial port that speaks XON and XOFF", "[devices][sim]") {
  PrinterServerOptions options;
  options.serial_path = "ttyPRINTER";
  options.xon_xoff = true;
  options.model.buffer_bytes = 2000;
  Running printer(options);
  UniqueFd host(open(printer.serial_path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  REQUIRE(host.IsOpen());
  Put(host, "\x1D\x61\xFF"s);
  CHECK(Get(host, 4) == "\x10\x00\x00\x0F"s);
  // A host whose line heeds XOFF: it cannot send while the printer is full, and nothing is lost.
  termios line{};
  REQUIRE(tcgetattr(host.Get(), &line) == 0);
  line.c_iflag |= IXON;
  REQUIRE(tcsetattr(host.Get(), TCSANOW, &line) == 0);
  printer.Do("cover open");
  CHECK(Get(host, 4) == "\x38\x00\x00\x0F"s);
  const std::string receipt = std::string(120, 'x') + "\n";
  std::string all;
  for (int i = 0; i < 50; ++i) all += receipt;
  all += "\x1DV\x00"s;
  size_t sent = 0;
  const auto push = [&] {
    while (sent < all.size()) {
      const ssize_t got = write(host.Get(), all.data() + sent, std::min<size_t>(all.size() - sent, 40));
      if (got <= 0) break;
      sent += static_cast<size_t>(got);
      usleep(10'000);  // a slow line: XOFF comes in time also on a busy machine
    }
  };
  push();
  CHECK(sent < 2500);
  printer.Do("cover closed");
  for (int i = 0; i < 200 && sent < all.size(); ++i) {
    push();
    usleep(5000);
  }
  CHECK(sent == all.size());
  CHECK(printer.HasJob(1));
  CHECK(printer.Do("status").at("lost") == 0);
  CHECK(printer.Stop());
  printer.server.reset();
  CHECK_FALSE(std::filesystem::is_symlink(printer.serial_path));
}

TEST_CASE("Printer server: an address that cannot be used is an error", "[devices][sim]") {
  PrinterServerOptions options;
  options.host = "203.0.113.1";
  auto writer = JobWriter::Open(std::filesystem::temp_directory_path());
  REQUIRE(writer);
  const auto server = PrinterServer::Listen(options, *writer);
  REQUIRE_FALSE(server);
  CHECK(server.error().Name() == "sim_address_unusable");
  CHECK_FALSE(ParseHostPort("9100"));
  CHECK_FALSE(ParseHostPort(":9100"));
  CHECK_FALSE(ParseHostPort("host:70000"));
  CHECK(ParseHostPort("[::1]:0")->host == "::1");
}

}  // namespace evertill::devices::sim
