#pragma once

#include <memory>

#include "devices/link/open_link.h"

namespace evertill::devices::link {

/// A serial line (or a pty, for tests), raw, held alone: no second program may open it meanwhile.
/// Errors: device_unreachable, device_no_permission, device_busy.
[[nodiscard]] base::Expected<std::unique_ptr<Link>> OpenSerialLink(const SerialAddress& address);

}  // namespace evertill::devices::link
