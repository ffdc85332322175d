#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evertill::crypto {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;

/// Looks at text as bytes. The text must outlive the view.
[[nodiscard]] inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
/// Looks at bytes as text, for SQL and JSON borders. The bytes must outlive the view.
[[nodiscard]] inline std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace evertill::crypto
