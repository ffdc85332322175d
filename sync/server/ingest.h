#pragma once

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/crypto/signing_key.h"
#include "sync/server/store.h"
#include "sync/wire/messages.h"

namespace evertill::server {

/// What became of a batch.
enum class IngestOutcome {
  kPosted,  ///< everything in it is kept now, whether it was new or known
  kGap,     ///< it starts after what is known; nothing was changed
  kFork,    ///< it says otherwise of something known: kept as a branch, nothing posted
};

struct IngestResult {
  IngestOutcome outcome = IngestOutcome::kPosted;
  int64_t posted = 0;  ///< events that were new
  int64_t parked = 0;  ///< of those, kept without posting
  int64_t fork_seq = 0;
  int64_t head_seq = 0;
  wire::Digest head_hash;
};

/// What can be checked before any transaction: that each event's hash follows from the one before it (within the
/// batch), that what lies beside an event is what its body vouches for, that each body says that it is in this place
/// of this chain, and the till's signature over the last hash. kChainBroken or kBadSignature. Slow (hashes, one
/// signature): not on the thread that writes.
[[nodiscard]] base::Status CheckBatch(const wire::Batch& batch, const TerminalRow& terminal);

/// Posts a checked batch in the caller's transaction: new events are kept and their ledger entries made; known ones
/// (same hash) are passed over. An event whose postings cannot be made is kept all the same, and marked as parked: a
/// sale that happened is never refused. kChainBroken when the first event does not follow from what is kept.
[[nodiscard]] base::Expected<IngestResult> PostBatch(Store& store, const wire::Batch& batch, base::Instant now);

/// The signed word on how far this head office has a chain. One copy, synced on each commit: all of it is durable.
[[nodiscard]] base::Expected<wire::Ack> MakeAck(const wire::Batch& batch, const IngestResult& result,
                                                const wire::Epoch& epoch, const crypto::SigningKey& key);

}  // namespace evertill::server
