#pragma once

#include <memory>

#include "devices/link/address.h"
#include "devices/link/link.h"

namespace evertill::devices::link {

struct OpenTimeouts {
  int connect_ms = 3000;  ///< For each address of a TCP host.
};

/// Opens the way. Blocks up to the time-outs; looking up a host name may take as long as the system's resolver does.
/// Errors: device_unreachable, device_no_permission, device_timeout, device_busy, device_kind_not_built.
[[nodiscard]] base::Expected<std::unique_ptr<Link>> OpenLink(const Address& address, const OpenTimeouts& timeouts = {});

}  // namespace evertill::devices::link
