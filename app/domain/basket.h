#pragma once

#include <vector>

#include "app/base/expected.h"
#include "app/domain/product.h"
#include "app/domain/sale.h"
#include "app/domain/tax.h"

namespace evertill::domain {

/// The sale being rung: lines and their totals, always consistent. A refused change changes nothing.
class Basket {
 public:
  /// Lines that one basket can hold: bounds every sum far below 64 bits.
  static constexpr size_t kMostLines = 1000;

  Basket(Currency currency, TaxScheme scheme);

  /// Adds `quantity` of a product. The same piece product scanned again right after itself joins the last line,
  /// when its lot, serial number and expiry are the same too.
  /// Returns the line's number. kBasketFull, kBadQuantity (≤ 0, or a fraction of a piece), kAmountTooLarge.
  [[nodiscard]] base::Expected<int> Add(const Product& product, Quantity quantity, const GoodsTrace& trace = {});
  /// kNoSuchLine, kBadQuantity, kAmountTooLarge.
  [[nodiscard]] base::Status SetQuantity(int number, Quantity quantity);
  /// Removes a line; the ones below move up.
  [[nodiscard]] base::Status Remove(int number);

  [[nodiscard]] const std::vector<SaleLine>& Lines() const { return lines_; }
  [[nodiscard]] bool IsEmpty() const { return lines_.empty(); }
  [[nodiscard]] const SaleTotals& Totals() const { return totals_; }
  [[nodiscard]] const std::vector<TaxRow>& TaxRows() const { return tax_rows_; }
  [[nodiscard]] const TaxScheme& Scheme() const { return scheme_; }
  [[nodiscard]] Currency GetCurrency() const { return currency_; }
  /// Pieces; a weighed line counts as one.
  [[nodiscard]] int64_t ItemCount() const;
  /// The highest age that a line asks for; 0 when none does.
  [[nodiscard]] int32_t AgeLimit() const;

 private:
  [[nodiscard]] base::Status Recount(SaleLine& line, Quantity quantity) const;
  void Total();

  Currency currency_;
  TaxScheme scheme_;
  std::vector<SaleLine> lines_;
  SaleTotals totals_;
  std::vector<TaxRow> tax_rows_;
};

}  // namespace evertill::domain
