#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.h"
#include "app/domain/event.h"
#include "sync/wire/messages.h"

/// Rows of what head office keeps about rights to spend points.
namespace evertill::server {

/// An event that is kept, by its place. Seq 0: before the first one.
struct ChainNode {
  int64_t seq = 0;
  wire::Digest hash = wire::Digest(32, '\0');
  int64_t branch = 0;  ///< 0: the chain as it came first
  int64_t commit_seq = 0;
};

/// Another history of a life, from where it left `from_branch`.
struct BranchRow {
  std::string terminal = {};
  int64_t incarnation = 1;
  int64_t branch = 1;
  int64_t from_branch = 0;
  int64_t from_seq = 0;
  wire::Digest from_hash = wire::Digest(32, '\0');
  int64_t head_seq = 0;
  wire::Digest head_hash = wire::Digest(32, '\0');
  base::Instant found = {};
};

/// One entry, and whose account it is in.
struct LedgerEntry {
  std::string member = {};
  domain::Posting posting = {};
  bool operator==(const LedgerEntry&) const = default;
};

/// Σ entries of one lot in one place; never 0.
struct SumRow {
  std::string member = {};
  std::string account = {};
  std::string source = {};
  std::string lot = {};
  int64_t amount = 0;
};

struct LotRow {
  std::string lot = {};  ///< event id of the sale that earned it
  std::string member = {};
  std::string life = {};  ///< "S01/L03#1"
  int64_t earned = 0;
  int64_t active_ms = 0;
  int64_t expires_ms = 0;  ///< 0: never
  int64_t commit_seq = 0;
};

enum class GrantState { kOffered, kAccepted, kReturned, kReclaimed };
[[nodiscard]] std::string_view StateName(GrantState state);

/// A grant, or a permit (which has no reclaimed state, and `till_cap`).
struct GrantRow {
  std::string id = {};
  std::string member = {};
  std::string terminal = {};
  int64_t incarnation = 1;
  int64_t cap = 0;
  int64_t till_cap = 0;      ///< of a permit
  int64_t not_after_ms = 0;  ///< of a grant
  GrantState state = GrantState::kOffered;
  bool recalled = false;
  std::string bytes = {};
  std::string signature = {};
  int64_t commit_seq = 0;  ///< of the event that gave it
  base::Instant given = {};
  [[nodiscard]] bool Open() const { return state == GrantState::kOffered || state == GrantState::kAccepted; }
};

struct HoldRow {
  std::string event_id = {};
  std::string member = {};
  std::string terminal = {};
  int64_t incarnation = 1;
  int64_t points = 0;
  std::string closed = {};  ///< empty, or why: posted, abandoned, operator
  base::Instant at = {};
};

/// One line of a refund, in points.
struct RefundRow {
  std::string refund = {};  ///< event id
  int64_t line = 0;         ///< of the sale, from 1
  std::string sale = {};    ///< event id
  std::string member = {};
  int64_t quantity_micro = 0;
  int64_t reversed = 0;
  int64_t restored = 0;
  std::optional<int64_t> ok_reversed = {};  ///< as far as the sale goes; nothing while it waits for the sale
  std::optional<int64_t> ok_restored = {};
};

struct VisitRow {
  std::string store = {};
  int64_t visits = 0;
};

struct CardRow {
  std::string serial = {};  ///< 16 hex digits
  std::string member = {};
  int64_t level = 1;
  base::Instant issued = {};
  std::optional<base::Instant> denied = {};
  int64_t last_step = 0;
};

struct PinRow {
  std::string member = {};
  std::string hash = {};
  int64_t generation = 0;
  int64_t failures = 0;
  bool locked = false;
};

struct LifeRequestRow {
  std::string request_id = {};
  std::string terminal = {};
  int64_t from_life = 1;
  int64_t head_seq = 0;
  wire::Digest head_hash = wire::Digest(32, '\0');
  int64_t incarnation = 0;  ///< given
};

/// Where head office's own chain stands in one epoch.
struct OwnHead {
  int64_t seq = 0;
  wire::Digest hash = wire::Digest(32, '\0');
  base::Instant last = {};
};

/// A copy of the database that may be restored.
struct CopyRow {
  std::string name = {};
  int64_t commit_seq = 0;
  base::Instant at = {};
};

struct ClaimRow {
  std::string event_id = {};
  wire::Digest hash = {};
  std::string member = {};
  int64_t points = 0;
  std::string state = {};     ///< waiting, released, refused, consumed
  std::string evidence = {};  ///< where the receipt came from
  base::Instant at = {};
};

struct InboxRow {
  int64_t id = 0;
  base::Instant at = {};
  std::string kind = {};  ///< fork, rights_exceeded, refund_twice, bad_grant, pin_locked, …
  std::string subject = {};
  std::string detail = {};
  bool done = false;
};

/// What a member (with all ids merged into it) owns and owes. Sums of entries.
struct MemberFigures {
  std::string member = {};
  int64_t avail = 0;
  int64_t pending = 0;
  int64_t escrow = 0;
  int64_t hold = 0;
  int64_t local = 0;
  int64_t clawed_back = 0;  ///< earned points that refunds took back, and negative adjustments: K
  [[nodiscard]] int64_t Net() const { return avail + pending + escrow + hold + local; }
  [[nodiscard]] int64_t Debt() const { return Net() < 0 ? -Net() : 0; }
  /// What would be owed had nothing been clawed back: rights exceeded.
  [[nodiscard]] int64_t Overspend() const { return Net() + clawed_back < 0 ? -(Net() + clawed_back) : 0; }
};

}  // namespace evertill::server
