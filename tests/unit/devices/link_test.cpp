#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "app/base/clock.h"
#include "devices/printer/file_printer.h"
#include "devices/printer/open_printer.h"
#include "devices/printer/printer_address.h"
#include "devices/printer/tcp_printer.h"
#include "devices/sim/printer_server.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill::devices {
namespace {

using checkout::PrintState;
using printer::FileAddress;
using printer::ParsePrinterAddress;
using printer::PrinterAddress;
using printer::TcpAddress;

struct TempFolder {
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "evertill-link-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

/// A port of this machine where a socket is bound; listening or not, never reading.
struct SilentPort {
  explicit SilentPort(bool listening) {
    socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    const int small = 4096;
    setsockopt(socket_fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
    getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    if (listening) listen(socket_fd, 4);
  }
  ~SilentPort() { close(socket_fd); }
  int socket_fd = -1;
  uint16_t port = 0;
};

std::string Contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("Printer address: what is right is read, what is wrong says why", "[devices][printer]") {
  CHECK(*ParsePrinterAddress("tcp://printer.local") == PrinterAddress(TcpAddress{"printer.local", 9100}));
  CHECK(*ParsePrinterAddress("tcp://10.0.0.5:9101/") == PrinterAddress(TcpAddress{"10.0.0.5", 9101}));
  CHECK(*ParsePrinterAddress("tcp://[fe80::1]:9100") == PrinterAddress(TcpAddress{"fe80::1", 9100}));
  CHECK(*ParsePrinterAddress("file:/var/tmp/r.bin") == PrinterAddress(FileAddress{"/var/tmp/r.bin"}));
  CHECK(*ParsePrinterAddress("file:r.bin") == PrinterAddress(FileAddress{"r.bin"}));
  for (const char* bad : {"", "10.0.0.5", "tcp://", "tcp://:9100", "tcp://h:0", "tcp://h:65536", "tcp://h:x",
                          "tcp://h:", "tcp://[::1", "tcp://[::1]9", "file:", "http://h", "tcp://a b"}) {
    CAPTURE(bad);
    const auto parsed = ParsePrinterAddress(bad);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().Name() == "printer_address_invalid");
  }
  const auto usb = printer::OpenPrinter("usb:04b8:0e28");
  REQUIRE_FALSE(usb);
  CHECK(usb.error().ToString() == "printer_kind_unsupported: usb printers are not supported by this version");
}

TEST_CASE("TCP printer: a closed port is unreachable at once", "[devices][printer][tcp]") {
  const SilentPort nobody(false);
  const auto clock = base::MakeSystemClock();
  const auto began = clock->Uptime();
  auto printer = printer::OpenPrinter("tcp://127.0.0.1:" + std::to_string(nobody.port));
  REQUIRE(printer);
  const auto printed = (*printer)->Print(test::SampleReceipt());
  REQUIRE_FALSE(printed);
  CHECK(printed.error().Name() == "printer_unreachable");
  CHECK(clock->Uptime() - began < std::chrono::milliseconds(1500));
}

TEST_CASE("TCP printer: one that stops reading gives unknown in time, never a hang", "[devices][printer][tcp]") {
  const SilentPort stalled(true);
  const auto clock = base::MakeSystemClock();
  const auto began = clock->Uptime();
  printer::TcpPrinter small(TcpAddress{"127.0.0.1", stalled.port}, {}, {1000, 300});
  const auto receipt = small.Print(test::SampleReceipt());
  REQUIRE(receipt);
  CHECK(*receipt == PrintState::kUnknown);
  const auto huge = small.Send(std::string(20'000'000, ' '));
  REQUIRE(huge);
  CHECK(*huge == PrintState::kUnknown);
  CHECK(clock->Uptime() - began < std::chrono::milliseconds(5000));
}

TEST_CASE("TCP printer: a receipt reaches the simulator and its paper", "[devices][printer][tcp][sim]") {
  const TempFolder folder;
  auto writer = sim::JobWriter::Open(folder.path);
  REQUIRE(writer);
  sim::PrinterServerOptions options;
  options.port = 0;
  auto server = sim::PrinterServer::Listen(options, *writer);
  REQUIRE(server);
  const int stop = eventfd(0, EFD_CLOEXEC);
  bool served = false;
  std::thread serving([&] { served = (*server)->Run(stop).has_value(); });
  auto printer = printer::OpenPrinter("tcp://127.0.0.1:" + std::to_string((*server)->Port()));
  for (int i = 0; i < 3; ++i) {
    const auto printed = (*printer)->Print(test::SampleReceipt());
    CHECK((printed && *printed == PrintState::kSent));
  }
  for (int i = 0; i < 500 && !std::filesystem::exists(folder.path / "job-0003.json"); ++i) usleep(10'000);
  eventfd_write(stop, 1);
  serving.join();
  close(stop);
  CHECK(served);
  CHECK(Contents(folder.path / "job-0003.json").find(R"("cuts":1,"pulses":1,"real_time_commands":0)") !=
        std::string::npos);
  CHECK(Contents(folder.path / "job-0001.bin") == Contents(folder.path / "job-0003.bin"));
  CHECK_FALSE(std::filesystem::exists(folder.path / "job-0004.json"));
}

TEST_CASE("File printer: jobs are appended whole", "[devices][printer][file]") {
  const TempFolder folder;
  const std::filesystem::path file = folder.path / "receipts.bin";
  auto printer = printer::OpenPrinter("file:" + file.string());
  REQUIRE(printer);
  REQUIRE((*printer)->Print(test::SampleReceipt()));
  const std::string one = Contents(file);
  CHECK(one.starts_with("\x1B@"));
  REQUIRE((*printer)->Print(test::SampleReceipt()));
  CHECK(Contents(file) == one + one);
}

TEST_CASE("File printer: a job that does not fit leaves nothing behind", "[devices][printer][file]") {
  const TempFolder folder;
  const std::filesystem::path file = folder.path / "receipts.bin";
  printer::FilePrinter printer(FileAddress{file.string()}, {});
  REQUIRE(printer.Send("first job"));
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{100, old.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto printed = printer.Send(std::string(5000, 'x'));
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(printed);
  CHECK(printed.error().Name() == "printer_write_failed");
  CHECK(Contents(file) == "first job");
}

TEST_CASE("File printer: a missing folder, a folder and a full device are clear errors", "[devices][printer][file]") {
  const TempFolder folder;
  const auto missing = printer::FilePrinter({(folder.path / "no" / "r.bin").string()}, {}).Send("x");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().Name() == "printer_unreachable");
  CHECK(missing.error().Detail().find("r.bin") != std::string::npos);
  CHECK_FALSE(printer::FilePrinter({folder.path.string()}, {}).Send("x"));
  const auto full = printer::FilePrinter({"/dev/full"}, {}).Send("x");
  REQUIRE_FALSE(full);
  CHECK(full.error().Name() == "printer_write_failed");
}

}  // namespace evertill::devices
