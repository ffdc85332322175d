#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/base/uuid.h"
#include "app/checkout/errors.h"
#include "app/checkout/rights_sync_port.h"
#include "app/checkout/sync_port.h"
#include "app/crypto/hash.h"
#include "app/crypto/signing_key.h"
#include "app/domain/event.h"
#include "app/loyalty/errors.h"

namespace evertill::test {

/// A till in memory with a journal of several lives, real hashes and a real key, and rights that are only counted. What
/// is asked of it is written down in `calls`, which head office's side shares.
class RightsTill final : public checkout::SyncStore, public checkout::RightsSync {
 public:
  RightsTill(base::Clock& clock, base::Random& random, std::vector<std::string>& log)
      : calls(log), clock_(clock), random_(random), key_(*crypto::SigningKey::Generate(random)) {}

  void Sell(int64_t earned = 0) {
    Append("sale");
    local += earned;
  }
  void Append(const std::string& kind) {
    domain::Event event;
    event.id = domain::EventId(base::MakeUuidV7(clock_, random_));
    event.terminal = identity.terminal;
    event.seq = SeqOfHead() + 1;
    event.t_wall = event.t_business = clock_.Now();
    event.core.kind = kind;
    event.ext = "{}";
    const domain::EventHash before = event.seq == 1 ? domain::EventHash{} : events.back().hash;
    checkout::OutboxEvent row;
    row.seq = event.seq;
    row.incarnation = identity.terminal.incarnation;
    row.body = domain::EncodeEvent(event);
    row.hash = crypto::Sha256({before, crypto::AsBytes(row.body)});
    events.push_back(std::move(row));
    kinds.push_back(kind);
  }
  [[nodiscard]] int64_t SeqOfHead() const {
    if (events.empty() || events.back().incarnation != identity.terminal.incarnation) return 0;
    return events.back().seq;
  }
  [[nodiscard]] int64_t Head() const { return static_cast<int64_t>(events.size()); }
  [[nodiscard]] int64_t CountOf(const std::string& kind) const { return std::count(kinds.begin(), kinds.end(), kind); }
  /// What a copy of the disk has: everything as it is now.
  struct Disk {
    std::vector<checkout::OutboxEvent> events;
    std::vector<std::string> kinds;
    checkout::SyncCursor cursor;
    std::set<std::string> accepted;
  };
  [[nodiscard]] Disk Copy() const { return {events, kinds, cursor, accepted}; }
  void Restore(const Disk& disk) {
    events = disk.events;
    kinds = disk.kinds;
    cursor = disk.cursor;
    accepted = disk.accepted;
  }

  // checkout::SyncStore
  base::Expected<checkout::TillIdentity> Identity() override { return identity; }
  base::Expected<std::optional<checkout::Enrolment>> GetEnrolment() override { return enrolment; }
  base::Status SetEnrolment(const checkout::Enrolment& given, const domain::Terminal&, const std::string&) override {
    enrolment = given;
    return {};
  }
  base::Status SetEpoch(const checkout::Epoch& epoch) override {
    calls.push_back("till: epoch " + std::to_string(epoch.counter));
    enrolment->epoch = epoch;
    return {};
  }
  base::Expected<checkout::SyncCursor> Cursor() override {
    cursor.head_seq = Head();
    return cursor;
  }
  base::Expected<std::vector<checkout::OutboxEvent>> EventsAfter(int64_t after, int limit) override {
    std::vector<checkout::OutboxEvent> out;
    for (size_t i = static_cast<size_t>(after); i < events.size() && out.size() < static_cast<size_t>(limit); ++i) {
      if (!out.empty() && events[i].incarnation != out.front().incarnation) break;
      out.push_back(events[i]);
    }
    return out;
  }
  base::Expected<int64_t> PlaceOf(int64_t incarnation, int64_t seq) override {
    for (const auto& [life, begin] : begins) {
      if (life == incarnation) return begin + seq;
    }
    return base::Fail(checkout::CheckoutErrc::kNotEnrolled, "no such life");
  }
  base::Expected<domain::EventHash> HashAt(int64_t place) override {
    return place == 0 ? domain::EventHash{} : events.at(static_cast<size_t>(place - 1)).hash;
  }
  base::Expected<std::string> PublicKey() override { return std::string(crypto::AsText(key_.PublicKey())); }
  base::Expected<std::string> SignHead(int64_t place) override {
    return std::string(crypto::AsText(*key_.Sign(events.at(static_cast<size_t>(place - 1)).hash)));
  }
  base::Expected<std::string> SignLife(std::string_view text) override {
    return std::string(crypto::AsText(*key_.Sign(crypto::AsBytes(text))));
  }
  base::Status RecordAck(int64_t acked, int64_t durable, base::Instant) override {
    REQUIRE(acked <= Head());
    cursor.acked_seq = std::max(cursor.acked_seq, acked);
    cursor.durable_seq = std::max(cursor.durable_seq, durable);
    return {};
  }
  base::Status RewindTo(int64_t acked) override {
    cursor.acked_seq = std::min(cursor.acked_seq, acked);
    cursor.durable_seq = std::min(cursor.durable_seq, acked);
    return {};
  }
  base::Status ApplyChanges(const checkout::ChangeSet& changes) override {
    cursor.changes = changes.cursor;
    for (const auto& member : changes.members) members.push_back(member);
    return {};
  }
  base::Expected<int64_t> PendingSales() override { return Head() - cursor.acked_seq; }

  // checkout::RightsSync
  base::Status RecordHello(const checkout::HelloFacts& facts) override {
    calls.push_back("till: hello recorded");
    hello = facts;
    return {};
  }
  base::Expected<int64_t> GiveBack(const std::vector<std::string>& recalled) override {
    calls.push_back("till: give back");
    bool any = local > 0;
    for (const std::string& id : recalled) any = held.erase(id) > 0 || any;
    local = 0;
    if (any) Append("return");
    return any ? 1 : 0;
  }
  base::Expected<int64_t> AcceptGrants(const std::vector<checkout::SignedText>& grants) override {
    int64_t fresh = 0;
    bool bad = false;
    for (const checkout::SignedText& grant : grants) {
      bad = bad || grant.bytes == "bad";
      if (grant.bytes == "bad") continue;
      if (!accepted.insert(grant.bytes).second) continue;
      held.insert(grant.bytes);
      ++fresh;
    }
    if (fresh > 0) Append("grants_accepted");
    if (bad) return base::Fail(loyalty::LoyaltyErrc::kBadGrant, "not signed");
    return fresh;
  }
  base::Expected<int64_t> AcceptPermits(const std::vector<checkout::SignedText>& permits) override {
    return AcceptGrants(permits);
  }
  base::Status ReturnPermits(const std::vector<std::string>& ids) override {
    for (const std::string& id : ids) {
      if (held.erase(id) > 0) Append("permit_returned");
    }
    return {};
  }
  base::Status PutSecrets(const std::vector<checkout::MemberSecret>& given) override {
    secrets += static_cast<int64_t>(given.size());
    return {};
  }
  base::Status PutRevocations(const checkout::SignedText& list) override {
    calls.push_back("till: lost cards");
    lost_cards = list;
    lost_cards_version = next_lost_cards_version;
    return {};
  }
  base::Expected<checkout::SignedText> Revocations() override { return lost_cards; }
  base::Expected<int64_t> RevocationsVersion() override { return lost_cards_version; }
  base::Expected<std::string> LifeRequestId() override {
    if (life_request.empty()) life_request = base::MakeUuidV7(clock_, random_).ToString();
    return life_request;
  }
  base::Status BeginLife(const checkout::NewLife& life) override {
    calls.push_back("till: life " + std::to_string(life.incarnation) + " " + life.why);
    begins.emplace_back(life.incarnation, Head());
    identity.terminal.incarnation = life.incarnation;
    enrolment->token = life.token;
    life_request.clear();
    held.clear();
    local = 0;
    Append("life");
    return {};
  }

  std::vector<std::string>& calls;
  checkout::TillIdentity identity{{domain::StoreCode("S01"), domain::TillCode("L03"), 1},
                                  *domain::Currency::Find("THB"),
                                  "th",
                                  "S01",
                                  std::nullopt};
  std::optional<checkout::Enrolment> enrolment;
  std::vector<checkout::OutboxEvent> events;
  std::vector<std::string> kinds;
  std::vector<std::pair<int64_t, int64_t>> begins{{1, 0}};  ///< life, place before its first event
  checkout::SyncCursor cursor;
  checkout::HelloFacts hello;
  int64_t local = 0;               ///< points earned here and not given back
  std::set<std::string> held;      ///< grants and permits
  std::set<std::string> accepted;  ///< ever
  int64_t secrets = 0;
  checkout::SignedText lost_cards;
  int64_t lost_cards_version = 0;
  int64_t next_lost_cards_version = 0;
  std::string life_request;
  std::vector<checkout::MemberChange> members;

 private:
  base::Clock& clock_;
  base::Random& random_;
  crypto::SigningKey key_;
};

}  // namespace evertill::test
