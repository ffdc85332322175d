#include "app/crypto/encoding.h"

#include <array>

namespace evertill::crypto {
namespace {

constexpr std::string_view kAlphabet64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kAlphabet32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

constexpr std::array<int8_t, 256> ReverseOf(std::string_view alphabet, bool fold_case) {
  std::array<int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (size_t i = 0; i < alphabet.size(); ++i) {
    const char symbol = alphabet[i];
    values[static_cast<uint8_t>(symbol)] = static_cast<int8_t>(i);
    if (fold_case && symbol >= 'A' && symbol <= 'Z') {
      values[static_cast<uint8_t>(symbol - 'A' + 'a')] = static_cast<int8_t>(i);
    }
  }
  return values;
}
constexpr auto kValues64 = ReverseOf(kAlphabet64, false);
constexpr auto kValues32 = ReverseOf(kAlphabet32, true);

std::string Encode(ByteView bytes, std::string_view alphabet, unsigned bits_each) {
  std::string out;
  out.reserve((bytes.size() * 8 + bits_each - 1) / bits_each + 3);
  uint32_t pending = 0;
  unsigned bits = 0;
  for (const uint8_t byte : bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= bits_each) {
      bits -= bits_each;
      out.push_back(alphabet[(pending >> bits) & ((1U << bits_each) - 1)]);
    }
    pending &= (1U << bits) - 1;
  }
  if (bits > 0) out.push_back(alphabet[(pending << (bits_each - bits)) & ((1U << bits_each) - 1)]);
  return out;
}

base::Expected<Bytes> Decode(std::string_view text, const std::array<int8_t, 256>& values, unsigned bits_each) {
  Bytes out;
  out.reserve(text.size() * bits_each / 8);
  uint32_t pending = 0;
  unsigned bits = 0;
  for (const char symbol : text) {
    const int value = values[static_cast<uint8_t>(symbol)];
    if (value < 0) return base::Fail(CryptoErrc::kBadEncoding, "a character outside the alphabet");
    pending = (pending << bits_each) | static_cast<uint32_t>(value);
    bits += bits_each;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<uint8_t>(pending >> bits));
    }
    pending &= (1U << bits) - 1;
  }
  // A whole unused symbol, or bits that no encoder sets, would give one value two spellings.
  if (bits >= bits_each || pending != 0) return base::Fail(CryptoErrc::kBadEncoding, "cut short or stray last bits");
  return out;
}

}  // namespace

std::string ToBase64(ByteView bytes) {
  std::string out = Encode(bytes, kAlphabet64, 6);
  while (out.size() % 4 != 0) out.push_back('=');
  return out;
}

base::Expected<Bytes> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return base::Fail(CryptoErrc::kBadEncoding, "base64 without its padding");
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return Decode(text, kValues64, 6);
}

std::string ToBase32(ByteView bytes) {
  return Encode(bytes, kAlphabet32, 5);
}

base::Expected<Bytes> FromBase32(std::string_view text) {
  return Decode(text, kValues32, 5);
}

}  // namespace evertill::crypto
