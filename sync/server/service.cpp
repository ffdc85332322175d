#include "sync/server/service.h"

#include "app/base/log.h"
#include "app/sqlite/error.h"
#include "sync/server/errors.h"
#include "sync/server/web/pages.h"
#include "sync/wire/errors.h"
#include "sync/wire/limits.h"

namespace evertill::server {

namespace {

int StatusOf(const base::Error& error) {
  if (error.Is(ServerErrc::kUnauthorised)) return 401;
  if (error.Is(ServerErrc::kForbidden) || error.Is(ServerErrc::kCodeRefused) || error.Is(ServerErrc::kTillFenced)) {
    return 403;
  }
  if (error.Is(ServerErrc::kTerminalInUse) || error.Is(ServerErrc::kCurrencyDiffers) || error.Is(ServerErrc::kFork) ||
      error.Is(ServerErrc::kGap)) {
    return 409;
  }
  if (error.Is(ServerErrc::kTooManyTries)) return 429;
  if (error.Is(wire::WireErrc::kTooLarge)) return 413;
  for (const ServerErrc refusal : {ServerErrc::kBadCursor, ServerErrc::kOtherEpoch, ServerErrc::kBadArgument,
                                   ServerErrc::kChainBroken, ServerErrc::kBadSignature, ServerErrc::kUnknownStore}) {
    if (error.Is(refusal)) return 400;
  }
  if (error.Is(wire::WireErrc::kMalformed) || error.Is(wire::WireErrc::kBadEnrolCode)) return 400;
  return 503;
}

HttpResponse TooBusy() {
  HttpResponse response = HttpResponse::Error(503, "busy", "too much is waiting; try again shortly");
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

}  // namespace

HttpResponse AnswerError(const base::Error& error) {
  const int status = StatusOf(error);
  if (status == 503) {
    // What the disk said is for the log, not for whoever asks.
    base::LogError("request failed: {}", error.ToString());
    HttpResponse response = HttpResponse::Error(503, "unavailable", "head office cannot do this just now; try again");
    response.headers.emplace_back("Retry-After", "5");
    return response;
  }
  HttpResponse response = HttpResponse::Error(status, error.Name(), error.Detail());
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 429) response.headers.emplace_back("Retry-After", "60");
  return response;
}

Service::Service(ServiceParts parts)
    : clock_(parts.clock),
      random_(parts.random),
      keys_(std::move(parts.keys)),
      ca_pem_(std::move(parts.ca_pem)),
      epoch_(std::move(parts.epoch)),
      http_counters_(std::move(parts.http_counters)),
      sessions_(clock_, random_),
      enrol_tries_(clock_, 10, 200),
      sign_in_tries_(clock_, 10, 200),
      readers_(std::move(parts.readers)),
      writer_(std::move(parts.writer)) {}

Service::~Service() {
  // The writer first: what it finishes may still be answered by a reader; a reader that then wants it is told no.
  writer_.Close();
  readers_.Close();
}

size_t Service::BodyLimit(std::string_view path) {
  // A hello may bring the whole list of lost cards back to a head office that was restored.
  const bool large = path == "/api/v1/till/events" || path == "/api/v1/till/hello";
  return large ? wire::kMaxBodyBytes : wire::kMaxSmallBodyBytes;
}

const std::vector<Service::Route>& Service::Routes() {
  static const std::vector<Route> kRoutes{
      {"POST", "/api/v1/till/enrol", &Service::Enrol},
      {"POST", "/api/v1/till/events", &Service::Events},
      {"POST", "/api/v1/till/hello", &Service::Hello},
      {"POST", "/api/v1/till/rights", &Service::WriteForTill},
      {"POST", "/api/v1/till/reserve", &Service::WriteForTill},
      {"POST", "/api/v1/till/life", &Service::WriteForTill},
      {"GET", "/api/v1/till/changes", &Service::ReadForTill},
      {"GET", "/api/v1/till/revocations", &Service::ReadForTill},
      {"GET", "/api/v1/log", &Service::Log},
      {"GET", "/healthz", &Service::Health},
      {"GET", "/readyz", &Service::Ready},
      {"GET", "/metrics", &Service::Metrics},
      {"GET", "/ca.pem", &Service::AuthorityFile},
      {"GET", "/openapi.json", &Service::OpenApiFile},
      {"GET", "/", &Service::FrontPage},
      {"GET", "/style.css", &Service::StyleFile},
      {"GET", "/icon.svg", &Service::IconFile},
      {"POST", "/sign-in", &Service::SignIn},
      {"POST", "/sign-out", &Service::SignOut},
      {"GET", "/first-run", &Service::FirstRunForm},
      {"POST", "/first-run", &Service::FirstRun},
  };
  return kRoutes;
}

void Service::Handle(HttpRequest request, HttpResponder respond) {
  bool path_known = false;
  for (const Route& route : Routes()) {
    if (route.path != request.path) continue;
    path_known = true;
    if (route.method != request.method) continue;
    return (this->*route.handler)(std::make_shared<Call>(Call{std::move(request), std::move(respond)}));
  }
  if (path_known) return respond(HttpResponse::Error(405, "method_not_allowed", "not with this method"));
  if (request.path.starts_with("/api/")) {
    return respond(HttpResponse::Error(404, "no_such_address", "see /openapi.json"));
  }
  respond(HttpResponse::Html(404, web::MessagePage("Nothing here", "This page does not exist.")));
}

void Service::Read(const CallPtr& call, std::function<HttpResponse(Store&)> work) {
  const bool taken = readers_.Post([call, work = std::move(work)](Store& store) {
    if (const auto begun = store.BeginRead(); !begun) return call->respond(AnswerError(begun.error()));
    HttpResponse response = work(store);
    store.EndRead();
    call->respond(std::move(response));
  });
  if (!taken) call->respond(TooBusy());
}

void Service::Write(const CallPtr& call, WriteQueue::Work work, WriteQueue::Done done) {
  if (!writer_.Post(std::move(work), std::move(done))) call->respond(TooBusy());
}

}  // namespace evertill::server
