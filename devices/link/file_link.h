#pragma once

#include <memory>

#include "devices/link/open_link.h"

namespace evertill::devices::link {

/// Jobs into a file or a device node (/dev/usb/lp0), one way. Each Write() into a file is appended whole or, when it
/// does not fit, taken back; programs that write into the same file take turns. A device node may stall amid a job.
/// Errors: device_unreachable, device_no_permission, device_busy.
[[nodiscard]] base::Expected<std::unique_ptr<Link>> OpenFileLink(const FileAddress& address);

}  // namespace evertill::devices::link
