#include "app/crypto/signing_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace evertill::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextHandle = std::unique_ptr<EVP_MD_CTX, FreeContext>;

constexpr size_t kSeedSize = 32;

}  // namespace

void FreePkey::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

base::Expected<SigningKey> SigningKey::Generate(base::Random& random) {
  std::array<uint8_t, kSeedSize> seed{};
  random.Fill(seed);
  auto key = FromSeed(seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  return key;
}

base::Expected<SigningKey> SigningKey::FromSeed(ByteView seed) {
  if (seed.size() != kSeedSize) return base::Fail(CryptoErrc::kBadKey, "an Ed25519 seed has 32 bytes");
  PkeyHandle key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  if (!key) return base::Fail(CryptoErrc::kCryptoLibrary, "Ed25519 private key");
  PublicKeyBytes public_key{};
  size_t length = public_key.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), public_key.data(), &length) != 1 || length != public_key.size()) {
    return base::Fail(CryptoErrc::kCryptoLibrary, "Ed25519 public key");
  }
  return SigningKey(std::move(key), public_key);
}

base::Expected<Signature> SigningKey::Sign(ByteView message) const {
  ContextHandle context(EVP_MD_CTX_new());
  Signature signature{};
  size_t length = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, message.data(), message.size()) != 1 ||
      length != signature.size()) {
    return base::Fail(CryptoErrc::kCryptoLibrary, "Ed25519 signature");
  }
  return signature;
}

base::Expected<VerifyingKey> VerifyingKey::FromBytes(ByteView bytes) {
  if (bytes.size() != PublicKeyBytes{}.size()) {
    return base::Fail(CryptoErrc::kBadKey, "an Ed25519 public key has 32 bytes");
  }
  PkeyHandle key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  if (!key) return base::Fail(CryptoErrc::kBadKey, "not an Ed25519 public key");
  return VerifyingKey(std::move(key));
}

bool VerifyingKey::Verify(ByteView message, ByteView signature) const {
  if (signature.size() != Signature{}.size()) return false;
  ContextHandle context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

}  // namespace evertill::crypto
