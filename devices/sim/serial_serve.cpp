#include "devices/sim/serial_serve.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>
#include <deque>

#include "app/base/clock.h"
#include "devices/sim/sim_ports.h"

namespace evertill::devices::sim {
namespace {

using std::chrono::milliseconds;

constexpr size_t kLongestCommand = 1000;

/// What is to be said, and when.
struct Due {
  milliseconds at;
  std::string bytes;
};

class SerialServer {
 public:
  SerialServer(SerialPort port, const SerialDevice& device)
      : port_(std::move(port)), device_(device), clock_(base::MakeSystemClock()), stop_(OpenStopSignals()) {}

  void Run() {
    next_tick_ = clock_->Uptime() + milliseconds(device_.tick_ms);
    for (;;) {
      pollfd entries[3] = {
          {stop_.Get(), POLLIN, 0}, {port_.Fd(), POLLIN, 0}, {input_ended_ ? -1 : STDIN_FILENO, POLLIN, 0}};
      if (poll(entries, 3, WaitMs()) < 0) continue;
      if ((entries[0].revents & POLLIN) != 0) return;
      if ((entries[1].revents & POLLIN) != 0) TakeBytes();
      if (entries[2].revents != 0) TakeCommands();
      SayWhatIsDue();
    }
  }

 private:
  [[nodiscard]] int WaitMs() const {
    auto next = milliseconds::max();
    if (device_.tick_ms > 0) next = next_tick_;
    if (!due_.empty()) next = std::min(next, due_.front().at);
    if (next == milliseconds::max()) return -1;
    return static_cast<int>(std::max(next - clock_->Uptime(), milliseconds(0)).count());
  }

  void TakeBytes() {
    char buffer[4096];
    const ssize_t count = read(port_.Fd(), buffer, sizeof buffer);
    if (count <= 0) return;
    std::string answer = device_.take({buffer, static_cast<size_t>(count)});
    const int late_ms = device_.late_ms ? device_.late_ms() : 0;
    if (!answer.empty()) due_.push_back({clock_->Uptime() + milliseconds(late_ms), std::move(answer)});
  }

  void TakeCommands() {
    char buffer[1024];
    const ssize_t count = read(STDIN_FILENO, buffer, sizeof buffer);
    if (count <= 0) {
      input_ended_ = true;
      return;
    }
    input_.append(buffer, static_cast<size_t>(count));
    for (size_t end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
      std::string line = input_.substr(0, end);
      input_.erase(0, end + 1);
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (!line.empty()) Say(device_.control(line));
    }
    if (input_.size() > kLongestCommand) input_.clear();
  }

  void SayWhatIsDue() {
    const auto now = clock_->Uptime();
    if (device_.tick_ms > 0 && now >= next_tick_) {
      next_tick_ = now + milliseconds(device_.tick_ms);
      std::string said = device_.tick();
      if (!said.empty()) due_.push_back({now, std::move(said)});
    }
    while (!due_.empty() && due_.front().at <= now) {
      const std::string bytes = std::move(due_.front().bytes);
      due_.pop_front();
      // A host that does not read loses it, as on a real line.
      if (write(port_.Fd(), bytes.data(), bytes.size()) < 0) continue;
    }
  }

  SerialPort port_;
  const SerialDevice& device_;
  std::unique_ptr<base::Clock> clock_;
  UniqueFd stop_;
  milliseconds next_tick_{0};
  std::deque<Due> due_;
  std::string input_;
  bool input_ended_ = false;
};

}  // namespace

int OpenStopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  // A simulator in the background of a terminal takes no commands from it, rather than being stopped.
  std::signal(SIGTTIN, SIG_IGN);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

base::Status ServeSerial(const std::string& path, const SerialDevice& device) {
  EVERTILL_ASSIGN(SerialPort port, SerialPort::Open(path));
  Say("serial " + path);
  SerialServer(std::move(port), device).Run();
  return {};
}

void Say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

std::string RefusedCommand(std::string_view line) {
  return boost::json::serialize(
      boost::json::object{{"ok", false}, {"error", "no such command: " + std::string(line.substr(0, 100))}});
}

std::pair<std::string_view, std::string_view> SplitCommand(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return {line, {}};
  return {line.substr(0, space), line.substr(space + 1)};
}

int Failed(const base::Error& error) {
  std::fprintf(stderr, "evertill-devsim: %s\n", error.ToString().c_str());
  return 1;
}

}  // namespace evertill::devices::sim
