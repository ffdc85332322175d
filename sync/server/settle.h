#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/domain/event.h"
#include "sync/server/own_chain.h"
#include "sync/server/till_desk.h"

/// What head office does about an event that it has just posted, and what an operator may do by force: always as
/// entries of its own chain beside the till's. In the caller's transaction.
namespace evertill::server {

/// "S01/L03#1": a life of a till, as LOCAL's source.
[[nodiscard]] std::string LifeName(std::string_view terminal, int64_t incarnation);

/// The entries of an event: exactly its postings; LOCAL without a source is its life's, ESCROW belongs to the grant's
/// member and HOLD to whose points were reserved (a merged member may spend what all the ids hold).
[[nodiscard]] base::Expected<std::vector<LedgerEntry>> EntriesFor(Store& store, const domain::Event& event);

/// Lots, grants, holds, refunds, visits after a till's event was posted; then covers what must not be below zero.
/// Rules kReclaimSettle and kReleaseOnce are asked here.
[[nodiscard]] base::Status Settle(Store& store, const DeskParts& desk, const domain::Event& event,
                                  const std::vector<LedgerEntry>& entries, int64_t commit_seq);

/// What is left of a hold goes back to AVAIL; its event never gets another. `why`: posted, abandoned, operator.
[[nodiscard]] base::Status CloseHold(Store& store, const DeskParts& desk, const HoldRow& hold, std::string_view why);

/// By force: everything left goes back to AVAIL, and what the till still does with it is made up from there. Answers
/// the points. kBadArgument for one that is not known or not open.
[[nodiscard]] base::Expected<int64_t> TakeBackGrant(Store& store, const DeskParts& desk, std::string_view grant_id);
/// Where points of a lot go that come back from a till: AVAIL, or PENDING while their activation delay has not passed.
[[nodiscard]] base::Expected<domain::Posting> BackTo(Store& store, const DeskParts& desk, std::string_view lot,
                                                     int64_t points);

/// PENDING to AVAIL where the activation delay has passed. Answers how many lots.
[[nodiscard]] base::Expected<int64_t> ActivateDue(Store& store, const DeskParts& desk, int64_t limit);

/// Refunds of a sale that is here: what they restored is released as far as it was redeemed and not restored before,
/// and what they took back too much is given back (refund_settle.cpp).
[[nodiscard]] base::Status SettleRefunds(Store& store, const DeskParts& desk, std::string_view sale_id);
/// Keeps a refund's lines, and settles them if the sale is here.
[[nodiscard]] base::Status TakeRefund(Store& store, const DeskParts& desk, const domain::Event& event);

}  // namespace evertill::server
