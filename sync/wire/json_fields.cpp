#include "sync/wire/json_fields.h"

#include "app/base/uuid.h"
#include "sync/wire/limits.h"

namespace evertill::wire {

namespace json = boost::json;

std::string_view ErrorName(WireErrc code) {
  switch (code) {
    case WireErrc::kMalformed:
      return "malformed_message";
    case WireErrc::kTooLarge:
      return "message_too_large";
    case WireErrc::kBadEnrolCode:
      return "bad_enrol_code";
  }
  return "wire_error";
}

base::Expected<json::object> ParseObject(std::string_view text, std::string_view what) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return base::Fail(WireErrc::kMalformed, std::string(what) + ": not JSON: " + error.message());
  if (!value.is_object()) return base::Fail(WireErrc::kMalformed, std::string(what) + ": not a JSON object");
  return std::move(value.get_object());
}

void JsonFields::Wrong(std::string_view key, std::string_view problem) {
  if (!problem_.empty()) return;
  problem_ = std::string(what_) + ": '" + std::string(key) + "' " + std::string(problem);
}

base::Status JsonFields::Check() const {
  if (!problem_.empty()) return base::Fail(WireErrc::kMalformed, problem_);
  return {};
}

std::string JsonFields::String(std::string_view key, size_t max_bytes) {
  auto text = OptionalString(key, max_bytes);
  if (!text) Wrong(key, "is missing");
  return text.value_or("");
}

std::optional<std::string> JsonFields::OptionalString(std::string_view key, size_t max_bytes) {
  const json::value* value = object_.if_contains(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  const json::string* text = value->if_string();
  if (text == nullptr) {
    Wrong(key, "is not a text");
    return std::nullopt;
  }
  if (text->size() > max_bytes) {
    Wrong(key, "is too long");
    return std::nullopt;
  }
  return std::string(text->data(), text->size());
}

int64_t JsonFields::Integer(std::string_view key, int64_t least, int64_t most) {
  if (object_.if_contains(key) == nullptr) {
    Wrong(key, "is missing");
    return least;
  }
  return IntegerOr(key, least, least, most);
}

int64_t JsonFields::IntegerOr(std::string_view key, int64_t fallback, int64_t least, int64_t most) {
  const json::value* value = object_.if_contains(key);
  if (value == nullptr || value->is_null()) return fallback;
  const int64_t* number = value->if_int64();
  if (number == nullptr) {
    Wrong(key, "is not a whole number");
    return fallback;
  }
  if (*number < least || *number > most) {
    Wrong(key, "is out of range");
    return fallback;
  }
  return *number;
}

bool JsonFields::BoolOr(std::string_view key, bool fallback) {
  const json::value* value = object_.if_contains(key);
  if (value == nullptr || value->is_null()) return fallback;
  const bool* flag = value->if_bool();
  if (flag == nullptr) {
    Wrong(key, "is not true or false");
    return fallback;
  }
  return *flag;
}

std::string JsonFields::Hex(std::string_view key, size_t bytes) {
  const std::string text = String(key, bytes * 2);
  auto raw = base::FromHex(text);
  if (!raw || raw->size() != bytes) {
    Wrong(key, "is not hexadecimal of the right length");
    return std::string(bytes, '\0');
  }
  return *std::move(raw);
}

const json::object* JsonFields::Object(std::string_view key) {
  const json::value* value = object_.if_contains(key);
  const json::object* object = value == nullptr ? nullptr : value->if_object();
  if (object == nullptr) Wrong(key, "is not an object");
  return object;
}

const json::array* JsonFields::Array(std::string_view key, size_t max_items) {
  const json::value* value = object_.if_contains(key);
  const json::array* array = value == nullptr ? nullptr : value->if_array();
  if (array == nullptr) {
    Wrong(key, "is not a list");
  } else if (array->size() > max_items) {
    Wrong(key, "has too many items");
    return nullptr;
  }
  return array;
}

}  // namespace evertill::wire
