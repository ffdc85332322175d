#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/domain/money.h"

namespace evertill::domain {

/// One rate of a country's tax: "VAT7" = 7000 thousandths of a percent.
struct TaxRate {
  std::string code;
  int32_t millipercent = 0;
  bool operator==(const TaxRate&) const = default;
};

enum class TaxMode { kInclusive, kExclusive };
enum class TaxRounding { kPerLine, kPerSale };

/// A country's rule for taxing a sale. Data: a shop elsewhere brings its own.
struct TaxScheme {
  TaxMode mode = TaxMode::kInclusive;
  TaxRounding rounding = TaxRounding::kPerSale;
  std::vector<TaxRate> rates;
  std::string default_code;  ///< for products that name none

  /// The rate of `code`, or of default_code when `code` is empty; nullptr when unknown.
  [[nodiscard]] const TaxRate* Find(std::string_view code) const;
};

/// Thailand (VAT 7 % inclusive, exempt goods) for THB, Vietnam (VAT 10, 8, 5, 0 % inclusive) for VND, no tax otherwise.
/// Sources: Thai Revenue Code s. 80 and Royal Decree 646 as prolonged (7 % inclusive of local tax); Vietnam Law on VAT
/// art. 8 with the 8 % relief. Prices at the shelf include the tax in both countries.
[[nodiscard]] TaxScheme DefaultTaxScheme(Currency currency);

/// What a line is taxed on: its total after discounts.
struct TaxableLine {
  Money amount;
  TaxRate rate;
};

/// One row of the tax table on a receipt.
struct TaxRow {
  TaxRate rate;
  Money net;  ///< without tax
  Money tax;
};

/// Tax of each line, in order. Per line: each rounded half up on its own. Per sale: the tax of all lines of one rate is
/// computed once and shared out to its lines by largest remainder, so that lines add up to the receipt to the minor
/// unit. Amounts of either sign, all of one currency.
[[nodiscard]] std::vector<Money> ComputeTax(std::span<const TaxableLine> lines, const TaxScheme& scheme);

/// The tax table: one row per rate in order of first appearance; `taxes` as ComputeTax gave them.
[[nodiscard]] std::vector<TaxRow> SummariseTax(std::span<const TaxableLine> lines, std::span<const Money> taxes,
                                               const TaxScheme& scheme);

}  // namespace evertill::domain
