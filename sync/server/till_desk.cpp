#include "sync/server/till_desk.h"

#include <algorithm>

#include "app/crypto/encoding.h"
#include "app/crypto/hash.h"
#include "app/loyalty/ledger.h"
#include "sync/server/access.h"
#include "sync/server/errors.h"
#include "sync/server/ingest.h"
#include "sync/server/settle.h"
#include "sync/wire/limits.h"

// Hello, and a new life.
namespace evertill::server {

using crypto::AsBytes;

namespace {

base::Expected<std::string> Sign(const DeskParts& desk, const std::string& bytes) {
  EVERTILL_ASSIGN(const crypto::Signature signature, desk.keys.signing.Sign(AsBytes(bytes)));
  return std::string(crypto::AsText(signature));
}

/// Whether head office has events after this one, on any branch.
base::Expected<bool> IsFollowed(Store& store, const TerminalRow& life, const ChainNode& node) {
  EVERTILL_ASSIGN(const auto branches, store.BranchesOf(life.terminal, life.incarnation));
  int64_t end = life.head_seq;
  for (const BranchRow& row : branches) {
    if (row.branch == node.branch) end = row.head_seq;
    if (row.from_branch == node.branch && row.from_seq == node.seq) return true;
  }
  return end > node.seq;
}

/// Cards stopped and members erased after the backup that head office was restored from: tills still know.
base::Status TakeBackRevocations(Store& store, const DeskParts& desk, const wire::HelloRequest& request) {
  EVERTILL_ASSIGN(const crypto::VerifyingKey key, crypto::VerifyingKey::FromBytes(desk.keys.signing.PublicKey()));
  if (!key.Verify(AsBytes(wire::RevocationsSignedBytes(request.revocations)), AsBytes(request.revocations_signature))) {
    return base::Fail(ServerErrc::kBadSignature, "the list handed back is not head office's");
  }
  EVERTILL_ASSIGN(const wire::Revocations list, wire::DecodeRevocations(request.revocations));
  const base::Instant now = desk.clock.Now();
  for (const std::string& serial : list.serials) EVERTILL_TRY(store.DenyCard(serial, now));
  for (const std::string& number : list.numbers) EVERTILL_TRY(store.AddRevocation("number", number, now));
  for (const std::string& member : list.erased) {
    EVERTILL_ASSIGN(const bool known, store.IsErased(member));
    if (known) continue;
    EVERTILL_TRY(store.EraseMember(member, now));
    EVERTILL_TRY(AppendOwn(store, desk, {.kind = "erase", .member = member, .postings = {}}));
  }
  return store.RaiseRevocations(list.version);
}

/// The same for the same request, and nobody else can make it: only its hash is kept.
base::Expected<std::string> LifeToken(const DeskParts& desk, const wire::LifeReply& reply) {
  EVERTILL_ASSIGN(const std::string secret,
                  Sign(desk, "evertill-life-token-1\n" + reply.terminal + "\n" + std::to_string(reply.incarnation) +
                                 "\n" + reply.request_id + "\n" + reply.epoch.ToString() + "\n"));
  return "evt_" + crypto::ToBase32(crypto::Sha256(AsBytes(secret)));
}

/// Higher than any that was given or named. After a restore numbers may have been given that nobody here remembers:
/// those of another epoch begin elsewhere.
int64_t NextIncarnation(const DeskParts& desk, int64_t highest) {
  if (desk.epoch.counter <= 1) return highest + 1;
  constexpr int64_t kOfOneEpoch = 1'000;
  const int64_t part = desk.epoch.random.empty() ? 0 : static_cast<uint8_t>(desk.epoch.random[0]);
  return std::max(highest, (desk.epoch.counter * 256 + part) * kOfOneEpoch) + 1;
}

/// An operator's word ends only with a new code. A life that nobody here remembers is one of the machine's all the
/// same.
base::Status CheckNotFencedByHand(const std::vector<TerminalRow>& lives, const wire::LifeRequest& request,
                                  const std::string& public_key) {
  bool fenced = false;
  for (const TerminalRow& life : lives) {
    if (life.public_key != public_key) continue;
    const bool by_hand = life.fenced == kFencedByHand;
    fenced = fenced || by_hand;
    if (life.incarnation == request.incarnation) {
      fenced = by_hand;
      break;
    }
  }
  if (!fenced) return {};
  return base::Fail(ServerErrc::kTillFenced, "head office has fenced this till; enrol it anew with a new code");
}

/// Points that the life which ends still holds, and a second life out of it: somebody should see to both.
base::Status TellOfNewLife(Store& store, const DeskParts& desk, const wire::LifeRequest& request, int64_t given) {
  const base::Instant now = desk.clock.Now();
  const std::string from = LifeName(request.terminal, request.incarnation);
  EVERTILL_ASSIGN(const auto grants, store.OpenGrantsAt(request.terminal, request.incarnation));
  EVERTILL_ASSIGN(const auto local, store.SumsOfSource(loyalty::kLocal, from));
  if (!grants.empty() || !local.empty()) {
    EVERTILL_TRY(store.AddInbox(
        now, "new_life", from,
        "goes on as " + LifeName(request.terminal, given) + "; " + HowToFree(request.terminal, request.incarnation)));
  }
  EVERTILL_ASSIGN(const auto all, store.LifeRequests());
  for (const LifeRequestRow& other : all) {
    if (other.terminal != request.terminal || other.from_life != request.incarnation) continue;
    if (other.incarnation == given) continue;
    EVERTILL_TRY(store.AddInbox(now, "two_copies", from,
                                LifeName(request.terminal, other.incarnation) + " and " +
                                    LifeName(request.terminal, given) + " both go on from " + from +
                                    ": two copies of one disk are at work. Stop both with: evertill-hq till fence " +
                                    request.terminal + ", then enrol the till that is yours with a new code"));
  }
  return {};
}

}  // namespace

std::string HowToFree(std::string_view terminal, int64_t incarnation) {
  return "points held by the ended life can be freed with: evertill-hq grant reclaim --till " + std::string(terminal) +
         " --incarnation " + std::to_string(incarnation);
}

bool IsFenced(const DeskParts& desk, const TerminalRow& life) {
  return desk.safeguards.On(loyalty::Rule::kFence) && !life.fenced.empty();
}

base::Expected<wire::HelloReply> Hello(Store& store, const DeskParts& desk, const TokenRow& token,
                                       const wire::HelloRequest& request) {
  if (request.terminal != token.terminal || request.incarnation != token.incarnation) {
    return base::Fail(ServerErrc::kForbidden, "this token is for " + LifeName(token.terminal, token.incarnation));
  }
  EVERTILL_ASSIGN(const auto life, store.FindTerminal(request.terminal, request.incarnation));
  if (!life) return base::Fail(ServerErrc::kUnauthorised, request.terminal + " is not enrolled");
  if (!request.revocations.empty()) EVERTILL_TRY(TakeBackRevocations(store, desk, request));

  std::optional<ChainNode> node = ChainNode{};
  if (request.head_seq > 0) {
    EVERTILL_ASSIGN(node, store.FindNode(request.terminal, request.incarnation, request.head_seq, request.head_hash));
  }
  wire::HelloReply reply;
  if (node) {
    EVERTILL_ASSIGN(reply.behind, IsFollowed(store, *life, *node));
  } else {
    node = ChainNode{life->head_seq, life->head_hash, 0, 0};
  }
  EVERTILL_ASSIGN(const ChainNode durable, DurableOf(store, request.terminal, request.incarnation, *node));
  reply.terminal = request.terminal;
  reply.incarnation = request.incarnation;
  reply.nonce = request.nonce;
  reply.epoch = desk.epoch;
  reply.acked_seq = node->seq;
  reply.head = node->hash;
  reply.durable_seq = durable.seq;
  reply.durable_hash = durable.hash;
  reply.server_ms = base::ToUnixMillis(desk.clock.Now());
  reply.fenced = IsFenced(desk, *life);
  EVERTILL_ASSIGN(reply.revocations_version, store.RevocationsVersion());
  EVERTILL_ASSIGN(const auto grants, store.OpenGrantsAt(request.terminal, request.incarnation));
  for (const GrantRow& grant : grants) {
    // As many as a till reads; the rest next time.
    if (grant.recalled && reply.recall.size() < wire::kMaxRights) reply.recall.push_back(grant.id);
  }
  EVERTILL_ASSIGN(const auto permits, store.OpenPermitsAt(request.terminal, request.incarnation));
  for (const GrantRow& permit : permits) {
    if (permit.recalled && reply.recall_permits.size() < wire::kMaxRights) reply.recall_permits.push_back(permit.id);
  }
  reply.card_keys = desk.keys.card_keys;
  if (request.pepper_known == 0) reply.pepper = desk.keys.pepper;
  EVERTILL_ASSIGN(reply.signature, Sign(desk, reply.SignedBytes()));
  return reply;
}

namespace {

/// One request makes one life, however often it is sent. But a disk that was copied while its request was under way
/// asks with the same id once more when its life has been begun elsewhere: a life with events is nobody else's.
base::Expected<std::string> UnusedRequest(Store& store, const wire::LifeRequest& request) {
  std::string key = request.request_id;
  for (;;) {
    EVERTILL_ASSIGN(const auto given, store.FindLifeRequest(key));
    if (!given || given->terminal != request.terminal) return key;
    EVERTILL_ASSIGN(const auto life, store.FindTerminal(given->terminal, given->incarnation));
    if (!life || life->head_seq == 0) return key;
    key += '+';
  }
}

}  // namespace

base::Expected<wire::LifeReply> GiveLife(Store& store, const DeskParts& desk, const TokenRow& token,
                                         const wire::LifeRequest& request) {
  if (request.terminal != token.terminal) {
    return base::Fail(ServerErrc::kForbidden, "this token is for " + token.terminal);
  }
  // The till's key speaks for it: its token may be of a life that a restored copy has forgotten.
  EVERTILL_ASSIGN(const auto lives, store.LivesOf(request.terminal));
  const TerminalRow* vouching = nullptr;
  for (const TerminalRow& each : lives) {
    EVERTILL_ASSIGN(const auto key, crypto::VerifyingKey::FromBytes(AsBytes(each.public_key)));
    if (key.Verify(AsBytes(request.SignedBytes()), AsBytes(request.signature))) vouching = &each;
  }
  if (vouching == nullptr) {
    return base::Fail(ServerErrc::kUnauthorised, "the request is not signed by a key of " + request.terminal);
  }
  if (desk.safeguards.On(loyalty::Rule::kFence)) {
    EVERTILL_TRY(CheckNotFencedByHand(lives, request, vouching->public_key));
  }
  const base::Instant now = desk.clock.Now();
  EVERTILL_ASSIGN(const std::string request_key, UnusedRequest(store, request));
  EVERTILL_ASSIGN(const auto before, store.FindLifeRequest(request_key));
  if (before && (before->terminal != request.terminal || before->from_life != request.incarnation)) {
    return base::Fail(ServerErrc::kForbidden, "this request id was used for " + before->terminal);
  }
  wire::LifeReply reply;
  reply.terminal = request.terminal;
  reply.request_id = request.request_id;
  reply.epoch = desk.epoch;
  reply.incarnation =
      before ? before->incarnation : NextIncarnation(desk, std::max(lives.back().incarnation, request.incarnation));
  EVERTILL_ASSIGN(reply.token, LifeToken(desk, reply));
  if (!before) {
    TerminalRow life = *vouching;
    life.head_seq = 0;
    life.head_hash = wire::Digest(32, '\0');
    life.last_seen = now;
    life.incarnation = reply.incarnation;
    EVERTILL_TRY(store.AddTerminal(life));
    // From here on the life that ends is an earlier one of this till, known or not.
    EVERTILL_TRY(KnownLife(store, request.terminal, request.incarnation, true));
    EVERTILL_TRY(store.FenceLife(request.terminal, request.incarnation, "ended"));
    EVERTILL_TRY(store.AddLifeRequest({.request_id = request_key,
                                       .terminal = request.terminal,
                                       .from_life = request.incarnation,
                                       .head_seq = request.head_seq,
                                       .head_hash = request.head_hash,
                                       .incarnation = reply.incarnation},
                                      now));
    EVERTILL_TRY(store.Audit(now, request.terminal, "new_life",
                             LifeName(request.terminal, request.incarnation) + " goes on as " +
                                 LifeName(reply.terminal, reply.incarnation)));
    EVERTILL_TRY(TellOfNewLife(store, desk, request, reply.incarnation));
  }
  if (before) {
    // The answer was lost, the till fenced by hand and let in again: the life that it was given is as good as new.
    EVERTILL_ASSIGN(const auto given, store.FindTerminal(reply.terminal, reply.incarnation));
    const bool unused = given && given->head_seq == 0 && given->fenced == kFencedByHand;
    if (unused) EVERTILL_TRY(store.ChangeFence(reply.terminal, reply.incarnation, ""));
  }
  EVERTILL_ASSIGN(const auto token_known, store.FindToken(SecretHash(reply.token)));
  if (!token_known) {
    EVERTILL_TRY(store.AddToken(SecretHash(reply.token), {TokenRole::kTill, reply.terminal, reply.incarnation}, now));
  }
  EVERTILL_ASSIGN(reply.signature, Sign(desk, reply.SignedBytes()));
  return reply;
}

}  // namespace evertill::server
