#include "sync/server/settle.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "app/crypto/encoding.h"
#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "sync/server/errors.h"
#include "sync/server/office_claims.h"
#include "sync/wire/json_fields.h"

namespace evertill::server {

namespace {

namespace json = boost::json;
using loyalty::kAvail;
using loyalty::kEscrow;
using loyalty::kHold;
using loyalty::kLocal;

constexpr size_t kMostItems = 10'000;
/// Wrong PINs over all tills and one generation of the PIN before it is locked everywhere.
constexpr int64_t kMostPinFailures = 10;
/// Wrong PINs in a row at one till after which it takes none any more: somebody tries, and may go on elsewhere.
constexpr int64_t kMostTriesAtTill = 3;

domain::Posting Put(std::string_view account, std::string_view source, std::string_view lot, int64_t amount) {
  return {std::string(account), std::string(source), std::string(lot), amount};
}

std::string Ext(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  json::object object;
  for (const auto& [key, value] : fields) object.emplace(key, json::string_view(value.data(), value.size()));
  return json::serialize(object);
}

std::string MemberOf(const domain::Event& event) {
  return event.core.member ? event.core.member->ToString() : std::string();
}

json::object ExtOf(const domain::Event& event) {
  auto object = wire::ParseObject(event.ext, "ext");
  return object ? *std::move(object) : json::object();
}

const json::array& ListAt(const json::object& ext, std::string_view key) {
  static const json::array kNone;
  const json::value* list = ext.if_contains(key);
  return list != nullptr && list->is_array() && list->get_array().size() <= kMostItems ? list->get_array() : kNone;
}

int64_t IntegerAt(const json::object& ext, std::string_view key, int64_t fallback) {
  const json::value* value = ext.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : fallback;
}

std::string TextAt(const json::object& ext, std::string_view key) {
  const json::value* value = ext.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// --- what each kind of event means

base::Status KeepLot(Store& store, const domain::Event& event, int64_t commit_seq) {
  const std::string id = event.id.ToString();
  int64_t earned = 0;
  for (const domain::Posting& posting : event.core.postings) {
    if (posting.account == kLocal && posting.lot == id && posting.amount > 0) earned += posting.amount;
  }
  if (earned == 0) return {};
  const json::object ext = ExtOf(event);
  const json::value* points = ext.if_contains("points");
  static const json::object kNone;
  const json::object& told = points != nullptr && points->is_object() ? points->get_object() : kNone;
  return store.PutLot({.lot = id,
                       .member = MemberOf(event),
                       .life = LifeName(event.terminal.Name(), event.terminal.incarnation),
                       .earned = earned,
                       .active_ms = IntegerAt(told, "active_ms", base::ToUnixMillis(event.t_business)),
                       .expires_ms = IntegerAt(told, "expires_ms", 0),
                       .commit_seq = commit_seq});
}

/// A grant that this head office does not know and has signed: it was given in a window that a restore lost.
base::Status RegisterGrant(Store& store, const DeskParts& desk, const loyalty::Grant& grant, const std::string& bytes,
                           const std::string& signature) {
  OwnEvent own{.kind = "grant_registered", .member = grant.member.ToString(), .postings = {}};
  for (const loyalty::LotShare& share : grant.lots) {
    own.postings.push_back(Put(kAvail, "", share.lot, -share.points));
    own.postings.push_back(Put(kEscrow, grant.id, share.lot, share.points));
  }
  own.ext = Ext({{"bytes", bytes}, {"signature", crypto::ToBase64(crypto::AsBytes(signature))}});
  EVERTILL_ASSIGN(const int64_t commit_seq, AppendOwn(store, desk, own));
  EVERTILL_TRY(store.AddGrant({.id = grant.id,
                               .member = own.member,
                               .terminal = grant.terminal,
                               .incarnation = grant.incarnation,
                               .cap = grant.Cap(),
                               .not_after_ms = grant.not_after_ms,
                               .state = GrantState::kAccepted,
                               .bytes = bytes,
                               .signature = signature,
                               .commit_seq = commit_seq,
                               .given = desk.clock.Now()}));
  return store.AddInbox(desk.clock.Now(), "grant_registered", grant.id,
                        grant.terminal + " accepted a grant of " + std::to_string(grant.Cap()) +
                            " points that a restored copy of head office did not have");
}

/// What a till says that it accepted: bytes and signature, if head office made them for this life.
struct Accepted {
  std::string bytes;
  std::string signature;
};
std::vector<Accepted> AcceptedAt(const json::object& ext, std::string_view key) {
  std::vector<Accepted> accepted;
  for (const json::value& item : ListAt(ext, key)) {
    if (!item.is_object()) continue;
    const auto signature = crypto::FromBase64(TextAt(item.get_object(), "signature"));
    if (!signature) continue;
    accepted.push_back({TextAt(item.get_object(), "bytes"), std::string(crypto::AsText(*signature))});
  }
  return accepted;
}

base::Expected<bool> IsOurs(const DeskParts& desk, const std::string& signed_bytes, const std::string& signature) {
  EVERTILL_ASSIGN(const crypto::VerifyingKey key, crypto::VerifyingKey::FromBytes(desk.keys.signing.PublicKey()));
  return key.Verify(crypto::AsBytes(signed_bytes), crypto::AsBytes(signature));
}

base::Status TakeAcceptedGrants(Store& store, const DeskParts& desk, const domain::Event& event) {
  for (const Accepted& item : AcceptedAt(ExtOf(event), "grants")) {
    const auto grant = loyalty::DecodeGrant(item.bytes);
    const bool for_this_life =
        grant && grant->terminal == event.terminal.Name() && grant->incarnation == event.terminal.incarnation;
    bool ours = false;
    if (for_this_life) {
      EVERTILL_ASSIGN(ours, IsOurs(desk, loyalty::GrantSignedBytes(item.bytes), item.signature));
    }
    if (!ours) {
      EVERTILL_TRY(store.AddInbox(desk.clock.Now(), "bad_grant", event.id.ToString(),
                                  event.terminal.Name() + " took a grant that head office did not make for it"));
      continue;
    }
    EVERTILL_ASSIGN(const auto known, store.FindGrant(grant->id));
    if (!known) {
      EVERTILL_TRY(RegisterGrant(store, desk, *grant, item.bytes, item.signature));
    } else if (known->state == GrantState::kOffered) {
      EVERTILL_TRY(store.SetGrantState(grant->id, GrantState::kAccepted));
    }
  }
  return {};
}

base::Status TakeAcceptedPermits(Store& store, const DeskParts& desk, const domain::Event& event) {
  for (const Accepted& item : AcceptedAt(ExtOf(event), "permits")) {
    const auto permit = loyalty::DecodePermit(item.bytes);
    if (!permit || permit->terminal != event.terminal.Name() || permit->incarnation != event.terminal.incarnation) {
      continue;
    }
    EVERTILL_ASSIGN(const bool ours, IsOurs(desk, loyalty::PermitSignedBytes(item.bytes), item.signature));
    if (!ours) continue;
    EVERTILL_ASSIGN(const auto known, store.FindPermit(permit->id));
    if (known && known->state == GrantState::kOffered) {
      EVERTILL_TRY(store.SetPermitState(permit->id, GrantState::kAccepted));
    } else if (!known) {
      EVERTILL_TRY(store.AddPermit({.id = permit->id,
                                    .member = permit->member.ToString(),
                                    .terminal = permit->terminal,
                                    .incarnation = permit->incarnation,
                                    .cap = permit->cap,
                                    .till_cap = permit->till_cap,
                                    .state = GrantState::kAccepted,
                                    .bytes = item.bytes,
                                    .signature = item.signature,
                                    .given = desk.clock.Now()}));
    }
  }
  return {};
}

base::Status TakeReturned(Store& store, const domain::Event& event) {
  const json::object ext = ExtOf(event);
  for (const json::value& id : ListAt(ext, "grants")) {
    if (!id.is_string()) continue;
    EVERTILL_ASSIGN(const auto grant, store.FindGrant(std::string(id.get_string())));
    if (grant && grant->Open() && grant->terminal == event.terminal.Name() &&
        grant->incarnation == event.terminal.incarnation) {
      EVERTILL_TRY(store.SetGrantState(grant->id, GrantState::kReturned));
    }
  }
  for (const json::value& id : ListAt(ext, "permits")) {
    if (!id.is_string()) continue;
    EVERTILL_ASSIGN(const auto permit, store.FindPermit(std::string(id.get_string())));
    if (permit && permit->Open() && permit->terminal == event.terminal.Name() &&
        permit->incarnation == event.terminal.incarnation) {
      EVERTILL_TRY(store.SetPermitState(permit->id, GrantState::kReturned));
    }
  }
  return {};
}

base::Status TakeAbandon(Store& store, const DeskParts& desk, const domain::Event& event) {
  const std::string id = TextAt(ExtOf(event), "event");
  if (!base::Uuid::Parse(id)) return {};
  EVERTILL_ASSIGN(auto hold, store.FindHold(id));
  // Only the till that reserved may give up; where nothing was reserved yet, a late request must find it closed.
  if (hold && hold->terminal != event.terminal.Name()) return {};
  if (!hold) {
    hold = HoldRow{.event_id = id,
                   .member = MemberOf(event),
                   .terminal = event.terminal.Name(),
                   .incarnation = event.terminal.incarnation,
                   .points = 0,
                   .closed = {},
                   .at = desk.clock.Now()};
  }
  return CloseHold(store, desk, *hold, "abandoned");
}

/// No till takes the PIN any more, whichever of the person's ids it knows.
base::Status LockPins(Store& store, const std::string& member) {
  EVERTILL_ASSIGN(const auto ids, store.GroupOf(member));
  for (const std::string& id : ids) {
    EVERTILL_ASSIGN(auto pin, store.FindPin(id));
    if (!pin || pin->locked) continue;
    pin->locked = true;
    EVERTILL_TRY(store.PutPin(*pin));
  }
  return {};
}

base::Status TakePinFailure(Store& store, const DeskParts& desk, const domain::Event& event) {
  EVERTILL_ASSIGN(auto pin, store.FindPin(MemberOf(event)));
  if (!pin) return {};
  const json::object ext = ExtOf(event);
  // A till that knows another PIN missed the answer that told it: it is told again.
  if (pin->generation != IntegerAt(ext, "generation", 0)) return store.MarkRightsDue(pin->member);
  ++pin->failures;
  EVERTILL_TRY(store.PutPin(*pin));
  const int64_t in_a_row = IntegerAt(ext, "tries", 0);
  const bool at_till = in_a_row >= kMostTriesAtTill;
  if (pin->locked || (!at_till && pin->failures < kMostPinFailures)) return {};
  EVERTILL_TRY(LockPins(store, pin->member));
  const std::string what = at_till ? std::to_string(in_a_row) + " wrong PINs in a row at " + event.terminal.Name()
                                   : std::to_string(pin->failures) + " wrong PINs over all tills";
  return store.AddInbox(desk.clock.Now(), "pin_locked", pin->member,
                        what + ": no till takes this PIN until: evertill-hq card unlock " + pin->member);
}

// --- sources that must not be below zero

struct Source {
  std::string account;
  std::string id;
  auto operator<=>(const Source&) const = default;
};

base::Expected<bool> IsReclaimed(Store& store, const Source& source) {
  if (source.account == kEscrow) {
    EVERTILL_ASSIGN(const auto grant, store.FindGrant(source.id));
    return grant && grant->state == GrantState::kReclaimed;
  }
  if (source.account != kLocal) return false;
  const size_t mark = source.id.rfind('#');
  if (mark == std::string::npos) return false;
  EVERTILL_ASSIGN(const auto life, store.FindTerminal(source.id.substr(0, mark),
                                                      std::strtoll(source.id.c_str() + mark + 1, nullptr, 10)));
  return life && life->reclaimed;
}

/// One lot in one source.
struct Spot {
  Source source;
  std::string member;
  std::string lot;
  auto operator<=>(const Spot&) const = default;
};

/// Makes up from AVAIL what lots of a source are below zero; of one that was reclaimed, whatever is in them, either
/// way.
base::Status Cover(Store& store, const DeskParts& desk, const Source& source, const std::vector<Spot>& spots,
                   const domain::Event& cause) {
  EVERTILL_ASSIGN(const bool reclaimed, IsReclaimed(store, source));
  if (reclaimed && !desk.safeguards.On(loyalty::Rule::kReclaimSettle)) return {};
  std::map<std::string, std::vector<domain::Posting>> by_member;
  int64_t missing = 0;
  for (const Spot& spot : spots) {
    EVERTILL_ASSIGN(const int64_t left, store.SumAt(spot.member, source.account, source.id, spot.lot));
    if (left == 0 || (left > 0 && !reclaimed)) continue;
    if (left < 0) missing -= left;
    std::vector<domain::Posting>& postings = by_member[spot.member];
    postings.push_back(Put(source.account, source.id, spot.lot, -left));
    if (left < 0) {
      postings.push_back(Put(kAvail, "", spot.lot, left));
    } else {
      EVERTILL_ASSIGN(domain::Posting back, BackTo(store, desk, spot.lot, left));
      postings.push_back(std::move(back));
    }
  }
  for (auto& [member, postings] : by_member) {
    const OwnEvent own{
        .kind = "cover",
        .member = member,
        .postings = std::move(postings),
        .ext = Ext({{"account", source.account}, {"source", source.id}, {"cause", cause.id.ToString()}})};
    EVERTILL_TRY(AppendOwn(store, desk, own));
  }
  if (missing == 0) return {};
  return store.AddInbox(desk.clock.Now(), reclaimed ? "spent_after_reclaim" : "rights_exceeded", cause.id.ToString(),
                        cause.terminal.Name() + " used " + std::to_string(missing) + " points of " + source.account +
                            " " + source.id + " that were not in it");
}

/// Only what the event touched: everything else was in order before it.
base::Status CoverAll(Store& store, const DeskParts& desk, const domain::Event& event,
                      const std::vector<LedgerEntry>& entries) {
  std::map<Source, std::vector<Spot>> touched;
  for (const LedgerEntry& entry : entries) {
    const domain::Posting& posting = entry.posting;
    if (posting.account != kEscrow && posting.account != kHold && posting.account != kLocal) continue;
    const Source source{posting.account, posting.source};
    const Spot spot{source, entry.member, posting.lot};
    std::vector<Spot>& spots = touched[source];
    if (std::find(spots.begin(), spots.end(), spot) == spots.end()) spots.push_back(spot);
  }
  for (const auto& [source, spots] : touched) EVERTILL_TRY(Cover(store, desk, source, spots, event));
  return {};
}

/// What was taken out of AVAIL of a lot that still waits for its activation (a refund of the sale, a redemption after a
/// reclaim) is made up from what waits: points that never became spendable cost nobody else's.
base::Status CoverFromPending(Store& store, const DeskParts& desk, const domain::Event& event,
                              const std::vector<LedgerEntry>& entries) {
  std::set<std::pair<std::string, std::string>> touched;
  for (const LedgerEntry& entry : entries) {
    if (!loyalty::IsMemberAccount(entry.posting.account) || entry.posting.lot.empty()) continue;
    touched.emplace(entry.member, entry.posting.lot);
  }
  for (const auto& [member, lot] : touched) {
    EVERTILL_ASSIGN(const int64_t pending, store.SumAt(member, loyalty::kPending, "", lot));
    if (pending <= 0) continue;
    EVERTILL_ASSIGN(const auto sums, store.SumsOf(member, kAvail));
    int64_t available = 0;
    for (const SumRow& row : sums) available += row.lot == lot ? row.amount : 0;
    const int64_t points = std::min(pending, -available);
    if (points <= 0) continue;
    const OwnEvent own{.kind = "cover",
                       .member = member,
                       .postings = {Put(loyalty::kPending, "", lot, -points), Put(kAvail, "", lot, points)},
                       .ext = Ext({{"account", loyalty::kPending}, {"source", ""}, {"cause", event.id.ToString()}})};
    EVERTILL_TRY(AppendOwn(store, desk, own));
  }
  return {};
}

}  // namespace

std::string LifeName(std::string_view terminal, int64_t incarnation) {
  return std::string(terminal) + "#" + std::to_string(incarnation);
}

namespace {

/// Whose points of a hold a posting takes: two merged members may hold the same lot ("" is anybody's), and the till
/// posts what each gave. Who holds just that much; else who holds enough with the least to spare; else who has most.
std::optional<std::string> HolderOf(const std::vector<SumRow>& held, const domain::Posting& posting,
                                    const std::vector<LedgerEntry>& before) {
  std::optional<std::string> holder;
  int64_t best = 0;
  for (const SumRow& row : held) {
    if (row.lot != posting.lot) continue;
    int64_t spare = row.amount + posting.amount;
    for (const LedgerEntry& entry : before) {
      const bool same = entry.posting.account == kHold && entry.posting.source == posting.source;
      if (same && entry.posting.lot == posting.lot && entry.member == row.member) spare += entry.posting.amount;
    }
    const bool better = spare >= 0 ? best < 0 || spare < best : spare > best;
    if (holder && !better) continue;
    holder = row.member;
    best = spare;
  }
  return holder;
}

/// A right that head office gave to another till: no till that keeps the rules spends it.
base::Status TellOfForeignGrants(Store& store, const DeskParts& desk, const domain::Event& event) {
  std::map<std::string, int64_t> taken;
  for (const domain::Posting& posting : event.core.postings) {
    if (posting.account == kEscrow && posting.amount < 0) taken[posting.source] -= posting.amount;
  }
  for (const auto& [id, points] : taken) {
    EVERTILL_ASSIGN(const auto grant, store.FindGrant(id));
    const std::string life = LifeName(event.terminal.Name(), event.terminal.incarnation);
    if (!grant || LifeName(grant->terminal, grant->incarnation) == life) continue;
    EVERTILL_TRY(store.AddInbox(desk.clock.Now(), "foreign_grant", event.id.ToString(),
                                life + " used " + std::to_string(points) + " points of grant " + id +
                                    ", which was given to " + LifeName(grant->terminal, grant->incarnation)));
  }
  return {};
}

}  // namespace

base::Expected<std::vector<LedgerEntry>> EntriesFor(Store& store, const domain::Event& event) {
  std::vector<LedgerEntry> entries;
  for (const domain::Posting& posting : event.core.postings) {
    LedgerEntry entry{MemberOf(event), posting};
    if (posting.account == kLocal && posting.source.empty()) {
      entry.posting.source = LifeName(event.terminal.Name(), event.terminal.incarnation);
    } else if (posting.account == kEscrow) {
      EVERTILL_ASSIGN(const auto grant, store.FindGrant(posting.source));
      if (grant) entry.member = grant->member;
    } else if (posting.account == kHold && posting.amount < 0) {
      EVERTILL_ASSIGN(const auto held, store.SumsOfSource(kHold, posting.source));
      entry.member = HolderOf(held, posting, entries).value_or(entry.member);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

base::Status Settle(Store& store, const DeskParts& desk, const domain::Event& event,
                    const std::vector<LedgerEntry>& entries, int64_t commit_seq) {
  const std::string& kind = event.core.kind;
  EVERTILL_TRY(KeepLot(store, event, commit_seq));
  if (kind == "grants_accepted") EVERTILL_TRY(TakeAcceptedGrants(store, desk, event));
  if (kind == "permits_accepted") EVERTILL_TRY(TakeAcceptedPermits(store, desk, event));
  if (kind == "return" || kind == "permit_returned") EVERTILL_TRY(TakeReturned(store, event));
  if (kind == "abandon") EVERTILL_TRY(TakeAbandon(store, desk, event));
  if (kind == "pin_failed") EVERTILL_TRY(TakePinFailure(store, desk, event));
  if (kind == "card_code") {
    const json::object ext = ExtOf(event);
    EVERTILL_TRY(store.UseCardStep(TextAt(ext, "serial"), IntegerAt(ext, "step", 0)));
  }
  // Posting E ends its hold: what it did not use is free again.
  EVERTILL_ASSIGN(const auto hold, store.FindHold(event.id.ToString()));
  if (hold && hold->closed.empty()) EVERTILL_TRY(CloseHold(store, desk, *hold, "posted"));
  if (kind == "refund") EVERTILL_TRY(TakeRefund(store, desk, event));
  if (kind == "sale") EVERTILL_TRY(SettleRefunds(store, desk, event.id.ToString()));
  if (kind == "sale") EVERTILL_TRY(ConsumeClaim(store, desk, event.id.ToString()));
  EVERTILL_TRY(TellOfForeignGrants(store, desk, event));
  EVERTILL_TRY(CoverAll(store, desk, event, entries));
  EVERTILL_TRY(CoverFromPending(store, desk, event, entries));
  const std::string member = MemberOf(event);
  if (member.empty()) return {};
  if (kind == "sale") EVERTILL_TRY(store.AddVisit(member, event.terminal.store.Value(), event.t_business));
  if (!event.core.postings.empty()) {
    std::set<std::string> members{member};
    for (const LedgerEntry& entry : entries) members.insert(entry.member);
    for (const std::string& id : members) EVERTILL_TRY(store.MarkRightsDue(id));
  }
  return {};
}

base::Status CloseHold(Store& store, const DeskParts& desk, const HoldRow& hold, std::string_view why) {
  const std::string ext = Ext({{"event", hold.event_id}, {"why", why}});
  EVERTILL_ASSIGN(const auto sums, store.SumsOfSource(kHold, hold.event_id));
  std::map<std::string, std::vector<domain::Posting>> by_member;
  for (const SumRow& row : sums) {
    if (row.amount < 0) continue;  // more was taken than reserved: that is covered, and told, apart
    by_member[row.member].push_back(Put(kHold, hold.event_id, row.lot, -row.amount));
    by_member[row.member].push_back(Put(kAvail, "", row.lot, row.amount));
  }
  for (auto& [member, postings] : by_member) {
    EVERTILL_TRY(
        AppendOwn(store, desk, {.kind = "hold_close", .member = member, .postings = std::move(postings), .ext = ext}));
  }
  HoldRow closed = hold;
  closed.at = desk.clock.Now();
  return store.CloseHoldRow(closed, why);
}

base::Expected<domain::Posting> BackTo(Store& store, const DeskParts& desk, std::string_view lot, int64_t points) {
  EVERTILL_ASSIGN(const auto known, store.FindLot(lot));
  const bool waits = known && known->active_ms > base::ToUnixMillis(desk.clock.Now());
  return Put(waits ? loyalty::kPending : kAvail, "", lot, points);
}

base::Expected<int64_t> TakeBackGrant(Store& store, const DeskParts& desk, std::string_view grant_id) {
  EVERTILL_ASSIGN(const auto grant, store.FindGrant(grant_id));
  if (!grant || !grant->Open()) {
    return base::Fail(ServerErrc::kBadArgument, "grant " + std::string(grant_id) + " is not out");
  }
  EVERTILL_ASSIGN(const auto sums, store.SumsOfSource(kEscrow, grant->id));
  std::map<std::string, std::vector<domain::Posting>> by_member;
  int64_t points = 0;
  for (const SumRow& row : sums) {
    points += row.amount;
    by_member[row.member].push_back(Put(kEscrow, grant->id, row.lot, -row.amount));
    by_member[row.member].push_back(Put(kAvail, "", row.lot, row.amount));
  }
  for (auto& [member, postings] : by_member) {
    EVERTILL_TRY(AppendOwn(
        store, desk,
        {.kind = "reclaim", .member = member, .postings = std::move(postings), .ext = Ext({{"grant", grant->id}})}));
  }
  EVERTILL_TRY(store.SetGrantState(grant->id, GrantState::kReclaimed));
  return points;
}

base::Expected<int64_t> ActivateDue(Store& store, const DeskParts& desk, int64_t limit) {
  EVERTILL_ASSIGN(const auto due, store.LotsToActivate(desk.clock.Now(), limit));
  for (const SumRow& row : due) {
    const OwnEvent own{
        .kind = "activate",
        .member = row.member,
        .postings = {Put(loyalty::kPending, "", row.lot, -row.amount), Put(kAvail, "", row.lot, row.amount)}};
    EVERTILL_TRY(AppendOwn(store, desk, own));
  }
  return static_cast<int64_t>(due.size());
}

}  // namespace evertill::server
