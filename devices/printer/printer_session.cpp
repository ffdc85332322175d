#include "devices/printer/printer_session.h"

#include <sys/eventfd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "devices/link/file_descriptor.h"
#include "devices/printer/printer_error.h"
#include "devices/printer/session_loop.h"

namespace evertill::devices::printer {

class PrinterSession::Shared final : public SessionBoard {
 public:
  Shared(link::Address address, PrinterProfile profile, SessionOptions options)
      : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        report_(std::move(options.report)),
        loop_({std::move(address), profile, options.name.empty() ? profile.title : options.name, options.open,
               options.drawer, wake_.Get()},
              *this),
        thread_([this] { loop_.Run(); }) {}

  ~Shared() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    (void)eventfd_write(wake_.Get(), 1);
    thread_.join();
  }

  void Post(SessionRequest request) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
    }
    (void)eventfd_write(wake_.Get(), 1);
  }

  std::vector<SessionRequest> TakeRequests(bool& stop) override {
    const std::lock_guard lock(mutex_);
    stop = stop_;
    return std::exchange(requests_, {});
  }

  void Publish(const checkout::DeviceStatus& status, std::optional<bool> drawer_open, bool settled) override {
    bool changed = false;
    {
      const std::lock_guard lock(mutex_);
      changed = !published_ || status != status_;
      published_ = true;
      status_ = status;
      drawer_open_ = drawer_open;
      settled_ = settled_ || settled;
    }
    settled_cv_.notify_all();
    if (changed && report_) report_(status);
  }

  void TellReady() override {
    const std::lock_guard lock(ready_mutex_);
    if (ready_) ready_();
  }

  void SetReady(std::function<void()> ready) {
    const std::lock_guard lock(ready_mutex_);
    ready_ = std::move(ready);
  }

  checkout::DeviceStatus Status(int wait_ms) {
    std::unique_lock lock(mutex_);
    settled_cv_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] { return published_ && settled_; });
    return status_;
  }

  std::optional<bool> DrawerOpen() {
    const std::lock_guard lock(mutex_);
    return drawer_open_;
  }

 private:
  link::FileDescriptor wake_;
  const checkout::DeviceReport report_;
  std::mutex mutex_;  ///< guards what follows up to ready_mutex_
  std::condition_variable settled_cv_;
  std::vector<SessionRequest> requests_;
  bool stop_ = false;
  bool published_ = false;
  bool settled_ = false;
  checkout::DeviceStatus status_;
  std::optional<bool> drawer_open_;
  std::mutex ready_mutex_;  ///< held while ready_ runs
  std::function<void()> ready_;
  SessionLoop loop_;
  std::thread thread_;  ///< last: uses the others
};

namespace {

/// The answer to a request, once the session's thread gave it.
template <typename Request, typename Board>
auto Ask(Board& board, Request request) {
  auto answer = request.done.get_future();
  board.Post(SessionRequest(std::move(request)));
  return answer.get();
}

}  // namespace

PrinterSession::PrinterSession(link::Address address, PrinterProfile profile, SessionOptions options)
    : shared_(std::make_unique<Shared>(std::move(address), std::move(profile), std::move(options))) {}

PrinterSession::~PrinterSession() = default;

base::Expected<checkout::PrintState> PrinterSession::Print(const domain::ReceiptDocument& document) {
  return PrintAndTell(document, {});
}

base::Expected<checkout::PrintState> PrinterSession::PrintAndTell(const domain::ReceiptDocument& document,
                                                                  checkout::LatePrintReport late) {
  return Ask(*shared_, JobRequest{&document, std::move(late), {}});
}

base::Expected<checkout::PrintState> PrinterSession::Send(std::string job, checkout::LatePrintReport late) {
  return Ask(*shared_, JobRequest{std::move(job), std::move(late), {}});
}

base::Status PrinterSession::Ready() {
  return Ask(*shared_, ReadyRequest{});
}

void PrinterSession::OnReady(std::function<void()> ready) {
  shared_->SetReady(std::move(ready));
}

base::Status PrinterSession::Open() {
  return Ask(*shared_, PulseRequest{});
}

std::optional<bool> PrinterSession::IsOpen() const {
  return shared_->DrawerOpen();
}

checkout::DeviceStatus PrinterSession::Status() const {
  return shared_->Status(0);
}

checkout::DeviceStatus PrinterSession::AwaitStatus(int limit_ms) const {
  return shared_->Status(limit_ms);
}

}  // namespace evertill::devices::printer
