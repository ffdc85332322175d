#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/domain/ids.h"

namespace evertill::domain {

/// One side of a double entry: points put into (positive) or taken out of (negative) an account.
struct Posting {
  std::string
      account;  ///< member's: AVAIL, PENDING, ESCROW, HOLD, LOCAL; programme's: ISSUED, REDEEMED, EXPIRED, ADJUST, LOSS
  std::string source;  ///< the grant or hold it comes from; empty where there is none
  std::string lot;     ///< id of the event that earned the points; empty for programme accounts
  int64_t amount = 0;
  bool operator==(const Posting&) const = default;
};

/// The part of an event that moves points. Frozen for ever: any server, however old, can post it.
/// Postings add up to zero.
struct LedgerCore {
  std::string kind;  ///< "sale", "member_enrol", "shift_open", "sign_in", …
  std::optional<MemberId> member;
  std::vector<Posting> postings;
};

/// A record of the journal, in its place in one till's chain. `ext` is opaque to the ledger.
struct Event {
  int64_t schema = 1;
  EventId id;
  Terminal terminal;
  int64_t seq = 0;            ///< 1, 2, 3 … without a gap: the only order there is
  base::Instant t_wall;       ///< what the till's clock said
  base::Instant t_business;   ///< never before the event before it; frozen in the hash
  int64_t rules_version = 0;  ///< of the programme that the points were computed by
  LedgerCore core;
  std::string ext = "{}";   ///< a JSON object: integers, codes and ids only
  std::string side_digest;  ///< hex SHA-256(salt ‖ side text); empty where there is no side text
};

using EventHash = std::array<uint8_t, 32>;

/// The bytes that are hashed, stored, sent and exported: one line of compact JSON with keys in this order. They are
/// made once and never made again from the parsed form. hash = SHA-256(previous hash ‖ these bytes), the first event of
/// a chain following 32 zero bytes.
[[nodiscard]] std::string EncodeEvent(const Event& event);

/// Reads EncodeEvent's form, from this or a newer version (unknown keys are let through). kBadEvent otherwise.
[[nodiscard]] base::Expected<Event> DecodeEvent(std::string_view bytes);

}  // namespace evertill::domain
