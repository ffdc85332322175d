#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace evertill::loyalty {

/// The rules that keep points from being spent twice or lost, each of which the simulator takes away once to show that
/// it would notice. A rule stands for one call in production code, at the place that its comment names.
enum class Rule : uint8_t {
  kReturn,            ///< till: gives rights up durably before head office credits them
  kGate,              ///< till: refuses a redemption past what may be spent here
  kCommitRecheck,     ///< till: checks the rights again in the transaction that commits the sale
  kGrantOnce,         ///< till: never accepts the same grant id again
  kRestorePending,    ///< till: points that a refund gives back wait in PENDING
  kStandInUsed,       ///< till: a stale or repeated figure does not re-open stand-in
  kAckEpoch,          ///< till: believes no answer of another epoch or incarnation
  kNewIncarnation,    ///< till: drops every right when it learns that its disk is an older copy
  kReturnAfterHello,  ///< till: starts a return only after head office has answered in that round
  kBusinessClock,     ///< till: time of business never goes back; a clock that jumped closes redemption
  kDedupe,            ///< head office: posts an event that it has already only once
  kHoldTombstone,     ///< head office: never reserves for an event that is posted, abandoned or closed
  kReclaimSettle,     ///< head office: what a reclaimed right still moves is made up from AVAIL
  kReleaseOnce,       ///< head office: releases restored points at most once, up to what was redeemed
  kFence,             ///< head office: gives a forked chain no rights
  kGapSafe,           ///< head office: a reader never passes a row that commits late
  kFsync,             ///< both: a commit is on the disk before it counts
};
inline constexpr size_t kRuleCount = 17;

/// "return", "gate", "commit-recheck", …: as evertill-sim names it.
[[nodiscard]] constexpr std::string_view RuleName(Rule rule) {
  constexpr std::array<std::string_view, kRuleCount> kNames{
      "return",       "gate",           "commit-recheck",  "grant-once",         "restore-pending",
      "standin-used", "ack-epoch",      "new-incarnation", "return-after-hello", "business-clock",
      "dedupe",       "hold-tombstone", "reclaim-settle",  "release-once",       "fence",
      "gap-safe",     "fsync"};
  return kNames[static_cast<size_t>(rule)];
}
[[nodiscard]] constexpr std::optional<Rule> ParseRule(std::string_view name) {
  for (size_t i = 0; i < kRuleCount; ++i) {
    if (RuleName(static_cast<Rule>(i)) == name) return static_cast<Rule>(i);
  }
  return std::nullopt;
}

/// Which rules are in force: all of them. Only the simulator and tests take one away.
class Safeguards {
 public:
  [[nodiscard]] bool On(Rule rule) const { return off_ != rule; }
  [[nodiscard]] static Safeguards Without(Rule rule) {
    Safeguards safeguards;
    safeguards.off_ = rule;
    return safeguards;
  }

 private:
  std::optional<Rule> off_;
};

}  // namespace evertill::loyalty
