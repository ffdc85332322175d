#include "sync/server/keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "app/crypto/encoding.h"
#include "app/crypto/hash.h"
#include "app/crypto/key_file.h"
#include "app/crypto/x509.h"
#include "sync/server/errors.h"

namespace evertill::server {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::days kAuthorityDays{3650};
constexpr std::chrono::days kServerDays{730};
constexpr std::chrono::days kRenewBefore{30};

/// Writes beside, then renames: never half a file.
base::Status WriteSecretFile(const fs::path& path, std::string_view text) {
  const std::string temporary = path.string() + ".new";
  ::unlink(temporary.c_str());
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return base::Fail(ServerErrc::kKeys, path.string() + ": " + std::generic_category().message(errno));
  bool good = true;
  while (good && !text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    good = written > 0;
    if (good) text.remove_prefix(static_cast<size_t>(written));
  }
  good = good && ::fsync(file) == 0;
  ::close(file);
  if (!good || ::rename(temporary.c_str(), path.c_str()) != 0) {
    return base::Fail(ServerErrc::kKeys, path.string() + ": cannot be written");
  }
  return {};
}

base::Expected<crypto::CertifiedKey> LoadPair(const fs::path& certificate, const fs::path& key) {
  crypto::CertifiedKey pair;
  EVERTILL_ASSIGN(pair.certificate_pem, ReadTextFile(certificate));
  EVERTILL_ASSIGN(pair.private_key_pem, ReadTextFile(key));
  return pair;
}

base::Expected<crypto::CertifiedKey> Authority(const fs::path& folder, base::Instant now, base::Random& random) {
  if (fs::exists(folder / "ca.pem")) return LoadPair(folder / "ca.pem", folder / "ca.key");
  EVERTILL_ASSIGN(crypto::CertifiedKey made,
                  crypto::MakeAuthority("Evertill head office CA", now, kAuthorityDays, random));
  EVERTILL_TRY(WriteSecretFile(folder / "ca.key", made.private_key_pem));
  EVERTILL_TRY(WriteSecretFile(folder / "ca.pem", made.certificate_pem));
  return made;
}

base::Expected<crypto::CertifiedKey> ServerPair(const fs::path& folder, const crypto::CertifiedKey& authority,
                                                std::span<const std::string> hosts, base::Instant now,
                                                base::Random& random) {
  if (fs::exists(folder / "server.pem")) {
    EVERTILL_ASSIGN(crypto::CertifiedKey pair, LoadPair(folder / "server.pem", folder / "server.key"));
    EVERTILL_ASSIGN(const base::Instant end, crypto::CertificateEnd(pair.certificate_pem));
    if (end - kRenewBefore > now) return pair;
  }
  EVERTILL_ASSIGN(crypto::CertifiedKey made,
                  crypto::IssueServerCertificate(authority, hosts, now, kServerDays, random));
  EVERTILL_TRY(WriteSecretFile(folder / "server.key", made.private_key_pem));
  EVERTILL_TRY(WriteSecretFile(folder / "server.pem", made.certificate_pem));
  return made;
}

/// Cards outlive keys: card-1.key, card-2.key, …; the last one signs, all of them are told to tills.
struct CardKeys {
  crypto::SigningKey signing;
  uint8_t id;
  std::vector<std::string> told;
};
base::Expected<CardKeys> LoadCardKeys(const fs::path& folder, base::Random& random) {
  std::vector<std::string> told;
  for (int id = 1;; ++id) {
    const fs::path file = folder / ("card-" + std::to_string(id) + ".key");
    EVERTILL_ASSIGN(const crypto::Bytes seed, crypto::LoadOrCreateKeyFile(file, 32, random));
    EVERTILL_ASSIGN(crypto::SigningKey key, crypto::SigningKey::FromSeed(seed));
    told.push_back(std::to_string(id) + ":" + crypto::ToBase64(key.PublicKey()));
    if (id == 255 || !fs::exists(folder / ("card-" + std::to_string(id + 1) + ".key"))) {
      return CardKeys{std::move(key), static_cast<uint8_t>(id), std::move(told)};
    }
  }
}

base::Expected<std::string> LoadSecret(const fs::path& file, base::Random& random) {
  EVERTILL_ASSIGN(const crypto::Bytes bytes, crypto::LoadOrCreateKeyFile(file, 32, random));
  return std::string(crypto::AsText(bytes));
}

}  // namespace

std::string PhoneSecret(const HeadOfficeKeys& keys, std::string_view serial) {
  constexpr size_t kSecretBytes = 20;  // RFC 4226 asks for at least 16, recommends 20
  const crypto::Digest digest = crypto::HmacSha256(crypto::AsBytes(keys.phone_master),
                                                   {crypto::AsBytes("evertill-phone-1\n"), crypto::AsBytes(serial)});
  return std::string(crypto::AsText(digest).substr(0, kSecretBytes));
}

fs::path KeyFolderFor(const fs::path& database) {
  return database.string() + ".keys";
}

base::Expected<std::string> ReadTextFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return base::Fail(ServerErrc::kKeys, path.string() + ": cannot be read");
  return text.str();
}

base::Expected<std::string> LoadAuthority(const fs::path& folder) {
  return ReadTextFile(folder / "ca.pem");
}

base::Expected<HeadOfficeKeys> LoadOrCreateKeys(const fs::path& folder, std::span<const std::string> hosts,
                                                const base::Clock& clock, base::Random& random) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return base::Fail(ServerErrc::kKeys, folder.string() + ": " + std::generic_category().message(errno));
  }
  EVERTILL_ASSIGN(const crypto::Bytes seed, crypto::LoadOrCreateKeyFile(folder / "signing.key", 32, random));
  EVERTILL_ASSIGN(crypto::SigningKey signing, crypto::SigningKey::FromSeed(seed));
  EVERTILL_ASSIGN(const crypto::CertifiedKey authority, Authority(folder, clock.Now(), random));
  EVERTILL_ASSIGN(crypto::CertifiedKey server, ServerPair(folder, authority, hosts, clock.Now(), random));
  EVERTILL_ASSIGN(CardKeys cards, LoadCardKeys(folder, random));
  EVERTILL_ASSIGN(std::string pepper, LoadSecret(folder / "pin-pepper.key", random));
  EVERTILL_ASSIGN(std::string phone_master, LoadSecret(folder / "phones.key", random));
  return HeadOfficeKeys{.signing = std::move(signing),
                        .ca_pem = authority.certificate_pem,
                        .certificate_pem = std::move(server.certificate_pem),
                        .private_key_pem = std::move(server.private_key_pem),
                        .card_signing = std::move(cards.signing),
                        .card_key_id = cards.id,
                        .card_keys = std::move(cards.told),
                        .pepper = std::move(pepper),
                        .phone_master = std::move(phone_master)};
}

}  // namespace evertill::server
