#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace evertill::base {

/// A library's closed set of failures: an enum class with a function `std::string_view ErrorName(E)` beside it that
/// gives each value its stable snake_case name ("unknown_barcode"). Names are part of the contract of the programs.
template <typename E>
concept ErrorEnum = std::is_enum_v<E> && requires(E code) {
  { ErrorName(code) } -> std::convertible_to<std::string_view>;
};

/// One recoverable failure. Carries the code for programs and technical detail for logs and command lines; the words
/// that a cashier reads are made from Name() in presenters/.
class Error {
 public:
  template <ErrorEnum E>
  Error(E code, std::string detail = {})  // NOLINT(google-explicit-constructor): `return Fail(code)` reads best
      : library_(LibraryOf<E>()), value_(static_cast<int>(code)), name_(ErrorName(code)), detail_(std::move(detail)) {}

  /// True when this error is exactly `code`.
  template <ErrorEnum E>
  [[nodiscard]] bool Is(E code) const {
    return library_ == LibraryOf<E>() && value_ == static_cast<int>(code);
  }

  /// Stable snake_case name, unique across libraries.
  [[nodiscard]] std::string_view Name() const { return name_; }
  /// What exactly failed (a file, a line, a number): plain English, one line, never a secret. May be empty.
  [[nodiscard]] const std::string& Detail() const { return detail_; }
  /// "name: detail" for logs and command lines.
  [[nodiscard]] std::string ToString() const {
    return detail_.empty() ? std::string(name_) : std::string(name_) + ": " + detail_;
  }
  /// The same failure with where it happened put before its detail: `file till.toml line 3: …`.
  [[nodiscard]] Error Within(std::string_view where) && {
    detail_ = detail_.empty() ? std::string(where) : std::string(where) + ": " + detail_;
    return std::move(*this);
  }

 private:
  template <typename E>
  static const void* LibraryOf() {
    static constexpr char kTag = 0;
    return &kTag;
  }
  const void* library_;
  int value_;
  std::string_view name_;
  std::string detail_;
};

}  // namespace evertill::base
