#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "app/checkout/rights_port.h"
#include "app/checkout/sync_port.h"
#include "app/loyalty/safeguards.h"
#include "sync/client/sync_engine.h"
#include "sync/client/transport.h"
#include "sync/wire/rights_messages.h"

namespace evertill::client {

struct HoldClientOptions {
  long connect_timeout_ms = 400;
  long total_timeout_ms = 1'500;
  /// After a failure head office is left alone for so long, unless a round of synchronising has worked meanwhile.
  std::chrono::milliseconds rest{20'000};
  loyalty::Safeguards safeguards = {};
  TransportFactory transport = {};  ///< empty: an HttpClient of its own
};

/// Asks head office whether a sale may spend points, over a connection of its own, so that the counter never waits for
/// a round of synchronising. Any thread.
class HoldClient final : public checkout::Reserver {
 public:
  HoldClient(checkout::SyncStore& store, const base::Clock& clock, base::Random& random,
             HoldClientOptions options = {});

  [[nodiscard]] std::optional<checkout::HoldAnswer> Reserve(domain::MemberId member, domain::EventId sale,
                                                            int64_t points) override;
  /// False where there is no head office, and for a while after a failure.
  [[nodiscard]] bool Reachable() override;
  [[nodiscard]] bool Reached() override { return reached_; }
  /// A round of synchronising has worked: ask again at once.
  void MarkReachable() {
    not_before_ms_ = kNever;
    reached_ = true;
  }

 private:
  static constexpr int64_t kNever = INT64_MIN;
  base::Expected<checkout::HoldAnswer> Ask(const checkout::Enrolment& enrolment, domain::MemberId member,
                                           domain::EventId sale, int64_t points);
  base::Status Connect(const checkout::Enrolment& enrolment);
  [[nodiscard]] bool Resting() const { return clock_.Uptime().count() < not_before_ms_; }

  checkout::SyncStore& store_;
  const base::Clock& clock_;
  base::Random& random_;
  const HoldClientOptions options_;
  std::atomic<int64_t> not_before_ms_{kNever};  ///< uptime
  std::atomic<bool> reached_{false};
  std::mutex mutex_;  ///< one question at a time
  std::unique_ptr<Transport> transport_;
  std::string url_;
  std::string ca_pem_;
};

}  // namespace evertill::client
