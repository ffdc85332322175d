#include "sync/server/own_chain.h"

#include <algorithm>

#include "app/base/uuid.h"
#include "app/crypto/hash.h"
#include "app/loyalty/ledger.h"
#include "sync/server/errors.h"
#include "sync/server/ingest.h"
#include "sync/server/settle.h"

namespace evertill::server {

using crypto::AsBytes;

base::Expected<int64_t> AppendOwn(Store& store, const DeskParts& desk, const OwnEvent& own) {
  EVERTILL_ASSIGN(OwnHead head, store.FindOwnHead(desk.epoch.counter));
  const base::Instant now = desk.clock.Now();
  domain::Event event;
  event.id = domain::EventId(base::MakeUuidV7(desk.clock, desk.random));
  const size_t slash = kOwnTerminal.find('/');
  event.terminal = {domain::StoreCode(std::string(kOwnTerminal.substr(0, slash))),
                    domain::TillCode(std::string(kOwnTerminal.substr(slash + 1))), desk.epoch.counter};
  event.seq = head.seq + 1;
  event.t_wall = now;
  event.t_business = std::max(now, head.last);
  event.core.kind = own.kind;
  event.core.postings = own.postings;
  event.ext = own.ext;
  if (!own.member.empty()) {
    const auto member = base::Uuid::Parse(own.member);
    if (!member) return base::Fail(ServerErrc::kMemberUnknown, own.member.substr(0, 60) + " is no member id");
    event.core.member = domain::MemberId(*member);
  }
  EVERTILL_TRY(loyalty::CheckPostings(event.core));

  EventRow row;
  row.terminal = kOwnTerminal;
  row.incarnation = desk.epoch.counter;
  row.seq = event.seq;
  row.received = now;
  row.body = domain::EncodeEvent(event);
  row.hash = crypto::AsText(crypto::Sha256({AsBytes(head.hash), AsBytes(row.body)}));
  // As anybody who reads the text sees it: what is in the log and what is posted follow from the same bytes.
  const auto decoded = domain::DecodeEvent(row.body);
  if (!decoded) return base::Fail(decoded.error());
  FillColumns(row, decoded);
  EVERTILL_ASSIGN(const int64_t commit_seq, store.AppendEvent(row));
  EVERTILL_ASSIGN(const auto entries, EntriesFor(store, *decoded));
  EVERTILL_TRY(store.Post(commit_seq, entries, event.t_business));
  EVERTILL_TRY(store.SetOwnHead(desk.epoch.counter, {event.seq, row.hash, event.t_business}));
  // Points that came to AVAIL or left it change what tills should hold; handing them out is no such change.
  const bool hands_out = own.kind == "grant" || own.kind == "grant_registered" || own.kind == "hold";
  if (!own.member.empty() && !own.postings.empty() && !hands_out) EVERTILL_TRY(store.MarkRightsDue(own.member));
  return commit_seq;
}

}  // namespace evertill::server
