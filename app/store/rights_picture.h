#pragma once

#include <optional>

#include "app/checkout/rights_port.h"
#include "app/loyalty/programme.h"
#include "app/store/database.h"

namespace evertill::store {

/// How this till stands with a member's PIN.
struct PinState {
  bool exists = false;  ///< the member has one, as far as head office has told
  bool known = false;   ///< it can be checked here
  bool locked = false;  ///< three wrong tries here, or head office says so
  int64_t row = 0;      ///< of the member whose PIN it is
  int64_t generation = 0;
  int64_t failures = 0;
  std::string hash;  ///< only from LoadPin with `with_hash`
};
/// Tries in a row after which a PIN is locked here.
inline constexpr int64_t kPinTries = 3;

/// The PIN of the member at `row`, or of one merged into them.
[[nodiscard]] base::Expected<PinState> LoadPin(sqlite::Connection& db, const Keys& keys, int64_t row, bool with_hash);

/// What this till holds of one member. Reads a few rows, whatever the number of members and grants.
struct RightsHere {
  int64_t row = 0;
  loyalty::RightsPicture picture;
  int64_t in_hand = 0;  ///< Σ of all rights here, spendable or not
  int64_t owned = 0;    ///< all points, as far as known here
  int64_t pending = 0;  ///< of `owned`, what waits at head office or was restored here since it told
};
/// `sale`: what it has reserved counts as free. A member that is not known here holds nothing.
[[nodiscard]] base::Expected<RightsHere> LoadRights(sqlite::Connection& db, const domain::MemberId& member,
                                                    const domain::EventId& sale, base::Instant now,
                                                    const loyalty::RedeemPolicy& policy);

/// Why nothing can be redeemed, first reason first: clock, card, list of lost cards, PIN.
[[nodiscard]] base::Expected<std::optional<base::Error>> WhyClosed(Database& database, sqlite::Connection& db,
                                                                   checkout::CardLevel level, const PinState& pin,
                                                                   const loyalty::RedeemPolicy& policy);

}  // namespace evertill::store
