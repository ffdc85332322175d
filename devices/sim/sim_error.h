#pragma once

#include <string_view>

namespace evertill::devices::sim {

enum class SimErrc {
  kAddressUnusable,  ///< Cannot listen there.
  kFileUnreadable,
  kFileUnwritable,
};

/// Stable names, part of the contract of the programs.
[[nodiscard]] std::string_view ErrorName(SimErrc code);

}  // namespace evertill::devices::sim
