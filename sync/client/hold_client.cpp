#include "sync/client/hold_client.h"

#include <algorithm>

#include "app/base/log.h"
#include "app/base/uuid.h"
#include "sync/client/answers.h"
#include "sync/client/http_client.h"

namespace evertill::client {

namespace {

/// The hold must be the one that was asked for, and its lots must make it up.
base::Status CheckHold(const wire::ReserveRequest& asked, const wire::HoldReply& hold) {
  const auto wrong = [](const char* what) {
    return base::Fail(ClientErrc::kBadAnswer, std::string("reservation not believed: ") + what);
  };
  if (hold.event_id != asked.event_id) return wrong("it is for another sale");
  if (hold.member != asked.member) return wrong("it is for another member");
  if (hold.points != asked.points) return wrong("it is for other points");
  if (!hold.given) return {};
  int64_t left = asked.points;
  for (const auto& [lot, points] : hold.lots) {
    if (points < 1 || points > left) return wrong("its lots are more than was asked for");
    left -= points;
  }
  if (left != 0) return wrong("its lots are less than was asked for");
  return {};
}

checkout::HoldAnswer ToAnswer(const wire::HoldReply& hold) {
  checkout::HoldAnswer answer;
  answer.given = hold.given;
  answer.available = hold.available;
  if (!hold.given) return answer;
  for (const auto& [lot, points] : hold.lots) answer.lots.push_back({"HOLD", hold.event_id, lot, -points});
  return answer;
}

}  // namespace

HoldClient::HoldClient(checkout::SyncStore& store, const base::Clock& clock, base::Random& random,
                       HoldClientOptions options)
    : store_(store), clock_(clock), random_(random), options_(std::move(options)) {}

bool HoldClient::Reachable() {
  if (Resting()) return false;
  const auto enrolment = store_.GetEnrolment();
  return enrolment && *enrolment;
}

std::optional<checkout::HoldAnswer> HoldClient::Reserve(domain::MemberId member, domain::EventId sale, int64_t points) {
  if (Resting() || points < 1) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto enrolment = store_.GetEnrolment();
  if (!enrolment || !*enrolment) return std::nullopt;
  auto answer = Ask(**enrolment, member, sale, points);
  if (answer) {
    MarkReachable();
    return *std::move(answer);
  }
  base::LogInfo("no reservation at head office: {}", answer.error().ToString());
  not_before_ms_ = (clock_.Uptime() + options_.rest).count();
  reached_ = false;
  return std::nullopt;
}

base::Status HoldClient::Connect(const checkout::Enrolment& enrolment) {
  if (transport_ && url_ == enrolment.server_url && ca_pem_ == enrolment.ca_pem) return {};
  if (options_.transport) {
    EVERTILL_ASSIGN(transport_, options_.transport(enrolment));
  } else {
    EVERTILL_ASSIGN(HttpClient http, HttpClient::Create({.base_url = enrolment.server_url,
                                                         .ca_pem = enrolment.ca_pem,
                                                         .connect_timeout_ms = options_.connect_timeout_ms,
                                                         .total_timeout_ms = options_.total_timeout_ms}));
    transport_ = std::make_unique<HttpClient>(std::move(http));
  }
  url_ = enrolment.server_url;
  ca_pem_ = enrolment.ca_pem;
  return {};
}

base::Expected<checkout::HoldAnswer> HoldClient::Ask(const checkout::Enrolment& enrolment, domain::MemberId member,
                                                     domain::EventId sale, int64_t points) {
  EVERTILL_TRY(Connect(enrolment));
  EVERTILL_ASSIGN(const checkout::TillIdentity till, store_.Identity());
  wire::ReserveRequest request;
  request.terminal = till.terminal.Name();
  request.incarnation = till.terminal.incarnation;
  EVERTILL_ASSIGN(request.epoch, ToWire(enrolment.epoch));
  request.nonce = base::MakeUuidV7(clock_, random_).ToString();
  request.event_id = sale.ToString();
  request.member = member.ToString();
  request.points = points;
  EVERTILL_ASSIGN(const HttpAnswer answer,
                  transport_->Post("/api/v1/till/reserve", enrolment.token, "application/json", wire::Encode(request)));
  if (answer.status != 200) return base::Fail(RefusalOf(answer));
  EVERTILL_ASSIGN(const wire::HoldReply hold, wire::DecodeHoldReply(answer.body));
  EVERTILL_TRY(CheckSigned(enrolment.server_key, hold.SignedBytes(), hold.signature, "reservation"));
  EVERTILL_TRY(CheckBelongs(EnvelopeOf(request), EnvelopeOf(hold), false, options_.safeguards));
  EVERTILL_TRY(CheckHold(request, hold));
  return ToAnswer(hold);
}

}  // namespace evertill::client
