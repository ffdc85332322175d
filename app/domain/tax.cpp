#include "app/domain/tax.h"

#include <algorithm>

#include "app/base/check.h"

namespace evertill::domain {
namespace {

constexpr int64_t kWhole = 100'000;  // 100 % in thousandths of a percent

Money TaxOn(Money amount, const TaxRate& rate, TaxMode mode) {
  const int64_t base = mode == TaxMode::kInclusive ? kWhole + rate.millipercent : kWhole;
  return amount.Scaled(rate.millipercent, base, Rounding::kHalfUp);
}

}  // namespace

const TaxRate* TaxScheme::Find(std::string_view code) const {
  const std::string_view wanted = code.empty() ? std::string_view(default_code) : code;
  const auto found = std::find_if(rates.begin(), rates.end(), [&](const TaxRate& rate) { return rate.code == wanted; });
  return found == rates.end() ? nullptr : &*found;
}

TaxScheme DefaultTaxScheme(Currency currency) {
  if (currency.Code() == "THB") {
    return {TaxMode::kInclusive, TaxRounding::kPerSale, {{"VAT7", 7000}, {"VAT0", 0}, {"EXEMPT", 0}}, "VAT7"};
  }
  if (currency.Code() == "VND") {
    return {TaxMode::kInclusive,
            TaxRounding::kPerSale,
            {{"VAT10", 10000}, {"VAT8", 8000}, {"VAT5", 5000}, {"VAT0", 0}, {"EXEMPT", 0}},
            "VAT10"};
  }
  return {TaxMode::kExclusive, TaxRounding::kPerLine, {{"NONE", 0}, {"EXEMPT", 0}}, "NONE"};
}

std::vector<Money> ComputeTax(std::span<const TaxableLine> lines, const TaxScheme& scheme) {
  std::vector<Money> taxes;
  taxes.reserve(lines.size());
  for (const auto& line : lines) taxes.push_back(TaxOn(line.amount, line.rate, scheme.mode));
  if (scheme.rounding == TaxRounding::kPerLine) return taxes;

  std::vector<bool> done(lines.size(), false);
  for (size_t first = 0; first < lines.size(); ++first) {
    if (done[first]) continue;
    std::vector<size_t> group;
    std::vector<int64_t> weights;
    Money sum = Money::Zero(lines[first].amount.GetCurrency());
    for (size_t i = first; i < lines.size(); ++i) {
      if (lines[i].rate != lines[first].rate) continue;
      done[i] = true;
      group.push_back(i);
      weights.push_back(lines[i].amount.IsNegative() ? -lines[i].amount.Minor() : lines[i].amount.Minor());
      sum += lines[i].amount;
    }
    const auto parts = TaxOn(sum, lines[first].rate, scheme.mode).Allocate(weights);
    for (size_t i = 0; i < group.size(); ++i) taxes[group[i]] = parts[i];
  }
  return taxes;
}

std::vector<TaxRow> SummariseTax(std::span<const TaxableLine> lines, std::span<const Money> taxes,
                                 const TaxScheme& scheme) {
  EVERTILL_CHECK(lines.size() == taxes.size());
  std::vector<TaxRow> rows;
  for (size_t i = 0; i < lines.size(); ++i) {
    auto row = std::find_if(rows.begin(), rows.end(), [&](const TaxRow& r) { return r.rate == lines[i].rate; });
    if (row == rows.end()) {
      const Money zero = Money::Zero(lines[i].amount.GetCurrency());
      row = rows.insert(rows.end(), TaxRow{lines[i].rate, zero, zero});
    }
    row->tax += taxes[i];
    row->net += scheme.mode == TaxMode::kInclusive ? lines[i].amount - taxes[i] : lines[i].amount;
  }
  return rows;
}

}  // namespace evertill::domain
