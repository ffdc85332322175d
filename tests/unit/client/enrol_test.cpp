#include "sync/client/enrol.h"

#include "app/crypto/x509.h"
#include "sync/client/http_client.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

using client::ClientErrc;

TEST_CASE("Enrol: over TLS with nothing but the code, and the authority is pinned", "[client][enrol]") {
  Office office;
  office.Serve();
  FakeTill till("S01", "L03", 7);
  const std::string code = office.TillCode("L03");
  const auto done =
      client::Enrol(till, {.server_url = office.url + "/", .code = code, .ca_pem = {}, .name = "counter"});
  INFO((done ? std::string() : done.error().ToString()));
  REQUIRE(done);
  CHECK(done->server_url == office.url);
  CHECK(till.enrolment->token == done->token);
  CHECK(*crypto::CertificateFingerprint(till.enrolment->ca_pem) == *crypto::CertificateFingerprint(office.ca_pem));
  CHECK(till.enrolment->epoch.random.size() == 32);

  SECTION("the code is used up") {
    FakeTill again("S01", "L03", 9);
    const auto second = client::Enrol(again, {.server_url = office.url, .code = code, .ca_pem = {}, .name = {}});
    REQUIRE_FALSE(second);
    CHECK(second.error().Is(ClientErrc::kRefused));
    CHECK(second.error().Detail().find("code_refused") != std::string::npos);
    CHECK_FALSE(again.enrolment);
  }
}

TEST_CASE("Enrol: a till that is enrolled says so before it asks anybody", "[client][enrol]") {
  Office office;
  office.Serve();
  FakeTill till("S01", "L03", 7);
  REQUIRE(
      client::Enrol(till, {.server_url = office.url, .code = office.TillCode("L03"), .ca_pem = {}, .name = "counter"}));
  const std::string token = till.enrolment->token;
  const std::string code = office.TillCode("L03");
  const auto again = client::Enrol(till, {.server_url = office.url, .code = code, .ca_pem = {}, .name = {}});
  REQUIRE_FALSE(again);
  CHECK(again.error().Name() == "already_enrolled");
  CHECK(again.error().Detail().find("already enrolled at " + office.url) != std::string::npos);
  CHECK(till.enrolment->token == token);
  // Nobody was asked: the code is still good.
  CHECK(office.TryEnrol(till, code));
}

TEST_CASE("Enrol: anew, a till that head office has fenced is let in again under its own name", "[client][enrol]") {
  Office office;
  office.Serve();
  FakeTill till("S01", "L03", 7);
  REQUIRE(client::Enrol(till, {.server_url = office.url, .code = office.TillCode("L03"), .ca_pem = {}, .name = {}}));
  const std::string token = till.enrolment->token;
  till.AddMember("A", "0900000001", "1000000000000001");
  office.Change([&] { return office.store->ChangeFence("S01/L03", 1, server::kFencedByHand); });
  const client::EnrolOptions elsewhere{
      .server_url = "https://127.0.0.1:1", .code = office.TillCode("L03"), .ca_pem = {}, .name = {}, .anew = true};
  CHECK(client::Enrol(till, elsewhere).error().Is(ClientErrc::kAlreadyEnrolled));
  const auto again = client::Enrol(
      till, {.server_url = office.url, .code = office.TillCode("L03"), .ca_pem = {}, .name = {}, .anew = true});
  INFO((again ? std::string() : again.error().ToString()));
  REQUIRE(again);
  CHECK(till.enrolment->token != token);
  CHECK(office.store->LivesOf("S01/L03")->size() == 1);
  CHECK((*office.store->FindTerminal("S01/L03", 1))->fenced == "enrolled_anew");
}

TEST_CASE("Enrol: a head office that is not the code's is refused before the code is shown to it", "[client][enrol]") {
  Office real;
  Office impostor;
  impostor.Serve();
  FakeTill till("S01", "L03", 7);
  const std::string code = real.TillCode("L03");
  const auto refused = client::Enrol(till, {.server_url = impostor.url, .code = code, .ca_pem = {}, .name = {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(ClientErrc::kWrongAuthority));
  CHECK_FALSE(till.enrolment);
}

TEST_CASE("Enrol: --ca must be the code's authority too", "[client][enrol]") {
  Office office;
  Office other;
  office.Serve();
  FakeTill till("S01", "L03", 7);
  const std::string code = office.TillCode("L03");
  const auto refused =
      client::Enrol(till, {.server_url = office.url, .code = code, .ca_pem = other.ca_pem, .name = {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Is(ClientErrc::kWrongAuthority));
  CHECK(client::Enrol(till, {.server_url = office.url, .code = code, .ca_pem = office.ca_pem, .name = {}}));
}

TEST_CASE("Enrol: a second certificate in the file is not trusted with the first", "[client][enrol]") {
  Office office;
  Office other;
  office.Serve();
  FakeTill till("S01", "L03", 7);
  const auto done = client::Enrol(
      till,
      {.server_url = office.url, .code = office.TillCode("L03"), .ca_pem = office.ca_pem + other.ca_pem, .name = {}});
  REQUIRE(done);
  const std::string& pinned = done->ca_pem;
  CHECK(pinned.find("BEGIN CERTIFICATE") == pinned.rfind("BEGIN CERTIFICATE"));
}

TEST_CASE("Enrol: wrong codes and addresses say what is wrong", "[client][enrol]") {
  FakeTill till("S01", "L03", 7);
  Office office;
  const std::string code = office.TillCode("L03");
  CHECK(client::Enrol(till, {.server_url = "http://hq.example", .code = code, .ca_pem = {}, .name = {}})
            .error()
            .Is(ClientErrc::kBadUrl));
  CHECK(client::Enrol(till, {.server_url = "https://127.0.0.1:1", .code = "EV1-x", .ca_pem = {}, .name = {}})
            .error()
            .Name() == "bad_enrol_code");
  CHECK(client::Enrol(till, {.server_url = "https://127.0.0.1:1", .code = code, .ca_pem = {}, .name = {}})
            .error()
            .Is(ClientErrc::kUnreachable));
}

TEST_CASE("Server URL: https anywhere, http only to this machine", "[client][http]") {
  CHECK(*client::NormaliseServerUrl("https://hq.example:8443//") == "https://hq.example:8443");
  CHECK(*client::NormaliseServerUrl("http://127.0.0.1:80") == "http://127.0.0.1:80");
  CHECK(*client::NormaliseServerUrl("http://localhost:80") == "http://localhost:80");
  CHECK(*client::NormaliseServerUrl("http://[::1]:80") == "http://[::1]:80");
  for (const char* bad : {"http://hq.example", "http://127.evil.example", "http://localhost.evil.example",
                          "ftp://127.0.0.1", "file:///etc/passwd", "https://", "https://a/b", "https://user@hq",
                          "https://hq?x", "hq.example", "http://127.0.0.1@evil.example"}) {
    INFO(bad);
    CHECK_FALSE(client::NormaliseServerUrl(bad));
  }
}

}  // namespace evertill::test
