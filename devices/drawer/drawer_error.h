#pragma once

#include <string_view>

namespace evertill::devices::drawer {

enum class DrawerErrc {
  kNotReached,       ///< The port is there, and the pulse did not go out.
  kSettingsInvalid,  ///< What till.toml says of the drawer makes no sense.
};

/// Stable names, part of the contract of the programs: drawer_not_reached, drawer_settings_invalid.
[[nodiscard]] std::string_view ErrorName(DrawerErrc code);

}  // namespace evertill::devices::drawer
