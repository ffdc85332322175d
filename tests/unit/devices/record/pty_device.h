#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace evertill::devices {

/// The far end of a serial cable: a real pseudo-terminal whose other side a driver opens by its path. `answer` sees all
/// bytes that came and were not taken yet; what it erases is taken, what it returns is sent back.
class PtyDevice {
 public:
  using Answer = std::function<std::string(std::string& received)>;
  explicit PtyDevice(Answer answer = [](std::string& received) { return received.clear(), std::string(); });
  ~PtyDevice();
  PtyDevice(const PtyDevice&) = delete;
  PtyDevice& operator=(const PtyDevice&) = delete;

  [[nodiscard]] const std::string& Path() const { return path_; }
  void Send(const std::string& bytes);
  /// Everything that ever came.
  [[nodiscard]] std::string Received();
  /// Waits up to five seconds until what came contains `bytes`.
  [[nodiscard]] bool WaitFor(const std::string& bytes);
  /// Pulls the cable: the path is gone.
  void Unplug();

 private:
  void Run();

  Answer answer_;
  std::string path_;
  std::mutex mutex_;
  int master_ = -1;
  std::string all_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Waits up to `timeout_ms` until `condition` holds, looking every few milliseconds.
[[nodiscard]] bool Eventually(const std::function<bool()>& condition, int timeout_ms = 5000);

}  // namespace evertill::devices
