#include "devices/link/link_error.h"

namespace evertill::devices::link {

std::string_view ErrorName(LinkErrc code) {
  switch (code) {
    case LinkErrc::kAddressInvalid:
      return "device_address_invalid";
    case LinkErrc::kUnreachable:
      return "device_unreachable";
    case LinkErrc::kNoPermission:
      return "device_no_permission";
    case LinkErrc::kTimeout:
      return "device_timeout";
    case LinkErrc::kBusy:
      return "device_busy";
    case LinkErrc::kLost:
      return "link_lost";
    case LinkErrc::kWriteFailed:
      return "device_write_failed";
    case LinkErrc::kNotBuilt:
      return "device_kind_not_built";
  }
  return "device_unknown_error";
}

}  // namespace evertill::devices::link
