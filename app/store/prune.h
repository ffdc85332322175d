#pragma once

#include <chrono>
#include <string>

#include "app/store/database.h"

namespace evertill::store {

/// Where the journal here begins: everything up to `place` was verified, is in every copy at head office, and may be
/// gone.
struct JournalCheckpoint {
  int64_t place = 0;
  domain::EventHash hash{};
  std::string state;  ///< as RightsReplay::Save wrote it; empty at the beginning
};

/// kJournalBroken when it is not what this till signed.
[[nodiscard]] base::Expected<JournalCheckpoint> LoadCheckpoint(sqlite::Connection& db, const Keys& keys);
/// Its place alone, unchecked; 0 where nothing was removed.
[[nodiscard]] base::Expected<int64_t> CheckpointPlace(sqlite::Connection& db);

/// Removes events, with their side texts and signatures, that are older than `keep` and in every copy at head office
/// (durable), after they have been verified once more. The last sale and what head office acknowledged last stay;
/// so do the tables made from the events. In small transactions. Answers how many events it removed.
[[nodiscard]] base::Expected<int64_t> PruneJournal(Database& database, std::chrono::days keep);

}  // namespace evertill::store
