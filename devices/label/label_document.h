#pragma once

#include "app/domain/receipt.h"
#include "devices/label/label.h"

namespace evertill::devices::label {

/// The label for a shop without a label printer: on the receipt printer, to be cut out.
[[nodiscard]] domain::ReceiptDocument ToDocument(const ShelfLabel& label);
[[nodiscard]] domain::ReceiptDocument ToDocument(const CardLabel& label);

}  // namespace evertill::devices::label
