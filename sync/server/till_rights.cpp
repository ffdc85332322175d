#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/domain/money.h"
#include "app/loyalty/allocation.h"
#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "app/loyalty/programme.h"
#include "sync/server/errors.h"
#include "sync/server/settle.h"
#include "sync/wire/limits.h"

// What a till may spend without asking, and what it may spend because it asked.
namespace evertill::server {

using crypto::AsBytes;

namespace {

namespace json = boost::json;

/// A till that was not heard of for so long is no longer counted when a store's share is divided.
constexpr std::chrono::hours kTillIsGone{14 * 24};
/// Stores where a member's points stand ready.
constexpr int kStoresWithRights = 2;
/// Answers stay well under a body's limit.
constexpr size_t kMostOffers = 1'000;

base::Expected<std::string> SignText(const DeskParts& desk, const std::string& bytes) {
  EVERTILL_ASSIGN(const crypto::Signature signature, desk.keys.signing.Sign(AsBytes(bytes)));
  return std::string(crypto::AsText(signature));
}

base::Expected<TerminalRow> LifeOf(Store& store, const DeskParts& desk, const TokenRow& token,
                                   const std::string& terminal, int64_t incarnation, const wire::Epoch& epoch) {
  if (terminal != token.terminal || incarnation != token.incarnation) {
    return base::Fail(ServerErrc::kForbidden, "this token is for " + LifeName(token.terminal, token.incarnation));
  }
  EVERTILL_ASSIGN(const auto life, store.FindTerminal(terminal, incarnation));
  if (!life) return base::Fail(ServerErrc::kUnauthorised, terminal + " is not enrolled");
  if (epoch != desk.epoch) return base::Fail(ServerErrc::kOtherEpoch, "head office was restored; say hello");
  return *life;
}

int64_t SumOf(const std::vector<loyalty::AvailableLot>& lots) {
  int64_t sum = 0;
  for (const loyalty::AvailableLot& lot : lots) sum += lot.points;
  return sum;
}

/// AVAIL of one member, and the lots of it that may still be spent.
struct Available {
  int64_t points = 0;  ///< below 0: overspent
  std::vector<loyalty::AvailableLot> lots;
  /// What can be given out of it.
  [[nodiscard]] int64_t Most() const { return std::clamp<int64_t>(points, 0, SumOf(lots)); }
};
base::Expected<Available> AvailableOf(Store& store, const DeskParts& desk, const std::string& member) {
  Available available;
  EVERTILL_ASSIGN(available.lots, store.AvailLots(member));
  available.points = SumOf(available.lots);
  const int64_t now = base::ToUnixMillis(desk.clock.Now());
  std::erase_if(available.lots, [now](const loyalty::AvailableLot& lot) {
    return lot.points <= 0 || (lot.expires_ms > 0 && lot.expires_ms <= now);
  });
  // An answer holds so many; the first to expire go first anyway.
  loyalty::SortLots(available.lots);
  if (available.lots.size() > wire::kMaxLots) available.lots.resize(wire::kMaxLots);
  return available;
}

base::Expected<loyalty::RedeemPolicy> PolicyAt(Store& store, const TerminalRow& life) {
  EVERTILL_ASSIGN(const auto where, store.FindStore(life.store));
  if (!where || where->currency.empty()) return loyalty::RedeemPolicy{};
  EVERTILL_ASSIGN(const domain::Currency currency, domain::Currency::Find(where->currency));
  EVERTILL_ASSIGN(const auto text, store.Meta("programme:" + where->currency));
  if (!text) return loyalty::DefaultProgramme(currency).redeem;
  EVERTILL_ASSIGN(const loyalty::Programme programme, loyalty::ParseProgramme(*text, currency));
  return programme.redeem;
}

/// One member's rights at one till.
class Allocation {
 public:
  Allocation(Store& store, const DeskParts& desk, const TerminalRow& life, const loyalty::RedeemPolicy& policy)
      : store_(store), desk_(desk), life_(life), policy_(policy) {}

  base::Status Look(const std::string& member) {
    EVERTILL_ASSIGN(const bool erased, store_.IsErased(member));
    if (erased) return {};
    EVERTILL_ASSIGN(const Available available, AvailableOf(store_, desk_, member));
    EVERTILL_ASSIGN(const auto open, store_.OpenGrantsOf(member));
    EVERTILL_ASSIGN(const auto escrow, store_.SumsOf(member, loyalty::kEscrow));
    int64_t granted = 0;
    int64_t held = 0;
    for (const SumRow& row : escrow) {
      granted += std::max<int64_t>(0, row.amount);
      for (const GrantRow& grant : open) {
        if (grant.id == row.source && Here(grant)) held += row.amount;
      }
    }
    EVERTILL_ASSIGN(const int64_t target, TargetFor(member, std::max<int64_t>(0, available.points) + granted));
    const int64_t change = loyalty::Rebalance(target, held);
    if (change < 0) {
      for (const GrantRow& grant : open) {
        if (Here(grant) && !grant.recalled) EVERTILL_TRY(store_.RecallGrant(grant.id));
      }
    } else if (const int64_t points = std::min(change, available.Most()); points > 0) {
      for (auto& part : loyalty::CutIntoGrants(loyalty::TakeLots(available.lots, points))) {
        EVERTILL_TRY(Give(member, std::move(part)));
      }
    }
    return LookAtPermit(member, available.points, rank_ < kStoresWithRights);
  }

 private:
  [[nodiscard]] bool Here(const GrantRow& grant) const {
    return grant.terminal == life_.terminal && grant.incarnation == life_.incarnation;
  }

  base::Expected<int64_t> TargetFor(const std::string& member, int64_t points) {
    EVERTILL_ASSIGN(const auto visits, store_.VisitsOf(member));
    rank_ = 0;
    for (const VisitRow& row : visits) {
      if (row.store == life_.store) break;
      ++rank_;
    }
    if (tills_ == 0) {
      EVERTILL_ASSIGN(const auto tills, store_.LiveTills(life_.store, desk_.clock.Now() - kTillIsGone));
      tills_ = std::max<int>(1, static_cast<int>(tills.size()));
    }
    return loyalty::TargetAt(points, rank_, tills_);
  }

  base::Status Give(const std::string& member, std::vector<loyalty::LotShare> lots) {
    const base::Instant now = desk_.clock.Now();
    loyalty::Grant grant;
    grant.id = desk_.epoch.ToString() + ":" + base::MakeUuidV7(desk_.clock, desk_.random).ToString();
    grant.member = domain::MemberId(base::Uuid::Parse(member).value_or(base::Uuid{}));
    grant.terminal = life_.terminal;
    grant.incarnation = life_.incarnation;
    grant.epoch = desk_.epoch.ToString();
    grant.not_after_ms = base::ToUnixMillis(now + std::chrono::hours(24) * policy_.grant_days);
    grant.lots = std::move(lots);
    GrantRow row;
    row.id = grant.id;
    row.member = member;
    row.terminal = grant.terminal;
    row.incarnation = grant.incarnation;
    row.cap = grant.Cap();
    row.not_after_ms = grant.not_after_ms;
    row.bytes = loyalty::EncodeGrant(grant);
    row.given = now;
    EVERTILL_ASSIGN(row.signature, SignText(desk_, loyalty::GrantSignedBytes(row.bytes)));
    OwnEvent own{.kind = "grant", .member = member, .postings = {}};
    for (const loyalty::LotShare& share : grant.lots) {
      own.postings.push_back({std::string(loyalty::kAvail), "", share.lot, -share.points});
      own.postings.push_back({std::string(loyalty::kEscrow), grant.id, share.lot, share.points});
    }
    own.ext =
        json::serialize(json::object{{"bytes", row.bytes}, {"signature", crypto::ToBase64(AsBytes(row.signature))}});
    EVERTILL_ASSIGN(row.commit_seq, AppendOwn(store_, desk_, own));
    return store_.AddGrant(row);
  }

  /// Stand-in: only what the policy says, only for who owes nothing.
  base::Status LookAtPermit(const std::string& member, int64_t available, bool near) {
    EVERTILL_ASSIGN(const auto open, store_.OpenPermitsOf(member));
    const bool wanted = near && available >= 0 && policy_.stand_in_member > 0 && policy_.stand_in_till > 0;
    bool here = false;
    for (const GrantRow& permit : open) {
      const bool fits = permit.cap == policy_.stand_in_member && permit.till_cap == policy_.stand_in_till;
      if (Here(permit)) here = true;
      if (!permit.recalled && (available < 0 || (Here(permit) && (!wanted || !fits)))) {
        EVERTILL_TRY(store_.RecallPermits(member));
        break;
      }
    }
    if (!wanted || here) return {};
    loyalty::Permit permit;
    permit.id = desk_.epoch.ToString() + ":" + base::MakeUuidV7(desk_.clock, desk_.random).ToString();
    permit.member = domain::MemberId(base::Uuid::Parse(member).value_or(base::Uuid{}));
    permit.terminal = life_.terminal;
    permit.incarnation = life_.incarnation;
    permit.epoch = desk_.epoch.ToString();
    permit.cap = policy_.stand_in_member;
    permit.till_cap = policy_.stand_in_till;
    GrantRow row;
    row.id = permit.id;
    row.member = member;
    row.terminal = permit.terminal;
    row.incarnation = permit.incarnation;
    row.cap = permit.cap;
    row.till_cap = permit.till_cap;
    row.bytes = loyalty::EncodePermit(permit);
    row.given = desk_.clock.Now();
    EVERTILL_ASSIGN(row.signature, SignText(desk_, loyalty::PermitSignedBytes(row.bytes)));
    EVERTILL_TRY(AppendOwn(store_, desk_,
                           {.kind = "permit",
                            .member = member,
                            .postings = {},
                            .ext = json::serialize(json::object{
                                {"bytes", row.bytes}, {"signature", crypto::ToBase64(AsBytes(row.signature))}})}));
    return store_.AddPermit(row);
  }

  Store& store_;
  const DeskParts& desk_;
  const TerminalRow& life_;
  const loyalty::RedeemPolicy& policy_;
  int tills_ = 0;
  int rank_ = 0;
};

/// PIN and phones of a member, for tills of stores where they were.
base::Expected<std::optional<wire::MemberSecret>> SecretOf(Store& store, const DeskParts& desk,
                                                           const std::string& member) {
  wire::MemberSecret secret;
  secret.member = member;
  EVERTILL_ASSIGN(const auto pin, store.FindPin(member));
  if (pin) {
    secret.pin_hash = pin->hash;
    secret.pin_generation = pin->generation;
    secret.pin_locked = pin->locked;
  }
  EVERTILL_ASSIGN(const auto cards, store.CardsOf(member));
  for (const CardRow& card : cards) {
    if (card.level == 2 && !card.denied) {
      secret.phones.emplace_back(card.serial, PhoneSecret(desk.keys, base::FromHex(card.serial).value_or("")));
    }
  }
  if (!pin && secret.phones.empty()) return std::optional<wire::MemberSecret>();
  return std::optional(std::move(secret));
}

/// Of all who were at this till's store, also where nothing is held for them here: they come again, and pay online.
base::Status AddSecrets(Store& store, const DeskParts& desk, const std::set<std::string>& members,
                        wire::RightsReply& reply) {
  std::set<std::string> told;
  for (const std::string& member : members) {
    // Who stands for this member at tills has the card and the PIN.
    EVERTILL_ASSIGN(const std::string owner, store.CanonicalOf(member));
    for (const std::string& id : {owner, member}) {
      if (!told.insert(id).second) continue;
      EVERTILL_ASSIGN(auto secret, SecretOf(store, desk, id));
      if (secret) reply.secrets.push_back(*std::move(secret));
    }
  }
  return {};
}

std::vector<wire::SignedText> Offers(const std::vector<GrantRow>& rows, bool& more, std::set<std::string>& members) {
  std::vector<wire::SignedText> offers;
  for (const GrantRow& row : rows) {
    if (row.state != GrantState::kOffered || row.recalled) continue;
    if (offers.size() == kMostOffers) {
      more = true;
      break;
    }
    offers.push_back({row.bytes, row.signature});
    members.insert(row.member);
  }
  return offers;
}

}  // namespace

base::Expected<wire::RightsReply> GiveRights(Store& store, const DeskParts& desk, const TokenRow& token,
                                             const wire::RightsRequest& request) {
  EVERTILL_ASSIGN(const TerminalRow life,
                  LifeOf(store, desk, token, request.terminal, request.incarnation, request.epoch));
  wire::RightsReply reply;
  reply.nonce = request.nonce;
  if (IsFenced(desk, life)) return reply;
  const int64_t limit = std::clamp<int64_t>(request.limit, 1, 1'000);
  EVERTILL_ASSIGN(auto due, store.RightsDueAt(life.store, life.due_seq, limit + 1));
  EVERTILL_ASSIGN(int64_t seen, store.LastDue());
  if (static_cast<int64_t>(due.size()) > limit) {
    due.pop_back();
    reply.more = true;
    seen = due.back().due_seq;
  }
  EVERTILL_ASSIGN(const loyalty::RedeemPolicy policy, PolicyAt(store, life));
  Allocation allocation(store, desk, life, policy);
  std::set<std::string> members;
  for (const RightsStore::Due& each : due) {
    EVERTILL_TRY(allocation.Look(each.member));
    members.insert(each.member);
  }
  EVERTILL_TRY(store.SetDueSeen(life.terminal, life.incarnation, seen));
  EVERTILL_ASSIGN(const auto grants, store.OpenGrantsAt(life.terminal, life.incarnation));
  EVERTILL_ASSIGN(const auto permits, store.OpenPermitsAt(life.terminal, life.incarnation));
  reply.grants = Offers(grants, reply.more, members);
  reply.permits = Offers(permits, reply.more, members);
  EVERTILL_TRY(AddSecrets(store, desk, members, reply));
  return reply;
}

namespace {

/// Out of AVAIL of all the ids that the member has, the asked one first.
base::Status MakeHold(Store& store, const DeskParts& desk, const wire::ReserveRequest& request,
                      const std::vector<std::string>& group, wire::HoldReply& reply) {
  int64_t missing = request.points;
  for (const std::string& member : group) {
    EVERTILL_ASSIGN(const Available available, AvailableOf(store, desk, member));
    const int64_t points = std::min(missing, available.Most());
    if (points == 0) continue;
    missing -= points;
    OwnEvent own{.kind = "hold", .member = member, .postings = {}};
    for (const loyalty::LotShare& share : loyalty::TakeLots(available.lots, points)) {
      own.postings.push_back({std::string(loyalty::kAvail), "", share.lot, -share.points});
      own.postings.push_back({std::string(loyalty::kHold), request.event_id, share.lot, share.points});
      reply.lots.emplace_back(share.lot, share.points);
    }
    own.ext = json::serialize(json::object{{"event", request.event_id},
                                           {"terminal", request.terminal},
                                           {"incarnation", request.incarnation},
                                           {"points", request.points}});
    EVERTILL_TRY(AppendOwn(store, desk, own));
  }
  return store.AddHold({.event_id = request.event_id,
                        .member = request.member,
                        .terminal = request.terminal,
                        .incarnation = request.incarnation,
                        .points = request.points,
                        .closed = {},
                        .at = desk.clock.Now()});
}

/// Why not; empty: it may be given, or was.
base::Expected<std::string> DecideHold(Store& store, const DeskParts& desk, const TerminalRow& life,
                                       const wire::ReserveRequest& request, wire::HoldReply& reply) {
  if (IsFenced(desk, life)) return std::string("fenced");
  if (request.points < 1) return std::string("not_enough_points");
  EVERTILL_ASSIGN(const auto hold, store.FindHold(request.event_id));
  EVERTILL_ASSIGN(const auto posted, store.FindPosted(request.event_id));
  const bool closed = posted || (hold && !hold->closed.empty());
  if (closed && desk.safeguards.On(loyalty::Rule::kHoldTombstone)) return std::string("hold_closed");
  if (hold && (hold->terminal != request.terminal || hold->member != request.member ||
               (hold->closed.empty() && hold->points != request.points))) {
    return std::string("hold_differs");
  }
  if (hold && hold->closed.empty()) {
    EVERTILL_ASSIGN(const auto sums, store.SumsOfSource(loyalty::kHold, request.event_id));
    for (const SumRow& row : sums) reply.lots.emplace_back(row.lot, row.amount);
    return std::string();
  }
  EVERTILL_ASSIGN(auto group, store.GroupOf(request.member));
  EVERTILL_ASSIGN(const auto known, store.FindMember(group.front()));
  if (!known || known->erased) return std::string("member_unknown");
  std::stable_partition(group.begin(), group.end(), [&](const std::string& id) { return id == request.member; });
  int64_t owned = 0;
  int64_t most = 0;
  for (const std::string& member : group) {
    EVERTILL_ASSIGN(const Available available, AvailableOf(store, desk, member));
    owned += available.points;
    most += available.Most();
  }
  reply.available = std::clamp<int64_t>(owned, 0, most);
  if (reply.available < request.points) return std::string("not_enough_points");
  EVERTILL_TRY(MakeHold(store, desk, request, group, reply));
  reply.available -= request.points;
  return std::string();
}

}  // namespace

base::Expected<wire::HoldReply> Reserve(Store& store, const DeskParts& desk, const TokenRow& token,
                                        const wire::ReserveRequest& request) {
  EVERTILL_ASSIGN(const TerminalRow life,
                  LifeOf(store, desk, token, request.terminal, request.incarnation, request.epoch));
  wire::HoldReply reply;
  reply.terminal = request.terminal;
  reply.incarnation = request.incarnation;
  reply.nonce = request.nonce;
  reply.epoch = desk.epoch;
  reply.event_id = request.event_id;
  reply.member = request.member;
  reply.points = request.points;
  EVERTILL_ASSIGN(reply.reason, DecideHold(store, desk, life, request, reply));
  reply.given = reply.reason.empty();
  EVERTILL_ASSIGN(reply.signature, SignText(desk, reply.SignedBytes()));
  return reply;
}

}  // namespace evertill::server
