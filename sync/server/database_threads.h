#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "sync/server/store.h"

namespace evertill::server {

/// The one thread that writes. Jobs that wait at the same moment share a transaction, and so one sync of the disk.
class WriteQueue {
 public:
  /// Runs inside the transaction. An error undoes this job alone.
  using Work = std::function<base::Status(Store&)>;
  /// Told when the transaction is on disk (or has failed). On the writer's thread: short.
  using Done = std::function<void(base::Status)>;

  explicit WriteQueue(std::unique_ptr<Store> store, size_t most_waiting = 2000);
  ~WriteQueue() { Close(); }
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  /// Any thread. False, and nothing is kept, when too much waits already or this is closed.
  [[nodiscard]] bool Post(Work work, Done done);
  /// Finishes what is queued and takes nothing more. Not from a job.
  void Close();
  [[nodiscard]] size_t Waiting() const;

 private:
  struct Job {
    Work work;
    Done done;
  };
  void Run();
  void RunGroup(std::vector<Job>& group);

  std::unique_ptr<Store> store_;
  const size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Threads that read, each with a session of its own, so that a long page holds up neither tills nor other readers.
class ReadPool {
 public:
  using Work = std::function<void(Store&)>;
  explicit ReadPool(std::vector<std::unique_ptr<Store>> stores, size_t most_waiting = 2000);
  ~ReadPool() { Close(); }
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;
  /// Any thread. False, and nothing is kept, when too much waits already or this is closed.
  [[nodiscard]] bool Post(Work work);
  /// Finishes what is queued and takes nothing more. Not from a job.
  void Close();

 private:
  void Run(Store& store);

  std::vector<std::unique_ptr<Store>> stores_;
  const size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace evertill::server
