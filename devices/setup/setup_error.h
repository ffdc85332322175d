#pragma once

#include <string_view>

namespace evertill::devices::setup {

enum class SetupErrc {
  kBadConfig,    ///< till.toml: file, line and reason.
  kCannotWrite,  ///< till.toml cannot be written.
};

/// Stable names, part of the contract of the programs: bad_config, config_not_written.
[[nodiscard]] std::string_view ErrorName(SetupErrc code);

}  // namespace evertill::devices::setup
