#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "app/loyalty/safeguards.h"

namespace evertill::sim {

/// What one run is told.
struct Options {
  uint64_t seed = 1;
  int tills = 4;
  int steps = 300;
  /// C; G is 50 · C. Nothing: each seed chooses for itself, mostly none.
  std::optional<int64_t> stand_in;
  std::optional<loyalty::Rule> disabled;
  std::set<std::string, std::less<>> without;  ///< fault classes that stay away

  [[nodiscard]] bool May(std::string_view fault) const { return !without.contains(fault); }
};

/// Every fault class that --without knows, in the order in which they are told.
inline constexpr std::string_view kFaults[] = {
    "drop",     "duplicate", "delay",   "partition", "kill",    "power", "disk",     "clock",   "loss",
    "rollback", "clone",     "restore", "zombie",    "reclaim", "claim", "stand-in", "refund",  "merge",
    "erase",    "expiry",    "adjust",  "tamper",    "newer",   "pin",   "card",     "reserve", "stale"};
[[nodiscard]] inline bool IsFault(std::string_view name) {
  for (const std::string_view known : kFaults) {
    if (known == name) return true;
  }
  return false;
}

}  // namespace evertill::sim
