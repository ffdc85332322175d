#include <algorithm>

#include "app/base/log.h"
#include "app/crypto/bytes.h"
#include "app/domain/text.h"
#include "sync/client/answers.h"
#include "sync/client/sync_engine.h"

namespace evertill::client {

namespace {

/// Restarts of one upload (a gap, another epoch, a batch too large) before it is left to the next round.
constexpr int kMostRestarts = 20;

}  // namespace

base::Expected<bool> SyncEngine::IsHere(int64_t incarnation, int64_t seq, const wire::Digest& hash) {
  if (seq == 0) return hash == wire::Digest(32, '\0');
  const auto place = store_.PlaceOf(incarnation, seq);
  if (!place) {
    // An earlier life may have ended before that event. In the present one every place has a number, so it is a fault.
    if (incarnation != till_->terminal.incarnation) return false;
    return base::Fail(place.error());
  }
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store_.Cursor());
  if (*place > cursor.head_seq) return false;
  EVERTILL_ASSIGN(const domain::EventHash known, store_.HashAt(*place));
  return crypto::AsText(known) == hash;
}

base::Expected<wire::Batch> SyncEngine::NextBatch(int64_t after) {
  EVERTILL_ASSIGN(auto waiting, store_.EventsAfter(after, batch_limit_));
  if (waiting.empty())
    return base::Fail(ClientErrc::kBadAnswer, "the journal has no event after " + std::to_string(after));
  wire::Batch batch;
  batch.terminal = till_->terminal.Name();
  batch.incarnation = waiting.front().incarnation;  // an earlier life of this till may not have gone up whole
  batch.first_seq = waiting.front().seq;
  EVERTILL_ASSIGN(batch.epoch, ToWire(enrolment_->epoch));
  batch.nonce = NewNonce();
  size_t bytes = 0;
  for (checkout::OutboxEvent& event : waiting) {
    const size_t size = event.body.size() + 2 * event.side.size() + 200;
    if (!batch.events.empty() && (bytes + size > options_.most_batch_bytes || event.incarnation != batch.incarnation)) {
      break;
    }
    bytes += size;
    wire::BatchEvent out;
    out.body = std::move(event.body);
    out.hash = crypto::AsText(event.hash);
    out.salt = std::move(event.salt);
    if (!event.side.empty()) out.side = std::move(event.side);
    batch.events.push_back(std::move(out));
  }
  EVERTILL_ASSIGN(batch.head_signature, store_.SignHead(after + static_cast<int64_t>(batch.events.size())));
  return batch;
}

base::Status SyncEngine::Upload(SyncReport& report, bool apart) {
  EVERTILL_ASSIGN(const checkout::SyncCursor start, store_.Cursor());
  EVERTILL_ASSIGN(const Life present, PresentLife());
  report.head_seq = start.head_seq;
  int64_t after = start.acked_seq;
  int restarts = 0;
  while (after < start.head_seq && !other_epoch_) {
    if (cancelled_) return base::Fail(ClientErrc::kCancelled);
    EVERTILL_ASSIGN(const wire::Batch batch, NextBatch(after));
    EVERTILL_ASSIGN(const HttpAnswer answer, transport_->Post("/api/v1/till/events", enrolment_->token,
                                                              "application/x-ndjson", wire::Encode(batch)));
    // A life that ended may have gone on elsewhere: in the copy of this disk that was ahead of it.
    const bool other = apart || batch.incarnation != present.incarnation;
    if (answer.status == 200) {
      EVERTILL_TRY(OnAccepted(batch, answer.body, other, after));
    } else {
      if (++restarts > kMostRestarts) return base::Fail(RefusalOf(answer));
      EVERTILL_TRY(OnRefused(batch, answer, other, after));
    }
  }
  report.acked_seq = after;
  report.uploaded += std::max<int64_t>(0, after - start.acked_seq);
  return {};
}

base::Status SyncEngine::OnAccepted(const wire::Batch& batch, const std::string& body, bool apart, int64_t& after) {
  EVERTILL_ASSIGN(const wire::Ack ack, wire::DecodeAck(body));
  EVERTILL_TRY(CheckSigned(enrolment_->server_key, ack.SignedBytes(), ack.signature, "acknowledgement"));
  EVERTILL_TRY(CheckBelongs(EnvelopeOf(batch), EnvelopeOf(ack), false, options_.safeguards));
  if (ack.acked_seq < batch.first_seq + static_cast<int64_t>(batch.events.size()) - 1) {
    return base::Fail(ClientErrc::kBadAnswer, "acknowledgement not believed: less than it took");
  }
  return MoveCursor(ack, after + static_cast<int64_t>(batch.events.size()), apart, after);
}

base::Status SyncEngine::MoveCursor(const wire::Ack& ack, int64_t batch_end, bool apart, int64_t& after) {
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store_.Cursor());
  EVERTILL_ASSIGN(const bool head, IsHere(ack.incarnation, ack.acked_seq, ack.head));
  EVERTILL_ASSIGN(const bool durable, IsHere(ack.incarnation, ack.durable_seq, ack.durable_hash));
  if (!head || !durable || ack.durable_seq > ack.acked_seq) {
    if (!apart) {
      return base::Fail(ClientErrc::kBadAnswer, "acknowledgement not believed: it is about another history than this");
    }
    // What follows the batch at head office is the other branch; that it has the batch is what counts.
    EVERTILL_TRY(store_.RecordAck(batch_end, cursor.durable_seq, clock_.Now()));
    after = batch_end;
    return {};
  }
  EVERTILL_ASSIGN(const int64_t place, store_.PlaceOf(ack.incarnation, ack.acked_seq));
  int64_t durable_place = cursor.durable_seq;
  // That nothing of this life is durable says nothing of the lives before.
  if (ack.durable_seq > 0) {
    EVERTILL_ASSIGN(durable_place, store_.PlaceOf(ack.incarnation, ack.durable_seq));
  }
  EVERTILL_TRY(store_.RecordAck(place, durable_place, clock_.Now()));
  after = place;
  return {};
}

base::Status SyncEngine::OnRefused(const wire::Batch& batch, const HttpAnswer& answer, bool apart, int64_t& after) {
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
  EVERTILL_TRY(CheckSigned(enrolment_->server_key, ack.SignedBytes(), ack.signature, "acknowledgement"));
  EVERTILL_TRY(CheckBelongs(EnvelopeOf(batch), EnvelopeOf(ack), true, options_.safeguards));
  if (ack.epoch == batch.epoch) return StartOver(batch, ack, apart, after);
  if (!old_office_) {
    other_epoch_ = true;  // hello says the rest
    return {};
  }
  base::LogWarn("head office was restored: epoch {}", ack.epoch.ToString());
  EVERTILL_TRY(store_.SetEpoch(ToCheckout(ack.epoch)));
  enrolment_->epoch = ToCheckout(ack.epoch);
  return StartOver(batch, ack, apart, after);
}

base::Status SyncEngine::StartOver(const wire::Batch& batch, const wire::Ack& ack, bool apart, int64_t& after) {
  EVERTILL_ASSIGN(const bool here, IsHere(ack.incarnation, ack.acked_seq, ack.head));
  if (!here) {
    if (!apart) return base::Fail(ForkedError("head office has another history of this till"));
    EVERTILL_ASSIGN(after, store_.PlaceOf(batch.incarnation, 0));
    return {};
  }
  EVERTILL_ASSIGN(const int64_t place, store_.PlaceOf(ack.incarnation, ack.acked_seq));
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store_.Cursor());
  if (place < cursor.acked_seq) EVERTILL_TRY(store_.RewindTo(place));
  after = place;
  return {};
}

}  // namespace evertill::client
