#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/crypto/signing_key.h"

namespace evertill::server {

/// Head office's secrets, kept beside the database and never in it.
struct HeadOfficeKeys {
  crypto::SigningKey signing;   ///< Ed25519: acknowledgements
  std::string ca_pem;           ///< what tills pin
  std::string certificate_pem;  ///< the server's, signed by that authority
  std::string private_key_pem;
};

/// DATABASE.keys
[[nodiscard]] std::filesystem::path KeyFolderFor(const std::filesystem::path& database);

/// Makes what is missing of: signing key, authority (ten years), server certificate for `hosts` (two years, made anew
/// in its last month). Folder 0700, files 0600.
[[nodiscard]] base::Expected<HeadOfficeKeys> LoadOrCreateKeys(const std::filesystem::path& folder,
                                                              std::span<const std::string> hosts,
                                                              const base::Clock& clock, base::Random& random);
/// The authority's certificate alone, for commands that make enrolment codes.
[[nodiscard]] base::Expected<std::string> LoadAuthority(const std::filesystem::path& folder);

/// A whole small file as text. kKeys with the path when it cannot be read.
[[nodiscard]] base::Expected<std::string> ReadTextFile(const std::filesystem::path& path);

}  // namespace evertill::server
