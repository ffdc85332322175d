#include "sync/client/enrol.h"

#include "app/base/uuid.h"
#include "app/crypto/x509.h"
#include "sync/client/answers.h"
#include "sync/client/http_client.h"
#include "sync/wire/enrol_code.h"
#include "sync/wire/limits.h"
#include "sync/wire/messages.h"

namespace evertill::client {

namespace {

/// The authority's certificate, which must be the one whose fingerprint is in the code.
base::Expected<std::string> FindAuthority(const std::string& url, const wire::EnrolCode& code, std::string pem) {
  const bool given = !pem.empty();
  if (!given) {
    HttpClientOptions options;
    options.base_url = url;
    options.trust_anybody = true;
    options.most_answer_bytes = wire::kMaxSmallBodyBytes;
    EVERTILL_ASSIGN(HttpClient http, HttpClient::Create(std::move(options)));
    EVERTILL_ASSIGN(HttpAnswer answer, http.Get("/ca.pem", ""));
    if (answer.status != 200)
      return base::Fail(ClientErrc::kBadAnswer, "no certificate authority at " + url + "/ca.pem");
    pem = std::move(answer.body);
  }
  const auto fingerprint = crypto::CertificateFingerprint(pem);
  if (!fingerprint || crypto::AsText(*fingerprint).substr(0, wire::kCodeFingerprintBytes) != code.ca_fingerprint) {
    return base::Fail(ClientErrc::kWrongAuthority, given ? "the file given with --ca is not the authority in the code"
                                                         : url + " is not the head office that made this code");
  }
  return crypto::FirstCertificate(pem);
}

base::Expected<wire::EnrolReply> Ask(const std::string& url, const std::string& ca_pem,
                                     const wire::EnrolRequest& request) {
  EVERTILL_ASSIGN(HttpClient http, HttpClient::Create({.base_url = url, .ca_pem = ca_pem}));
  EVERTILL_ASSIGN(const HttpAnswer answer,
                  http.Post("/api/v1/till/enrol", "", "application/json", wire::Encode(request)));
  if (answer.status != 200) return base::Fail(RefusalOf(answer));
  EVERTILL_ASSIGN(wire::EnrolReply reply, wire::DecodeEnrolReply(answer.body));
  if (reply.store != request.store || reply.till != request.till ||
      reply.terminal != request.store + "/" + request.till) {
    return base::Fail(ClientErrc::kBadAnswer, "head office answered for another till: " + reply.terminal);
  }
  return reply;
}

}  // namespace

base::Expected<checkout::Enrolment> Enrol(checkout::SyncStore& store, const EnrolOptions& options) {
  EVERTILL_ASSIGN(const auto known, store.GetEnrolment());
  EVERTILL_ASSIGN(const std::string url, NormaliseServerUrl(options.server_url));
  if (known && (!options.anew || known->server_url != url)) {
    return base::Fail(ClientErrc::kAlreadyEnrolled,
                      "already enrolled at " + known->server_url + "; where that has fenced this till: enroll --anew");
  }
  EVERTILL_ASSIGN(const wire::EnrolCode code, wire::EnrolCode::Parse(options.code));
  EVERTILL_ASSIGN(const checkout::TillIdentity till, store.Identity());
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store.Cursor());
  checkout::Enrolment enrolment;
  enrolment.server_url = url;
  if (url.starts_with("https://")) {
    EVERTILL_ASSIGN(enrolment.ca_pem, FindAuthority(url, code, options.ca_pem));
  }
  wire::EnrolRequest request;
  request.code_secret = code.secret;
  request.store = till.terminal.store.Value();
  request.till = till.terminal.till.Value();
  request.incarnation = till.terminal.incarnation;
  request.head_seq = cursor.head_seq;
  request.name = options.name;
  request.currency = till.currency.Code();
  EVERTILL_ASSIGN(request.public_key, store.PublicKey());
  EVERTILL_ASSIGN(const wire::EnrolReply reply, Ask(url, enrolment.ca_pem, request));
  enrolment.token = reply.token;
  enrolment.server_key = reply.server_key;
  enrolment.epoch = ToCheckout(reply.epoch);
  if (known) {
    if (known->server_key != reply.server_key) {
      return base::Fail(ClientErrc::kAlreadyEnrolled, "already enrolled at another head office of this address");
    }
    enrolment.epoch = known->epoch;  // the next round meets another one in order
  }
  const domain::Terminal terminal{domain::StoreCode(reply.store), domain::TillCode(reply.till), reply.incarnation};
  EVERTILL_TRY(store.SetEnrolment(enrolment, terminal, reply.store_name));
  return enrolment;
}

}  // namespace evertill::client
