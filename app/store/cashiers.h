#pragma once

#include "app/checkout/ports.h"
#include "app/crypto/pin_hash.h"
#include "app/store/database.h"

namespace evertill::store {

/// Who may sign in. After five wrong PINs in a row a cashier is locked for a quarter of an hour, and for twice as long
/// after each further one, up to a day; a restart changes nothing of that.
class CashierTable final : public checkout::Cashiers {
 public:
  CashierTable(Database& database, crypto::PinCost cost) : database_(database), cost_(cost) {}
  [[nodiscard]] base::Expected<checkout::CashierRecord> CheckPin(std::string_view name, std::string_view pin) override;
  [[nodiscard]] base::Status Add(const checkout::CashierRecord& cashier, std::string_view pin) override;
  [[nodiscard]] base::Expected<std::vector<checkout::CashierRecord>> List() override;

 private:
  Database& database_;
  crypto::PinCost cost_;
};

}  // namespace evertill::store
