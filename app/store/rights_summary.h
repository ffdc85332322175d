#pragma once

#include <cstdint>
#include <optional>

#include "app/base/clock.h"
#include "app/store/database.h"

namespace evertill::store {

/// How a till's rights to spend points stand, for people.
struct RightsSummary {
  int64_t grants = 0;           ///< held now
  int64_t grant_points = 0;     ///< left in them
  int64_t local_points = 0;     ///< earned here, not given up to head office yet
  int64_t grants_returned = 0;  ///< given back, or dropped with an earlier life of this till
  int64_t permits = 0;          ///< to spend past what is held
  int64_t reserved = 0;         ///< kept by the open basket
  bool clock_unsafe = false;
  int64_t revocations = 0;  ///< version of the list of lost cards; 0: none yet
  /// By head office's clock; nothing when it was never reached.
  std::optional<base::Instant> last_hello;
};
[[nodiscard]] base::Expected<RightsSummary> SummariseRights(Database& database);

}  // namespace evertill::store
