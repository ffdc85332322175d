#include "sync/client/sync_engine.h"

#include <algorithm>

#include "app/base/log.h"
#include "app/base/uuid.h"
#include "app/checkout/errors.h"
#include "sync/client/answers.h"
#include "sync/client/http_client.h"

namespace evertill::client {

namespace {

/// How often one round begins anew: another epoch, the list of lost cards handed back, a new life, and some to spare.
constexpr int kMostBeginnings = 8;

}  // namespace

SyncEngine::SyncEngine(checkout::SyncStore& store, checkout::RightsSync& rights, const base::Clock& clock,
                       base::Random& random, SyncEngineOptions options)
    : store_(store),
      rights_(rights),
      clock_(clock),
      random_(random),
      options_(std::move(options)),
      batch_limit_(options_.most_events) {}

base::Status SyncEngine::Connect() {
  EVERTILL_ASSIGN(auto enrolment, store_.GetEnrolment());
  if (!enrolment) return base::Fail(checkout::CheckoutErrc::kNotEnrolled, "run: evertillctl enroll");
  EVERTILL_ASSIGN(till_, store_.Identity());
  const bool same = transport_ && enrolment_ && enrolment_->server_url == enrolment->server_url &&
                    enrolment_->ca_pem == enrolment->ca_pem;
  enrolment_ = std::move(enrolment);
  if (same) return {};  // the connection is kept from round to round
  if (options_.transport) {
    EVERTILL_ASSIGN(transport_, options_.transport(*enrolment_));
    return {};
  }
  EVERTILL_ASSIGN(HttpClient http, HttpClient::Create({.base_url = enrolment_->server_url,
                                                       .ca_pem = enrolment_->ca_pem,
                                                       .connect_timeout_ms = options_.connect_timeout_ms,
                                                       .total_timeout_ms = options_.total_timeout_ms},
                                                      &cancelled_));
  transport_ = std::make_unique<HttpClient>(std::move(http));
  return {};
}

base::Expected<SyncReport> SyncEngine::RunOnce() {
  SyncReport report;
  handed_back_ = hand_back_ = false;
  bad_right_.reset();
  for (int beginning = 0; beginning < kMostBeginnings; ++beginning) {
    if (cancelled_) return base::Fail(ClientErrc::kCancelled);
    EVERTILL_TRY(Connect());
    EVERTILL_ASSIGN(const Next next, Round(report));
    if (next == Next::kAgain) continue;
    if (bad_right_) return base::Fail(*bad_right_);
    return report;
  }
  return base::Fail(ClientErrc::kBadAnswer, "head office does not settle on one epoch and one life of this till");
}

base::Expected<SyncEngine::Next> SyncEngine::Round(SyncReport& report) {
  other_epoch_ = old_office_ = false;
  if (!options_.safeguards.On(loyalty::Rule::kReturnAfterHello)) EVERTILL_TRY(GiveBack({}, report));
  EVERTILL_ASSIGN(const Life life, PresentLife());
  EVERTILL_ASSIGN(const Greeting greeting, Hello(life));
  if (greeting.kind == Greeting::Kind::kUnknownHere) {
    // A head office that was restored has forgotten this life and its token; the till's key still speaks for it.
    EVERTILL_TRY(GoOnUnder("restored", report));
    return Next::kAgain;
  }
  if (greeting.kind == Greeting::Kind::kOldHeadOffice) {
    report.old_head_office = old_office_ = true;
    EVERTILL_TRY(OldRound(report));
    return Next::kDone;
  }
  const wire::HelloReply& hello = greeting.reply;
  EVERTILL_ASSIGN(const Next epoch, MeetEpoch(hello, life));
  if (epoch == Next::kAgain) return epoch;
  EVERTILL_ASSIGN(const bool ours, IsOurs(hello, life));
  const bool closed = !ours || hello.behind || hello.fenced;
  EVERTILL_TRY(Record(hello, closed));
  if (ours) EVERTILL_TRY(FollowHello(hello));
  if (closed) {
    EVERTILL_TRY(EndLife(hello, ours, report));
    return Next::kAgain;
  }
  EVERTILL_TRY(GiveBack(hello.recall, report));
  if (!hello.recall_permits.empty()) EVERTILL_TRY(rights_.ReturnPermits(hello.recall_permits));
  EVERTILL_TRY(Upload(report));
  if (!other_epoch_) EVERTILL_TRY(TakeRights(report));
  if (other_epoch_) return Next::kAgain;
  EVERTILL_TRY(PullRevocations(hello.revocations_version));
  EVERTILL_TRY(Pull(report));
  return Next::kDone;
}

base::Status SyncEngine::OldRound(SyncReport& report) {
  EVERTILL_TRY(Upload(report));
  return Pull(report);
}

base::Expected<SyncEngine::Life> SyncEngine::PresentLife() {
  Life life;
  life.incarnation = till_->terminal.incarnation;
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store_.Cursor());
  EVERTILL_ASSIGN(life.begin, store_.PlaceOf(life.incarnation, 0));
  life.head = std::max(cursor.head_seq, life.begin);
  if (life.Seq() > 0) {
    EVERTILL_ASSIGN(life.head_hash, store_.HashAt(life.head));
  }
  return life;
}

base::Status SyncEngine::GiveBack(const std::vector<std::string>& recalled, SyncReport& report) {
  EVERTILL_ASSIGN(const int64_t events, rights_.GiveBack(recalled));
  report.returned += events;
  return {};
}

std::string SyncEngine::NewNonce() {
  return base::MakeUuidV7(clock_, random_).ToString();
}

base::Expected<std::string> SyncEngine::Ask(const std::string& path, const std::string& body) {
  if (cancelled_) return base::Fail(ClientErrc::kCancelled);
  EVERTILL_ASSIGN(HttpAnswer answer, transport_->Post(path, enrolment_->token, "application/json", body));
  if (answer.status != 200) return base::Fail(RefusalOf(answer));
  return std::move(answer.body);
}

}  // namespace evertill::client
