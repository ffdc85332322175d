#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "sync/server/store.h"

namespace evertill::server {

/// A consistent copy of a database that may be in use, PATH, and its keys, PATH.keys; for their owner alone. The copy
/// is recorded before it is made: from then on tills keep every event that it does not have. kBadArgument when PATH is
/// there already.
[[nodiscard]] base::Status BackUp(Store& store, const std::filesystem::path& database,
                                  const std::filesystem::path& target, const base::Clock& clock, base::Random& random);

/// The copy is gone, or will never be restored: tills need not wait for it. kBadArgument for one that is not known.
[[nodiscard]] base::Status ForgetBackup(Store& store, const std::filesystem::path& target, const base::Clock& clock);

struct Restored {
  wire::Epoch epoch;
  std::filesystem::path aside;  ///< where the database that stood there is now; empty when there was none
};
/// Puts a copy in place of `database`, as another epoch: its counter is past every one that this machine has had. What
/// stood there is put aside, its keys stay in use (the copy's come in only where there are none). kAlreadyServed while
/// it is served; kBadArgument when `copy` is no head office's database. A failure leaves what stood there.
[[nodiscard]] base::Expected<Restored> RestoreBackup(const std::filesystem::path& database,
                                                     const std::filesystem::path& copy, const base::Clock& clock,
                                                     base::Random& random);

/// Begins another epoch in `store`: the counter is above its own and above `highest_known`. In the caller's
/// transaction. What tills knew better comes back with their next hello.
[[nodiscard]] base::Expected<wire::Epoch> BeginEpoch(Store& store, int64_t highest_known, const base::Clock& clock,
                                                     base::Random& random);

}  // namespace evertill::server
