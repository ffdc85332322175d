#pragma once

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/crypto/signing_key.h"
#include "app/domain/event.h"
#include "sync/server/store.h"
#include "sync/server/till_desk.h"
#include "sync/wire/messages.h"

namespace evertill::server {

/// What became of a batch.
enum class IngestOutcome {
  kPosted,  ///< everything in it is kept now, whether it was new or known
  kGap,     ///< it starts after what is known; nothing was changed
  kFork,    ///< it follows a known event that something else follows already: kept as a branch and posted all the same
};

struct IngestResult {
  IngestOutcome outcome = IngestOutcome::kPosted;
  int64_t posted = 0;    ///< events that were new
  int64_t parked = 0;    ///< of those, kept without posting
  int64_t fork_seq = 0;  ///< where another history begins; 0: nowhere
  /// What is acknowledged: the end of the chain, along the branch that the batch is on.
  ChainNode head;
  ChainNode durable;  ///< of those, what every copy that may be restored has
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

/// A till's life. One that a restored copy of head office has forgotten is one that came before a life it knows of the
/// same till: it has the same key, and gets no rights. `add`: it is kept again. kUnauthorised.
[[nodiscard]] base::Expected<TerminalRow> KnownLife(Store& store, const std::string& terminal, int64_t incarnation,
                                                    bool add);

/// Posts a checked batch in the caller's transaction: new events are kept, their ledger entries made and what follows
/// from them settled; known ones (same place, same hash) are passed over (rule kDedupe). An event whose postings cannot
/// be made is kept all the same, and marked as parked: a sale that happened is never refused. A batch may follow any
/// event of its life: where another one follows that already, this is a second history of one disk: it is kept and
/// posted as a branch, and the life is fenced. kChainBroken when the first event's text is not what its hash says.
[[nodiscard]] base::Expected<IngestResult> PostBatch(Store& store, const DeskParts& desk, const wire::Batch& batch);

/// Where head office has a chain, and how much of it every copy has that may be restored: all, where no copy was
/// recorded. `node`: an event of it.
[[nodiscard]] base::Expected<ChainNode> DurableOf(Store& store, std::string_view terminal, int64_t incarnation,
                                                  const ChainNode& node);

/// The signed word on how far this head office has a chain.
[[nodiscard]] base::Expected<wire::Ack> MakeAck(const wire::Batch& batch, const IngestResult& result,
                                                const wire::Epoch& epoch, const crypto::SigningKey& key);

}  // namespace evertill::server
