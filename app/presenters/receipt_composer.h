#pragma once

#include <string>

#include "app/checkout/ports.h"
#include "app/checkout/receipt_links.h"
#include "app/domain/receipt.h"
#include "app/domain/sale.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

struct ReceiptOptions {
  bool copy = false;                        ///< marked as a copy; opens no drawer
  bool drawer_kick = true;                  ///< on cash
  checkout::ReceiptLinks* links = nullptr;  ///< what the QR code says; the bare receipt number without it
};

/// What a sale's or refund's receipt says, in the member's language or the till's. Points are marked provisional where
/// they are.
[[nodiscard]] domain::ReceiptDocument ComposeSaleReceipt(const domain::Sale& sale, const checkout::TillIdentity& till,
                                                         const ReceiptOptions& options);

}  // namespace evertill::presenters
