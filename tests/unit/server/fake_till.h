#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/base/uuid.h"
#include "app/checkout/sync_port.h"
#include "app/crypto/hash.h"
#include "app/crypto/signing_key.h"
#include "app/domain/event.h"
#include "app/loyalty/ledger.h"
#include "sync/wire/messages.h"

namespace evertill::test {

/// A till's journal in memory, with a real chain, real hashes and a real key, behind the interface that sync uses.
class FakeTill final : public checkout::SyncStore {
 public:
  FakeTill(const std::string& store, const std::string& till, uint64_t seed)
      : random_(base::MakeSeededRandom(seed)),
        key_(*crypto::SigningKey::Generate(*random_)),
        identity_{{domain::StoreCode(store), domain::TillCode(till), 1},
                  *domain::Currency::Find("THB"),
                  "th",
                  store,
                  std::nullopt} {}

  domain::MemberId AddMember(const std::string& name, const std::string& phone, const std::string& card) {
    const domain::MemberId id(base::MakeUuidV7(clock_, *random_));
    Append({"member_enrol", id, {}}, R"({"language":"th","consents":["points"]})",
           R"({"name":")" + name + R"(","phone":")" + phone + R"(","card":")" + card + R"("})");
    return id;
  }
  /// A sale of `total` satang that earns `points` for `member`.
  void AddSale(std::optional<domain::MemberId> member, int64_t points, int64_t total) {
    const domain::EventId id(base::MakeUuidV7(clock_, *random_));
    const std::string receipt = identity_.terminal.till.Value() + "-" + std::to_string(++receipts_);
    std::vector<domain::Posting> postings;
    if (member) postings = loyalty::EarnPostings(id, points);
    Append({"sale", member, postings},
           R"({"receipt":")" + receipt + R"(","currency":"THB","total":)" + std::to_string(total) + "}",
           R"({"names":["ข้าวหอมมะลิ"]})", id);
  }
  void Append(domain::LedgerCore core, std::string ext, std::string side,
              std::optional<domain::EventId> id = std::nullopt) {
    const std::lock_guard lock(mutex_);
    clock_.Advance(std::chrono::seconds(7));
    domain::Event event;
    event.id = id.value_or(domain::EventId(base::MakeUuidV7(clock_, *random_)));
    event.terminal = identity_.terminal;
    event.seq = static_cast<int64_t>(events_.size()) + 1;
    event.t_wall = event.t_business = clock_.Now();
    event.core = std::move(core);
    event.ext = std::move(ext);
    checkout::OutboxEvent row;
    if (!side.empty()) {
      row.salt.resize(16);
      random_->Fill({reinterpret_cast<uint8_t*>(row.salt.data()), row.salt.size()});
      event.side_digest = base::ToHex(crypto::Sha256({crypto::AsBytes(row.salt), crypto::AsBytes(side)}));
    }
    row.side = std::move(side);
    AppendBody(domain::EncodeEvent(event), std::move(row));
  }
  /// Any text as the next event's body.
  void AppendBody(std::string body, checkout::OutboxEvent row = {}) {
    const domain::EventHash before = events_.empty() ? domain::EventHash{} : events_.back().hash;
    row.seq = static_cast<int64_t>(events_.size()) + 1;
    row.body = std::move(body);
    row.hash = crypto::Sha256({before, crypto::AsBytes(row.body)});
    events_.push_back(std::move(row));
  }
  /// Loses the events after `seq`, as a restored snapshot does.
  void RestoreTo(int64_t seq) { events_.resize(static_cast<size_t>(seq)); }

  /// A batch of events [first, first + count) as this till would send it.
  wire::Batch MakeBatch(int64_t first, int64_t count, const wire::Epoch& epoch) {
    wire::Batch batch;
    batch.terminal = identity_.terminal.Name();
    batch.incarnation = identity_.terminal.incarnation;
    batch.epoch = epoch;
    batch.nonce = base::MakeUuidV7(clock_, *random_).ToString();
    batch.first_seq = first;
    for (int64_t seq = first; seq < first + count; ++seq) {
      const checkout::OutboxEvent& event = events_.at(static_cast<size_t>(seq - 1));
      batch.events.push_back({event.body, std::string(crypto::AsText(event.hash)), event.salt,
                              event.side.empty() ? std::nullopt : std::optional(event.side)});
    }
    Sign(batch);
    return batch;
  }
  void Sign(wire::Batch& batch) {
    batch.head_signature = crypto::AsText(*key_.Sign(crypto::AsBytes(batch.events.back().hash)));
  }
  [[nodiscard]] wire::EnrolRequest EnrolRequest(const std::string& secret) {
    return {.code_secret = secret,
            .store = identity_.terminal.store.Value(),
            .till = identity_.terminal.till.Value(),
            .incarnation = identity_.terminal.incarnation,
            .head_seq = static_cast<int64_t>(events_.size()),
            .public_key = std::string(crypto::AsText(key_.PublicKey())),
            .name = "test",
            .currency = std::string(identity_.currency.Code())};
  }

  // checkout::SyncStore
  base::Expected<checkout::TillIdentity> Identity() override { return identity_; }
  base::Expected<std::optional<checkout::Enrolment>> GetEnrolment() override { return enrolment; }
  base::Status SetEnrolment(const checkout::Enrolment& given, const domain::Terminal& terminal,
                            const std::string&) override {
    enrolment = given;
    identity_.terminal = terminal;
    return {};
  }
  base::Status SetEpoch(const checkout::Epoch& epoch) override {
    enrolment->epoch = epoch;
    return {};
  }
  base::Expected<checkout::SyncCursor> Cursor() override {
    const std::lock_guard lock(mutex_);
    cursor.head_seq = static_cast<int64_t>(events_.size());
    return cursor;
  }
  base::Expected<std::vector<checkout::OutboxEvent>> EventsAfter(int64_t after, int limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<checkout::OutboxEvent> out;
    for (size_t i = static_cast<size_t>(after); i < events_.size() && out.size() < static_cast<size_t>(limit); ++i) {
      out.push_back(events_[i]);
    }
    return out;
  }
  base::Expected<domain::EventHash> HashAt(int64_t seq) override {
    const std::lock_guard lock(mutex_);
    return seq == 0 ? domain::EventHash{} : events_.at(static_cast<size_t>(seq - 1)).hash;
  }
  base::Expected<std::string> PublicKey() override { return std::string(crypto::AsText(key_.PublicKey())); }
  base::Expected<std::string> SignHead(int64_t seq) override {
    const auto signature = key_.Sign(events_.at(static_cast<size_t>(seq - 1)).hash);
    return std::string(crypto::AsText(*signature));
  }
  base::Expected<std::string> SignLife(std::string_view text) override {
    return std::string(crypto::AsText(*key_.Sign(crypto::AsBytes(text))));
  }
  base::Status RecordAck(int64_t acked_seq, int64_t durable_seq, base::Instant) override {
    const std::lock_guard lock(mutex_);
    cursor.acked_seq = acked_seq;
    cursor.durable_seq = durable_seq;
    return {};
  }
  base::Status RewindTo(int64_t acked_seq) override {
    const std::lock_guard lock(mutex_);
    cursor.acked_seq = acked_seq;
    return {};
  }
  base::Status ApplyChanges(const checkout::ChangeSet& changes) override {
    for (const auto& product : changes.products) products.insert_or_assign(product.barcode, product);
    for (const auto& barcode : changes.removed_barcodes) products.erase(barcode);
    for (const auto& member : changes.members) members[member.member.card] = member;
    const std::lock_guard lock(mutex_);
    cursor.changes = changes.cursor;
    return {};
  }
  base::Expected<int64_t> PendingSales() override {
    const std::lock_guard lock(mutex_);
    return static_cast<int64_t>(events_.size()) - cursor.acked_seq;
  }

  std::optional<checkout::Enrolment> enrolment;
  checkout::SyncCursor cursor;
  std::map<std::string, domain::Product> products;
  std::map<std::string, checkout::MemberChange> members;  ///< by card

 private:
  std::unique_ptr<base::Random> random_;
  base::ManualClock clock_{base::FromUnixMillis(1'790'000'000'000)};
  crypto::SigningKey key_;
  checkout::TillIdentity identity_;
  std::mutex mutex_;
  std::vector<checkout::OutboxEvent> events_;
  int receipts_ = 0;
};

}  // namespace evertill::test
