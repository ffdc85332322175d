#include "sync/client/sync_engine.h"

#include <algorithm>

#include "app/base/log.h"
#include "app/base/uuid.h"
#include "app/checkout/errors.h"
#include "app/crypto/bytes.h"
#include "app/domain/text.h"
#include "sync/client/answers.h"

namespace evertill::client {

namespace {

/// Restarts of one upload (a gap, another epoch, a batch too large) before it is left to the next round.
constexpr int kMostRestarts = 20;
constexpr int kMostPages = 5000;

domain::Product ToProduct(const wire::ProductChange& product, domain::Currency currency) {
  return {.barcode = product.barcode,
          .sku = product.sku.empty() ? product.barcode : product.sku,
          .name = product.name,
          .names = product.names,
          .price = domain::Money(product.price_minor, currency),
          .tax_code = product.tax_code,
          .category = product.category,
          .unit = product.by_weight ? domain::SellUnit::kKilogram : domain::SellUnit::kEach,
          .min_age = static_cast<int32_t>(product.min_age)};
}

}  // namespace

SyncEngine::SyncEngine(checkout::SyncStore& store, const base::Clock& clock, base::Random& random,
                       SyncEngineOptions options)
    : store_(store), clock_(clock), random_(random), options_(options), batch_limit_(options.most_events) {}

base::Status SyncEngine::Connect() {
  EVERTILL_ASSIGN(auto enrolment, store_.GetEnrolment());
  if (!enrolment) return base::Fail(checkout::CheckoutErrc::kNotEnrolled, "run: evertillctl enroll");
  EVERTILL_ASSIGN(till_, store_.Identity());
  const bool same =
      http_ && enrolment_ && enrolment_->server_url == enrolment->server_url && enrolment_->ca_pem == enrolment->ca_pem;
  enrolment_ = std::move(enrolment);
  if (same) return {};  // the connection is kept from round to round
  EVERTILL_ASSIGN(http_, HttpClient::Create({.base_url = enrolment_->server_url,
                                             .ca_pem = enrolment_->ca_pem,
                                             .connect_timeout_ms = options_.connect_timeout_ms,
                                             .total_timeout_ms = options_.total_timeout_ms},
                                            &cancelled_));
  return {};
}

base::Expected<SyncReport> SyncEngine::RunOnce() {
  if (cancelled_) return base::Fail(ClientErrc::kCancelled);
  EVERTILL_TRY(Connect());
  SyncReport report;
  EVERTILL_TRY(Upload(report));
  EVERTILL_TRY(Pull(report));
  return report;
}

base::Expected<wire::Batch> SyncEngine::NextBatch(int64_t after) {
  wire::Batch batch;
  batch.terminal = till_->terminal.Name();
  batch.incarnation = till_->terminal.incarnation;
  EVERTILL_ASSIGN(batch.epoch, ToWire(enrolment_->epoch));
  batch.nonce = base::MakeUuidV7(clock_, random_).ToString();
  batch.first_seq = after + 1;
  EVERTILL_ASSIGN(auto waiting, store_.EventsAfter(after, batch_limit_));
  size_t bytes = 0;
  for (checkout::OutboxEvent& event : waiting) {
    const size_t size = event.body.size() + 2 * event.side.size() + 200;
    if (!batch.events.empty() && bytes + size > options_.most_batch_bytes) break;
    bytes += size;
    wire::BatchEvent out;
    out.body = std::move(event.body);
    out.hash = crypto::AsText(event.hash);
    out.salt = std::move(event.salt);
    if (!event.side.empty()) out.side = std::move(event.side);
    batch.events.push_back(std::move(out));
  }
  if (batch.events.empty())
    return base::Fail(ClientErrc::kBadAnswer, "the journal has no event after " + std::to_string(after));
  EVERTILL_ASSIGN(batch.head_signature, store_.SignHead(after + static_cast<int64_t>(batch.events.size())));
  return batch;
}

base::Status SyncEngine::Upload(SyncReport& report) {
  EVERTILL_ASSIGN(const checkout::SyncCursor start, store_.Cursor());
  report.head_seq = start.head_seq;
  int64_t after = start.acked_seq;
  int restarts = 0;
  while (after < start.head_seq) {
    EVERTILL_ASSIGN(const wire::Batch batch, NextBatch(after));
    EVERTILL_ASSIGN(const HttpAnswer answer,
                    http_->Post("/api/v1/till/events", enrolment_->token, "application/x-ndjson", wire::Encode(batch)));
    if (answer.status == 200) {
      EVERTILL_TRY(OnAccepted(batch, answer.body, start.head_seq, after));
    } else {
      if (++restarts > kMostRestarts) return base::Fail(RefusalOf(answer));
      EVERTILL_TRY(OnRefused(batch, answer, start.head_seq, after));
    }
  }
  report.acked_seq = after;
  report.uploaded = std::max<int64_t>(0, after - start.acked_seq);
  return {};
}

base::Status SyncEngine::OnAccepted(const wire::Batch& batch, const std::string& body, int64_t head_seq,
                                    int64_t& after) {
  EVERTILL_ASSIGN(const wire::Ack ack, wire::DecodeAck(body));
  // The till may have sold on meanwhile, but head office cannot have more than was sent up to now.
  EVERTILL_TRY(CheckAck(ack, batch, enrolment_->server_key, store_, head_seq));
  if (ack.epoch != batch.epoch)
    return base::Fail(ClientErrc::kBadAnswer, "acknowledgement not believed: another epoch");
  if (ack.acked_seq < batch.first_seq + static_cast<int64_t>(batch.events.size()) - 1) {
    return base::Fail(ClientErrc::kBadAnswer, "acknowledgement not believed: less than it took");
  }
  EVERTILL_TRY(store_.RecordAck(ack.acked_seq, ack.durable_seq, clock_.Now()));
  after = ack.acked_seq;
  return {};
}

base::Status SyncEngine::OnRefused(const wire::Batch& batch, const HttpAnswer& answer, int64_t head_seq,
                                   int64_t& after) {
  if (answer.status == 413 && batch.events.size() > 1) {
    batch_limit_ = std::max<int>(1, static_cast<int>(batch.events.size() / 2));
    return {};
  }
  const auto refusal = wire::DecodeErrorReply(answer.body);
  const bool resumable = refusal && refusal->ack && (refusal->code == "gap" || refusal->code == "other_epoch");
  if (answer.status != 409 || !resumable) {
    if (refusal && refusal->code == "fork") return base::Fail(ForkedError(domain::CleanText(refusal->message)));
    return base::Fail(RefusalOf(answer));
  }
  const wire::Ack& ack = *refusal->ack;
  EVERTILL_TRY(CheckAck(ack, batch, enrolment_->server_key, store_, head_seq));
  if (ack.epoch != batch.epoch) {
    // Never back to an earlier life, even if its key signs.
    if (ack.epoch.counter <= batch.epoch.counter) {
      return base::Fail(ClientErrc::kBadAnswer, "acknowledgement not believed: an earlier epoch");
    }
    base::LogWarn("head office was restored: epoch {}", ack.epoch.ToString());
    EVERTILL_TRY(store_.SetEpoch(ToCheckout(ack.epoch)));
    enrolment_->epoch = ToCheckout(ack.epoch);
  }
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store_.Cursor());
  if (ack.acked_seq < cursor.acked_seq) EVERTILL_TRY(store_.RewindTo(ack.acked_seq));
  after = ack.acked_seq;
  return {};
}

base::Expected<checkout::ChangeSet> SyncEngine::Convert(const wire::Changes& changes) const {
  checkout::ChangeSet out;
  out.cursor = changes.cursor;
  out.programme = changes.programme;
  for (const wire::ProductChange& product : changes.products) {
    if (product.currency != till_->currency.Code()) continue;
    if (product.deleted) {
      out.removed_barcodes.push_back(product.barcode);
      continue;
    }
    if (product.price_minor > domain::Money::kLargestAmount) {
      return base::Fail(ClientErrc::kBadAnswer, "a price past what a till can hold");
    }
    out.products.push_back(ToProduct(product, till_->currency));
  }
  for (const wire::MemberChange& change : changes.members) {
    const auto id = base::Uuid::Parse(change.id);
    if (!id) return base::Fail(ClientErrc::kBadAnswer, "a member without an id");
    checkout::MemberChange member;
    member.member = {.id = domain::MemberId(*id),
                     .name = change.name,
                     .phone = change.phone,
                     .card = change.card,
                     .language = change.language,
                     .consents = change.consents,
                     .points = change.points,
                     .provisional = false,
                     .as_of = base::FromUnixMillis(change.as_of_ms)};
    member.points_acked_seq = change.included_seq;
    out.members.push_back(std::move(member));
  }
  return out;
}

base::Status SyncEngine::Pull(SyncReport& report) {
  EVERTILL_ASSIGN(checkout::SyncCursor start, store_.Cursor());
  std::string cursor = start.changes;
  for (int page = 0; page < kMostPages; ++page) {
    const std::string path =
        "/api/v1/till/changes?limit=" + std::to_string(options_.changes_limit) + "&after=" + EscapeQuery(cursor);
    EVERTILL_ASSIGN(const HttpAnswer answer, http_->Get(path, enrolment_->token));
    if (answer.status != 200) {
      const auto refusal = wire::DecodeErrorReply(answer.body);
      const bool stale = refusal && (refusal->code == "other_epoch" || refusal->code == "bad_cursor");
      if (!stale || cursor.empty()) return base::Fail(RefusalOf(answer));
      cursor.clear();  // another life of head office: everything once more
      continue;
    }
    EVERTILL_ASSIGN(const wire::Changes changes, wire::DecodeChanges(answer.body));
    EVERTILL_ASSIGN(const checkout::ChangeSet set, Convert(changes));
    if (set.cursor != start.changes) EVERTILL_TRY(store_.ApplyChanges(set));
    report.products += static_cast<int64_t>(changes.products.size());
    report.members += static_cast<int64_t>(changes.members.size());
    if (!changes.more) return {};
    if (changes.cursor == cursor) return base::Fail(ClientErrc::kBadAnswer, "changes that do not move on");
    cursor = changes.cursor;
  }
  return base::Fail(ClientErrc::kBadAnswer, "changes without an end");
}

}  // namespace evertill::client
