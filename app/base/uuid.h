#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/base/clock.h"
#include "app/base/random.h"

namespace evertill::base {

/// A 128-bit identifier (RFC 9562). Compares by bytes, so version 7 sorts by time of making.
struct Uuid {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
  [[nodiscard]] bool IsNil() const { return *this == Uuid{}; }
  /// 36 characters, lower case.
  [[nodiscard]] std::string ToString() const;
  /// Exactly the 36-character form, either case; nothing else.
  [[nodiscard]] static std::optional<Uuid> Parse(std::string_view text);
};

/// Version 7: 48 bits of milliseconds, then random bits. Unique, roughly ordered; order is never relied on.
[[nodiscard]] Uuid MakeUuidV7(const Clock& clock, Random& random);

/// Lower-case hexadecimal.
[[nodiscard]] std::string ToHex(std::span<const uint8_t> bytes);
/// Accepts either case; nothing on odd length or a stray character.
[[nodiscard]] std::optional<std::string> FromHex(std::string_view text);

}  // namespace evertill::base
