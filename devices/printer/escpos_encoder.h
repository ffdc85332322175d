#pragma once

#include <string>

#include "app/base/expected.h"
#include "app/domain/receipt.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

/// A whole receipt as ESC/POS bytes: reset, raster rows, cuts and drawer pulses. Cuts and pulses come from the
/// document's elements only: text reaches the printer as dots, or, where the profile asks for text, as printable
/// characters, so that nothing in a name can become a command. Nor does a real-time command form by chance.
/// Thread-safe. Errors: those of render::LayoutReceipt().
[[nodiscard]] base::Expected<std::string> EncodeReceipt(const domain::ReceiptDocument& document,
                                                        const PrinterProfile& profile);

/// The pulse that opens the drawer (ESC p), for a drawer that is opened outside of a receipt.
[[nodiscard]] std::string EncodeDrawerPulse(const domain::DrawerKickElement& kick, const PrinterProfile& profile);

}  // namespace evertill::devices::printer
