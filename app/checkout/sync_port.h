#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/ports.h"
#include "app/domain/event.h"
#include "app/domain/product.h"

/// What synchronising needs of a till's data. Implemented by store/, used by sync/client.
namespace evertill::checkout {

/// A till may have had several lives (incarnations), each a chain of its own that starts at seq 1. A *place* counts
/// through all of them: in the first life it is the seq.

/// A journal event as it waits for upload: the exact bytes, never made again.
struct OutboxEvent {
  int64_t seq = 0;  ///< in the chain of its life
  std::string body;
  domain::EventHash hash{};
  std::string salt;  ///< 16 raw bytes; empty where there is no side text
  std::string side;  ///< JSON text; empty where there is none
  int64_t incarnation = 1;
};

/// A server's life: a counter and 128 random bits, both new after each restore.
struct Epoch {
  int64_t counter = 0;
  std::string random;  ///< 32 hex digits
  bool operator==(const Epoch&) const = default;
};

/// What enrolment gave: kept for ever, told to nobody.
struct Enrolment {
  std::string server_url;  ///< without a trailing slash
  std::string token;       ///< this till's bearer secret
  std::string ca_pem;      ///< the only authority trusted for server_url; empty for http on loopback
  std::string server_key;  ///< 32 raw bytes: Ed25519, signs acknowledgements
  Epoch epoch;
};

/// How far the till has come with head office. In places.
struct SyncCursor {
  int64_t head_seq = 0;     ///< last event written here; 0 when none
  int64_t acked_seq = 0;    ///< last event that head office has for certain
  int64_t durable_seq = 0;  ///< what every copy at head office has: only this may ever be pruned
  std::string changes;      ///< cursor of GET changes; empty at the beginning
};

/// What head office said of one member.
struct MemberChange {
  MemberRecord member;           ///< points: head office's figure of all that the member owns
  int64_t points_acked_seq = 0;  ///< those figures include this till's events up to this place
  bool erased = false;
  int64_t available = 0;                        ///< AVAIL at head office; below 0: overspent. Certifies stand-in
  int64_t pending = 0;                          ///< of `points`, what cannot be spent yet
  std::optional<domain::MemberId> merged_into;  ///< shown and served as this member from now on
  struct Card {
    std::string serial;  ///< 16 hex digits
    int64_t level = 1;   ///< 1 or 2
  };
  std::vector<Card> cards;  ///< signed ones
  bool has_pin = false;     ///< spends with a PIN, whether or not this till can check it
};

struct ChangeSet {
  std::vector<domain::Product> products;
  std::vector<std::string> removed_barcodes;
  std::vector<MemberChange> members;
  std::string programme;  ///< JSON as loyalty::ParseProgramme reads it; empty when unchanged
  std::string cursor;     ///< to continue from
};

/// Any thread.
class SyncStore {
 public:
  virtual ~SyncStore() = default;
  [[nodiscard]] virtual base::Expected<TillIdentity> Identity() = 0;
  [[nodiscard]] virtual base::Expected<std::optional<Enrolment>> GetEnrolment() = 0;
  /// Only while the journal is empty may `terminal` differ from the one in use. Journals "enrolled".
  [[nodiscard]] virtual base::Status SetEnrolment(const Enrolment& enrolment, const domain::Terminal& terminal,
                                                  const std::string& store_name) = 0;
  /// A server that was restored is followed: the new epoch is kept.
  [[nodiscard]] virtual base::Status SetEpoch(const Epoch& epoch) = 0;
  [[nodiscard]] virtual base::Expected<SyncCursor> Cursor() = 0;
  /// Up to `limit` events after place `after`, in order, without a gap, all of one life.
  [[nodiscard]] virtual base::Expected<std::vector<OutboxEvent>> EventsAfter(int64_t after, int limit) = 0;
  /// The place of event `seq` of that life; of the end of the life before for seq 0. An error for a life not known
  /// here.
  [[nodiscard]] virtual base::Expected<int64_t> PlaceOf([[maybe_unused]] int64_t incarnation, int64_t seq) {
    return seq;  // a till with one life
  }
  /// Hash of the event at a place; 32 zero bytes at 0 and where a life has no event yet.
  [[nodiscard]] virtual base::Expected<domain::EventHash> HashAt(int64_t seq) = 0;
  /// This till's Ed25519 key, made at init: 32 raw bytes, public half.
  [[nodiscard]] virtual base::Expected<std::string> PublicKey() = 0;
  /// Signs the hash of the event at `seq`, which vouches for the chain up to it. 64 raw bytes; kept beside the event.
  [[nodiscard]] virtual base::Expected<std::string> SignHead(int64_t seq) = 0;
  /// Signs a request for a new life (wire::LifeRequest::SignedBytes(): begins with "evertill-life-"); nothing else.
  /// 64 raw bytes.
  [[nodiscard]] virtual base::Expected<std::string> SignLife(std::string_view text) = 0;
  /// Moves the cursor after an acknowledgement that the caller has verified. Never backward.
  [[nodiscard]] virtual base::Status RecordAck(int64_t acked_seq, int64_t durable_seq, base::Instant at) = 0;
  /// Moves the cursor back to what a restored server still has; uploads resume from there.
  [[nodiscard]] virtual base::Status RewindTo(int64_t acked_seq) = 0;
  /// In small transactions, so that a sale never waits long.
  [[nodiscard]] virtual base::Status ApplyChanges(const ChangeSet& changes) = 0;
  /// Sales that head office has not acknowledged yet.
  [[nodiscard]] virtual base::Expected<int64_t> PendingSales() = 0;
};

}  // namespace evertill::checkout
