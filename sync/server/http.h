#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/base/expected.h"

namespace evertill::server {

/// One request, whole. Names of headers are lower case.
struct HttpRequest {
  std::string method;
  std::string path;                          ///< decoded, always starts with '/'
  std::map<std::string, std::string> query;  ///< decoded; the last of equal names counts
  std::map<std::string, std::string> headers;
  std::string body;
  std::string peer;  ///< address without port
  bool secure = false;

  /// "" when absent.
  [[nodiscard]] std::string_view Header(std::string_view name) const;
  [[nodiscard]] std::string_view Query(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  [[nodiscard]] static HttpResponse Json(int status, std::string body);
  [[nodiscard]] static HttpResponse Text(int status, std::string body);
  [[nodiscard]] static HttpResponse Html(int status, std::string body);
  /// `{"error":{"code","message"}}`
  [[nodiscard]] static HttpResponse Error(int status, std::string_view code, std::string_view message);
  [[nodiscard]] static HttpResponse SeeOther(std::string location);
};

/// Answers one request, once, from any thread. When the last copy goes away unanswered, the client gets a 500: a lost
/// answer must never look like an open connection.
class HttpResponder {
 public:
  using Send = std::function<void(HttpResponse)>;
  explicit HttpResponder(Send send);
  void operator()(HttpResponse response) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Called on a connection's thread: must not block, hands the work on.
using HttpHandler = std::function<void(HttpRequest, HttpResponder)>;

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 8443;  ///< 0: any free one
  bool tls = true;
  std::string certificate_pem;  ///< chain, leaf first
  std::string private_key_pem;
  int threads = 0;  ///< 0: one for each core
  int max_connections = 12000;
  int idle_timeout_ms = 60'000;   ///< between requests, and for a whole request to come in
  int write_timeout_ms = 60'000;  ///< for an answer to be taken
  int handshake_timeout_ms = 10'000;
  /// Largest body that a request may have, known from its path before the body is read.
  std::function<size_t(std::string_view path)> body_limit;
};

/// What is counted for /metrics.
struct HttpCounters {
  int64_t connections_open = 0;
  int64_t connections_total = 0;
  int64_t requests_total = 0;
  int64_t refused_oversize = 0;
  int64_t timeouts = 0;
};

/// HTTP/1.1 over TCP or TLS, asynchronous: one event loop a thread, so that slow or idle clients hold nobody up.
class HttpServer {
 public:
  /// Listens and serves until Stop(). kListen or kTls with the reason.
  [[nodiscard]] static base::Expected<std::unique_ptr<HttpServer>> Start(HttpServerOptions options,
                                                                         HttpHandler handler);
  virtual ~HttpServer() = default;
  [[nodiscard]] virtual uint16_t Port() const = 0;
  [[nodiscard]] virtual HttpCounters Counters() const = 0;
  /// No new connections; answers under way are sent, for at most `grace_ms`; then everything is closed. Blocks.
  /// Responders may outlive Stop(), but not this object.
  virtual void Stop(int grace_ms) = 0;
};

}  // namespace evertill::server
