#include "sync/wire/message_parts.h"

#include <algorithm>

#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/domain/ids.h"
#include "sync/wire/limits.h"

namespace evertill::wire {

namespace json = boost::json;

std::string Hex(std::string_view raw) {
  return base::ToHex(crypto::AsBytes(raw));
}

std::string Base64(std::string_view raw) {
  return crypto::ToBase64(crypto::AsBytes(raw));
}

base::Expected<std::string> Base64Field(JsonFields& fields, std::string_view key, size_t bytes) {
  const std::string text = fields.String(key, bytes * 2);
  EVERTILL_TRY(fields.Check());
  const auto raw = crypto::FromBase64(text);
  if (!raw || raw->size() != bytes) {
    return base::Fail(WireErrc::kMalformed, "'" + std::string(key) + "' is not base64 of the right length");
  }
  return std::string(crypto::AsText(*raw));
}

base::Expected<std::string> OptionalBase64Field(JsonFields& fields, std::string_view key, size_t bytes) {
  const auto text = fields.OptionalString(key, bytes * 2);
  EVERTILL_TRY(fields.Check());
  if (!text || text->empty()) return std::string();
  return Base64Field(fields, key, bytes);
}

json::object EpochJson(const Epoch& epoch) {
  return {{"counter", epoch.counter}, {"random", Hex(epoch.random)}};
}

base::Expected<Epoch> ReadEpoch(JsonFields& fields) {
  const json::object* object = fields.Object("epoch");
  EVERTILL_TRY(fields.Check());
  JsonFields inner(*object, "epoch");
  Epoch epoch;
  epoch.counter = inner.Integer("counter", 1, kMaxSafeInteger);
  epoch.random = inner.Hex("random", 16);
  EVERTILL_TRY(inner.Check());
  return epoch;
}

bool IsWord(std::string_view text, size_t most) {
  return !text.empty() && text.size() <= most &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool IsNonce(std::string_view text) {
  return IsWord(text, 64);
}

bool IsTerminal(std::string_view text) {
  const size_t slash = text.find('/');
  return slash != std::string_view::npos && domain::IsPlaceCode(text.substr(0, slash)) &&
         domain::IsPlaceCode(text.substr(slash + 1));
}

std::string SignedLines(std::string_view title, const std::vector<std::string>& parts) {
  std::string bytes(title);
  bytes += '\n';
  for (const std::string& part : parts) {
    bytes += part;
    bytes += '\n';
  }
  return bytes;
}

}  // namespace evertill::wire
