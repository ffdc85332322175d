#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/checkout/sync_port.h"
#include "sync/client/http_client.h"
#include "sync/wire/messages.h"

namespace evertill::client {

/// What one round did.
struct SyncReport {
  int64_t uploaded = 0;  ///< events that head office has now and was not known to have before
  int64_t acked_seq = 0;
  int64_t head_seq = 0;
  int64_t products = 0;  ///< changes that came down
  int64_t members = 0;
};

struct SyncEngineOptions {
  int most_events = 500;  ///< in a batch
  size_t most_batch_bytes = size_t{4} << 20;
  int64_t changes_limit = 2000;
  long connect_timeout_ms = 5'000;
  long total_timeout_ms = 60'000;
};

/// One till's exchange with head office: sends what waits, moves the cursor on verified acknowledgements only, then
/// takes down what changed. Safe to repeat at any time. One thread at a time, but for Cancel().
class SyncEngine {
 public:
  SyncEngine(checkout::SyncStore& store, const base::Clock& clock, base::Random& random,
             SyncEngineOptions options = {});

  /// A whole round. `not_enrolled` where there is no head office yet; otherwise as the client's errors say. What was
  /// acknowledged before a failure stays acknowledged.
  [[nodiscard]] base::Expected<SyncReport> RunOnce();
  /// Any thread. A running round ends within about a second with kCancelled, and so does each later one.
  void Cancel() { cancelled_ = true; }

 private:
  base::Status Connect();
  base::Status Upload(SyncReport& report);
  base::Expected<wire::Batch> NextBatch(int64_t after);
  base::Status OnAccepted(const wire::Batch& batch, const std::string& body, int64_t head_seq, int64_t& after);
  base::Status OnRefused(const wire::Batch& batch, const HttpAnswer& answer, int64_t head_seq, int64_t& after);
  base::Status Pull(SyncReport& report);
  base::Expected<checkout::ChangeSet> Convert(const wire::Changes& changes) const;

  checkout::SyncStore& store_;
  const base::Clock& clock_;
  base::Random& random_;
  const SyncEngineOptions options_;
  std::atomic<bool> cancelled_{false};
  std::optional<HttpClient> http_;
  std::optional<checkout::Enrolment> enrolment_;
  std::optional<checkout::TillIdentity> till_;
  int batch_limit_ = 500;  ///< shrinks when head office finds a batch too large
};

}  // namespace evertill::client
