#include "app/crypto/pin_hash.h"

#include <argon2.h>

#include <array>
#include <charconv>

#include "app/crypto/encoding.h"
#include "app/crypto/hash.h"

namespace evertill::crypto {
namespace {

constexpr size_t kSaltSize = 16;
// Above these a stored string is damage or an attack on memory, not a hash that we made.
constexpr uint32_t kMaxMemoryKib = 256 * 1024;
constexpr uint32_t kMaxPasses = 16;

base::Expected<Digest> Argon2id(std::string_view pin, ByteView salt, ByteView pepper, PinCost cost) {
  Digest out{};
  // libargon2 takes non-const pointers but, without its CLEAR flags, does not write through them.
  argon2_context context{};
  context.out = out.data();
  context.outlen = static_cast<uint32_t>(out.size());
  context.pwd = const_cast<uint8_t*>(AsBytes(pin).data());
  context.pwdlen = static_cast<uint32_t>(pin.size());
  context.salt = const_cast<uint8_t*>(salt.data());
  context.saltlen = static_cast<uint32_t>(salt.size());
  context.secret = pepper.empty() ? nullptr : const_cast<uint8_t*>(pepper.data());
  context.secretlen = static_cast<uint32_t>(pepper.size());
  context.t_cost = cost.passes;
  context.m_cost = cost.memory_kib;
  context.lanes = 1;
  context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.flags = ARGON2_DEFAULT_FLAGS;
  const int result = argon2id_ctx(&context);
  if (result != ARGON2_OK) return base::Fail(CryptoErrc::kCryptoLibrary, argon2_error_message(result));
  return out;
}

bool EatText(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool EatNumber(std::string_view& text, uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

std::string Unpadded(ByteView bytes) {
  std::string text = ToBase64(bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

base::Expected<Bytes> FromUnpadded(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0) padded.push_back('=');
  return FromBase64(padded);
}

}  // namespace

base::Expected<std::string> HashPin(std::string_view pin, ByteView pepper, base::Random& random, PinCost cost) {
  std::array<uint8_t, kSaltSize> salt{};
  random.Fill(salt);
  EVERTILL_ASSIGN(const Digest hash, Argon2id(pin, salt, pepper, cost));
  return "$argon2id$v=19$m=" + std::to_string(cost.memory_kib) + ",t=" + std::to_string(cost.passes) + ",p=1$" +
         Unpadded(salt) + "$" + Unpadded(hash);
}

base::Expected<bool> VerifyPin(std::string_view pin, std::string_view encoded, ByteView pepper) {
  PinCost cost;
  std::string_view rest = encoded;
  const bool head = EatText(rest, "$argon2id$v=19$m=") && EatNumber(rest, cost.memory_kib) && EatText(rest, ",t=") &&
                    EatNumber(rest, cost.passes) && EatText(rest, ",p=1$");
  const size_t dollar = head ? rest.find('$') : std::string_view::npos;
  if (dollar == std::string_view::npos || cost.memory_kib > kMaxMemoryKib || cost.passes > kMaxPasses) {
    return base::Fail(CryptoErrc::kBadEncoding, "not an encoded PIN hash");
  }
  EVERTILL_ASSIGN(const Bytes salt, FromUnpadded(rest.substr(0, dollar)));
  EVERTILL_ASSIGN(const Bytes expected, FromUnpadded(rest.substr(dollar + 1)));
  EVERTILL_ASSIGN(const Digest actual, Argon2id(pin, salt, pepper, cost));
  return EqualInConstantTime(actual, expected);
}

}  // namespace evertill::crypto
