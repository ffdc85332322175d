#include "app/store/keys.h"

#include "app/crypto/key_file.h"

namespace evertill::store {

base::Expected<Keys> Keys::LoadOrCreate(const DataDir& dir, base::Random& random) {
  constexpr size_t kSize = 32;
  EVERTILL_ASSIGN(const auto seed, crypto::LoadOrCreateKeyFile(dir.KeyFile("till.key"), kSize, random));
  EVERTILL_ASSIGN(auto signing, crypto::SigningKey::FromSeed(seed));
  EVERTILL_ASSIGN(const auto root_bytes, crypto::LoadOrCreateKeyFile(dir.KeyFile("data.key"), kSize, random));
  EVERTILL_ASSIGN(const auto root, crypto::SecretKeyFrom(root_bytes));
  return Keys{std::move(signing), crypto::DeriveKey(root, "evertill seal 1"),
              crypto::DeriveKey(root, "evertill index 1"), crypto::DeriveKey(root, "evertill pin pepper 1")};
}

}  // namespace evertill::store
