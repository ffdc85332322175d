#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace evertill::tests {

/// A running program with a window, and the lines that it prints.
class ProbeRun {
 public:
  /// Starts `program` with `arguments` and waits until `ready`; without one, until it printed "state": ui_probe's
  /// window is up then, and asks.
  ProbeRun(const std::string& program, std::vector<std::string> arguments,
           const std::vector<std::string>& environment = {}, const std::function<bool()>& ready = {});
  ~ProbeRun();
  ProbeRun(const ProbeRun&) = delete;
  ProbeRun& operator=(const ProbeRun&) = delete;

  /// All lines printed so far.
  [[nodiscard]] std::vector<std::string> Lines() const;
  /// Lines printed that begin with `prefix`, waiting until there are `count` of them or time is up.
  [[nodiscard]] std::vector<std::string> WaitFor(const std::string& prefix, size_t count);
  /// Sends SIGTERM; its exit code, or -1 when it did not end in time or was killed.
  [[nodiscard]] int Terminate();

 private:
  std::string output_;
  pid_t pid_ = -1;
};

/// Tells a probe that was started with --control what its devices and its printer say.
class ProbeControl {
 public:
  ProbeControl();
  ~ProbeControl();
  ProbeControl(const ProbeControl&) = delete;
  ProbeControl& operator=(const ProbeControl&) = delete;
  [[nodiscard]] const std::string& Path() const { return path_; }
  void Tell(const std::string& line);

 private:
  std::string path_;
  int fifo_ = -1;
};

/// Asks again and again until it is so, or ten seconds are over.
[[nodiscard]] bool Eventually(const std::function<bool()>& is_so);

}  // namespace evertill::tests
