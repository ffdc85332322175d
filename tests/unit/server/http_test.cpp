#include <chrono>
#include <thread>

#include "app/crypto/x509.h"
#include "sync/client/http_client.h"
#include "sync/server/http.h"
#include "tests/unit/server/raw_socket.h"

namespace evertill::test {

using client::ClientErrc;
using server::HttpRequest;
using server::HttpResponder;
using server::HttpResponse;
using server::HttpServer;
using server::HttpServerOptions;

namespace {

std::unique_ptr<HttpServer> StartEcho(HttpServerOptions options) {
  options.port = 0;
  auto started = HttpServer::Start(std::move(options), [](HttpRequest request, HttpResponder respond) {
    if (request.path == "/lost") return;  // never answered
    respond(HttpResponse::Text(200, request.method + " " + request.path + " " + request.body));
  });
  INFO((started ? std::string() : started.error().ToString()));
  REQUIRE(started);
  return std::move(*started);
}

HttpServerOptions Plain() {
  HttpServerOptions options;
  options.tls = false;
  return options;
}

std::string Url(const HttpServer& server, bool tls = false) {
  return std::string(tls ? "https" : "http") + "://127.0.0.1:" + std::to_string(server.Port());
}

}  // namespace

TEST_CASE("HTTP: 64 idle and half-sent connections do not hold up the 65th", "[server][http]") {
  const auto server = StartEcho(Plain());
  std::vector<RawSocket> idle;
  for (int i = 0; i < 32; ++i) idle.emplace_back(server->Port());
  for (int i = 0; i < 32; ++i) {
    idle.emplace_back(server->Port());
    idle.back().Send("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nonly this");
  }
  const auto start = std::chrono::steady_clock::now();
  auto http = client::HttpClient::Create({.base_url = Url(*server), .ca_pem = {}});
  const auto answer = http->Post("/quick", "", "text/plain", "x");
  const auto took = std::chrono::steady_clock::now() - start;
  REQUIRE(answer);
  CHECK(answer->body == "POST /quick x");
  CHECK(took < std::chrono::seconds(2));
  CHECK(server->Counters().connections_open >= 64);
}

TEST_CASE("HTTP: a client that is too slow is let go, header and body alike", "[server][http]") {
  HttpServerOptions options = Plain();
  options.idle_timeout_ms = 300;
  const auto server = StartEcho(options);
  const RawSocket header(server->Port());
  header.Send("GET / HTTP/1.1\r\nHost:");
  const RawSocket body(server->Port());
  body.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");
  // A byte now and then does not buy more time.
  for (int i = 0; i < 8; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    body.Send("x");
  }
  CHECK(header.ReadAll(2000).empty());
  CHECK(body.ReadAll(2000).empty());
  CHECK(server->Counters().timeouts == 2);
}

TEST_CASE("HTTP: what is too large is answered 413, announced or not, and said before it is sent", "[server][http]") {
  HttpServerOptions options = Plain();
  options.body_limit = [](std::string_view path) { return path == "/large" ? size_t{1} << 20 : size_t{1000}; };
  const auto server = StartEcho(options);
  auto http = client::HttpClient::Create({.base_url = Url(*server), .ca_pem = {}});
  CHECK(http->Post("/small", "", "text/plain", std::string(1000, 'x'))->status == 200);
  CHECK(http->Post("/small", "", "text/plain", std::string(1001, 'x'))->status == 413);
  CHECK(http->Post("/large?a=b", "", "text/plain", std::string(size_t{1} << 20, 'x'))->status == 200);
  CHECK(http->Post("/large", "", "text/plain", std::string((size_t{1} << 20) + 1, 'x'))->status == 413);
  CHECK(http->Post("/large", "", "text/plain", std::string(size_t{20} << 20, 'x'))->status == 413);
  CHECK(Exchange(server->Port(),
                 "POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n")
            .starts_with("HTTP/1.1 413"));
  std::string chunked = "POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) chunked += "64\r\n" + std::string(100, 'y') + "\r\n";
  CHECK(Exchange(server->Port(), chunked + "0\r\n\r\n").starts_with("HTTP/1.1 413"));
  CHECK(Exchange(server->Port(), "GET / HTTP/1.1\r\nX: " + std::string(40'000, 'h') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431"));
  CHECK(server->Counters().refused_oversize == 5);
}

TEST_CASE("HTTP: bad requests are refused and hurt nobody", "[server][http]") {
  const auto server = StartEcho(Plain());
  CHECK(Exchange(server->Port(), "nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(Exchange(server->Port(), "POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
            .starts_with("HTTP/1.1 415"));
  CHECK(Exchange(server->Port(), "GET /a%2Fb HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").find("GET /a/b") !=
        std::string::npos);
  // Two requests in one packet are two answers, in order.
  const std::string both = Exchange(
      server->Port(), "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  CHECK(both.find("GET /1") < both.find("GET /2"));
  CHECK(both.find("GET /2") != std::string::npos);
  CHECK(Exchange(server->Port(), "HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").ends_with("\r\n\r\n"));
}

TEST_CASE("HTTP: a handler that loses its request is answered for", "[server][http]") {
  const auto server = StartEcho(Plain());
  auto http = client::HttpClient::Create({.base_url = Url(*server), .ca_pem = {}});
  CHECK(http->Get("/lost", "")->status == 500);
  CHECK(http->Get("/next", "")->status == 200);
}

TEST_CASE("HTTP: stopping sends the answers that are under way", "[server][http]") {
  HttpServerOptions options = Plain();
  options.port = 0;
  std::vector<std::thread> workers;
  auto server = HttpServer::Start(options, [&](HttpRequest, HttpResponder respond) {
    workers.emplace_back([respond] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      respond(HttpResponse::Text(200, "done"));
    });
  });
  REQUIRE(server);
  const RawSocket socket((*server)->Port());
  socket.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  (*server)->Stop(5000);
  CHECK(socket.ReadAll().ends_with("done"));
  for (auto& worker : workers) worker.join();
}

TEST_CASE("TLS: only the pinned authority, only the right host", "[server][http][tls]") {
  base::ManualClock clock(base::FromUnixMillis(
      std::chrono::duration_cast<std::chrono::milliseconds>(base::MakeSystemClock()->Now().time_since_epoch())
          .count()));
  const auto random = base::MakeSystemRandom();
  const auto days = std::chrono::days(30);
  const auto authority = crypto::MakeAuthority("Test CA", clock.Now(), days, *random);
  const auto other = crypto::MakeAuthority("Test CA", clock.Now(), days, *random);
  REQUIRE(authority);
  REQUIRE(other);
  HttpServerOptions options;
  std::vector<std::string> hosts{"127.0.0.1"};
  base::Instant made = clock.Now();
  std::chrono::days valid = days;
  bool trusted = true;
  std::string pinned = authority->certificate_pem;
  SECTION("right") {}
  SECTION("another authority of the same name") {
    pinned = other->certificate_pem;
    trusted = false;
  }
  SECTION("no authority: the machine's own are not used") {
    pinned.clear();
    trusted = false;
  }
  SECTION("another host") {
    hosts = {"hq.example"};
    trusted = false;
  }
  SECTION("expired") {
    made = clock.Now() - std::chrono::days(20);
    valid = std::chrono::days(10);
    trusted = false;
  }
  const auto certificate = crypto::IssueServerCertificate(*authority, hosts, made, valid, *random);
  REQUIRE(certificate);
  options.certificate_pem = certificate->certificate_pem;
  options.private_key_pem = certificate->private_key_pem;
  const auto server = StartEcho(options);
  auto http = client::HttpClient::Create({.base_url = Url(*server, true), .ca_pem = pinned});
  const auto answer = http->Get("/x", "");
  CHECK(answer.has_value() == trusted);
  if (!trusted) CHECK(answer.error().Is(ClientErrc::kNotTrusted));
  if (trusted) CHECK(answer->body == "GET /x ");
}

TEST_CASE("TLS: nothing older than 1.2, and plain text is not answered", "[server][http][tls]") {
  Office office;
  office.Serve();
  CHECK(Exchange(office.running->Port(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n").find("200") == std::string::npos);
  auto plain = client::HttpClient::Create(
      {.base_url = "http://127.0.0.1:" + std::to_string(office.running->Port()), .ca_pem = {}});
  CHECK_FALSE(plain->Get("/healthz", ""));
}

TEST_CASE("Serve: plain HTTP beyond this machine is refused", "[server][serve]") {
  Office office;
  server::ServeOptions options;
  options.database = office.file;
  options.plain_http = true;
  options.port = 0;
  options.host = "0.0.0.0";
  const auto refused = server::RunningHeadOffice::Start(options, office.clock, *office.random);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(server::ServerErrc::kBadArgument));
}

TEST_CASE("Serve: a busy port and a bad certificate are told clearly", "[server][serve]") {
  Office office;
  Office other;  // a database has one that serves it
  office.Serve();
  server::ServeOptions options;
  options.database = other.file;
  options.port = office.running->Port();
  const auto busy = server::RunningHeadOffice::Start(options, office.clock, *office.random);
  REQUIRE_FALSE(busy);
  CHECK(busy.error().Is(server::ServerErrc::kListen));
  options.port = 0;
  options.certificate = options.private_key = office.file;  // no PEM
  const auto bad = server::RunningHeadOffice::Start(options, office.clock, *office.random);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().Is(server::ServerErrc::kTls));
}

}  // namespace evertill::test
