#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "sync/wire/errors.h"

namespace evertill::wire {

/// One JSON object from `text`; depth at most kMaxJsonDepth, nothing after it, no duplicate-key tricks relied on.
[[nodiscard]] base::Expected<boost::json::object> ParseObject(std::string_view text, std::string_view what);

/// Reads the members of an object that came from outside. The first thing that is wrong is remembered, later reads
/// give defaults, and Check() tells: so a decoder reads all fields in a row and asks once.
class JsonFields {
 public:
  /// `what` names the message in errors. Both must outlive this.
  JsonFields(const boost::json::object& object, std::string_view what) : object_(object), what_(what) {}

  [[nodiscard]] std::string String(std::string_view key, size_t max_bytes = 256);
  /// Absent or null is "nothing"; another type is an error.
  [[nodiscard]] std::optional<std::string> OptionalString(std::string_view key, size_t max_bytes = 256);
  [[nodiscard]] int64_t Integer(std::string_view key, int64_t least, int64_t most);
  [[nodiscard]] int64_t IntegerOr(std::string_view key, int64_t fallback, int64_t least, int64_t most);
  [[nodiscard]] bool BoolOr(std::string_view key, bool fallback);
  /// Hexadecimal of exactly `bytes` bytes, given back raw.
  [[nodiscard]] std::string Hex(std::string_view key, size_t bytes);
  /// Null when missing or of another type (which is then the remembered failure).
  [[nodiscard]] const boost::json::object* Object(std::string_view key);
  [[nodiscard]] const boost::json::array* Array(std::string_view key, size_t max_items);

  [[nodiscard]] base::Status Check() const;

 private:
  void Wrong(std::string_view key, std::string_view problem);

  const boost::json::object& object_;
  std::string_view what_;
  std::string problem_;
};

}  // namespace evertill::wire
