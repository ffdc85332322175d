#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/store/errors.h"

namespace evertill::store {

/// Reads a JSON object that this library wrote. kBadStored, naming `what`, otherwise.
[[nodiscard]] inline base::Expected<boost::json::object> ParseObject(std::string_view text, const char* what) {
  boost::system::error_code error;
  auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return base::Fail(StoreErrc::kBadStored, what);
  return std::move(value.get_object());
}

/// Empty when the key is missing or no text.
[[nodiscard]] inline std::string TextOf(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(boost::json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// 0 when the key is missing or no integer.
[[nodiscard]] inline int64_t IntegerOf(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(boost::json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

}  // namespace evertill::store
