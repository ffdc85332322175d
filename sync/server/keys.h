#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
  crypto::SigningKey card_signing;     ///< Ed25519: what cards are signed with now (card-N.key, the highest N)
  uint8_t card_key_id = 1;             ///< its N
  std::vector<std::string> card_keys;  ///< all that cards were ever signed with: "<id>:<base64 of the public key>"
  std::string pepper;                  ///< of members' PINs, the same at every till: 32 raw bytes
  std::string phone_master;            ///< phones' time-code secrets are derived from it: 32 raw bytes
};

/// The 20-byte secret of the phone that carries card `serial` (8 raw bytes): the same each time, kept nowhere.
[[nodiscard]] std::string PhoneSecret(const HeadOfficeKeys& keys, std::string_view serial);

/// DATABASE.keys
[[nodiscard]] std::filesystem::path KeyFolderFor(const std::filesystem::path& database);

/// Makes what is missing of: signing key, key of cards, pepper, phones' master secret, authority (ten years), server
/// certificate for `hosts` (two years, made anew in its last month). Folder 0700, files 0600.
[[nodiscard]] base::Expected<HeadOfficeKeys> LoadOrCreateKeys(const std::filesystem::path& folder,
                                                              std::span<const std::string> hosts,
                                                              const base::Clock& clock, base::Random& random);
/// The authority's certificate alone, for commands that make enrolment codes.
[[nodiscard]] base::Expected<std::string> LoadAuthority(const std::filesystem::path& folder);

/// A whole small file as text. kKeys with the path when it cannot be read.
[[nodiscard]] base::Expected<std::string> ReadTextFile(const std::filesystem::path& path);

}  // namespace evertill::server
