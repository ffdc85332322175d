#pragma once

#include <string_view>

#include "app/base/expected.h"

namespace evertill::crypto {

/// Everything that can go wrong in crypto/.
enum class CryptoErrc {
  kBadKey,        ///< wrong length or not a key
  kBadEncoding,   ///< not base64, not base32, not an encoded PIN hash
  kTampered,      ///< sealed bytes that do not open: changed, moved or another key
  kKeyFile,       ///< a key file that cannot be read, written or trusted
  kCryptoLibrary  ///< OpenSSL or libargon2 refused
};

[[nodiscard]] constexpr std::string_view ErrorName(CryptoErrc code) {
  switch (code) {
    case CryptoErrc::kBadKey:
      return "bad_key";
    case CryptoErrc::kBadEncoding:
      return "bad_encoding";
    case CryptoErrc::kTampered:
      return "tampered";
    case CryptoErrc::kKeyFile:
      return "key_file";
    case CryptoErrc::kCryptoLibrary:
      return "crypto_library";
  }
  return "crypto_unknown";
}

}  // namespace evertill::crypto
