#include "devices/drawer/drawer_error.h"

namespace evertill::devices::drawer {

std::string_view ErrorName(DrawerErrc code) {
  switch (code) {
    case DrawerErrc::kNotReached:
      return "drawer_not_reached";
    case DrawerErrc::kSettingsInvalid:
      return "drawer_settings_invalid";
  }
  return "drawer_unknown_error";
}

}  // namespace evertill::devices::drawer
