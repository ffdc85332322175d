#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace evertill::base {

/// Where results of background work are handed over; the user interface implements it on its own loop.
/// Post() may be called from any thread and never blocks; a task whose receiver is gone is dropped, not run.
class Dispatcher {
 public:
  virtual ~Dispatcher() = default;
  virtual void Post(std::function<void()> task) = 0;
};

/// One thread that runs tasks in the order they came. The destructor lets queued tasks finish.
class Worker {
 public:
  explicit Worker(std::string name);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Any thread. Never blocks.
  void Post(std::function<void()> task);
  /// Blocks until everything posted so far has run. Not from the worker itself.
  void Drain();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace evertill::base
