#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/crypto/bytes.h"
#include "app/crypto/error.h"

namespace evertill::crypto {

/// RFC 4648 base64, with padding.
[[nodiscard]] std::string ToBase64(ByteView bytes);
/// Exactly what ToBase64 writes: padding is needed, white space and stray last bits are refused.
[[nodiscard]] base::Expected<Bytes> FromBase64(std::string_view text);

/// RFC 4648 base32, upper case, no padding: what a scanner that is a keyboard can carry.
[[nodiscard]] std::string ToBase32(ByteView bytes);
/// Either case (a scanner may have Caps Lock on); no padding, no stray last bits.
[[nodiscard]] base::Expected<Bytes> FromBase32(std::string_view text);

}  // namespace evertill::crypto
