#include "app/domain/money.h"

#include <algorithm>
#include <numeric>

#include "app/base/check.h"
#include "app/domain/decimal.h"
#include "app/domain/errors.h"

namespace evertill::domain {

using Wide = __int128;

base::Expected<Money> Money::Parse(std::string_view text, Currency currency) {
  const auto minor = ParseDecimal(text, currency.Exponent());
  if (!minor) {
    return base::Fail(DomainErrc::kBadAmount, "\"" + std::string(text.substr(0, 40)) + "\" is not an amount in " +
                                                  std::string(currency.Code()) +
                                                  " (decimals: " + std::to_string(currency.Exponent()) + ")");
  }
  if (*minor > kLargestAmount || *minor < -kLargestAmount) {
    return base::Fail(DomainErrc::kAmountTooLarge, std::string(text.substr(0, 40)));
  }
  return Money(*minor, currency);
}

std::string Money::ToDecimal() const {
  return FormatDecimal(minor_, currency_.Exponent());
}

Money& Money::operator+=(Money other) {
  EVERTILL_CHECK(currency_ == other.currency_);
  EVERTILL_CHECK(!__builtin_add_overflow(minor_, other.minor_, &minor_));
  return *this;
}

Money& Money::operator-=(Money other) {
  EVERTILL_CHECK(currency_ == other.currency_);
  EVERTILL_CHECK(!__builtin_sub_overflow(minor_, other.minor_, &minor_));
  return *this;
}

std::strong_ordering Money::operator<=>(const Money& other) const {
  EVERTILL_CHECK(currency_ == other.currency_);
  return minor_ <=> other.minor_;
}

base::Expected<Money> Money::Times(Quantity quantity, Rounding rounding) const {
  const Wide product = static_cast<Wide>(minor_) * quantity.Micro();
  const Wide limit = static_cast<Wide>(kLargestAmount) * Quantity::kScale;
  if (product > limit || product < -limit) {
    return base::Fail(DomainErrc::kAmountTooLarge, ToDecimal() + " x " + quantity.ToString());
  }
  return Money(DivideRounded(product, Quantity::kScale, rounding), currency_);
}

Money Money::Scaled(int64_t numerator, int64_t denominator, Rounding rounding) const {
  return {DivideRounded(static_cast<Wide>(minor_) * numerator, denominator, rounding), currency_};
}

Money Money::RoundedTo(int64_t step, Rounding rounding) const {
  return {DivideRounded(minor_, step, rounding) * step, currency_};
}

std::vector<Money> Money::Allocate(std::span<const int64_t> weights) const {
  EVERTILL_CHECK(!weights.empty());
  Wide sum = 0;
  for (const int64_t weight : weights) {
    EVERTILL_CHECK(weight >= 0);
    sum += weight;
  }
  std::vector<Money> parts(weights.size(), Zero(currency_));
  if (sum == 0) {
    parts.front() = *this;
    return parts;
  }
  const Wide magnitude = minor_ < 0 ? -static_cast<Wide>(minor_) : static_cast<Wide>(minor_);
  const int64_t sign = minor_ < 0 ? -1 : 1;
  std::vector<Wide> remainders(weights.size());
  Wide left = magnitude;
  for (size_t i = 0; i < weights.size(); ++i) {
    const Wide exact = magnitude * weights[i];
    parts[i].minor_ = sign * static_cast<int64_t>(exact / sum);
    remainders[i] = exact % sum;
    left -= exact / sum;
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; left > 0; ++i, --left) parts[order[i]].minor_ += sign;
  return parts;
}

base::Expected<Money> CheckedAdd(Money a, Money b) {
  if (a.GetCurrency() != b.GetCurrency()) {
    return base::Fail(DomainErrc::kCurrencyMismatch,
                      std::string(a.GetCurrency().Code()) + " and " + std::string(b.GetCurrency().Code()));
  }
  int64_t sum = 0;
  if (__builtin_add_overflow(a.Minor(), b.Minor(), &sum) || sum > Money::kLargestAmount ||
      sum < -Money::kLargestAmount) {
    return base::Fail(DomainErrc::kAmountTooLarge, a.ToDecimal() + " + " + b.ToDecimal());
  }
  return Money(sum, a.GetCurrency());
}

}  // namespace evertill::domain
