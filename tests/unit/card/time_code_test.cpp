#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "app/base/random.h"
#include "app/base/uuid.h"
#include "app/card/card.h"
#include "app/crypto/bytes.h"

using namespace evertill;

namespace {
/// RFC 6238 appendix B: the secret of the SHA-256 rows.
constexpr std::string_view kRfcSecret = "12345678901234567890123456789012";
constexpr std::string_view kSecret = "12345678901234567890";

base::Instant At(int64_t seconds) {
  return base::FromUnixMillis(seconds * 1000);
}

struct ClosePipe {
  void operator()(FILE* pipe) const { pclose(pipe); }
};
/// What a command prints, without the line's end.
std::string Output(const std::string& command) {
  const std::unique_ptr<FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
  REQUIRE(pipe);
  std::array<char, 100> line{};
  if (std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return {};
  std::string text(line.data());
  return text.substr(0, text.find('\n'));
}
}  // namespace

TEST_CASE("Time code: the vectors of RFC 6238", "[card][time_code]") {
  for (const auto& [seconds, code] : std::initializer_list<std::pair<int64_t, const char*>>{
           {59, "46119246"},
           {1111111109, "68084774"},
           {1111111111, "67062674"},
           {1234567890, "91819424"},
           {2000000000, "90698825"},
           {20000000000, "77737706"},
       }) {
    CHECK(card::TimeCode(kRfcSecret, seconds / 30) == code);
    CHECK(card::MatchTimeCode(kRfcSecret, code, At(seconds), 0) == seconds / 30);
  }
}

TEST_CASE("Time code: oathtool computes the same", "[card][time_code]") {
  if (std::system("command -v oathtool >/dev/null") != 0) {
    WARN("oathtool is not installed (packaging/install-deps --test): not compared");
    return;
  }
  const auto random = base::MakeSeededRandom(7);
  for (int i = 0; i < 25; ++i) {
    std::array<uint8_t, 20> secret{};
    random->Fill(secret);
    const auto seconds = static_cast<int64_t>(random->Below(4'000'000'000));
    const std::string code =
        Output("oathtool --totp=sha256 -d 8 -N @" + std::to_string(seconds) + " " + base::ToHex(secret));
    CHECK(code.size() == 8);
    CHECK(card::TimeCode(crypto::AsText(secret), seconds / 30) == code);
  }
}

TEST_CASE("Time code: right for its own step and the ones beside it", "[card][time_code]") {
  const int64_t step = 60'000'000;
  const std::string code = card::TimeCode(kSecret, step);
  const auto match = [&](int64_t seconds) { return card::MatchTimeCode(kSecret, code, At(seconds), 0); };
  CHECK(match(step * 30 - 31) == std::nullopt);
  CHECK(match(step * 30 - 30) == step);
  CHECK(match(step * 30) == step);
  CHECK(match(step * 30 + 59) == step);
  CHECK(match(step * 30 + 60) == std::nullopt);
}

TEST_CASE("Time code: used once, it and all before it are used up", "[card][time_code]") {
  const int64_t step = 60'000'000;
  const auto now = At(step * 30 + 15);
  CHECK(card::MatchTimeCode(kSecret, card::TimeCode(kSecret, step), now, step - 1) == step);
  CHECK(card::MatchTimeCode(kSecret, card::TimeCode(kSecret, step), now, step) == std::nullopt);
  CHECK(card::MatchTimeCode(kSecret, card::TimeCode(kSecret, step - 1), now, step) == std::nullopt);
  CHECK(card::MatchTimeCode(kSecret, card::TimeCode(kSecret, step + 1), now, step) == step + 1);
  CHECK(card::MatchTimeCode(kSecret, card::TimeCode(kSecret, step), now, INT64_MAX - 1) == std::nullopt);
}

TEST_CASE("Time code: wrong codes are wrong", "[card][time_code]") {
  const auto now = At(1'800'000'000);
  const std::string code = card::TimeCode(kSecret, 60'000'000);
  CHECK(card::MatchTimeCode("another secret of 20", code, now, 0) == std::nullopt);
  for (size_t i = 0; i < code.size(); ++i) {
    std::string wrong = code;
    wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
    CHECK(card::MatchTimeCode(kSecret, wrong, now, 0) == std::nullopt);
  }
  CHECK(card::MatchTimeCode(kSecret, "", now, 0) == std::nullopt);
  CHECK(card::MatchTimeCode(kSecret, code.substr(1), now, 0) == std::nullopt);
  CHECK(card::MatchTimeCode(kSecret, code + "0", now, 0) == std::nullopt);
}
