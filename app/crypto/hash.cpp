#include "app/crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

#include "app/base/check.h"

namespace evertill::crypto {
namespace {

/// Fetched once: OpenSSL 3 otherwise looks the algorithm up for each digest, which costs more than a short hash.
const EVP_MD* Sha256Method() {
  static const EVP_MD* const kMethod = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVERTILL_CHECK(kMethod != nullptr);
  return kMethod;
}

constexpr size_t kBlockSize = 64;

}  // namespace

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  EVERTILL_CHECK(context_ != nullptr);
  EVERTILL_CHECK(EVP_DigestInit_ex(context_.get(), Sha256Method(), nullptr) == 1);
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

Sha256Stream& Sha256Stream::Update(ByteView bytes) {
  EVERTILL_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Sha256Stream::Finish() {
  Digest out;
  unsigned int length = 0;
  EVERTILL_CHECK(EVP_DigestFinal_ex(context_.get(), out.data(), &length) == 1 && length == out.size());
  EVERTILL_CHECK(EVP_DigestInit_ex(context_.get(), Sha256Method(), nullptr) == 1);
  return out;
}

Digest Sha256(std::initializer_list<ByteView> pieces) {
  Sha256Stream stream;
  for (const auto& piece : pieces) stream.Update(piece);
  return stream.Finish();
}

Digest Sha256(ByteView bytes) {
  return Sha256({bytes});
}

Digest HmacSha256(ByteView key, std::initializer_list<ByteView> pieces) {
  // RFC 2104 spelled out: EVP_MAC costs a fetch and two allocations for each call, and a phone look-up needs one.
  std::array<uint8_t, kBlockSize> block{};
  if (key.size() > kBlockSize) {
    const Digest hashed = Sha256(key);
    std::copy(hashed.begin(), hashed.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  for (auto& byte : block) byte = static_cast<uint8_t>(byte ^ 0x36);
  Sha256Stream stream;
  stream.Update(block);
  for (const auto& piece : pieces) stream.Update(piece);
  const Digest inner = stream.Finish();
  for (auto& byte : block) byte = static_cast<uint8_t>(byte ^ 0x36 ^ 0x5c);
  const Digest outer = stream.Update(block).Update(inner).Finish();
  OPENSSL_cleanse(block.data(), block.size());
  return outer;
}

Digest HmacSha256(ByteView key, ByteView bytes) {
  return HmacSha256(key, {bytes});
}

bool EqualInConstantTime(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace evertill::crypto
