#pragma once

#include <filesystem>

#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/crypto/bytes.h"
#include "app/crypto/error.h"

namespace evertill::crypto {

/// Reads a file of exactly `size` raw secret bytes, or makes it from `random`: mode 0600, written beside, synced and
/// then given its name, so that a crash leaves a whole key or none. The folder is made with mode 0700. Where a TPM or
/// keyring is absent this is the weaker way that remains. kKeyFile, with the path and the reason, when the file can be
/// read by others, has another length or cannot be used; never replaces an existing file.
[[nodiscard]] base::Expected<Bytes> LoadOrCreateKeyFile(const std::filesystem::path& path, size_t size,
                                                        base::Random& random);
/// The same without making it.
[[nodiscard]] base::Expected<Bytes> LoadKeyFile(const std::filesystem::path& path, size_t size);

}  // namespace evertill::crypto
