#include "app/domain/scan_patterns.h"

#include <algorithm>
#include <charconv>

#include "app/domain/errors.h"

namespace evertill::domain {
namespace {

constexpr size_t kPlaces = 12;  // of an EAN-13 without its check digit
constexpr char kSeparator = 29;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

/// A pattern taken apart: one place for each digit of the code, and what the value's digits are.
struct Places {
  std::string places;  ///< a digit, '.', 'V', 'N' or 'D' for each of the code's
  int decimals = 0;
  int zeros = 0;  ///< implied behind the value
};

base::Expected<Places> TakeApart(std::string_view text) {
  Places out;
  bool inside = false;
  bool closed = false;
  for (const char c : text) {
    const bool whole = c == 'N' && out.decimals == 0;
    if (c == '{' && !inside && !closed) {
      inside = true;
    } else if (c == '}' && inside) {
      inside = false;
      closed = true;
    } else if (inside && c == '0' && out.decimals == 0) {
      ++out.zeros;
    } else if (inside && out.zeros == 0 && (whole || c == 'D')) {
      out.places += c;
      if (c == 'D') ++out.decimals;
    } else if (!inside && (IsDigit(c) || c == '.' || c == 'V')) {
      out.places += c;
    } else {
      return base::Fail(DomainErrc::kBadPattern, std::string("'") + c + "' cannot stand there");
    }
  }
  if (!closed) return base::Fail(DomainErrc::kBadPattern, "no {value}");
  return out;
}

std::string Pick(std::string_view code, std::string_view places, std::string_view which) {
  std::string out;
  for (size_t i = 0; i < places.size(); ++i) {
    if (which.find(places[i]) != std::string_view::npos) out += code[i];
  }
  return out;
}

bool Fits(std::string_view code, std::string_view places) {
  for (size_t i = 0; i < kPlaces; ++i) {
    if (IsDigit(places[i]) && places[i] != code[i]) return false;
  }
  return true;
}

/// The code as EAN-13, where it is one or an UPC-A, and its check digit is right.
std::string AsEan13(const std::string& text) {
  if (!IsGtin(text)) return {};
  if (text.size() == 12) return "0" + text;
  if (text.size() == 14 && text[0] == '0') return text.substr(1);
  return text.size() == 13 ? text : std::string();
}

int64_t ToInteger(std::string_view digits) {
  int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// `value` ÷ 10^decimals in the smallest unit of `currency`.
base::Expected<Money> ToMoney(int64_t value, int decimals, Currency currency) {
  for (; decimals < currency.Exponent() && value <= Money::kLargestAmount; ++decimals) value *= 10;
  for (; decimals > currency.Exponent(); --decimals) {
    if (value % 10 != 0) {
      return base::Fail(DomainErrc::kBadBarcode, "the price is finer than " + std::string(currency.Code()) + " has it");
    }
    value /= 10;
  }
  if (value > Money::kLargestAmount) return base::Fail(DomainErrc::kAmountTooLarge, "the price in the code");
  if (value <= 0) return base::Fail(DomainErrc::kBadBarcode, "a price of nothing is in the code");
  return Money(value, currency);
}

base::Expected<Quantity> Positive(Quantity quantity, const char* what) {
  if (quantity > Quantity()) return quantity;
  return base::Fail(DomainErrc::kBadBarcode, std::string(what) + " of nothing is in the code");
}

base::Status TakeValue(ScanMeaning& meaning, const ScanPattern& pattern, const Places& form, std::string_view digits,
                       Currency currency) {
  int64_t value = ToInteger(digits);
  for (int i = 0; i < form.zeros; ++i) value *= 10;
  switch (pattern.meaning) {
    case ScanPattern::Meaning::kPrice: {
      EVERTILL_ASSIGN(meaning.price, ToMoney(value, form.decimals, currency));
      return {};
    }
    case ScanPattern::Meaning::kCount:
      if (value == 0) return base::Fail(DomainErrc::kBadBarcode, "a count of nothing is in the code");
      meaning.count = value;
      return {};
    case ScanPattern::Meaning::kWeight:
      break;
  }
  value *= Quantity::kScale;
  for (int i = 0; i < form.decimals; ++i) value /= 10;
  EVERTILL_ASSIGN(meaning.weight, Positive(Quantity::FromMicro(value), "a weight"));
  return {};
}

/// What a shop may have written down for such a product: the code with its value (and verifier) left at zero, with
/// and without check digit; prefix and number; the number; the number without leading zeros.
std::vector<std::string> CandidatesOf(const std::string& code, std::string_view places) {
  std::string base = code.substr(0, kPlaces);
  for (size_t i = 0; i < kPlaces; ++i) {
    if (places[i] == 'N' || places[i] == 'D' || places[i] == 'V') base[i] = '0';
  }
  std::vector<std::string> candidates{base + CheckDigit(base).value_or('0'), base};
  if (base.front() == '0') candidates.push_back(candidates.front().substr(1));
  const std::string number = Pick(code, places, ".");
  candidates.push_back(Pick(code, places, "0123456789") + number);
  candidates.push_back(number);
  const size_t significant = number.find_first_not_of('0');
  if (significant != 0 && significant != std::string::npos) candidates.push_back(number.substr(significant));
  return candidates;
}

base::Expected<std::optional<ScanMeaning>> ByPattern(const std::string& code, const ScanPatterns& patterns,
                                                     Currency currency) {
  for (const auto& pattern : patterns) {
    const auto form = TakeApart(pattern.text);
    if (!form || form->places.size() != kPlaces || !Fits(code, form->places)) continue;
    const std::string digits = Pick(code, form->places, "ND");
    if (const std::string verifier = Pick(code, form->places, "V"); !verifier.empty()) {
      if (ValueVerifier(digits) != verifier.front()) {
        return base::Fail(DomainErrc::kBadBarcode, code + ": the verifier digit of " + digits + " is wrong");
      }
    }
    ScanMeaning meaning;
    meaning.candidates = CandidatesOf(code, form->places);
    EVERTILL_TRY(TakeValue(meaning, pattern, *form, digits, currency));
    return std::optional(std::move(meaning));
  }
  return std::optional<ScanMeaning>();
}

base::Expected<std::optional<ScanMeaning>> FromGs1(Gs1Data gs1, Currency currency) {
  ScanMeaning meaning;
  const std::string& gtin = gs1.gtin.empty() ? gs1.content_gtin : gs1.gtin;
  if (!gtin.empty()) meaning.candidates = LookupCandidates({gtin, Symbology::kGtin14});
  if (gs1.net_weight) {
    EVERTILL_ASSIGN(meaning.weight, Positive(*gs1.net_weight, "a weight"));
  }
  if (gs1.count) {
    if (*gs1.count == 0) return base::Fail(DomainErrc::kBadBarcode, "a count of nothing is in the code");
    meaning.count = gs1.count;
  }
  if (gs1.price) {
    if (!gs1.price->currency.empty() && gs1.price->currency != currency.Code()) {
      return base::Fail(DomainErrc::kCurrencyMismatch, "the label's price is in " + gs1.price->currency);
    }
    EVERTILL_ASSIGN(meaning.price, ToMoney(gs1.price->value, gs1.price->decimals, currency));
  }
  meaning.gs1 = std::move(gs1);
  return std::optional(std::move(meaning));
}

/// An element string whose scanner does not say what it is: only one that begins with a GTIN, has more than that, and
/// is right throughout.
std::optional<Gs1Data> Unmarked(const std::string& text, int year_now) {
  if (text.size() <= 16 || (!text.starts_with("01") && !text.starts_with("02"))) return std::nullopt;
  auto read = ParseGs1ElementString(text, year_now);
  if (!read) return std::nullopt;
  return std::move(*read);
}

}  // namespace

std::string_view MeaningName(ScanPattern::Meaning meaning) {
  switch (meaning) {
    case ScanPattern::Meaning::kWeight:
      return "weight";
    case ScanPattern::Meaning::kPrice:
      return "price";
    case ScanPattern::Meaning::kCount:
      return "count";
  }
  return "weight";
}

std::optional<ScanPattern::Meaning> ParseMeaning(std::string_view name) {
  using Meaning = ScanPattern::Meaning;
  for (const auto meaning : {Meaning::kWeight, Meaning::kPrice, Meaning::kCount}) {
    if (name == MeaningName(meaning)) return meaning;
  }
  return std::nullopt;
}

base::Status CheckPattern(const ScanPattern& pattern) {
  const auto bad = [&pattern](const std::string& why) {
    return base::Fail(DomainErrc::kBadPattern, "\"" + pattern.text.substr(0, 40) + "\": " + why);
  };
  const auto form = TakeApart(pattern.text);
  if (!form) return bad(form.error().Detail());
  const std::string& places = form->places;
  if (places.size() != kPlaces) return bad("it has " + std::to_string(places.size()) + " places, not 12");
  const bool retailers = places[0] == '2' ? IsDigit(places[1]) || places[1] == '.' : places.starts_with("02");
  if (!retailers) return bad("only prefixes 02 and 20 to 29 are the retailer's");
  if (places.find('.') == std::string::npos) return bad("it has no product number");
  const auto digits = std::count_if(places.begin(), places.end(), [](char c) { return c == 'N' || c == 'D'; });
  if (digits == 0 || form->zeros > 4) return bad("it has no value, or too many zeros behind it");
  const auto verifiers = std::count(places.begin(), places.end(), 'V');
  if (verifiers > 1 || (verifiers == 1 && digits != 4 && digits != 5)) {
    return bad("one verifier digit checks a value of four or five digits");
  }
  if (pattern.meaning == ScanPattern::Meaning::kCount && form->decimals > 0) return bad("a count has no decimals");
  return {};
}

std::optional<char> ValueVerifier(std::string_view digits) {
  if (!std::all_of(digits.begin(), digits.end(), IsDigit)) return std::nullopt;
  // Figure 7.9.2-1: the weighting factors 2-, 3, 5+ and 5-, each as the product of a digit.
  constexpr std::string_view kTwoMinus = "0246891357";
  constexpr std::string_view kThree = "0369258147";
  constexpr std::string_view kFivePlus = "0516273849";
  constexpr std::string_view kFiveMinus = "0594837261";
  const auto product = [&digits](size_t place, std::string_view factor) {
    return factor[static_cast<size_t>(digits[place] - '0')] - '0';
  };
  if (digits.size() == 4) {
    const int sum = product(0, kTwoMinus) + product(1, kTwoMinus) + product(2, kThree) + product(3, kFiveMinus);
    return static_cast<char>('0' + sum * 3 % 10);
  }
  if (digits.size() == 5) {
    const int sum = product(0, kFivePlus) + product(1, kTwoMinus) + product(2, kFiveMinus) + product(3, kFivePlus) +
                    product(4, kTwoMinus);
    const auto wanted = static_cast<char>('0' + (10 - sum % 10) % 10);
    return static_cast<char>('0' + kFiveMinus.find(wanted));
  }
  return std::nullopt;
}

base::Expected<std::optional<ScanMeaning>> Understand(const ScannedCode& code, const ScanPatterns& patterns,
                                                      Currency currency, int year_now) {
  const std::string& text = code.text;
  if (IsDigitalLink(text)) {
    EVERTILL_ASSIGN(Gs1Data link, ParseDigitalLink(text, year_now));
    return FromGs1(std::move(link), currency);
  }
  if (text.starts_with("(01)") || text.starts_with("(02)")) {
    EVERTILL_ASSIGN(Gs1Data bracketed, ParseGs1Bracketed(text, year_now));
    return FromGs1(std::move(bracketed), currency);
  }
  if (code.gs1 || text.find(kSeparator) != std::string::npos) {
    EVERTILL_ASSIGN(Gs1Data elements, ParseGs1ElementString(text, year_now));
    return FromGs1(std::move(elements), currency);
  }
  if (auto elements = Unmarked(text, year_now)) return FromGs1(std::move(*elements), currency);
  if (const std::string ean = AsEan13(text); !ean.empty()) return ByPattern(ean, patterns, currency);
  return std::optional<ScanMeaning>();
}

RungProduct RingByLabel(const Product& product, const ScanMeaning& meaning) {
  RungProduct rung{product, Quantity::Units(1)};
  const bool weighed = product.unit == SellUnit::kKilogram;
  if (meaning.price && meaning.price->GetCurrency() == product.price.GetCurrency()) {
    const int64_t price = meaning.price->Minor();
    const int64_t per_kilogram = product.price.Minor();
    if (weighed && meaning.weight) {  // the label says both: its weight, where that is its price
      const auto total = product.price.Times(*meaning.weight, Rounding::kHalfUp);
      if (total && *total == *meaning.price) return {product, *meaning.weight};
    }
    for (int64_t unit = 1'000; weighed && per_kilogram > 0 && unit > 0; unit /= 10) {
      const __int128 exact = static_cast<__int128>(price) * Quantity::kScale;
      const auto quantity = Quantity::FromMicro(
          DivideRounded(exact, static_cast<__int128>(per_kilogram) * unit, Rounding::kHalfUp) * unit);
      const auto total = product.price.Times(quantity, Rounding::kHalfUp);
      if (total && *total == *meaning.price) return {product, quantity};
    }
    rung.product.price = *meaning.price;
    rung.product.unit = SellUnit::kEach;
    return rung;
  }
  if (weighed && meaning.weight) rung.quantity = *meaning.weight;
  if (!weighed && meaning.count && *meaning.count <= Quantity::kLargest / Quantity::kScale) {
    rung.quantity = Quantity::Units(*meaning.count);
  }
  return rung;
}

}  // namespace evertill::domain
