#pragma once

#include "app/store/journal.h"

namespace evertill::store {

/// The whole till against its journal, in one reading transaction: the chain (see VerifyChain), then for each event
/// that its sale, lines, tenders and ledger rows are there and say what was hashed, that no row stands beside the
/// journal, that this till's rights to spend points are what the journal makes of them, and that nothing (outbox,
/// cursor of head office, side texts, signatures, prints) knows of an event after its end.
///
/// Signatures: what head office acknowledged was signed before it was sent, so the last signature stands at or after
/// the acknowledged event, and there are no fewer up to it than were counted with the acknowledgement.
///
/// kJournalBroken with the first event or receipt that does not fit.
[[nodiscard]] base::Expected<JournalReport> VerifyTill(sqlite::Connection& db, const Keys& keys);

}  // namespace evertill::store
