#include "sync/server/http.h"

#include <atomic>

#include "sync/wire/messages.h"

namespace evertill::server {

std::string_view HttpRequest::Header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string_view() : found->second;
}

std::string_view HttpRequest::Query(std::string_view name) const {
  const auto found = query.find(std::string(name));
  return found == query.end() ? std::string_view() : found->second;
}

HttpResponse HttpResponse::Json(int status, std::string body) {
  return {.status = status, .content_type = "application/json", .body = std::move(body), .headers = {}};
}
HttpResponse HttpResponse::Text(int status, std::string body) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(body), .headers = {}};
}
HttpResponse HttpResponse::Html(int status, std::string body) {
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(body),
          .headers = {{"Content-Security-Policy",
                       "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                       "frame-ancestors 'none'"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Frame-Options", "DENY"}}};
}
HttpResponse HttpResponse::Error(int status, std::string_view code, std::string_view message) {
  return Json(status, wire::Encode(wire::ErrorReply{std::string(code), std::string(message), std::nullopt}));
}
HttpResponse HttpResponse::SeeOther(std::string location) {
  return {.status = 303, .content_type = "text/plain", .body = {}, .headers = {{"Location", std::move(location)}}};
}

struct HttpResponder::State {
  explicit State(Send function) : send(std::move(function)) {}
  ~State() {
    if (!answered.exchange(true)) send(HttpResponse::Error(500, "internal", "no answer was made"));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  Send send;
  std::atomic<bool> answered{false};
};

HttpResponder::HttpResponder(Send send) : state_(std::make_shared<State>(std::move(send))) {}

void HttpResponder::operator()(HttpResponse response) const {
  if (state_->answered.exchange(true)) return;
  const Send send = std::move(state_->send);  // lets go of the connection even while copies of this live on
  send(std::move(response));
}

}  // namespace evertill::server
