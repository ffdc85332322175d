#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/base/expected.h"

namespace evertill::domain {

/// An exact decimal quantity: pieces or kilograms, held in millionths (GS1 weights have up to 5 decimals).
class Quantity {
 public:
  static constexpr int64_t kScale = 1'000'000;
  /// Largest quantity of one line: 100,000.
  static constexpr int64_t kLargest = 100'000 * kScale;

  constexpr Quantity() = default;
  [[nodiscard]] static constexpr Quantity Units(int64_t units) { return Quantity(units * kScale); }
  [[nodiscard]] static constexpr Quantity FromMicro(int64_t micro) { return Quantity(micro); }
  /// A plain decimal with at most 6 decimals, optional leading '-': "3", "0.842". kBadQuantity for anything else or
  /// past kLargest.
  [[nodiscard]] static base::Expected<Quantity> Parse(std::string_view text);

  [[nodiscard]] constexpr int64_t Micro() const { return micro_; }
  [[nodiscard]] constexpr bool IsZero() const { return micro_ == 0; }
  [[nodiscard]] constexpr bool IsWhole() const { return micro_ % kScale == 0; }
  /// Without trailing zeros: "3", "0.842".
  [[nodiscard]] std::string ToString() const;

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.micro_ + b.micro_); }
  auto operator<=>(const Quantity&) const = default;

 private:
  explicit constexpr Quantity(int64_t micro) : micro_(micro) {}
  int64_t micro_ = 0;
};

}  // namespace evertill::domain
