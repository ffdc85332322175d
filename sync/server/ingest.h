#pragma once

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/crypto/signing_key.h"
#include "app/domain/event.h"
#include "sync/server/store.h"
#include "sync/wire/messages.h"

namespace evertill::server {

/// What became of a batch.
enum class IngestOutcome {
  kPosted,  ///< everything in it is kept now, whether it was new or known
  kGap,     ///< it starts after what is known; nothing was changed
  kFork,    ///< it says otherwise of something known, or follows another event: kept as a branch, nothing posted
};

struct IngestResult {
  IngestOutcome outcome = IngestOutcome::kPosted;
  int64_t posted = 0;  ///< events that were new
  int64_t parked = 0;  ///< of those, kept without posting
  int64_t fork_seq = 0;
  int64_t head_seq = 0;
  wire::Digest head_hash;
};

/// Why an event of an id that was there before is kept without posting.
inline constexpr std::string_view kSameIdBefore = "bad_event: an event of this id was posted before";

/// What the log's columns say of an event, from its own text: `row` has terminal, received and body. One function for
/// taking in and for `verify`, so that a column changed later is seen.
void FillColumns(EventRow& row, const base::Expected<domain::Event>& decoded);

/// What can be checked before any transaction: that each event's hash follows from the one before it (within the
/// batch), that what lies beside an event is what its body vouches for, that each body says that it is in this place
/// of this chain, and the till's signature over the last hash. kChainBroken or kBadSignature. Slow (hashes, one
/// signature): not on the thread that writes.
[[nodiscard]] base::Status CheckBatch(const wire::Batch& batch, const TerminalRow& terminal);

/// Posts a checked batch in the caller's transaction: new events are kept and their ledger entries made; known ones
/// (same hash) are passed over. An event whose postings cannot be made is kept all the same, and marked as parked: a
/// sale that happened is never refused. A batch that follows another event than
/// the one kept here is a fork that began earlier. kChainBroken when the first event's text is not what its hash says.
[[nodiscard]] base::Expected<IngestResult> PostBatch(Store& store, const wire::Batch& batch, base::Instant now);

/// The signed word on how far this head office has a chain. One copy, synced on each commit: all of it is durable.
[[nodiscard]] base::Expected<wire::Ack> MakeAck(const wire::Batch& batch, const IngestResult& result,
                                                const wire::Epoch& epoch, const crypto::SigningKey& key);

}  // namespace evertill::server
