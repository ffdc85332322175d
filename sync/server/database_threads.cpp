#include "sync/server/database_threads.h"

#include "app/base/log.h"

namespace evertill::server {

namespace {
constexpr size_t kLargestGroup = 64;
}

WriteQueue::WriteQueue(std::unique_ptr<Store> store, size_t most_waiting)
    : store_(std::move(store)), most_waiting_(most_waiting), thread_([this] { Run(); }) {}

void WriteQueue::Close() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool WriteQueue::Post(Work work, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || jobs_.size() >= most_waiting_) return false;
    jobs_.push_back({std::move(work), std::move(done)});
  }
  wake_.notify_one();
  return true;
}

size_t WriteQueue::Waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void WriteQueue::Run() {
  std::vector<Job> group;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      while (!jobs_.empty() && group.size() < kLargestGroup) {
        group.push_back(std::move(jobs_.front()));
        jobs_.pop_front();
      }
    }
    RunGroup(group);
    group.clear();
  }
}

void WriteQueue::RunGroup(std::vector<Job>& group) {
  std::vector<base::Status> results;
  results.reserve(group.size());
  base::Status whole = store_->Begin();
  if (whole) {
    for (Job& job : group) results.push_back(store_->Nested([&] { return job.work(*store_); }));
    whole = store_->Commit();
  }
  if (!whole) base::LogError("commit: {}", whole.error().ToString());
  for (size_t i = 0; i < group.size(); ++i) {
    // A failed commit fails every job of it: nobody is told "done" for what may not be on disk.
    group[i].done(whole ? std::move(results[i]) : base::Status(base::Fail(base::Error(whole.error()))));
  }
}

ReadPool::ReadPool(std::vector<std::unique_ptr<Store>> stores, size_t most_waiting)
    : stores_(std::move(stores)), most_waiting_(most_waiting) {
  for (auto& store : stores_) threads_.emplace_back([this, &store] { Run(*store); });
}

void ReadPool::Close() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

bool ReadPool::Post(Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || jobs_.size() >= most_waiting_) return false;
    jobs_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void ReadPool::Run(Store& store) {
  for (;;) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      work = std::move(jobs_.front());
      jobs_.pop_front();
    }
    work(store);
  }
}

}  // namespace evertill::server
