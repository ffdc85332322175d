#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/ids.h"

namespace evertill::loyalty {

/// Points of one lot, as a right is made of them.
struct LotShare {
  std::string lot;         ///< id of the event that earned them; empty: of no known lot
  int64_t points = 0;      ///< > 0
  int64_t expires_ms = 0;  ///< unix ms, not spendable from then on; 0: never
  bool operator==(const LotShare&) const = default;
};

/// A right to spend points of one member at one till's life without asking anybody: what head office signed.
/// Head office has moved Σ lots from AVAIL to ESCROW[id] before it gives this out.
struct Grant {
  std::string id;           ///< unique in all epochs: "<epoch>:<uuid>"
  domain::MemberId member;  ///< raw id: never the canonical one of a merge
  std::string terminal;     ///< holder: "S01/L03"
  int64_t incarnation = 1;
  std::string epoch;         ///< "1-5f3a…"
  int64_t not_after_ms = 0;  ///< the till stops using it then; nobody is credited by that
  std::vector<LotShare> lots;
  /// Σ points of the lots.
  [[nodiscard]] int64_t Cap() const;
  bool operator==(const Grant&) const = default;
};

/// A right to spend points past those held, on the strength of a certified balance: at most `cap` (C of the policy).
/// Taken back only by the till's own word ("permit_returned").
struct Permit {
  std::string id;
  domain::MemberId member;
  std::string terminal;
  int64_t incarnation = 1;
  std::string epoch;
  int64_t cap = 0;
  int64_t till_cap = 0;  ///< G: Σ over all members at this till between two syncs
  bool operator==(const Permit&) const = default;
};

/// The exact bytes that are signed, sent and journalled: one line of compact JSON, keys in order.
[[nodiscard]] std::string EncodeGrant(const Grant& grant);
[[nodiscard]] std::string EncodePermit(const Permit& permit);
/// kBadGrant: not exactly this form (a key of a newer version could narrow the right), a share that is not positive, a
/// lot twice, a sum past 64 bits.
[[nodiscard]] base::Expected<Grant> DecodeGrant(std::string_view bytes);
[[nodiscard]] base::Expected<Permit> DecodePermit(std::string_view bytes);

/// What Ed25519 signs: a line that says what it is, then the bytes.
[[nodiscard]] std::string GrantSignedBytes(std::string_view bytes);
[[nodiscard]] std::string PermitSignedBytes(std::string_view bytes);

}  // namespace evertill::loyalty
