#include "app/base/worker.h"

#include <pthread.h>

#include <future>
#include <utility>

namespace evertill::base {

Worker::Worker(std::string name) : thread_([this] { Run(); }) {
  name.resize(std::min<size_t>(name.size(), 15));  // the kernel's limit
  pthread_setname_np(thread_.native_handle(), name.c_str());
}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Worker::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Worker::Drain() {
  std::promise<void> done;
  Post([&done] { done.set_value(); });
  done.get_future().wait();
}

void Worker::Run() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace evertill::base
