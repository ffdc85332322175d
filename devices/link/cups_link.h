#pragma once

#include <memory>

#include "devices/link/open_link.h"

namespace evertill::devices::link {

/// Raw jobs into a queue of the system's print service: each Write() is a job. It never tells whether paper came out.
/// Errors: device_unreachable, device_no_permission.
[[nodiscard]] base::Expected<std::unique_ptr<Link>> OpenCupsLink(const CupsAddress& address);

}  // namespace evertill::devices::link
