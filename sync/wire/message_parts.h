#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "sync/wire/json_fields.h"
#include "sync/wire/messages.h"

/// What the messages have in common. Inside wire/ only.
namespace evertill::wire {

inline constexpr size_t kDigestBytes = 32;
inline constexpr size_t kKeyBytes = 32;
inline constexpr size_t kSignatureBytes = 64;
inline constexpr size_t kSaltBytes = 16;

[[nodiscard]] std::string Hex(std::string_view raw);
[[nodiscard]] std::string Base64(std::string_view raw);
/// A base64 field of exactly `bytes` bytes, given back raw. Fails at once, also for what was wrong before.
[[nodiscard]] base::Expected<std::string> Base64Field(JsonFields& fields, std::string_view key, size_t bytes);
/// The same where "", null or no field at all is "nothing".
[[nodiscard]] base::Expected<std::string> OptionalBase64Field(JsonFields& fields, std::string_view key, size_t bytes);

[[nodiscard]] boost::json::object EpochJson(const Epoch& epoch);
[[nodiscard]] base::Expected<Epoch> ReadEpoch(JsonFields& fields);

/// 1 to `most` printable ASCII characters without blanks: cannot forge a line of what is signed.
[[nodiscard]] bool IsWord(std::string_view text, size_t most);
[[nodiscard]] bool IsNonce(std::string_view text);
/// "STORE/TILL".
[[nodiscard]] bool IsTerminal(std::string_view text);

/// `title`, then each part, each ended by a line feed: what is signed.
[[nodiscard]] std::string SignedLines(std::string_view title, const std::vector<std::string>& parts);

}  // namespace evertill::wire
