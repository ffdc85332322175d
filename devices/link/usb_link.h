#pragma once

#include <memory>

#include "devices/link/open_link.h"

namespace evertill::devices::link {

/// A device of the USB printer class (USB Device Class Definition for Printing Devices 1.1: interface class 7), claimed
/// from the kernel's usblp while open and given back at the end. A thread of its own reads what the device says.
/// Errors: device_unreachable (none such is plugged in), device_no_permission, device_busy.
[[nodiscard]] base::Expected<std::unique_ptr<Link>> OpenUsbLink(const UsbAddress& address);

}  // namespace evertill::devices::link
