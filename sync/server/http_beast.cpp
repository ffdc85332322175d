// The only file that includes Beast: it takes most of a minute to compile.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/base/log.h"
#include "sync/server/errors.h"
#include "sync/server/http.h"
#include "sync/server/http_text.h"
#include "sync/wire/limits.h"

namespace evertill::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using Milliseconds = std::chrono::milliseconds;

/// What all connections of one server have in common.
struct Shared {
  HttpServerOptions options;
  HttpHandler handler;
  std::atomic<int64_t> open{0};
  std::atomic<int64_t> total{0};
  std::atomic<int64_t> requests{0};
  std::atomic<int64_t> oversize{0};
  std::atomic<int64_t> timeouts{0};
  std::atomic<bool> stopping{false};

  void AnswerBegins() {
    const std::lock_guard lock(mutex_);
    ++answering_;
  }
  void AnswerEnds() {
    {
      const std::lock_guard lock(mutex_);
      --answering_;
    }
    all_sent_.notify_all();
  }
  /// Until every request that was handed on is answered, or the time is up.
  void WaitForAnswers(Milliseconds most) {
    std::unique_lock lock(mutex_);
    all_sent_.wait_for(lock, most, [this] { return answering_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_sent_;
  int64_t answering_ = 0;  ///< requests handed on and not yet sent
};

HttpRequest MakeRequest(http::request<http::string_body>&& message, std::string peer, bool secure) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.peer = std::move(peer);
  request.secure = secure;
  SplitTarget(std::string_view(message.target().data(), message.target().size()), request.path, request.query);
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request.headers[name] = std::string(field.value());
  }
  request.body = std::move(message.body());
  return request;
}

http::response<http::string_body> MakeMessage(HttpResponse&& response, bool keep_alive, bool head) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
  message.set(http::field::server, "evertill-hq");
  message.set(http::field::content_type, response.content_type);
  message.set("X-Content-Type-Options", "nosniff");
  message.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  if (head) message.body().clear();  // the length stays
  return message;
}

/// One connection. `Stream` is beast::tcp_stream or an SSL stream over it. All handlers run on the stream's loop.
template <typename Stream>
class Session : public std::enable_shared_from_this<Session<Stream>> {
 public:
  static constexpr bool kSecure = !std::is_same_v<Stream, beast::tcp_stream>;

  template <typename... Extra>
  Session(Shared& shared, tcp::socket socket, Extra&... extra) : shared_(shared), stream_(std::move(socket), extra...) {
    boost::system::error_code ignored;
    const auto remote = Lowest().socket().remote_endpoint(ignored);
    if (!ignored) peer_ = remote.address().to_string();
    ++shared_.open;
    ++shared_.total;
  }
  ~Session() { --shared_.open; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Run() {
    if constexpr (kSecure) {
      Lowest().expires_after(Milliseconds(shared_.options.handshake_timeout_ms));
      stream_.async_handshake(ssl::stream_base::server, [self = this->shared_from_this()](beast::error_code error) {
        if (!error) self->ReadHeader();
      });
    } else {
      ReadHeader();
    }
  }

 private:
  beast::tcp_stream& Lowest() { return beast::get_lowest_layer(stream_); }

  void ReadHeader() {
    if (shared_.stopping) return;
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(wire::kMaxHeaderBytes));
    parser_->body_limit(boost::none);  // decided below, once the path is known
    // One deadline for header and body together: a client that sends a byte now and then gains nothing.
    Lowest().expires_after(Milliseconds(shared_.options.idle_timeout_ms));
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](beast::error_code error, size_t) { self->OnHeader(error); });
  }

  void OnHeader(beast::error_code error) {
    if (error == http::error::end_of_stream) return Close();
    if (error == beast::error::timeout) ++shared_.timeouts;
    if (error == http::error::header_limit) return Refuse(431, "header_too_large", "the request's header is too large");
    if (error) {
      if (error.category() == http::make_error_code(http::error::bad_method).category()) {
        Refuse(400, "bad_request", "not an HTTP request");
      }
      return;
    }
    const auto& message = parser_->get();
    const auto target = message.target();
    const std::string_view path(target.data(), std::min(target.size(), target.find('?')));
    const size_t limit = shared_.options.body_limit ? shared_.options.body_limit(path) : wire::kMaxSmallBodyBytes;
    parser_->body_limit(limit);
    const auto length = parser_->content_length();
    if (length && *length > limit) return RefuseOversize();
    if (message.find(http::field::content_encoding) != message.end()) {
      return Refuse(415, "encoding_not_supported", "send the body uncompressed");
    }
    if (beast::iequals(message[http::field::expect], "100-continue")) return SendContinue();
    ReadBody();
  }

  void SendContinue() {
    static const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(kContinue),
                      [self = this->shared_from_this()](beast::error_code error, size_t) {
                        if (!error) self->ReadBody();
                      });
  }

  void ReadBody() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](beast::error_code error, size_t) { self->OnBody(error); });
  }

  void OnBody(beast::error_code error) {
    if (error == http::error::body_limit) return RefuseOversize();
    if (error == beast::error::timeout) ++shared_.timeouts;
    if (error) return;
    ++shared_.requests;
    shared_.AnswerBegins();
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    head_ = message.method() == http::verb::head;
    if (head_) message.method(http::verb::get);
    Lowest().expires_never();  // the time that an answer takes is ours, not the client's
    HttpResponder respond([self = this->shared_from_this()](HttpResponse response) mutable {
      // To the connection's own loop: the answer may come from any thread.
      asio::post(self->stream_.get_executor(), [self, response = std::move(response)]() mutable {
        self->Write(std::move(response), self->keep_alive_ && !self->shared_.stopping, true);
      });
    });
    shared_.handler(MakeRequest(std::move(message), peer_, kSecure), std::move(respond));
  }

  void RefuseOversize() {
    ++shared_.oversize;
    Refuse(413, "too_large", "the request's body is larger than this server takes");
  }
  void Refuse(int status, std::string_view code, std::string_view message) {
    Write(HttpResponse::Error(status, code, message), false, false);
  }

  void Write(HttpResponse response, bool keep_alive, bool was_handed_on) {
    auto out = std::make_shared<http::response<http::string_body>>(MakeMessage(std::move(response), keep_alive, head_));
    Lowest().expires_after(Milliseconds(shared_.options.write_timeout_ms));
    const auto done = [self = this->shared_from_this(), out, keep_alive, was_handed_on](beast::error_code error,
                                                                                        size_t) {
      if (was_handed_on) self->shared_.AnswerEnds();
      if (error) return;
      if (keep_alive) return self->ReadHeader();
      was_handed_on ? self->Close() : self->Linger();
    };
    if (head_) {
      auto serializer = std::make_shared<http::response_serializer<http::string_body>>(*out);
      http::async_write_header(stream_, *serializer,
                               [done, serializer](beast::error_code error, size_t size) { done(error, size); });
    } else {
      http::async_write(stream_, *out, done);
    }
  }

  void Close() {
    if constexpr (kSecure) {
      Lowest().expires_after(Milliseconds(2000));
      stream_.async_shutdown([self = this->shared_from_this()](beast::error_code) {});
    } else {
      boost::system::error_code ignored;
      stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }
  }

  /// After a refusal in the middle of a request: closing at once would reset the connection, and the client would see
  /// that instead of the answer. So what it still sends is thrown away for a short while.
  void Linger() {
    boost::system::error_code ignored;
    if constexpr (!kSecure) stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    Lowest().expires_after(Milliseconds(2000));
    Discard();
  }
  void Discard() {
    trash_.resize(size_t{64} << 10);
    stream_.async_read_some(asio::buffer(trash_), [self = this->shared_from_this()](beast::error_code error, size_t) {
      if (!error) self->Discard();
    });
  }

  Shared& shared_;
  Stream stream_;
  std::string peer_;
  beast::flat_buffer buffer_{(size_t{1} << 20)};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::vector<char> trash_;
  bool keep_alive_ = false;
  bool head_ = false;
};

class BeastServer final : public HttpServer {
 public:
  BeastServer(HttpServerOptions options, HttpHandler handler) : tls_(ssl::context::tls_server) {
    shared_.options = std::move(options);
    shared_.handler = std::move(handler);
  }
  ~BeastServer() override { Stop(0); }

  base::Status Open() {
    if (shared_.options.tls) EVERTILL_TRY(LoadTls());
    int count = shared_.options.threads;
    if (count <= 0) count = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    for (int i = 0; i < count; ++i) loops_.push_back(std::make_unique<asio::io_context>(1));
    EVERTILL_TRY(Listen());
    for (auto& loop : loops_) {
      guards_.push_back(asio::make_work_guard(*loop));
      threads_.emplace_back([&context = *loop] { context.run(); });
    }
    asio::post(*loops_[0], [this] { Accept(); });
    return {};
  }

  uint16_t Port() const override { return port_; }

  HttpCounters Counters() const override {
    return {shared_.open, shared_.total, shared_.requests, shared_.oversize, shared_.timeouts};
  }

  void Stop(int grace_ms) override {
    if (threads_.empty()) return;
    shared_.stopping = true;
    asio::post(*loops_[0], [this] {
      boost::system::error_code ignored;
      acceptor_->close(ignored);
      retry_->cancel();
    });
    shared_.WaitForAnswers(Milliseconds(grace_ms));
    guards_.clear();
    for (auto& loop : loops_) loop->stop();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    // The loops stay until this object goes: an answer that a worker still makes is posted to one of them in vain.
  }

 private:
  base::Status LoadTls() {
    boost::system::error_code error;
    tls_.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                         ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::single_dh_use,
                     error);
    const auto& options = shared_.options;
    if (!error) tls_.use_certificate_chain(asio::buffer(options.certificate_pem), error);
    if (error) return base::Fail(ServerErrc::kTls, "certificate: " + error.message());
    tls_.use_private_key(asio::buffer(options.private_key_pem), ssl::context::pem, error);
    if (error) return base::Fail(ServerErrc::kTls, "private key: " + error.message());
    SSL_CTX_set_mode(tls_.native_handle(), SSL_MODE_RELEASE_BUFFERS);  // idle tills cost 34 KiB less each
    return {};
  }

  base::Status Listen() {
    const auto& options = shared_.options;
    const std::string where = options.host + ":" + std::to_string(options.port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
    if (error) return base::Fail(ServerErrc::kListen, where + ": not an IP address");
    acceptor_.emplace(*loops_[0]);
    retry_.emplace(*loops_[0]);
    const tcp::endpoint endpoint(address, options.port);
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(4096, error);
    if (error) return base::Fail(ServerErrc::kListen, where + ": " + error.message());
    port_ = acceptor_->local_endpoint(error).port();
    return {};
  }

  void Accept() {
    if (shared_.stopping) return;
    asio::io_context& loop = *loops_[next_++ % loops_.size()];
    acceptor_->async_accept(loop, [this](beast::error_code error, tcp::socket socket) {
      if (shared_.stopping) return;
      if (error) {  // out of descriptors, most likely: wait until some are free
        base::LogWarn("accept: {}", error.message());
        retry_->expires_after(Milliseconds(100));
        return retry_->async_wait([this](beast::error_code cancelled) {
          if (!cancelled) Accept();
        });
      }
      if (shared_.open < shared_.options.max_connections) Begin(std::move(socket));
      Accept();
    });
  }

  void Begin(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto executor = socket.get_executor();
    if (shared_.options.tls) {
      auto session = std::make_shared<Session<beast::ssl_stream<beast::tcp_stream>>>(shared_, std::move(socket), tls_);
      asio::post(executor, [session] { session->Run(); });
    } else {
      auto session = std::make_shared<Session<beast::tcp_stream>>(shared_, std::move(socket));
      asio::post(executor, [session] { session->Run(); });
    }
  }

  Shared shared_;
  ssl::context tls_;
  std::vector<std::unique_ptr<asio::io_context>> loops_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards_;
  std::vector<std::thread> threads_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> retry_;
  size_t next_ = 0;
  uint16_t port_ = 0;
};

}  // namespace

base::Expected<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options, HttpHandler handler) {
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
  EVERTILL_TRY(server->Open());
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace evertill::server
