#pragma once

#include <string_view>

namespace evertill::devices::link {

enum class LinkErrc {
  kAddressInvalid,  ///< Not an address of the forms in address.h.
  kUnreachable,     ///< No such host, file or device, or it refuses. Nothing was sent.
  kNoPermission,    ///< It is there, and this user may not use it.
  kTimeout,         ///< No answer in time. Nothing was sent.
  kBusy,            ///< Another program holds it.
  kLost,            ///< It was open and is gone.
  kWriteFailed,     ///< The file or queue refused the job. Nothing of it stayed.
  kNotBuilt,        ///< This build has no such kind of link (CUPS is optional).
};

/// Stable names, part of the contract of the programs: device_address_invalid, device_unreachable,
/// device_no_permission, device_timeout, device_busy, link_lost, device_write_failed, device_kind_not_built.
[[nodiscard]] std::string_view ErrorName(LinkErrc code);

}  // namespace evertill::devices::link
