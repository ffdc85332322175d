#include "sync/server/office_claims.h"

#include "app/base/uuid.h"
#include "app/loyalty/ledger.h"
#include "sync/server/errors.h"

namespace evertill::server {

namespace {

domain::Posting Pending(const ClaimRow& claim, int64_t points) {
  return {std::string(loyalty::kPending), "claim", claim.event_id, points};
}
domain::Posting Issued(int64_t points) {
  return {std::string(loyalty::kIssued), "", "", points};
}

/// Ends a claim in `state` by moving its points from where they are.
base::Status Settle(Store& store, const DeskParts& desk, ClaimRow& claim, std::string_view state, domain::Posting from,
                    domain::Posting to) {
  claim.state = state;
  EVERTILL_TRY(store.PutClaim(claim));
  EVERTILL_TRY(store.CloseInboxAbout("claim", claim.event_id, desk.clock.Now()));
  EVERTILL_TRY(Act(store, desk,
                   {"claim_settled",
                    claim.member,
                    {std::move(from), std::move(to)},
                    ToText({{"event", claim.event_id}, {"state", state}})},
                   claim.event_id + ": " + std::string(state)));
  return {};
}

base::Expected<ClaimRow> FindWaiting(Store& store, std::string_view event_id) {
  EVERTILL_ASSIGN(auto claim, store.FindClaim(event_id));
  if (!claim) return base::Fail(ServerErrc::kBadArgument, "no claim for event " + std::string(event_id));
  if (claim->state != "waiting") {
    return base::Fail(ServerErrc::kBadArgument, "claim " + claim->event_id + " is " + claim->state + " already");
  }
  return *std::move(claim);
}

}  // namespace

base::Expected<card::ReceiptProof> CheckProof(Store& store, std::string_view text) {
  auto proof = card::ReadProofText(text);
  if (!proof) {
    return base::Fail(ServerErrc::kBadReceipt,
                      "this is not what a receipt's QR says: a link with # in it, whole, or a file that holds it");
  }
  card::ReadProof read = *std::move(proof);
  EVERTILL_ASSIGN(const auto life, store.FindTerminal(read.proof.terminal, read.proof.incarnation));
  if (!life) {
    return base::Fail(ServerErrc::kUnknownStore, "no till " + read.proof.terminal + " of life " +
                                                     std::to_string(read.proof.incarnation) + " is known");
  }
  EVERTILL_ASSIGN(const auto key, crypto::VerifyingKey::FromBytes(crypto::AsBytes(life->public_key)));
  if (!card::IsSignedBy(read, key)) {
    return base::Fail(ServerErrc::kBadSignature, "the receipt is not signed by till " + read.proof.terminal);
  }
  return std::move(read.proof);
}

base::Expected<ClaimRow> TakeClaim(Store& store, const DeskParts& desk, std::string_view proof_text) {
  const auto refuse = [](std::string why) { return base::Fail(ServerErrc::kBadArgument, std::move(why)); };
  EVERTILL_ASSIGN(const card::ReceiptProof proof, CheckProof(store, proof_text));
  const std::string event_id = proof.event.ToString();
  EVERTILL_ASSIGN(const auto posted, store.FindPosted(event_id));
  if (posted) return refuse("receipt " + proof.receipt + " is here already: its points were counted");
  EVERTILL_ASSIGN(const auto known, store.FindClaim(event_id));
  if (known) return refuse("receipt " + proof.receipt + " was claimed before: " + known->state);
  EVERTILL_ASSIGN(const auto life, store.FindTerminal(proof.terminal, proof.incarnation));
  if (life && life->fenced == kFencedByHand) {
    return refuse("till " + proof.terminal + " was fenced by hand: its signature alone proves nothing");
  }
  ClaimRow claim;
  claim.event_id = event_id;
  claim.hash = proof.hash;
  claim.points = proof.earned - proof.spent;
  claim.state = "waiting";
  claim.evidence = proof.receipt + " of " + proof.terminal + "#" + std::to_string(proof.incarnation);
  if (life && !life->fenced.empty()) claim.evidence += " (fenced: " + life->fenced + ")";
  claim.at = desk.clock.Now();
  if (proof.member.empty()) return refuse("there is no member on receipt " + proof.receipt);
  if (proof.earned < 0 || proof.spent < 0 || claim.points <= 0 || claim.points > kMostPointsByHand) {
    return refuse("receipt " + proof.receipt + " proves no points that are owed");
  }
  const auto id = base::Uuid::Parse(proof.member);
  if (!id) return refuse("the member on receipt " + proof.receipt + " is none");
  claim.member = id->ToString();
  EVERTILL_ASSIGN(const bool erased, store.IsErased(claim.member));
  if (erased) return refuse("this member was erased");
  EVERTILL_TRY(store.PutClaim(claim));
  EVERTILL_TRY(Act(store, desk,
                   {"claim",
                    claim.member,
                    {Issued(-claim.points), Pending(claim, claim.points)},
                    ToText({{"event", event_id}, {"hash", base::ToHex(crypto::AsBytes(claim.hash))}})},
                   claim.evidence));
  EVERTILL_TRY(store.AddInbox(desk.clock.Now(), "claim", event_id,
                              claim.evidence + ": " + std::to_string(claim.points) + " points wait for a decision"));
  return claim;
}

base::Expected<ClaimRow> ReleaseClaim(Store& store, const DeskParts& desk, std::string_view event_id) {
  EVERTILL_ASSIGN(ClaimRow claim, FindWaiting(store, event_id));
  EVERTILL_TRY(
      Settle(store, desk, claim, "released", Pending(claim, -claim.points), Avail(claim.event_id, claim.points)));
  return claim;
}

base::Expected<ClaimRow> RefuseClaim(Store& store, const DeskParts& desk, std::string_view event_id) {
  EVERTILL_ASSIGN(ClaimRow claim, FindWaiting(store, event_id));
  EVERTILL_TRY(Settle(store, desk, claim, "refused", Pending(claim, -claim.points), Issued(claim.points)));
  return claim;
}

base::Status ConsumeClaim(Store& store, const DeskParts& desk, std::string_view event_id) {
  EVERTILL_ASSIGN(auto claim, store.FindClaim(event_id));
  if (!claim || (claim->state != "waiting" && claim->state != "released")) return {};
  const bool released = claim->state == "released";
  domain::Posting from = released ? Avail(claim->event_id, -claim->points) : Pending(*claim, -claim->points);
  return Settle(store, desk, *claim, "consumed", std::move(from), Issued(claim->points));
}

}  // namespace evertill::server
