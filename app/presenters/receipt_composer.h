#pragma once

#include <string>

#include "app/checkout/ports.h"
#include "app/domain/receipt.h"
#include "app/domain/sale.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

struct ReceiptOptions {
  bool copy = false;        ///< marked as a copy; opens no drawer
  bool drawer_kick = true;  ///< on cash
  std::string qr_base;      ///< URL that the QR code begins with; the bare receipt number where empty
};

/// What a sale's receipt says, in the member's language or the till's. Points are marked provisional where they are.
[[nodiscard]] domain::ReceiptDocument ComposeSaleReceipt(const domain::Sale& sale, const checkout::TillIdentity& till,
                                                         const ReceiptOptions& options);

}  // namespace evertill::presenters
