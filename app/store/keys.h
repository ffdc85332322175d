#pragma once

#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/crypto/sealed.h"
#include "app/crypto/signing_key.h"
#include "app/store/data_dir.h"

namespace evertill::store {

/// The till's secrets, from two files of mode 0600 in DIR/keys: `till.key` signs the journal, `data.key` is the root of
/// the three others. Without data.key personal data in the database cannot be read; it is no part of a backup.
struct Keys {
  crypto::SigningKey signing;
  crypto::SecretKey seal;    ///< AES-GCM of personal columns
  crypto::SecretKey index;   ///< HMAC of phones and cards
  crypto::SecretKey pepper;  ///< of cashiers' PINs

  /// Makes the files that are not there: for a new till only.
  [[nodiscard]] static base::Expected<Keys> LoadOrCreate(const DataDir& dir, base::Random& random);
  /// key_file when one is missing: a new one in its place could neither read what is stored nor go on with the chain.
  [[nodiscard]] static base::Expected<Keys> Load(const DataDir& dir);
};

}  // namespace evertill::store
