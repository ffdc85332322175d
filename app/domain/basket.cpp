#include "app/domain/basket.h"

#include <algorithm>

#include "app/domain/errors.h"

namespace evertill::domain {
namespace {

base::Status CheckQuantity(Quantity quantity, SellUnit unit) {
  if (quantity <= Quantity()) return base::Fail(DomainErrc::kBadQuantity, "a quantity is more than nothing");
  if (quantity > Quantity::FromMicro(Quantity::kLargest)) {
    return base::Fail(DomainErrc::kBadQuantity, quantity.ToString() + " is more than 100000");
  }
  if (unit == SellUnit::kEach && !quantity.IsWhole()) {
    return base::Fail(DomainErrc::kBadQuantity, "this product is sold by the piece, not " + quantity.ToString());
  }
  return {};
}

SaleTotals ZeroTotals(Currency currency) {
  const Money zero = Money::Zero(currency);
  return {zero, zero, zero, zero, zero};
}

}  // namespace

Basket::Basket(Currency currency, TaxScheme scheme)
    : currency_(currency), scheme_(std::move(scheme)), totals_(ZeroTotals(currency)) {}

base::Expected<int> Basket::Add(const Product& product, Quantity quantity, const GoodsTrace& trace) {
  if (product.price.GetCurrency() != currency_) {
    return base::Fail(DomainErrc::kCurrencyMismatch,
                      product.barcode + " is priced in " + std::string(product.price.GetCurrency().Code()));
  }
  if (!lines_.empty() && product.unit == SellUnit::kEach) {
    const SaleLine& last = lines_.back();
    if (last.barcode == product.barcode && last.unit_price == product.price && last.discount.IsZero() &&
        last.unit == product.unit && last.trace == trace) {
      EVERTILL_TRY(SetQuantity(last.number, last.quantity + quantity));
      return lines_.back().number;
    }
  }
  if (lines_.size() >= kMostLines) {
    return base::Fail(DomainErrc::kBasketFull, std::to_string(kMostLines) + " lines are the most");
  }
  const TaxRate* rate = scheme_.Find(product.tax_code);
  const Money zero = Money::Zero(currency_);
  SaleLine line{.number = static_cast<int>(lines_.size()) + 1,
                .barcode = product.barcode,
                .sku = product.sku.empty() ? product.barcode : product.sku,
                .name = product.name,
                .name_other = {},
                .unit = product.unit,
                .quantity = {},
                .unit_price = product.price,
                .gross = zero,
                .discount = zero,
                .total = zero,
                .tax_rate = rate != nullptr ? *rate : *scheme_.Find({}),
                .tax = zero,
                .min_age = product.min_age,
                .trace = trace};
  const auto other = product.names.find("en");
  if (other != product.names.end() && other->second != product.name) line.name_other = other->second;
  EVERTILL_TRY(Recount(line, quantity));
  lines_.push_back(std::move(line));
  Total();
  return lines_.back().number;
}

base::Status Basket::SetQuantity(int number, Quantity quantity) {
  if (number < 1 || static_cast<size_t>(number) > lines_.size()) {
    return base::Fail(DomainErrc::kNoSuchLine, "line " + std::to_string(number));
  }
  EVERTILL_TRY(Recount(lines_[static_cast<size_t>(number) - 1], quantity));
  Total();
  return {};
}

base::Status Basket::Remove(int number) {
  if (number < 1 || static_cast<size_t>(number) > lines_.size()) {
    return base::Fail(DomainErrc::kNoSuchLine, "line " + std::to_string(number));
  }
  lines_.erase(lines_.begin() + (number - 1));
  for (size_t i = 0; i < lines_.size(); ++i) lines_[i].number = static_cast<int>(i) + 1;
  Total();
  return {};
}

base::Status Basket::Recount(SaleLine& line, Quantity quantity) const {
  EVERTILL_TRY(CheckQuantity(quantity, line.unit));
  EVERTILL_ASSIGN(const Money gross, line.unit_price.Times(quantity, Rounding::kHalfUp));
  line.quantity = quantity;
  line.gross = gross;
  line.total = gross - line.discount;
  return {};
}

void Basket::Total() {
  std::vector<TaxableLine> taxable;
  taxable.reserve(lines_.size());
  totals_ = ZeroTotals(currency_);
  for (const auto& line : lines_) {
    taxable.push_back({line.total, line.tax_rate});
    totals_.subtotal += line.gross;
    totals_.savings += line.discount;
  }
  const auto taxes = ComputeTax(taxable, scheme_);
  for (size_t i = 0; i < lines_.size(); ++i) {
    lines_[i].tax = taxes[i];
    totals_.tax += taxes[i];
  }
  tax_rows_ = SummariseTax(taxable, taxes, scheme_);
  totals_.total = totals_.subtotal - totals_.savings;
  if (scheme_.mode == TaxMode::kExclusive) totals_.total += totals_.tax;
}

int64_t Basket::ItemCount() const {
  int64_t count = 0;
  for (const auto& line : lines_) {
    count += line.unit == SellUnit::kEach ? line.quantity.Micro() / Quantity::kScale : 1;
  }
  return count;
}

int32_t Basket::AgeLimit() const {
  int32_t limit = 0;
  for (const auto& line : lines_) limit = std::max(limit, line.min_age);
  return limit;
}

}  // namespace evertill::domain
