#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/quantity.h"
#include "app/domain/rounding.h"

namespace evertill::domain {

/// Facts of one currency, from ISO 4217.
struct CurrencyInfo {
  std::string_view code;    ///< "THB"
  int exponent;             ///< decimals: 2 for THB, 0 for VND
  int64_t cash_step;        ///< smallest amount payable in cash, in minor units
  std::string_view symbol;  ///< "฿"; the code itself where there is no usual sign
};

/// A currency that is known to exist. Cheap to copy and compare.
class Currency {
 public:
  /// By ISO 4217 code, upper case. kUnknownCurrency otherwise.
  [[nodiscard]] static base::Expected<Currency> Find(std::string_view code);
  [[nodiscard]] const CurrencyInfo& Info() const { return *info_; }
  [[nodiscard]] std::string_view Code() const { return info_->code; }
  [[nodiscard]] int Exponent() const { return info_->exponent; }
  bool operator==(const Currency&) const = default;

 private:
  explicit Currency(const CurrencyInfo* info) : info_(info) {}
  const CurrencyInfo* info_;
};

/// An exact amount: whole minor units (satang, dong, cents) of one currency. Never floating point.
/// Adding amounts of different currencies, or past 64 bits, is a programmer error: what comes from outside is bounded
/// by kLargestAmount when it is read, so that sums of what a till can hold cannot overflow.
class Money {
 public:
  /// Largest amount accepted from outside, either sign: 10¹³ minor units (100 billion baht).
  static constexpr int64_t kLargestAmount = 10'000'000'000'000;

  Money(int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
  [[nodiscard]] static Money Zero(Currency currency) { return {0, currency}; }
  /// A plain decimal, optional leading '-': digits, and at most as many decimals as the currency has ("49.75",
  /// "15000"). kBadAmount for anything else, kAmountTooLarge past kLargestAmount.
  [[nodiscard]] static base::Expected<Money> Parse(std::string_view text, Currency currency);

  [[nodiscard]] int64_t Minor() const { return minor_; }
  [[nodiscard]] Currency GetCurrency() const { return currency_; }
  [[nodiscard]] bool IsZero() const { return minor_ == 0; }
  [[nodiscard]] bool IsNegative() const { return minor_ < 0; }
  /// With exactly as many decimals as the currency has: "49.75", "-0.50", "15000".
  [[nodiscard]] std::string ToDecimal() const;

  Money& operator+=(Money other);
  Money& operator-=(Money other);
  friend Money operator+(Money a, Money b) { return a += b; }
  friend Money operator-(Money a, Money b) { return a -= b; }
  friend Money operator-(Money a) { return Money::Zero(a.currency_) -= a; }
  bool operator==(const Money&) const = default;
  /// Orders amounts of one currency.
  std::strong_ordering operator<=>(const Money& other) const;

  /// This amount times a quantity, rounded to the minor unit. kAmountTooLarge past kLargestAmount.
  [[nodiscard]] base::Expected<Money> Times(Quantity quantity, Rounding rounding) const;
  /// This amount × numerator ÷ denominator (denominator > 0), rounded. Exact in between (128 bits).
  [[nodiscard]] Money Scaled(int64_t numerator, int64_t denominator, Rounding rounding) const;
  /// The nearest multiple of `step` minor units (> 0).
  [[nodiscard]] Money RoundedTo(int64_t step, Rounding rounding) const;
  /// Splits this amount in proportion to `weights` (≥ 0, not all zero) without losing a minor unit: largest remainder
  /// first, ties to the earlier share. The parts always add up to the whole; each is within one minor unit of its
  /// exact share. All zero weights give everything to the first. `weights` must not be empty.
  [[nodiscard]] std::vector<Money> Allocate(std::span<const int64_t> weights) const;

 private:
  int64_t minor_;
  Currency currency_;
};

/// Adds where either side may come from outside. kCurrencyMismatch or kAmountTooLarge.
[[nodiscard]] base::Expected<Money> CheckedAdd(Money a, Money b);

}  // namespace evertill::domain
