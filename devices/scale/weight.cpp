#include "devices/scale/weight.h"

#include <cctype>
#include <string>

namespace evertill::devices::scale {
namespace {

constexpr int kMostDigits = 8;

/// Milligrams of one unit as a fraction.
struct Ratio {
  int64_t over = 1;
  int64_t under = 1;
};

Ratio MilligramsOf(WeightUnit unit) {
  switch (unit) {
    case WeightUnit::kGram:
      return {1000, 1};
    case WeightUnit::kKilogram:
      return {1'000'000, 1};
    case WeightUnit::kPound:
      return {45'359'237, 100};
    case WeightUnit::kOunce:
      return {28'349'523'125, 1'000'000};
  }
  return {};
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

struct Decimal {
  bool negative = false;
  int64_t digits = 0;
  int decimals = 0;
};

std::optional<Decimal> ParseNumber(std::string_view text) {
  text = Trimmed(text);
  Decimal number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.negative = text.front() == '-';
    text = Trimmed(text.substr(1));
  }
  bool point = false;
  int seen = 0;
  int counted = 0;
  for (const char c : text) {
    if ((c == '.' || c == ',') && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    ++seen;
    if (number.digits != 0 || c != '0') ++counted;
    if (counted > kMostDigits) return std::nullopt;
    number.digits = number.digits * 10 + (c - '0');
    if (point) ++number.decimals;
  }
  if (seen == 0 || seen > 2 * kMostDigits || number.decimals > 6) return std::nullopt;
  return number;
}

}  // namespace

std::optional<WeightUnit> ParseUnit(std::string_view text) {
  std::string word;
  for (const char c : Trimmed(text)) word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (word == "g") return WeightUnit::kGram;
  if (word == "kg") return WeightUnit::kKilogram;
  if (word == "lb") return WeightUnit::kPound;
  if (word == "oz") return WeightUnit::kOunce;
  return std::nullopt;
}

std::optional<int64_t> ToMilligrams(std::string_view number, WeightUnit unit) {
  const auto decimal = ParseNumber(number);
  if (!decimal) return std::nullopt;
  const Ratio ratio = MilligramsOf(unit);
  const __int128 over = static_cast<__int128>(decimal->digits) * ratio.over;
  __int128 under = ratio.under;
  for (int i = 0; i < decimal->decimals; ++i) under *= 10;
  const bool metric = unit == WeightUnit::kGram || unit == WeightUnit::kKilogram;
  if (metric && over % under != 0) return std::nullopt;
  const auto milligrams = static_cast<int64_t>((over + under / 2) / under);
  return decimal->negative ? -milligrams : milligrams;
}

}  // namespace evertill::devices::scale
