#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/domain/event.h"
#include "app/domain/ids.h"
#include "app/loyalty/rights.h"

/// What the counter needs to let a member spend points. Rights is implemented by store/, Reserver by sync/client.
namespace evertill::checkout {

/// How sure we are that this is the member.
enum class CardLevel {
  kNone,    ///< a phone number, told
  kNumber,  ///< L0: a number with a check digit; catches typing slips, not forgery
  kSigned,  ///< L1: signed by head office
  kPhone,   ///< L2: L1 and a time code from the member's phone
};

/// A card whose signature, time code and place on the list of lost cards have been checked here.
struct CardRead {
  domain::MemberId member;
  CardLevel level = CardLevel::kNumber;
  std::string serial;  ///< 16 hex digits; empty for L0
};

/// What of a member's points can be spent here and now, and why not more.
struct PointsHere {
  int64_t here = 0;         ///< may be redeemed at this till now
  int64_t elsewhere = 0;    ///< owned, but held by other tills or head office: comes when this till is online
  int64_t not_active = 0;   ///< earned, not spendable yet
  int64_t debt = 0;         ///< > 0: more was spent than there was; earnings pay it first
  bool pin_needed = false;  ///< this member spends with a PIN, and this till may take it
  bool pin_known = false;   ///< this till can check the PIN
  /// Set: nothing can be redeemed now, for this reason (kCardNeeded, kClockUnsafe, kDenylistOld, kPinLocked, …).
  std::optional<base::Error> closed;
};

/// What pays a redemption: taken together with the sale.
struct Funding {
  std::vector<domain::Posting> postings;  ///< Σ = 0; REDEEMED is their other side
  int64_t points = 0;
  int64_t stand_in = 0;    ///< of them past the rights held
  bool from_hold = false;  ///< head office reserved some of them, or all, for this event
};

/// Head office's answer to "may E spend x?".
struct HoldAnswer {
  bool given = false;
  std::vector<domain::Posting> lots;  ///< HOLD[E], negative, by lot; empty when not given
  int64_t available = 0;              ///< what head office could have given
};

/// One till's rights. Called from the counter's thread.
class Rights {
 public:
  virtual ~Rights() = default;

  /// A signed card's text (EV1…, EV2…). kCardForged, kCardDenied, kCardCodeUsed, kCardCodeWrong, kMemberNotFound.
  /// A time code is used up by this.
  [[nodiscard]] virtual base::Expected<CardRead> ReadCard(std::string_view text) = 0;

  /// `sale`: the basket's event id; what it has reserved counts as free.
  [[nodiscard]] virtual base::Expected<PointsHere> Look(domain::MemberId member, CardLevel level,
                                                        domain::EventId sale) = 0;

  /// The try is journalled before the PIN is hashed; three in a row lock the PIN here until head office resets it.
  /// kPinWrong (detail: tries left), kPinLocked, kPinUnknownHere (no rights for this member here).
  [[nodiscard]] virtual base::Status CheckPin(domain::MemberId member, std::string_view pin) = 0;

  /// Reserves `points` for `sale` out of `hold` and, where that is not enough or there is none, out of the rights held;
  /// replaces what the sale had reserved. A hold whose reservation is not open here any more: kRightsGone.
  /// Errors of loyalty::FundRedemption and the reason in PointsHere::closed. `refused_online`: head office has just
  /// said no: stand-in may not be used.
  [[nodiscard]] virtual base::Expected<Funding> Fund(domain::MemberId member, CardLevel level, domain::EventId sale,
                                                     int64_t points, const std::optional<HoldAnswer>& hold,
                                                     bool refused_online) = 0;

  /// Journals RESERVE(sale, points), before head office is asked for a hold.
  [[nodiscard]] virtual base::Status BeginReserve(domain::MemberId member, domain::EventId sale, int64_t points) = 0;
  /// The basket will not spend after all: frees what it reserved, and journals ABANDON(sale) where it had asked for a
  /// hold. Also at start for every reserve whose sale is neither committed nor `open_sale`.
  [[nodiscard]] virtual base::Status Release(domain::EventId sale) = 0;
  [[nodiscard]] virtual base::Status ReleaseAllBut(domain::EventId open_sale) = 0;

  /// What a refund of this till's own sale needs of the past: left of the sale's lot in LOCAL, and by line (from 0) the
  /// quantity refunded here so far.
  struct RefundedSoFar {
    int64_t local_left = 0;
    std::vector<int64_t> quantity_micro;
    /// This till never had a head office: nobody else can refund the same sale, and nobody would release what waits.
    bool only_ledger = false;
  };
  [[nodiscard]] virtual base::Expected<RefundedSoFar> Refunded(domain::EventId sale) = 0;
};

/// Asks head office for a hold, within a second or so.
class Reserver {
 public:
  virtual ~Reserver() = default;
  /// Nothing when head office was not reached in time (then nobody knows whether it reserved: the sale's own funding
  /// decides, and head office closes the hold when it posts the sale). Never blocks for longer than about 1.5 s, and
  /// not at all for a while after a failure.
  [[nodiscard]] virtual std::optional<HoldAnswer> Reserve(domain::MemberId member, domain::EventId sale,
                                                          int64_t points) = 0;
  /// Whether head office is believed to be in reach.
  [[nodiscard]] virtual bool Reachable() = 0;
  /// Whether head office has answered this program, and nothing has failed since.
  [[nodiscard]] virtual bool Reached() { return false; }
};

}  // namespace evertill::checkout
