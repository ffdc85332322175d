#include "devices/scanner/scanner.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "app/base/log.h"
#include "devices/link/address.h"
#include "devices/scanner/plug_watch.h"
#include "devices/scanner/scan_assembler.h"
#include "devices/scanner/scanner_error.h"

namespace evertill::devices::scanner {
namespace {

// After plugging in, a node is there a moment before its permissions are: the first looks come quickly.
constexpr int kFirstWaitMs = 100;
constexpr int kLongestWaitMs = 5'000;
constexpr int kLookMs = 1'000;

struct Woken {
  bool stop = false;
  bool other = false;
};
/// Waits until either is readable or broken; -1 stands for none.
Woken WaitFor(int stop, int other, int timeout_ms) {
  std::array<pollfd, 2> fds{{{stop, POLLIN, 0}, {other, POLLIN, 0}}};
  while (::poll(fds.data(), fds.size(), timeout_ms) < 0 && errno == EINTR) {
  }
  return {fds[0].revents != 0, fds[1].revents != 0};
}

/// The folder of this node tells when it comes.
std::string WatchedPath(const ScannerSettings& settings) {
  if (settings.kind == ScannerKind::kEvdev) {
    return settings.path.starts_with('/') ? settings.path : std::string("/dev/input/event0");
  }
  const auto address = link::ParseAddress(settings.path);
  const auto* serial = address ? std::get_if<link::SerialAddress>(&*address) : nullptr;
  return serial != nullptr ? serial->path : std::string();
}

/// It is there, and somebody has to do something before it works.
bool NeedsAHand(const base::Error& error) {
  return error.Is(ScannerErrc::kNoPermission) || error.Is(ScannerErrc::kBusy) || error.Is(ScannerErrc::kIsKeyboard) ||
         error.Is(ScannerErrc::kNotAScanner) || error.Name() == "device_no_permission" || error.Name() == "device_busy";
}

}  // namespace

base::Expected<std::unique_ptr<Scanner>> Scanner::Start(ScannerSettings settings, const base::Clock& clock,
                                                        Callbacks callbacks) {
  EVERTILL_TRY(CheckScannerSettings(settings));
  if (settings.kind == ScannerKind::kWedge) {
    return base::Fail(ScannerErrc::kSettingsInvalid, "a wedge scanner types into the window: there is nothing to open");
  }
  link::FileDescriptor stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop.IsOpen()) return base::Fail(ScannerErrc::kLost, "no file descriptor is left");
  std::unique_ptr<Scanner> scanner(new Scanner(std::move(settings), clock, std::move(callbacks), std::move(stop)));
  scanner->thread_ = std::thread([raw = scanner.get()] { raw->Run(); });
  return scanner;
}

Scanner::Scanner(ScannerSettings settings, const base::Clock& clock, Callbacks callbacks, link::FileDescriptor stop)
    : settings_(std::move(settings)), clock_(clock), callbacks_(std::move(callbacks)), stop_(std::move(stop)) {
  status_ = {
      checkout::DeviceKind::kScanner, settings_.name, settings_.path, checkout::DeviceState::kConnecting, {}, {}};
}

Scanner::~Scanner() {
  const uint64_t one = 1;
  if (::write(stop_.Get(), &one, sizeof one) < 0) base::LogWarn("scanner {} cannot be told to stop", settings_.path);
  if (thread_.joinable()) thread_.join();
}

checkout::DeviceStatus Scanner::Status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Scanner::Report(checkout::DeviceState state, const std::string& name, const std::string& detail) {
  checkout::DeviceStatus status = Status();
  const bool first = status.state == checkout::DeviceState::kConnecting;
  const checkout::DeviceStatus before = status;
  status.state = state;
  status.detail = detail;
  if (settings_.name.empty() && !name.empty()) status.name = name;
  if (!first && status == before) return;
  {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }
  if (state == checkout::DeviceState::kReady) {
    base::LogInfo("scanner {}: ready ({})", settings_.path, status.name);
  } else {
    base::LogWarn("scanner {}: {}", settings_.path, detail);
  }
  if (callbacks_.on_status) callbacks_.on_status(status);
}

void Scanner::Run() {
  if (callbacks_.on_status) callbacks_.on_status(Status());
  for (int wait_ms = kFirstWaitMs;;) {
    // Watched before it is looked for: what is plugged in between the two is not missed.
    const PlugWatch watch(WatchedPath(settings_));
    auto source = OpenScanSource(settings_);
    if (source) {
      wait_ms = kFirstWaitMs;
      Report(checkout::DeviceState::kReady, (*source)->DeviceName(), {});
      Listen(**source);
      source->reset();
      if (WaitFor(stop_.Get(), -1, kFirstWaitMs).stop) return;
      continue;
    }
    Report(NeedsAHand(source.error()) ? checkout::DeviceState::kAttention : checkout::DeviceState::kAbsent, {},
           source.error().ToString());
    if (WaitFor(stop_.Get(), watch.PollFd(), wait_ms).stop) return;
    wait_ms = std::min(wait_ms * 2, kLongestWaitMs);
  }
}

void Scanner::Listen(ScanSource& source) {
  ScanAssembler assembler(settings_);
  const auto tell = [this](std::vector<std::string> scans) {
    for (auto& scan : scans) callbacks_.on_scan(std::move(scan));
  };
  for (;;) {
    const int silence_ms = assembler.WaitMs(NowMs());
    const Woken woken = WaitFor(stop_.Get(), source.PollFd(), silence_ms < 0 ? kLookMs : silence_ms);
    if (woken.stop) return;
    if (!woken.other) {
      tell(assembler.Expire(NowMs()));
      // A line that hangs up says so; a node that was taken away quietly does not.
      if (silence_ms < 0 && settings_.path.starts_with('/') && ::access(settings_.path.c_str(), F_OK) != 0) {
        return Report(checkout::DeviceState::kAbsent, {}, "scanner_lost: " + settings_.path + " is gone");
      }
      continue;
    }
    auto sent = source.Read();
    if (!sent) return Report(checkout::DeviceState::kAbsent, {}, sent.error().ToString());
    if (sent->gap) {
      base::LogWarn("scanner {}: keys were lost; the scan that they belong to is dropped", settings_.path);
      assembler.Reset();
    }
    tell(assembler.Take(sent->bytes, NowMs()));
  }
}

}  // namespace evertill::devices::scanner
