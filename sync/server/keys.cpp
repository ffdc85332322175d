#include "sync/server/keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

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

}  // namespace

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
  return HeadOfficeKeys{std::move(signing), authority.certificate_pem, std::move(server.certificate_pem),
                        std::move(server.private_key_pem)};
}

}  // namespace evertill::server
