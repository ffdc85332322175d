#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

#include "app/base/uuid.h"

namespace evertill::base {

/// An identifier that cannot be mixed up with another kind: `using MemberId = Id<struct MemberTag>;`
/// Explicit both ways. Rep is Uuid, or std::string for codes that people give (store "S01", till "L03").
template <typename Tag, typename Rep = Uuid>
class Id {
 public:
  Id() = default;
  explicit Id(Rep value) : value_(std::move(value)) {}
  [[nodiscard]] const Rep& Value() const { return value_; }
  [[nodiscard]] std::string ToString() const {
    if constexpr (std::is_same_v<Rep, std::string>) {
      return value_;
    } else {
      return value_.ToString();
    }
  }
  auto operator<=>(const Id&) const = default;
  bool operator==(const Id&) const = default;

 private:
  Rep value_{};
};

}  // namespace evertill::base
