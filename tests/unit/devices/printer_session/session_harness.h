#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "devices/printer/open_printer.h"
#include "tests/unit/devices/printer_session/peer_printer.h"

namespace evertill::devices::test {

using checkout::DeviceNote;
using checkout::DeviceState;
using checkout::PrintState;
using printer::Completion;
using printer::PrinterProfile;
using printer::PrinterSession;

/// Waits for `what`, at most `limit_ms`.
inline bool Eventually(const std::function<bool()>& what, int limit_ms = 5000) {
  for (int waited = 0; waited < limit_ms; waited += 5) {
    if (what()) return true;
    usleep(5'000);
  }
  return what();
}

/// How long something took.
class Watch {
 public:
  [[nodiscard]] int64_t Ms() const { return (base::MonotonicNanos() - began_) / 1'000'000; }

 private:
  const int64_t began_ = base::MonotonicNanos();
};

inline PrinterProfile Profile(Completion completion, bool asb = false, int timeout_ms = 3000) {
  PrinterProfile profile;
  profile.completion = completion;
  profile.asb = asb;
  profile.completion_timeout_ms = timeout_ms;
  return profile;
}

inline std::unique_ptr<PrinterSession> Open(const std::string& address, const PrinterProfile& profile,
                                            printer::SessionOptions options = {}) {
  auto opened = printer::OpenPrinter(address, profile, std::move(options));
  REQUIRE(opened);
  return std::move(*opened);
}

inline bool Has(const checkout::DeviceStatus& status, DeviceNote note) {
  return std::find(status.notes.begin(), status.notes.end(), note) != status.notes.end();
}

inline bool Becomes(const PrinterSession& session, DeviceState state, int limit_ms = 5000) {
  return Eventually([&] { return session.Status().state == state; }, limit_ms);
}

inline bool Is(const base::Expected<PrintState>& printed, PrintState state) {
  if (!printed) UNSCOPED_INFO(printed.error().ToString());
  return printed && *printed == state;
}

inline std::string NameOf(const base::Expected<PrintState>& printed) {
  return printed ? "printed" : std::string(printed.error().Name());
}

/// Late reports of one job.
struct Late {
  [[nodiscard]] checkout::LatePrintReport Report() {
    return [this](PrintState state) {
      const std::lock_guard lock(mutex);
      states.push_back(state);
    };
  }
  [[nodiscard]] size_t Count() {
    const std::lock_guard lock(mutex);
    return states.size();
  }
  [[nodiscard]] bool Confirmed() {
    const std::lock_guard lock(mutex);
    return states == std::vector<PrintState>{PrintState::kConfirmed};
  }
  std::mutex mutex;
  std::vector<PrintState> states;
};

inline const std::string kReceipt = "\x1B@one receipt\n";

}  // namespace evertill::devices::test
