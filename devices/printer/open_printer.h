#pragma once

#include <memory>
#include <string_view>

#include "app/base/expected.h"
#include "devices/printer/printer_session.h"

namespace evertill::devices::printer {

/// The printer at an address of link::ParseAddress()'s forms. Looks for it at once, on a thread of its own; one that is
/// absent shows in its status and at Print(). Errors: device_address_invalid.
[[nodiscard]] base::Expected<std::unique_ptr<PrinterSession>> OpenPrinter(std::string_view address,
                                                                          const PrinterProfile& profile = {},
                                                                          SessionOptions options = {});

}  // namespace evertill::devices::printer
