#include <algorithm>

#include "app/card/card.h"
#include "app/crypto/hash.h"

namespace evertill::card {
namespace {

constexpr int64_t kStepMs = 30'000;
constexpr size_t kDigits = 8;
constexpr uint32_t kModulus = 100'000'000;

}  // namespace

std::string TimeCode(std::string_view secret, int64_t step) {
  std::array<uint8_t, 8> counter{};
  auto rest = static_cast<uint64_t>(step);
  for (auto it = counter.rbegin(); it != counter.rend(); ++it, rest >>= 8) *it = static_cast<uint8_t>(rest & 0xFF);
  const crypto::Digest digest = crypto::HmacSha256(crypto::AsBytes(secret), counter);
  // Dynamic truncation, RFC 4226 section 5.3: four bytes from where the last half-byte says, less the sign bit.
  const size_t at = digest.back() & 0x0F;
  const uint32_t number = static_cast<uint32_t>(digest[at] & 0x7F) << 24 | static_cast<uint32_t>(digest[at + 1]) << 16 |
                          static_cast<uint32_t>(digest[at + 2]) << 8 | static_cast<uint32_t>(digest[at + 3]);
  std::string code = std::to_string(number % kModulus);
  return std::string(kDigits - code.size(), '0') + code;
}

std::optional<int64_t> MatchTimeCode(std::string_view secret, std::string_view code, base::Instant now,
                                     int64_t last_step) {
  if (code.size() != kDigits) return std::nullopt;
  const int64_t step_now = base::ToUnixMillis(now) / kStepMs;
  for (int64_t step = std::max(step_now - 1, last_step + 1); step <= step_now + 1; ++step) {
    if (crypto::EqualInConstantTime(crypto::AsBytes(TimeCode(secret, step)), crypto::AsBytes(code))) return step;
  }
  return std::nullopt;
}

}  // namespace evertill::card
