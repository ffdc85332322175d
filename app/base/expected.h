#pragma once

#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

#include "app/base/error.h"

namespace evertill::base {

/// A value, or the Error that kept it from being made. Same interface as C++23's std::expected
/// (implemented by tl::expected), but ignoring one is a warning.
template <typename T, typename E = Error>
class [[nodiscard]] Expected : public tl::expected<T, E> {
 public:
  using tl::expected<T, E>::expected;
  Expected() = default;
  Expected(tl::expected<T, E> other) : tl::expected<T, E>(std::move(other)) {}  // NOLINT(google-explicit-constructor)
};

/// For functions that either work or fail and have nothing else to say.
using Status = Expected<void>;

/// Makes the failing side of an Expected: `return Fail(StoreErrc::kBusy, "till.db");`
template <ErrorEnum Code>
[[nodiscard]] tl::unexpected<Error> Fail(Code code, std::string detail = {}) {
  return tl::unexpected<Error>(Error(code, std::move(detail)));
}

/// Passes an error on unchanged: `if (!rows) return Fail(rows.error());`
[[nodiscard]] inline tl::unexpected<Error> Fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace evertill::base

/// Returns from the enclosing function when `expr` (a Status or Expected) failed.
#define EVERTILL_TRY(expr)                                                \
  do {                                                                    \
    if (auto evertill_status_ = (expr); !evertill_status_)                \
      return ::evertill::base::Fail(std::move(evertill_status_.error())); \
  } while (false)

#define EVERTILL_CONCAT_INNER(a, b) a##b
#define EVERTILL_CONCAT(a, b) EVERTILL_CONCAT_INNER(a, b)
/// `EVERTILL_ASSIGN(auto x, Compute());` declares x from the value, or returns the error.
#define EVERTILL_ASSIGN(decl, expr) EVERTILL_ASSIGN_IMPL(EVERTILL_CONCAT(evertill_value_, __LINE__), decl, expr)
#define EVERTILL_ASSIGN_IMPL(tmp, decl, expr)                      \
  auto tmp = (expr);                                               \
  if (!tmp) return ::evertill::base::Fail(std::move(tmp.error())); \
  decl = std::move(*tmp)
