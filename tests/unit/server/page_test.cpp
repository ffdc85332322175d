#include <boost/json.hpp>

#include "sync/client/http_client.h"
#include "sync/server/http_text.h"
#include "sync/server/web/pages.h"
#include "tests/unit/server/raw_socket.h"

namespace evertill::test {

namespace {

std::string HeaderOf(const std::string& response, const std::string& name) {
  const size_t at = response.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const size_t start = at + name.size() + 4;
  return response.substr(start, response.find("\r\n", start) - start);
}

std::string Post(const std::string& path, const std::string& body, const std::string& headers = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers +
         "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}
std::string Get(const std::string& path, const std::string& headers = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n";
}

}  // namespace

TEST_CASE("Page: nothing is shown before sign-in, and a session ends with sign-out", "[server][page]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  const auto reply = office.Enrol(till);
  till.AddSale(std::nullopt, 0, 104239);
  REQUIRE(office.Take(till.MakeBatch(1, 1, office.epoch)));
  const std::string token = office.Token(server::TokenRole::kAdmin);
  office.Serve(true);
  const uint16_t port = office.running->Port();

  const std::string door = Exchange(port, Get("/"));
  CHECK(door.find("Access token") != std::string::npos);
  CHECK(door.find("1,042.39") == std::string::npos);
  CHECK(HeaderOf(door, "Content-Security-Policy").starts_with("default-src 'none'"));
  CHECK(HeaderOf(door, "X-Frame-Options") == "DENY");

  CHECK(Exchange(port, Post("/sign-in", "token=wrong")).starts_with("HTTP/1.1 401"));
  CHECK(Exchange(port, Post("/sign-in", "token=" + reply.token)).starts_with("HTTP/1.1 401"));
  CHECK(Exchange(port, Post("/sign-in", "token=" + token, "Origin: https://evil.example\r\n"))
            .starts_with("HTTP/1.1 403"));
  CHECK(
      Exchange(port, Post("/sign-in", "token=" + token, "Sec-Fetch-Site: cross-site\r\n")).starts_with("HTTP/1.1 403"));

  const std::string in = Exchange(port, Post("/sign-in", "token=" + token, "Origin: http://h\r\n"));
  CHECK(in.starts_with("HTTP/1.1 303"));
  const std::string cookie = HeaderOf(in, "Set-Cookie");
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(cookie.find("SameSite=Strict") != std::string::npos);
  CHECK(cookie.find(token) == std::string::npos);
  const std::string sent = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  const std::string page = Exchange(port, Get("/", sent));
  CHECK(page.find("฿1,042.39") != std::string::npos);
  CHECK(page.find("L03-1") != std::string::npos);
  CHECK(Exchange(port, Get("/api/v1/log", sent)).starts_with("HTTP/1.1 200"));

  CHECK(Exchange(port, Post("/sign-out", "", sent)).starts_with("HTTP/1.1 303"));
  CHECK(Exchange(port, Get("/", sent)).find("Access token") != std::string::npos);
}

TEST_CASE("Page: the first administrator's link makes a token once", "[server][page]") {
  Office office;
  office.Serve(true);
  const uint16_t port = office.running->Port();
  const std::string form = Exchange(port, Get("/first-run?code=" + office.first_admin_code));
  CHECK(form.find("Make my token") != std::string::npos);
  const std::string made = Exchange(port, Post("/first-run", "code=" + office.first_admin_code));
  const size_t at = made.find("evt_");
  REQUIRE(at != std::string::npos);
  const std::string token = made.substr(at, made.find('<', at) - at);
  CHECK(server::Authenticate(*office.store, "Bearer " + token)->role == server::TokenRole::kAdmin);
  CHECK(Exchange(port, Post("/first-run", "code=" + office.first_admin_code)).starts_with("HTTP/1.1 403"));
}

TEST_CASE("Page: hostile text from outside is only ever text", "[server][page]") {
  const std::string payload = "<script>alert(1)</script>\"'><img src=x onerror=y>";
  server::web::Overview overview;
  overview.now = base::FromUnixMillis(1'790'000'000'000);
  overview.stores = {{payload, payload, "THB"}};
  server::TerminalRow till;
  till.terminal = till.store = till.till = payload;
  overview.terminals = {till};
  server::EventRow row;
  row.store = row.till = row.terminal = row.kind = row.receipt = row.currency = payload;
  overview.latest = {row};
  overview.member_labels = {payload};
  overview.role = payload;
  for (const std::string& page :
       {server::web::OverviewPage(overview), server::web::SignInPage(payload), server::web::FirstRunPage(payload),
        server::web::FirstTokenPage(payload), server::web::MessagePage(payload, payload)}) {
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("<img src=x") == std::string::npos);
    CHECK(page.find("\"'>") == std::string::npos);
  }
}

TEST_CASE("Page: a member is shown by the last digits of the card only", "[server][page]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("สมชาย ใจดี", "0812345678", "1000000000004417");
  till.AddSale(member, 4, 500);
  REQUIRE(office.Take(till.MakeBatch(1, 2, office.epoch)));
  const std::string token = office.Token(server::TokenRole::kAuditor);
  office.Serve(true);
  const uint16_t port = office.running->Port();
  const std::string cookie = HeaderOf(Exchange(port, Post("/sign-in", "token=" + token)), "Set-Cookie");
  const std::string page = Exchange(port, Get("/", "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n"));
  CHECK(page.find("••• 4417") != std::string::npos);
  CHECK(page.find("สมชาย") == std::string::npos);
  CHECK(page.find("0812345678") == std::string::npos);
  CHECK(page.find("1000000000004417") == std::string::npos);
}

TEST_CASE("openapi.json is true: every address in it exists, and every address for machines is in it",
          "[server][page]") {
  const auto description = boost::json::parse(std::string(server::web::OpenApi())).as_object();
  Office office;
  office.Serve(true);
  const uint16_t port = office.running->Port();
  for (const auto& [path, methods] : description.at("paths").as_object()) {
    for (const auto& [method, about] : methods.as_object()) {
      INFO(std::string(path) << " " << std::string(method));
      const std::string response =
          Exchange(port, method == "get" ? Get(std::string(path)) : Post(std::string(path), "{}"));
      const std::string status = response.substr(9, 3);
      CHECK(status != "404");
      CHECK(status != "405");
      const bool told = about.as_object().at("responses").as_object().contains(status);
      CHECK((told || status == "400"));
    }
  }
  for (const char* path : {"/api/v1/log", "/healthz", "/readyz", "/metrics", "/openapi.json", "/ca.pem"}) {
    CHECK(description.at("paths").as_object().contains(path));
  }
  CHECK(Exchange(port, Get("/api/v1/nothing")).starts_with("HTTP/1.1 404"));
  CHECK(Exchange(port, Post("/healthz", "")).starts_with("HTTP/1.1 405"));
}

TEST_CASE("Form and cookie texts are read as browsers write them", "[server][page]") {
  auto form = server::ParseForm("token=a%2Bb+c&empty=&x");
  CHECK(form["token"] == "a+b c");
  CHECK(form["empty"].empty());
  CHECK(form.contains("x"));
  CHECK(server::CookieValue("a=1; evertill=xyz; b=2", "evertill") == "xyz");
  CHECK(server::CookieValue("notevertill=1", "evertill").empty());
  std::string path;
  std::map<std::string, std::string> query;
  server::SplitTarget("/a%20b?c=%ZZ&d=1+1", path, query);
  CHECK(path == "/a b");
  CHECK(query["c"] == "%ZZ");
  CHECK(query["d"] == "1 1");
  CHECK(server::ParseHostPort("[::1]:80")->host == "::1");
  CHECK_FALSE(server::ParseHostPort("127.0.0.1"));
  CHECK_FALSE(server::ParseHostPort("127.0.0.1:99999"));
  CHECK(server::IsLoopback("127.0.0.2"));
  CHECK_FALSE(server::IsLoopback("127.evil.example"));
  CHECK_FALSE(server::IsLoopback("0.0.0.0"));
}

}  // namespace evertill::test
