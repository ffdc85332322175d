#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/crypto/bytes.h"
#include "app/crypto/error.h"
#include "app/crypto/hash.h"

namespace evertill::crypto {

/// A certificate and the EC P-256 key that it is for, both PEM. The key is secret: keep it in a 0600 file.
struct CertifiedKey {
  std::string certificate_pem;
  std::string private_key_pem;
};

/// A new self-signed certificate authority that can sign end certificates and nothing below it. Valid from an hour
/// before `now`, because tills' clocks differ.
[[nodiscard]] base::Expected<CertifiedKey> MakeAuthority(std::string_view common_name, base::Instant now,
                                                         std::chrono::days valid, base::Random& random);

/// A certificate for TLS servers, signed by `authority`. `hosts` are DNS names and IP addresses (v4 or v6), at least
/// one; clients check them against the subject alternative names. kCryptoLibrary when a host cannot be written down.
[[nodiscard]] base::Expected<CertifiedKey> IssueServerCertificate(const CertifiedKey& authority,
                                                                  std::span<const std::string> hosts, base::Instant now,
                                                                  std::chrono::days valid, base::Random& random);

/// SHA-256 of the DER of the first certificate in `pem`. kBadEncoding when there is none.
[[nodiscard]] base::Expected<Digest> CertificateFingerprint(std::string_view pem);

/// The first certificate in `pem` alone, written anew. Who pins a certificate by its fingerprint keeps this and not the
/// file that it came in: others in the same file would be trusted with it. kBadEncoding when there is none.
[[nodiscard]] base::Expected<std::string> FirstCertificate(std::string_view pem);

/// When the first certificate in `pem` ends. kBadEncoding when there is none.
[[nodiscard]] base::Expected<base::Instant> CertificateEnd(std::string_view pem);

}  // namespace evertill::crypto
