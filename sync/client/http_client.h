#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "sync/client/errors.h"
#include "sync/client/transport.h"

namespace evertill::client {

struct HttpClientOptions {
  std::string base_url;  ///< https://host[:port], or http:// to a loopback host; no trailing slash
  std::string ca_pem;    ///< the only authority that is trusted for https
  /// Only to fetch the authority's certificate, which is then checked against the enrolment code.
  bool trust_anybody = false;
  long connect_timeout_ms = 5'000;
  long total_timeout_ms = 60'000;
  size_t most_answer_bytes = size_t{8} << 20;
};

/// Requests to one head office over one kept connection: TLS 1.2 or newer, host and authority verified, no redirects,
/// no other protocols, answers cut off at a number of bytes that is counted here. One thread at a time.
class HttpClient final : public Transport {
 public:
  /// kBadUrl. `cancelled` (may be null) ends a running request soon after it turns true; it must outlive this.
  [[nodiscard]] static base::Expected<HttpClient> Create(HttpClientOptions options,
                                                         const std::atomic<bool>* cancelled = nullptr);
  ~HttpClient() override;
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// Any HTTP status is an answer. `bearer` may be empty.
  [[nodiscard]] base::Expected<HttpAnswer> Get(const std::string& path, const std::string& bearer) override;
  [[nodiscard]] base::Expected<HttpAnswer> Post(const std::string& path, const std::string& bearer,
                                                const std::string& content_type, const std::string& body) override;

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  base::Expected<HttpAnswer> Perform(const std::string& path, const std::string& bearer,
                                     const std::string& content_type, const std::string* body);
  std::unique_ptr<State> state_;
};

/// The URL without trailing slashes. kBadUrl unless it is https://host[:port] or http:// to a loopback host, without
/// user, path, query or fragment.
[[nodiscard]] base::Expected<std::string> NormaliseServerUrl(std::string_view url);

/// Percent-encodes everything but unreserved characters (RFC 3986).
[[nodiscard]] std::string EscapeQuery(std::string_view text);

}  // namespace evertill::client
