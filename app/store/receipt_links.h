#pragma once

#include "app/checkout/receipt_links.h"
#include "app/store/database.h"

namespace evertill::store {

/// What a receipt's QR says: head office's address and what proves the sale, signed with this till's key. Any thread.
class ReceiptLinkTable final : public checkout::ReceiptLinks {
 public:
  explicit ReceiptLinkTable(Database& database) : database_(database) {}
  [[nodiscard]] base::Expected<std::string> LinkFor(const domain::Sale& sale) override;

 private:
  Database& database_;
};

}  // namespace evertill::store
