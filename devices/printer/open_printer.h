#pragma once

#include <memory>
#include <string_view>

#include "app/base/expected.h"
#include "app/checkout/printer.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

/// The printer at `tcp://HOST[:PORT]` or `file:PATH`. Does not touch it yet: one that is absent shows at Print().
/// Errors: printer_address_invalid, printer_kind_unsupported.
[[nodiscard]] base::Expected<std::unique_ptr<checkout::ReceiptPrinter>> OpenPrinter(std::string_view address,
                                                                                    const PrinterProfile& profile = {});

}  // namespace evertill::devices::printer
