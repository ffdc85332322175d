#include "app/loyalty/grant.h"

#include <catch2/catch.hpp>

#include "app/loyalty/errors.h"

using namespace evertill;
using loyalty::Grant;
using loyalty::Permit;

namespace {
const domain::MemberId kMember(*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000aa"));

Grant SomeGrant() {
  return {"1-5f3a:018bcfe5-6800-7000-8000-000000000001",
          kMember,
          "S01/L03",
          2,
          "1-5f3a",
          1'800'000'000'000,
          {{"018bcfe5-6800-7000-8000-000000000002", 120, 1'900'000'000'000}, {"", 5, 0}}};
}

std::string With(std::string text, const std::string& what, const std::string& replacement) {
  const size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), replacement);
}
}  // namespace

TEST_CASE("Grant: the signed bytes are stable and are read back whole", "[loyalty][grant]") {
  const std::string bytes = loyalty::EncodeGrant(SomeGrant());
  // Tills hold signatures over exactly this: it never changes.
  CHECK(
      bytes ==
      R"({"grant":"1-5f3a:018bcfe5-6800-7000-8000-000000000001","member":"018bcfe5-6800-7000-8000-0000000000aa",)"
      R"("terminal":"S01/L03","incarnation":2,"epoch":"1-5f3a","not_after":1800000000000,"lots":[{"lot":)"
      R"("018bcfe5-6800-7000-8000-000000000002","points":120,"expires":1900000000000},{"lot":"","points":5,"expires":0}]})");
  const auto grant = loyalty::DecodeGrant(bytes);
  REQUIRE(grant);
  CHECK(*grant == SomeGrant());
  CHECK(grant->Cap() == 125);
  CHECK(loyalty::GrantSignedBytes(bytes) != loyalty::PermitSignedBytes(bytes));

  const Permit permit{"1-5f3a:p1", kMember, "S01/L03", 1, "1-5f3a", 40, 2000};
  const auto read = loyalty::DecodePermit(loyalty::EncodePermit(permit));
  REQUIRE(read);
  CHECK(*read == permit);
}

TEST_CASE("Grant: what is not exactly the signed form is refused", "[loyalty][grant]") {
  const std::string good = loyalty::EncodeGrant(SomeGrant());
  const auto refused = [](const std::string& bytes) {
    const auto grant = loyalty::DecodeGrant(bytes);
    return !grant && grant.error().Is(loyalty::LoyaltyErrc::kBadGrant);
  };
  CHECK(refused(""));
  CHECK(refused("[]"));
  CHECK(refused(good + " "));
  CHECK(refused(good.substr(0, good.size() - 1)));
  CHECK(refused(With(good, "\"points\":120", "\"points\":0")));
  CHECK(refused(With(good, "\"points\":120", "\"points\":-120")));
  CHECK(refused(With(good, "\"points\":120", "\"points\":120.0")));
  CHECK(refused(With(good, "\"points\":120", "\"points\":1.2e2")));
  CHECK(refused(With(good, "\"points\":120", "\"points\":\"120\"")));
  CHECK(refused(With(good, "\"points\":120", "\"points\":9223372036854775808")));
  CHECK(refused(With(good, "\"points\":120", "\"points\":9223372036854775807")));  // with the other 5: past 64 bits
  CHECK(refused(With(good, "\"incarnation\":2", "\"incarnation\":0")));
  CHECK(refused(With(good, "S01/L03", "S01")));
  CHECK(refused(With(good, "S01/L03", "S01/L03/L04")));
  CHECK(refused(With(good, "0000000000aa\"", "0000000000AA\"")));
  CHECK(refused(With(good, "\"epoch\"", "\"only_on\":\"monday\",\"epoch\"")));
  CHECK(refused(With(good, "\"grant\":\"1-5f3a:018bcfe5-6800-7000-8000-000000000001\"", "\"grant\":\"\"")));
  CHECK(refused(With(good, "\"lot\":\"\"", "\"lot\":\"018bcfe5-6800-7000-8000-000000000002\"")));
  Grant empty = SomeGrant();
  empty.lots.clear();
  CHECK(refused(loyalty::EncodeGrant(empty)));
  // One is never taken for the other.
  CHECK_FALSE(loyalty::DecodePermit(good));
  const Permit permit{"p", kMember, "S01/L03", 1, "e", 0, 5};
  CHECK_FALSE(loyalty::DecodePermit(loyalty::EncodePermit(permit)));
}

TEST_CASE("Grant: no changed byte goes unnoticed", "[loyalty][grant]") {
  const std::string good = loyalty::EncodeGrant(SomeGrant());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    const auto grant = loyalty::DecodeGrant(bytes);
    // Either it is no grant, or it says something else and says it in the same form, which the signature tells.
    CHECK((!grant || (*grant != SomeGrant() && loyalty::EncodeGrant(*grant) == bytes)));
  }
}
