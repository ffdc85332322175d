#include "devices/scanner/scanner.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>

#include "devices/scanner/scanner_error.h"

using namespace evertill;
using namespace evertill::devices::scanner;
using checkout::DeviceState;

namespace {

/// A serial scanner at a path, as a pty; unplugged and plugged in again.
class SerialScanner {
 public:
  explicit SerialScanner(std::string path) : path_(std::move(path)) { Plug(); }
  ~SerialScanner() { Unplug(); }
  void Plug() {
    fd_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(fd_ >= 0);
    REQUIRE(::grantpt(fd_) == 0);
    REQUIRE(::unlockpt(fd_) == 0);
    termios raw{};
    REQUIRE(::tcgetattr(fd_, &raw) == 0);
    ::cfmakeraw(&raw);
    REQUIRE(::tcsetattr(fd_, TCSANOW, &raw) == 0);
    std::filesystem::create_symlink(::ptsname(fd_), path_);
  }
  void Unplug() {
    std::filesystem::remove(path_);
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void Send(const std::string& bytes) const {
    REQUIRE(::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }

 private:
  std::string path_;
  int fd_ = -1;
};

/// What the scanner's thread told.
class Heard {
 public:
  Scanner::Callbacks Callbacks() {
    return {[this](std::string text) {
              const std::lock_guard lock(mutex_);
              scans_.push_back(std::move(text));
              changed_.notify_all();
            },
            [this](const checkout::DeviceStatus& status) {
              const std::lock_guard lock(mutex_);
              states_.push_back(status);
              changed_.notify_all();
            }};
  }
  bool WaitForState(DeviceState state) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10),
                             [&] { return !states_.empty() && states_.back().state == state; });
  }
  std::vector<std::string> WaitForScans(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return scans_.size() >= count; });
    return scans_;
  }
  checkout::DeviceStatus Last() {
    const std::lock_guard lock(mutex_);
    return states_.back();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> scans_;
  std::vector<checkout::DeviceStatus> states_;
};

struct Folder {
  std::filesystem::path path;
  Folder() {
    char name[] = "/tmp/evertill-scanner-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("Scanner: ten scans in half a second from a serial line are ten calls", "[devices][scanner]") {
  const Folder folder;
  const auto clock = base::MakeSystemClock();
  const SerialScanner device(folder.path / "ttyACM0");
  Heard heard;
  const auto scanner = Scanner::Start(
      {.kind = ScannerKind::kSerial, .name = "Counter", .path = "serial:" + (folder.path / "ttyACM0").string()}, *clock,
      heard.Callbacks());
  REQUIRE(scanner);
  REQUIRE(heard.WaitForState(DeviceState::kReady));
  CHECK(heard.Last().name == "Counter");
  CHECK(heard.Last().kind == checkout::DeviceKind::kScanner);
  for (int i = 0; i < 10; ++i) device.Send("]E08850999320014\r\n");
  CHECK(heard.WaitForScans(10) == std::vector<std::string>(10, "]E08850999320014"));
}

TEST_CASE("Scanner: unplugged and plugged in again, it goes on by itself", "[devices][scanner]") {
  const Folder folder;
  const auto clock = base::MakeSystemClock();
  Heard heard;
  const auto scanner =
      Scanner::Start({.kind = ScannerKind::kSerial, .path = "serial:" + (folder.path / "ttyACM0").string()}, *clock,
                     heard.Callbacks());
  REQUIRE(scanner);
  REQUIRE(heard.WaitForState(DeviceState::kAbsent));
  SerialScanner device(folder.path / "ttyACM0");
  for (int round = 1; round <= 3; ++round) {
    REQUIRE(heard.WaitForState(DeviceState::kReady));
    device.Send("half a sc");
    device.Unplug();
    REQUIRE(heard.WaitForState(DeviceState::kAbsent));
    device.Plug();
    REQUIRE(heard.WaitForState(DeviceState::kReady));
    device.Send("code " + std::to_string(round) + "\r");
    CHECK(heard.WaitForScans(static_cast<size_t>(round)).back() == "code " + std::to_string(round));
  }
  CHECK((*scanner)->Status().state == DeviceState::kReady);
}

TEST_CASE("Scanner: what cannot be a scanner says so and is not held", "[devices][scanner]") {
  const auto clock = base::MakeSystemClock();
  Heard heard;
  CHECK(Scanner::Start({}, *clock, heard.Callbacks()).error().Is(ScannerErrc::kSettingsInvalid));
  const auto scanner = Scanner::Start({.kind = ScannerKind::kEvdev, .path = "/dev/input/by-id/none-event-kbd"}, *clock,
                                      heard.Callbacks());
  REQUIRE(scanner);
  REQUIRE(heard.WaitForState(DeviceState::kAbsent));
  CHECK(heard.Last().detail.starts_with("scanner_not_found"));
}
