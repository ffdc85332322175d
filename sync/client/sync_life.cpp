#include <algorithm>

#include "app/base/log.h"
#include "app/crypto/bytes.h"
#include "sync/client/answers.h"
#include "sync/client/sync_engine.h"

namespace evertill::client {

base::Expected<SyncEngine::Greeting> SyncEngine::Hello(const Life& life) {
  wire::HelloRequest request;
  request.terminal = till_->terminal.Name();
  request.incarnation = life.incarnation;
  EVERTILL_ASSIGN(request.epoch, ToWire(enrolment_->epoch));
  request.nonce = NewNonce();
  request.head_seq = life.Seq();
  request.head_hash = crypto::AsText(life.head_hash);
  request.pepper_known = pepper_known_ ? 1 : 0;
  EVERTILL_ASSIGN(request.revocations_version, rights_.RevocationsVersion());
  if (hand_back_) {
    EVERTILL_ASSIGN(checkout::SignedText list, rights_.Revocations());
    request.revocations = std::move(list.bytes);
    request.revocations_signature = std::move(list.signature);
  }
  EVERTILL_ASSIGN(const HttpAnswer answer,
                  transport_->Post("/api/v1/till/hello", enrolment_->token, "application/json", wire::Encode(request)));
  if (answer.status == 404 || answer.status == 405) return Greeting{Greeting::Kind::kOldHeadOffice, {}};
  if (answer.status == 401) return Greeting{Greeting::Kind::kUnknownHere, {}};
  if (answer.status != 200) return base::Fail(RefusalOf(answer));
  EVERTILL_ASSIGN(wire::HelloReply reply, wire::DecodeHelloReply(answer.body));
  EVERTILL_TRY(CheckSigned(enrolment_->server_key, reply.SignedBytes(), reply.signature, "hello"));
  EVERTILL_TRY(CheckBelongs(EnvelopeOf(request), EnvelopeOf(reply), true, options_.safeguards));
  if (reply.durable_seq > reply.acked_seq) {
    return base::Fail(ClientErrc::kBadAnswer, "hello not believed: it calls durable what it does not have");
  }
  if (hand_back_) handed_back_ = true;
  return Greeting{Greeting::Kind::kAnswered, std::move(reply)};
}

base::Expected<bool> SyncEngine::IsOurs(const wire::HelloReply& hello, const Life& life) {
  if (hello.acked_seq > life.Seq()) return false;
  return IsHere(hello.incarnation, hello.acked_seq, hello.head);
}

base::Expected<SyncEngine::Next> SyncEngine::MeetEpoch(const wire::HelloReply& hello, const Life& life) {
  EVERTILL_ASSIGN(const wire::Epoch known, ToWire(enrolment_->epoch));
  const bool moved = hello.epoch != known;
  EVERTILL_ASSIGN(const int64_t version, rights_.RevocationsVersion());
  if (!handed_back_ && version > 0 && (moved || hello.revocations_version < version)) {
    // A backup lacks cards that were stopped after it was made. Before the new epoch is kept here, so that a crash in
    // between forgets nothing.
    hand_back_ = true;
    return Next::kAgain;
  }
  if (!moved) return Next::kDone;
  base::LogWarn("head office was restored: epoch {}", hello.epoch.ToString());
  // Where several lives were had, head office may lack the end of an earlier one: each batch that it has already is
  // answered with how far it has that life.
  EVERTILL_ASSIGN(const bool ours, IsOurs(hello, life));
  const bool from_here = ours && life.begin == 0;
  EVERTILL_TRY(store_.RewindTo(from_here ? life.begin + hello.acked_seq : 0));
  EVERTILL_TRY(store_.SetEpoch(ToCheckout(hello.epoch)));
  return Next::kAgain;
}

base::Status SyncEngine::FollowHello(const wire::HelloReply& hello) {
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store_.Cursor());
  EVERTILL_ASSIGN(const int64_t begin, store_.PlaceOf(hello.incarnation, 0));
  if (cursor.acked_seq < begin) return {};  // an earlier life has not gone up whole yet
  EVERTILL_ASSIGN(const int64_t acked, store_.PlaceOf(hello.incarnation, hello.acked_seq));
  EVERTILL_ASSIGN(const bool durable_here, IsHere(hello.incarnation, hello.durable_seq, hello.durable_hash));
  if (!durable_here) {
    return base::Fail(ClientErrc::kBadAnswer, "hello not believed: it calls another history durable");
  }
  int64_t durable = cursor.durable_seq;
  if (hello.durable_seq > 0) {
    EVERTILL_ASSIGN(durable, store_.PlaceOf(hello.incarnation, hello.durable_seq));
  }
  if (acked < cursor.acked_seq) {
    base::LogWarn("head office has event {} and not {} as it said before", acked, cursor.acked_seq);
    return store_.RewindTo(acked);
  }
  if (acked == cursor.acked_seq && durable <= cursor.durable_seq) return {};
  return store_.RecordAck(acked, durable, clock_.Now());
}

base::Status SyncEngine::Record(const wire::HelloReply& hello, bool closed) {
  checkout::HelloFacts facts;
  facts.server_ms = hello.server_ms;
  facts.revocations_version = hello.revocations_version;
  facts.fenced = closed;
  facts.pepper = hello.pepper;
  facts.card_keys = hello.card_keys;
  EVERTILL_TRY(rights_.RecordHello(facts));
  if (!hello.pepper.empty()) pepper_known_ = true;
  return {};
}

base::Status SyncEngine::EndLife(const wire::HelloReply& hello, bool ours, SyncReport& report) {
  // First what differs, so that the life that ends is at head office whole: its sales happened.
  EVERTILL_TRY(Upload(report, !ours || hello.behind));
  if (other_epoch_) return {};
  return GoOnUnder(hello.fenced ? "fenced" : "behind", report);
}

base::Status SyncEngine::GoOnUnder(const std::string& why, SyncReport& report) {
  if (report.new_life) {
    return base::Fail(ClientErrc::kBadAnswer, "head office gives this till no life that it may go on with");
  }
  EVERTILL_ASSIGN(const wire::LifeReply reply, AskForLife());
  base::LogWarn("this till goes on as incarnation {} ({})", reply.incarnation, why);
  EVERTILL_TRY(rights_.BeginLife({.incarnation = reply.incarnation, .token = reply.token, .why = why}));
  report.new_life = true;
  return {};
}

base::Expected<wire::LifeReply> SyncEngine::AskForLife() {
  EVERTILL_ASSIGN(const Life life, PresentLife());
  wire::LifeRequest request;
  request.terminal = till_->terminal.Name();
  request.incarnation = life.incarnation;
  EVERTILL_ASSIGN(request.request_id, rights_.LifeRequestId());
  request.head_seq = life.Seq();
  request.head_hash = crypto::AsText(life.head_hash);
  EVERTILL_ASSIGN(request.signature, store_.SignLife(request.SignedBytes()));
  EVERTILL_ASSIGN(const std::string answer, Ask("/api/v1/till/life", wire::Encode(request)));
  EVERTILL_ASSIGN(wire::LifeReply reply, wire::DecodeLifeReply(answer));
  EVERTILL_TRY(CheckSigned(enrolment_->server_key, reply.SignedBytes(), reply.signature, "new life"));
  EVERTILL_ASSIGN(const wire::Epoch epoch, ToWire(enrolment_->epoch));
  // The life in the answer is the new one; what ties it to this one is the request.
  const Envelope asked{request.terminal, reply.incarnation, request.request_id, epoch};
  EVERTILL_TRY(CheckBelongs(asked, {reply.terminal, reply.incarnation, reply.request_id, reply.epoch}, true,
                            options_.safeguards));
  if (reply.incarnation <= life.incarnation) {
    return base::Fail(ClientErrc::kBadAnswer, "new life not believed: it is not later than this one");
  }
  return reply;
}

}  // namespace evertill::client
