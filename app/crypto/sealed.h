#pragma once

#include <array>

#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/crypto/bytes.h"
#include "app/crypto/error.h"

namespace evertill::crypto {

/// A 256-bit key for AES-GCM or HMAC.
using SecretKey = std::array<uint8_t, 32>;

/// From raw bytes, as a key file keeps it.
[[nodiscard]] base::Expected<SecretKey> SecretKeyFrom(ByteView bytes);
/// A key for one purpose made from another: HMAC-SHA-256(key, purpose). So one key file serves sealing and indexing.
[[nodiscard]] SecretKey DeriveKey(const SecretKey& key, std::string_view purpose);

/// AES-256-GCM with a random 96-bit nonce: nonce ‖ ciphertext ‖ 128-bit tag. `aad` binds the bytes to where they are
/// kept (a row id), so that sealed bytes moved to another row do not open. Any thread.
[[nodiscard]] base::Expected<Bytes> Seal(const SecretKey& key, ByteView plain, ByteView aad, base::Random& random);
/// kTampered when the bytes, the aad or the key are not those of Seal().
[[nodiscard]] base::Expected<Bytes> Open(const SecretKey& key, ByteView sealed, ByteView aad);

}  // namespace evertill::crypto
