#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "app/crypto/bytes.h"

struct evp_md_ctx_st;

namespace evertill::crypto {

/// A SHA-256 or HMAC-SHA-256 value.
using Digest = std::array<uint8_t, 32>;

/// SHA-256 over several pieces as if they were one: Sha256({prev_hash, body}). Any thread.
[[nodiscard]] Digest Sha256(std::initializer_list<ByteView> pieces);
[[nodiscard]] Digest Sha256(ByteView bytes);

/// HMAC-SHA-256 over several pieces as if they were one. The key may have any length. Any thread.
[[nodiscard]] Digest HmacSha256(ByteView key, std::initializer_list<ByteView> pieces);
[[nodiscard]] Digest HmacSha256(ByteView key, ByteView bytes);

/// Compares without telling by its time where the first difference is.
[[nodiscard]] bool EqualInConstantTime(ByteView a, ByteView b);

/// SHA-256 of data that comes in parts. One thread at a time.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  Sha256Stream& Update(ByteView bytes);
  /// The digest of everything so far; the stream then starts over.
  [[nodiscard]] Digest Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace evertill::crypto
