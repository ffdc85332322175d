#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "sync/wire/errors.h"

namespace evertill::wire {

/// What a person carries from head office to a new till: `EV1-<16 base32 letters>-<32 base32 letters>`. The second part
/// lets the till know head office's certificate authority when it meets it for the first time.
struct EnrolCode {
  std::string secret;          ///< 10 raw bytes, good once, for ten minutes
  std::string ca_fingerprint;  ///< first 20 bytes of SHA-256 of the CA certificate's DER
  [[nodiscard]] std::string ToString() const;
  /// Forgives case, blanks and hyphens in odd places (a person may have typed it); nothing else.
  [[nodiscard]] static base::Expected<EnrolCode> Parse(std::string_view text);
};

inline constexpr size_t kCodeSecretBytes = 10;
inline constexpr size_t kCodeFingerprintBytes = 20;

}  // namespace evertill::wire
