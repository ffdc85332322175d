#include "tests/unit/devices/record/pty_device.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace evertill::devices {

PtyDevice::PtyDevice(Answer answer) : answer_(std::move(answer)) {
  master_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) std::abort();
  char name[128];
  if (ptsname_r(master_, name, sizeof name) != 0) std::abort();
  path_ = name;
  // Raw from the start: what is sent before the driver opens it must not be echoed.
  termios settings{};
  tcgetattr(master_, &settings);
  cfmakeraw(&settings);
  tcsetattr(master_, TCSANOW, &settings);
  thread_ = std::thread([this] { Run(); });
}

PtyDevice::~PtyDevice() {
  Unplug();
}

void PtyDevice::Unplug() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  if (master_ >= 0) close(master_);
  master_ = -1;
}

void PtyDevice::Send(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  if (master_ >= 0 && write(master_, bytes.data(), bytes.size()) < 0) return;
}

std::string PtyDevice::Received() {
  const std::lock_guard lock(mutex_);
  return all_;
}

bool PtyDevice::WaitFor(const std::string& bytes) {
  return Eventually([&] { return Received().find(bytes) != std::string::npos; });
}

void PtyDevice::Run() {
  std::string received;
  while (!stopping_) {
    pollfd entry{master_, POLLIN, 0};
    if (poll(&entry, 1, 10) <= 0) continue;
    char buffer[512];
    const ssize_t count = read(master_, buffer, sizeof buffer);
    if (count <= 0) {  // nobody has it open
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      all_.append(buffer, static_cast<size_t>(count));
    }
    received.append(buffer, static_cast<size_t>(count));
    for (std::string answer = answer_(received); !answer.empty(); answer = answer_(received)) Send(answer);
  }
}

bool Eventually(const std::function<bool()>& condition, int timeout_ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace evertill::devices
