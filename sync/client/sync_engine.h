#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/checkout/rights_sync_port.h"
#include "app/checkout/sync_port.h"
#include "app/loyalty/safeguards.h"
#include "sync/client/errors.h"
#include "sync/client/transport.h"
#include "sync/wire/messages.h"
#include "sync/wire/rights_messages.h"

namespace evertill::client {

/// What one round did.
struct SyncReport {
  int64_t uploaded = 0;  ///< events that head office has now and was not known to have before
  int64_t acked_seq = 0;
  int64_t head_seq = 0;
  int64_t products = 0;  ///< changes that came down
  int64_t members = 0;
  int64_t grants = 0;            ///< rights to spend points that were new here
  int64_t permits = 0;           ///< likewise
  int64_t returned = 0;          ///< RETURN events written
  bool new_life = false;         ///< this till was behind or fenced and goes on under a new incarnation, with no rights
  bool old_head_office = false;  ///< head office knows nothing of rights yet: journal and changes only
};

/// Makes what requests go through; called again when the enrolment names another head office.
using TransportFactory = std::function<base::Expected<std::unique_ptr<Transport>>(const checkout::Enrolment&)>;

struct SyncEngineOptions {
  int most_events = 500;  ///< in a batch
  size_t most_batch_bytes = size_t{4} << 20;
  int64_t changes_limit = 2000;
  int64_t rights_limit = 200;  ///< members in one answer about rights
  long connect_timeout_ms = 5'000;
  long total_timeout_ms = 60'000;
  loyalty::Safeguards safeguards = {};
  TransportFactory transport = {};  ///< empty: an HttpClient to the enrolment's URL and authority
};

/// One till's exchange with head office. A round: hello; rights that are asked back or earned here are given up;
/// everything that waits is sent; rights come down and are accepted; that is sent too; then what changed comes down.
/// The cursor moves on verified acknowledgements only. Safe to repeat at any time, and to stop anywhere: whatever was
/// lost on the way is asked for again. One thread at a time, but for Cancel().
class SyncEngine {
 public:
  SyncEngine(checkout::SyncStore& store, checkout::RightsSync& rights, const base::Clock& clock, base::Random& random,
             SyncEngineOptions options = {});

  /// A whole round. `not_enrolled` where there is no head office yet; otherwise as the client's errors say. What was
  /// acknowledged before a failure stays acknowledged.
  [[nodiscard]] base::Expected<SyncReport> RunOnce();
  /// Any thread. A running round ends within about a second with kCancelled, and so does each later one.
  void Cancel() { cancelled_ = true; }

 private:
  enum class Next { kDone, kAgain };  ///< kAgain: from hello on, because epoch or life is another one now
  /// Where this till's present life stands.
  struct Life {
    int64_t incarnation = 1;
    int64_t begin = 0;  ///< the place before its first event
    int64_t head = 0;   ///< the place of its last event
    domain::EventHash head_hash{};
    [[nodiscard]] int64_t Seq() const { return head - begin; }
  };

  struct Greeting {
    enum class Kind { kAnswered, kOldHeadOffice, kUnknownHere };
    Kind kind = Kind::kAnswered;
    wire::HelloReply reply;  ///< of meaning when answered; then it is believed
  };

  base::Status Connect();
  base::Expected<Next> Round(SyncReport& report);
  base::Status OldRound(SyncReport& report);
  base::Expected<Life> PresentLife();
  base::Status GiveBack(const std::vector<std::string>& recalled, SyncReport& report);
  [[nodiscard]] std::string NewNonce();

  // sync_life.cpp: what hello says, and what follows from it.
  base::Expected<Greeting> Hello(const Life& life);
  base::Expected<Next> MeetEpoch(const wire::HelloReply& hello, const Life& life);
  base::Expected<bool> IsOurs(const wire::HelloReply& hello, const Life& life);
  base::Status FollowHello(const wire::HelloReply& hello);
  base::Status Record(const wire::HelloReply& hello, bool closed);
  base::Status EndLife(const wire::HelloReply& hello, bool ours, SyncReport& report);
  base::Status GoOnUnder(const std::string& why, SyncReport& report);
  base::Expected<wire::LifeReply> AskForLife();

  // sync_upload.cpp
  /// `apart`: head office is known to have another history of this life, so its word on what follows the batch is
  /// about events that this till does not have.
  base::Status Upload(SyncReport& report, bool apart = false);
  base::Expected<wire::Batch> NextBatch(int64_t after);
  base::Status OnAccepted(const wire::Batch& batch, const std::string& body, bool apart, int64_t& after);
  base::Status OnRefused(const wire::Batch& batch, const HttpAnswer& answer, bool apart, int64_t& after);
  base::Status MoveCursor(const wire::Ack& ack, int64_t batch_end, bool apart, int64_t& after);
  base::Status StartOver(const wire::Batch& batch, const wire::Ack& ack, bool apart, int64_t& after);
  base::Expected<bool> IsHere(int64_t incarnation, int64_t seq, const wire::Digest& hash);

  // sync_pull.cpp
  base::Status TakeRights(SyncReport& report);
  base::Expected<wire::RightsReply> RightsPage(bool& answers_this);
  base::Status Accept(const wire::RightsReply& page, SyncReport& report);
  base::Status PutSecrets(const std::vector<wire::MemberSecret>& secrets);
  base::Status PullRevocations(int64_t version);
  base::Status Pull(SyncReport& report);
  base::Status IsForThisLife(const wire::Changes& changes) const;
  base::Expected<checkout::ChangeSet> Convert(const wire::Changes& changes);
  base::Expected<checkout::MemberChange> ToMember(const wire::MemberChange& change);
  base::Expected<std::string> Ask(const std::string& path, const std::string& body);

  checkout::SyncStore& store_;
  checkout::RightsSync& rights_;
  const base::Clock& clock_;
  base::Random& random_;
  const SyncEngineOptions options_;
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<Transport> transport_;
  std::optional<checkout::Enrolment> enrolment_;
  std::optional<checkout::TillIdentity> till_;
  int batch_limit_ = 500;                 ///< shrinks when head office finds a batch too large
  bool pepper_known_ = false;             ///< it came in an earlier round of this process
  bool handed_back_ = false;              ///< in this round: the list of lost cards went up
  bool hand_back_ = false;                ///< with the next hello
  std::optional<base::Error> bad_right_;  ///< the first of this round that was refused here
  bool old_office_ = false;               ///< in this round: head office knows no hello
  bool other_epoch_ = false;              ///< an answer in the middle of the round was of another epoch
};

}  // namespace evertill::client
