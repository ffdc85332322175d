#include "app/crypto/sealed.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "app/base/check.h"
#include "app/crypto/hash.h"

namespace evertill::crypto {
namespace {

constexpr size_t kNonceSize = 12;
constexpr size_t kTagSize = 16;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherHandle = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const EVP_CIPHER* Aes256Gcm() {
  static const EVP_CIPHER* const kCipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EVERTILL_CHECK(kCipher != nullptr);
  return kCipher;
}

bool FitsInt(size_t size) {
  return size <= static_cast<size_t>(std::numeric_limits<int>::max());
}

}  // namespace

base::Expected<SecretKey> SecretKeyFrom(ByteView bytes) {
  SecretKey key{};
  if (bytes.size() != key.size()) return base::Fail(CryptoErrc::kBadKey, "a secret key has 32 bytes");
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

SecretKey DeriveKey(const SecretKey& key, std::string_view purpose) {
  return HmacSha256(key, AsBytes(purpose));
}

base::Expected<Bytes> Seal(const SecretKey& key, ByteView plain, ByteView aad, base::Random& random) {
  if (!FitsInt(plain.size()) || !FitsInt(aad.size())) return base::Fail(CryptoErrc::kCryptoLibrary, "too long to seal");
  Bytes out(kNonceSize + plain.size() + kTagSize);
  random.Fill(std::span(out).first(kNonceSize));
  CipherHandle context(EVP_CIPHER_CTX_new());
  uint8_t* const body = out.data() + kNonceSize;
  int length = 0;
  const bool sealed = context && EVP_EncryptInit_ex(context.get(), Aes256Gcm(), nullptr, key.data(), out.data()) == 1 &&
                      (aad.empty() || EVP_EncryptUpdate(context.get(), nullptr, &length, aad.data(),
                                                        static_cast<int>(aad.size())) == 1) &&
                      (plain.empty() || EVP_EncryptUpdate(context.get(), body, &length, plain.data(),
                                                          static_cast<int>(plain.size())) == 1) &&
                      EVP_EncryptFinal_ex(context.get(), body + plain.size(), &length) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, body + plain.size()) == 1;
  if (!sealed) return base::Fail(CryptoErrc::kCryptoLibrary, "AES-256-GCM seal");
  return out;
}

base::Expected<Bytes> Open(const SecretKey& key, ByteView sealed, ByteView aad) {
  if (sealed.size() < kNonceSize + kTagSize || !FitsInt(sealed.size()) || !FitsInt(aad.size())) {
    return base::Fail(CryptoErrc::kTampered, "sealed bytes are too short");
  }
  const ByteView body = sealed.subspan(kNonceSize, sealed.size() - kNonceSize - kTagSize);
  std::array<uint8_t, kTagSize> tag{};
  std::copy(sealed.end() - kTagSize, sealed.end(), tag.begin());
  Bytes plain(body.size());
  CipherHandle context(EVP_CIPHER_CTX_new());
  int length = 0;
  uint8_t nothing = 0;
  const bool opened =
      context && EVP_DecryptInit_ex(context.get(), Aes256Gcm(), nullptr, key.data(), sealed.data()) == 1 &&
      (aad.empty() ||
       EVP_DecryptUpdate(context.get(), nullptr, &length, aad.data(), static_cast<int>(aad.size())) == 1) &&
      (body.empty() ||
       EVP_DecryptUpdate(context.get(), plain.data(), &length, body.data(), static_cast<int>(body.size())) == 1) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), &nothing, &length) == 1;
  if (!opened) return base::Fail(CryptoErrc::kTampered, "sealed bytes do not open");
  return plain;
}

}  // namespace evertill::crypto
