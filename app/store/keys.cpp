#include "app/store/keys.h"

#include "app/crypto/key_file.h"

namespace evertill::store {

namespace {

constexpr size_t kSize = 32;
constexpr const char* kSigningFile = "till.key";
constexpr const char* kDataFile = "data.key";

base::Expected<Keys> Make(const crypto::Bytes& seed, const crypto::Bytes& root_bytes) {
  EVERTILL_ASSIGN(auto signing, crypto::SigningKey::FromSeed(seed));
  EVERTILL_ASSIGN(const auto root, crypto::SecretKeyFrom(root_bytes));
  return Keys{std::move(signing), crypto::DeriveKey(root, "evertill seal 1"),
              crypto::DeriveKey(root, "evertill index 1"), crypto::DeriveKey(root, "evertill pin pepper 1")};
}

}  // namespace

base::Expected<Keys> Keys::LoadOrCreate(const DataDir& dir, base::Random& random) {
  EVERTILL_ASSIGN(const auto seed, crypto::LoadOrCreateKeyFile(dir.KeyFile(kSigningFile), kSize, random));
  EVERTILL_ASSIGN(const auto root, crypto::LoadOrCreateKeyFile(dir.KeyFile(kDataFile), kSize, random));
  return Make(seed, root);
}

base::Expected<Keys> Keys::Load(const DataDir& dir) {
  EVERTILL_ASSIGN(const auto seed, crypto::LoadKeyFile(dir.KeyFile(kSigningFile), kSize));
  EVERTILL_ASSIGN(const auto root, crypto::LoadKeyFile(dir.KeyFile(kDataFile), kSize));
  return Make(seed, root);
}

}  // namespace evertill::store
