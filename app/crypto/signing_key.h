#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/crypto/bytes.h"
#include "app/crypto/error.h"

struct evp_pkey_st;

namespace evertill::crypto {

/// Ed25519 (RFC 8032).
using Signature = std::array<uint8_t, 64>;
using PublicKeyBytes = std::array<uint8_t, 32>;

struct FreePkey {
  void operator()(evp_pkey_st* key) const;
};
using PkeyHandle = std::unique_ptr<evp_pkey_st, FreePkey>;

/// A private key that signs. Signing takes about a quarter of a millisecond: keep it off the commit path. Any thread.
class SigningKey {
 public:
  /// From 32 random bytes.
  [[nodiscard]] static base::Expected<SigningKey> Generate(base::Random& random);
  /// From a raw 32-byte seed, as a key file keeps it.
  [[nodiscard]] static base::Expected<SigningKey> FromSeed(ByteView seed);

  [[nodiscard]] const PublicKeyBytes& PublicKey() const { return public_key_; }
  [[nodiscard]] base::Expected<Signature> Sign(ByteView message) const;
  /// For certificates in crypto/x509 only. Owned by this object.
  [[nodiscard]] evp_pkey_st* Handle() const { return key_.get(); }

 private:
  SigningKey(PkeyHandle key, PublicKeyBytes public_key) : key_(std::move(key)), public_key_(public_key) {}
  PkeyHandle key_;
  PublicKeyBytes public_key_;
};

/// A public key that verifies, kept parsed because parsing costs a third of a verification. Any thread.
class VerifyingKey {
 public:
  /// From 32 raw bytes.
  [[nodiscard]] static base::Expected<VerifyingKey> FromBytes(ByteView bytes);
  /// False for a wrong signature, a wrong length or another key.
  [[nodiscard]] bool Verify(ByteView message, ByteView signature) const;

 private:
  explicit VerifyingKey(PkeyHandle key) : key_(std::move(key)) {}
  PkeyHandle key_;
};

}  // namespace evertill::crypto
