#pragma once

#include <memory>

#include "devices/link/open_link.h"

namespace evertill::devices::link {

/// A stream to a raw printing port or a serial converter. Errors: device_unreachable, device_timeout.
[[nodiscard]] base::Expected<std::unique_ptr<Link>> OpenTcpLink(const TcpAddress& address,
                                                                const OpenTimeouts& timeouts);

}  // namespace evertill::devices::link
