#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/event.h"

namespace evertill::loyalty {

/// The accounts that points move between. A member's points are what stands in the member's accounts; programme
/// accounts are their other side, so that everything always adds up to zero.
inline constexpr std::string_view kAvail = "AVAIL";        ///< member: spendable anywhere online
inline constexpr std::string_view kPending = "PENDING";    ///< member: earned, not yet spendable
inline constexpr std::string_view kEscrow = "ESCROW";      ///< member: handed to a till as a grant
inline constexpr std::string_view kHold = "HOLD";          ///< member: reserved for one redemption
inline constexpr std::string_view kLocal = "LOCAL";        ///< member: earned at a till that has not synced it yet
inline constexpr std::string_view kIssued = "ISSUED";      ///< programme
inline constexpr std::string_view kRedeemed = "REDEEMED";  ///< programme
inline constexpr std::string_view kExpired = "EXPIRED";    ///< programme
inline constexpr std::string_view kAdjust = "ADJUST";      ///< programme
inline constexpr std::string_view kLoss = "LOSS";          ///< programme

/// The source of a posting on AVAIL: points spent past the rights held, earned points that a refund takes back, and
/// those of them that were spent already and are made good with money kept back.
inline constexpr std::string_view kStandInSource = "standin";
inline constexpr std::string_view kRefundSource = "refund";
inline constexpr std::string_view kWithheldSource = "withheld";

/// No single earning or redemption is larger: a million million points. Sums of what a till can hold cannot overflow.
inline constexpr int64_t kMostPoints = 1'000'000'000'000;

/// True for an account that holds a member's points.
[[nodiscard]] bool IsMemberAccount(std::string_view account);
/// True for one of the ten accounts above.
[[nodiscard]] bool IsKnownAccount(std::string_view account);

/// The postings of points earned at a till by `event`: ISSUED → LOCAL, in a lot of their own. None for 0 points.
[[nodiscard]] std::vector<domain::Posting> EarnPostings(const domain::EventId& event, int64_t points);

/// Σ amounts in member accounts: what these postings change of a member's points.
[[nodiscard]] int64_t MemberDelta(std::span<const domain::Posting> postings);

/// kBadEvent unless every account is known, member postings come with a member, and all amounts add up to zero without
/// overflow: what a server checks before it posts, and a till before it commits.
[[nodiscard]] base::Status CheckPostings(const domain::LedgerCore& core);

}  // namespace evertill::loyalty
