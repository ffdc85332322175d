#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/crypto/bytes.h"
#include "app/crypto/error.h"

namespace evertill::crypto {

/// What one hash costs. The default (19 MiB, 2 passes) takes about 0.07 s; tests may ask for less.
struct PinCost {
  uint32_t memory_kib = 19 * 1024;
  uint32_t passes = 2;
};

/// Argon2id of a PIN as "$argon2id$v=19$m=…,t=…,p=1$salt$hash" with a random salt. `pepper` is a secret kept outside
/// the database (a key file), so that a copied database cannot be tried; empty for none. Slow by intent: not on a UI
/// thread.
[[nodiscard]] base::Expected<std::string> HashPin(std::string_view pin, ByteView pepper, base::Random& random,
                                                  PinCost cost = {});
/// True when the PIN and pepper are those of HashPin. kBadEncoding when `encoded` is no such string. The caller commits
/// the attempt before it calls this.
[[nodiscard]] base::Expected<bool> VerifyPin(std::string_view pin, std::string_view encoded, ByteView pepper);

}  // namespace evertill::crypto
