#pragma once

#include "app/card/card.h"
#include "app/crypto/encoding.h"
#include "app/crypto/pin_hash.h"
#include "app/crypto/signing_key.h"
#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "tests/unit/store/support.h"

namespace evertill::store {

inline std::string Text(crypto::ByteView bytes) {
  return std::string(crypto::AsText(bytes));
}

/// What head office would sign and say to the one till that it knows.
class Office {
 public:
  explicit Office(Till& till) : till_(till), key_(Must(crypto::SigningKey::FromSeed(crypto::Bytes(32, 7)))) {}

  void Enrol() {
    domain::Terminal terminal = Till::Terminal();
    terminal.incarnation = incarnation;
    Must(till_->Sync().SetEnrolment(
        {"https://hq.example", "token", "", Text(key_.PublicKey()), {epoch, std::string(32, 'a')}}, terminal, ""));
    Hello();
  }
  void Hello(int64_t revocations = 0) {
    checkout::HelloFacts facts;
    facts.server_ms = base::ToUnixMillis(till_.clock.Now());
    facts.revocations_version = revocations;
    facts.pepper = pepper;
    facts.card_keys = {"1:" + crypto::ToBase64(card_key.PublicKey())};
    Must(till_->RightsSync().RecordHello(facts));
  }
  [[nodiscard]] checkout::SignedText Sign(const std::string& bytes, const std::string& signed_bytes) const {
    return {bytes, Text(Must(key_.Sign(crypto::AsBytes(signed_bytes))))};
  }
  [[nodiscard]] loyalty::Grant MakeGrant(const std::string& name, domain::MemberId member, int64_t points) const {
    return {EpochName() + ":" + name, member, "S01/L03", incarnation, EpochName(), 0, {{"lot-" + name, points, 0}}};
  }
  [[nodiscard]] checkout::SignedText Sign(const loyalty::Grant& grant) const {
    const std::string bytes = loyalty::EncodeGrant(grant);
    return Sign(bytes, loyalty::GrantSignedBytes(bytes));
  }
  [[nodiscard]] checkout::SignedText Sign(const loyalty::Permit& permit) const {
    const std::string bytes = loyalty::EncodePermit(permit);
    return Sign(bytes, loyalty::PermitSignedBytes(bytes));
  }
  /// Gives a grant of one lot.
  checkout::SignedText Give(const std::string& name, domain::MemberId member, int64_t points) {
    auto text = Sign(MakeGrant(name, member, points));
    CHECK(Must(till_->RightsSync().AcceptGrants({text})) == 1);
    return text;
  }
  void Permit(domain::MemberId member, int64_t cap, int64_t till_cap) {
    const loyalty::Permit permit{EpochName() + ":p", member, "S01/L03", incarnation, EpochName(), cap, till_cap};
    CHECK(Must(till_->RightsSync().AcceptPermits({Sign(permit)})) == 1);
  }
  /// What `changes` says of one member.
  void Tell(const checkout::MemberRecord& member, int64_t points, int64_t available, int64_t place) {
    checkout::MemberChange change;
    change.member = member;
    change.member.points = points;
    change.points_acked_seq = place;
    change.available = available;
    Tell(change);
  }
  void Tell(const checkout::MemberChange& change) {
    checkout::ChangeSet changes;
    changes.members = {change};
    Must(till_->Sync().ApplyChanges(changes));
  }
  void Pin(domain::MemberId member, const std::string& pin, int64_t generation) {
    checkout::MemberSecret secret;
    secret.member = member;
    secret.pin_hash = Must(crypto::HashPin(pin, crypto::AsBytes(pepper), *till_.random, {64, 1}));
    secret.pin_generation = generation;
    Must(till_->RightsSync().PutSecrets({secret}));
  }
  void Deny(int64_t version, const std::string& lists) {
    const std::string bytes =
        R"({"version":)" + std::to_string(version) + R"(,"issued_ms":1,"epoch":"1-aa",)" + lists + "}";
    Must(till_->RightsSync().PutRevocations(Sign(bytes, "evertill-revocations-1\n" + bytes)));
  }
  [[nodiscard]] std::string EpochName() const { return std::to_string(epoch) + "-" + std::string(32, 'a'); }

  int64_t epoch = 1;
  int64_t incarnation = 1;
  std::string pepper = std::string(32, 'p');
  crypto::SigningKey card_key = Must(crypto::SigningKey::FromSeed(crypto::Bytes(32, 9)));

 private:
  Till& till_;
  crypto::SigningKey key_;
};

/// A sale that `funding` helps to pay.
inline base::Expected<domain::Sale> TrySpend(Till& till, domain::Sale sale, const checkout::Funding& funding) {
  sale.points.spent = funding.points;
  auto postings = loyalty::EarnPostings(sale.id, sale.points.earned);
  postings.insert(postings.end(), funding.postings.begin(), funding.postings.end());
  return till->Sales().CommitSale(std::move(sale), std::move(postings), 1, false);
}

inline base::Expected<checkout::Funding> TryFund(Till& till, domain::MemberId member, domain::EventId sale,
                                                 int64_t points,
                                                 checkout::CardLevel level = checkout::CardLevel::kSigned) {
  return till->Rights().Fund(member, level, sale, points, std::nullopt, false);
}

/// Redeems in a sale of its own.
inline void Spend(Till& till, const checkout::MemberRecord& member, int64_t points,
                  checkout::CardLevel level = checkout::CardLevel::kSigned) {
  const auto sale = till.MakeSale(1, &member);
  const auto funding = Must(TryFund(till, member.id, sale.id, points, level));
  (void)Must(TrySpend(till, sale, funding));
}

inline checkout::PointsHere LookAt(Till& till, domain::MemberId member,
                                   checkout::CardLevel level = checkout::CardLevel::kSigned) {
  return Must(till->Rights().Look(member, level, domain::EventId()));
}

}  // namespace evertill::store
