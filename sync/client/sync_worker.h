#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "app/checkout/sync_port.h"
#include "sync/client/sync_engine.h"

namespace evertill::client {

/// What the screen's pill shows.
struct SyncStatus {
  bool enrolled = false;
  bool online = false;
  base::Instant offline_since;  ///< of meaning while enrolled and not online
  int64_t pending_sales = 0;    ///< safe here, not yet acknowledged
  std::string problem;          ///< name of the last failure; empty while online
  bool operator==(const SyncStatus&) const = default;
};

struct SyncWorkerOptions {
  std::chrono::milliseconds every{5'000};        ///< between rounds that work
  std::chrono::milliseconds first_retry{1'000};  ///< doubles with each failure
  std::chrono::milliseconds last_retry{60'000};
  SyncEngineOptions engine;
  /// After each round that worked, on the worker's thread: what it did. Head office is in reach; where grants came, a
  /// new life began or members changed, what is on the screen may be another now.
  std::function<void(const SyncReport&)> on_round;
};

/// Runs rounds in the background: soon after each Nudge(), at intervals otherwise, and less and less often while head
/// office does not answer (with jitter, so that ten thousand tills do not come back in the same second).
/// `on_status` is called on the worker's thread, only when something has changed; hand it on to the screen from there.
class SyncWorker {
 public:
  using OnStatus = std::function<void(const SyncStatus&)>;
  SyncWorker(checkout::SyncStore& store, checkout::RightsSync& rights, const base::Clock& clock, base::Random& random,
             OnStatus on_status, SyncWorkerOptions options = {});
  /// Ends a running round; takes a second at most in the usual case.
  ~SyncWorker();
  SyncWorker(const SyncWorker&) = delete;
  SyncWorker& operator=(const SyncWorker&) = delete;

  /// A sale was committed. Any thread, never blocks. While offline it renews the status and leaves the back-off alone.
  void Nudge();
  /// Somebody asks for a round now, back-off or not. Any thread, never blocks.
  void SyncNow();

 private:
  enum class Wake { kTime, kNudge, kNow, kStop };
  void Run();
  void Round();
  void Settle(const base::Expected<SyncReport>& report);
  Wake Wait();
  void Tell(bool ok, const std::string& problem, bool enrolled);
  [[nodiscard]] std::chrono::milliseconds NextWait();

  checkout::SyncStore& store_;
  const base::Clock& clock_;
  base::Random& random_;
  const OnStatus on_status_;
  const SyncWorkerOptions options_;
  SyncEngine engine_;
  std::optional<SyncStatus> told_;
  int failures_ = 0;
  std::chrono::milliseconds due_{0};  ///< uptime at which the next round begins

  std::mutex mutex_;
  std::condition_variable wake_;
  bool nudged_ = false;
  bool now_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace evertill::client
