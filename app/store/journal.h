#pragma once

#include <functional>
#include <string>

#include "app/checkout/printer.h"
#include "app/store/database.h"
#include "app/store/prune.h"

namespace evertill::store {

/// One event as it is kept: the exact bytes and what stands beside them.
struct JournalRecord {
  int64_t seq = 0;
  std::string body;
  domain::EventHash hash{};
  std::string salt;       ///< 16 raw bytes; empty where there is no side text or it was erased
  std::string side;       ///< JSON text
  std::string signature;  ///< 64 raw bytes; empty where this event's hash was not signed by itself
};

/// What a check of the whole chain found.
struct JournalReport {
  int64_t events = 0;  ///< also those that were verified before they were removed
  int64_t signatures = 0;
  int64_t last_signed_seq = 0;  ///< the chain is vouched for up to here
  domain::EventHash head{};
};

/// kBadStored when there is no such event.
[[nodiscard]] base::Expected<JournalRecord> LoadRecord(sqlite::Connection& db, const Keys& keys, int64_t seq);
/// Calls `each` in order for up to `limit` (0: all) events after `after`; an error of `each` ends it.
[[nodiscard]] base::Status ForEachRecord(sqlite::Connection& db, const Keys& keys, int64_t after, int64_t limit,
                                         const std::function<base::Status(const JournalRecord&)>& each);
/// Recomputes every hash, checks the order, the digests of side texts and the signatures. kJournalBroken with the first
/// event that does not fit.
/// Calls `each` for every event that does.
/// Begins after `from` and ends at place `up_to` (0: the journal's end).
[[nodiscard]] base::Expected<JournalReport> VerifyChain(
    sqlite::Connection& db, const Keys& keys, const JournalCheckpoint& from, int64_t up_to,
    const std::function<base::Status(const JournalRecord&, const domain::Event&)>& each);

/// Names as stored: "queued", "sent", "confirmed", "failed", "unknown".
[[nodiscard]] std::string_view PrintStateName(checkout::PrintState state);
[[nodiscard]] std::optional<checkout::PrintState> ParsePrintState(std::string_view text);

}  // namespace evertill::store
