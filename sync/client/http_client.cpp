#include "sync/client/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace evertill::client {

namespace {

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

void StartCurlOnce() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

/// What a transfer writes to, and when it must stop.
struct Sink {
  std::string body;
  size_t most = 0;
  bool overflow = false;
  const std::atomic<bool>* cancelled = nullptr;
};

size_t OnData(char* data, size_t size, size_t count, void* target) {
  auto& sink = *static_cast<Sink*>(target);
  const size_t bytes = size * count;
  // Counted here: libcurl's own limit looks at the announced length only.
  if (sink.body.size() + bytes > sink.most) {
    sink.overflow = true;
    return 0;
  }
  sink.body.append(data, bytes);
  return bytes;
}

int OnProgress(void* target, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& sink = *static_cast<const Sink*>(target);
  return sink.cancelled != nullptr && *sink.cancelled ? 1 : 0;
}

bool IsLoopbackHost(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

bool IsTrustFailure(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR ||
         code == CURLE_SSL_CERTPROBLEM;
}

}  // namespace

std::string_view ErrorName(ClientErrc code) {
  switch (code) {
    case ClientErrc::kBadUrl:
      return "bad_server_url";
    case ClientErrc::kUnreachable:
      return "head_office_unreachable";
    case ClientErrc::kNotTrusted:
      return "head_office_not_trusted";
    case ClientErrc::kWrongAuthority:
      return "wrong_authority";
    case ClientErrc::kRefused:
      return "head_office_refused";
    case ClientErrc::kBadAnswer:
      return "bad_answer";
    case ClientErrc::kAlreadyEnrolled:
      return "already_enrolled";
    case ClientErrc::kForked:
      return "journal_forked";
    case ClientErrc::kCancelled:
      return "cancelled";
  }
  return "client_error";
}

struct HttpClient::State {
  HttpClientOptions options;
  const std::atomic<bool>* cancelled = nullptr;
  std::unique_ptr<CURL, FreeEasy> easy;
};

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

base::Expected<std::string> NormaliseServerUrl(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::string text(url);
  const bool secure = url.starts_with("https://");
  if (!secure && !url.starts_with("http://")) {
    return base::Fail(ClientErrc::kBadUrl, text + ": expected https://HOST:PORT");
  }
  const std::string_view place = url.substr(secure ? 8 : 7);
  if (place.empty() || place.find_first_of("/?#@ \t\r\n\\") != std::string_view::npos) {
    return base::Fail(ClientErrc::kBadUrl, text + ": expected https://HOST:PORT and nothing after it");
  }
  size_t end = place.rfind(':');
  if (end == std::string_view::npos || (place.front() == '[' && end < place.find(']'))) end = place.size();
  if (!secure && !IsLoopbackHost(place.substr(0, end))) {
    return base::Fail(ClientErrc::kBadUrl, text + ": plain http only to this very machine; use https");
  }
  return text;
}

std::string EscapeQuery(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

base::Expected<HttpClient> HttpClient::Create(HttpClientOptions options, const std::atomic<bool>* cancelled) {
  StartCurlOnce();
  EVERTILL_ASSIGN(options.base_url, NormaliseServerUrl(options.base_url));
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  state->cancelled = cancelled;
  state->easy.reset(curl_easy_init());
  if (!state->easy) return base::Fail(ClientErrc::kUnreachable, "libcurl cannot start");
  return HttpClient(std::move(state));
}

namespace {

/// Everything that keeps a transfer within its bounds; set anew for each request.
void SetLimits(CURL* easy, const HttpClientOptions& options) {
  curl_easy_reset(easy);  // keeps the connection
  const bool secure = options.base_url.starts_with("https://");
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, options.connect_timeout_ms);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, options.total_timeout_ms);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "evertill");
  if (!secure) return;
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, options.trust_anybody ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, options.trust_anybody ? 0L : 2L);
  // The pinned authority and nothing else: the machine's own store (file and folder) is switched off.
  curl_blob authority{};
  authority.data = const_cast<char*>(options.ca_pem.data());  // libcurl copies it
  authority.len = options.ca_pem.size();
  authority.flags = CURL_BLOB_COPY;
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  if (!options.ca_pem.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &authority);
}

base::Error TransferError(CURLcode code, const char* text, const Sink& sink) {
  if (sink.overflow) return {ClientErrc::kBadAnswer, "the answer is larger than this till takes"};
  if (code == CURLE_ABORTED_BY_CALLBACK) return {ClientErrc::kCancelled, ""};
  std::string detail = text[0] != '\0' ? text : curl_easy_strerror(code);
  if (IsTrustFailure(code)) return {ClientErrc::kNotTrusted, std::move(detail)};
  return {ClientErrc::kUnreachable, std::move(detail)};
}

}  // namespace

base::Expected<HttpAnswer> HttpClient::Perform(const std::string& path, const std::string& bearer,
                                               const std::string& content_type, const std::string* body) {
  CURL* easy = state_->easy.get();
  SetLimits(easy, state_->options);
  const std::string url = state_->options.base_url + path;
  std::unique_ptr<curl_slist, FreeList> headers;
  const auto add = [&headers](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  if (!bearer.empty()) add("Authorization: Bearer " + bearer);
  if (body != nullptr) {
    add("Content-Type: " + content_type);
    add("Expect:");  // a batch is small enough to send at once
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body->data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
  }
  Sink sink;
  sink.most = state_->options.most_answer_bytes;
  sink.cancelled = state_->cancelled;
  std::array<char, CURL_ERROR_SIZE> problem{};
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem.data());
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnData);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &sink);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &OnProgress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &sink);
  const CURLcode code = curl_easy_perform(easy);
  if (code != CURLE_OK) return base::Fail(TransferError(code, problem.data(), sink));
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return HttpAnswer{static_cast<int>(status), std::move(sink.body)};
}

base::Expected<HttpAnswer> HttpClient::Get(const std::string& path, const std::string& bearer) {
  return Perform(path, bearer, "", nullptr);
}

base::Expected<HttpAnswer> HttpClient::Post(const std::string& path, const std::string& bearer,
                                            const std::string& content_type, const std::string& body) {
  return Perform(path, bearer, content_type, &body);
}

}  // namespace evertill::client
