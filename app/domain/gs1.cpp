#include "app/domain/gs1.h"

#include <algorithm>
#include <charconv>

#include "app/domain/barcode.h"
#include "app/domain/errors.h"
#include "app/domain/gs1_parse.h"
#include "app/domain/gs1_table.h"
#include "app/domain/rounding.h"

namespace evertill::domain {
namespace {

constexpr char kSeparator = 29;  // FNC1 as scanners send it (7.8.6.2)

int64_t ToInteger(std::string_view digits) {
  int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);  // at most 15 digits: cannot overflow
  return value;
}

int64_t PowerOfTen(int exponent) {
  int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/// Kilograms of a value with `decimals`, one unit of which is numerator ÷ denominator millionths of a kilogram: exact
/// in between, rounded half up to the millionth.
Quantity Kilograms(std::string_view digits, int decimals, int64_t numerator, int64_t denominator) {
  return Quantity::FromMicro(DivideRounded(static_cast<__int128>(ToInteger(digits)) * numerator,
                                           static_cast<__int128>(denominator) * PowerOfTen(decimals),
                                           Rounding::kHalfUp));
}

base::Status TakeWeight(Gs1Data& data, Quantity weight) {
  if (data.net_weight && *data.net_weight != weight) {
    return base::Fail(DomainErrc::kBadGs1, "the code has two net weights");
  }
  data.net_weight = weight;
  return {};
}

base::Status TakePrice(Gs1Data& data, Gs1Price price) {
  if (data.price) return base::Fail(DomainErrc::kBadGs1, "the code has two prices");
  data.price = std::move(price);
  return {};
}

/// AIs of four digits, the last of which says where the decimal point is.
base::Status TakeMeasure(Gs1Data& data, const Gs1Element& element) {
  const std::string_view kind = std::string_view(element.ai).substr(0, 3);
  const std::string_view value = element.value;
  const int decimals = element.ai[3] - '0';
  if (kind == "310") return TakeWeight(data, Kilograms(value, decimals, Quantity::kScale, 1));
  // The international pound of 1959 is 0.45359237 kg, the troy ounce 31.1034768 g, both exactly.
  if (kind == "320") return TakeWeight(data, Kilograms(value, decimals, 45'359'237, 100));
  if (kind == "356") return TakeWeight(data, Kilograms(value, decimals, 311'034'768, 10'000));
  if (kind == "392") return TakePrice(data, {ToInteger(value), decimals, {}});
  if (kind == "393") {
    const auto number = static_cast<int>(ToInteger(value.substr(0, 3)));
    return TakePrice(data, {ToInteger(value.substr(3)), decimals, std::string(CurrencyOfNumber(number))});
  }
  return {};
}

/// AIs that a till has a use for; the others stay among the elements.
base::Status Take(Gs1Data& data, const Gs1Element& element, int year_now) {
  const auto& [ai, value] = element;
  if (ai == "01" || ai == "8006") {
    const std::string gtin = value.substr(0, 14);
    if (!data.gtin.empty() && data.gtin != gtin) return base::Fail(DomainErrc::kBadGs1, "the code has two GTINs");
    data.gtin = gtin;
  }
  if (ai == "02") data.content_gtin = value;
  if (ai == "10") data.lot = value;
  if (ai == "21") data.serial = value;
  if (ai == "30" || ai == "37") data.count = ToInteger(value);
  if (ai == "11") data.produced = ReadDate(value, year_now, true);
  if (ai == "13") data.packed = ReadDate(value, year_now, true);
  if (ai == "15") data.best_before = ReadDate(value, year_now, true);
  if (ai == "16") data.sell_by = ReadDate(value, year_now, true);
  if (ai == "17" && !data.expiry_minute) data.expiry = ReadDate(value, year_now, true);
  if (ai == "7003") {  // more exact than 17
    data.expiry = ReadDate(std::string_view(value).substr(0, 6), year_now, false);
    data.expiry_minute = static_cast<int>(ToInteger(value.substr(6, 2)) * 60 + ToInteger(value.substr(8, 2)));
  }
  return ai.size() == 4 ? TakeMeasure(data, element) : base::Status();
}

base::Expected<Gs1Data> Finish(Gs1Data data) {
  if (!data.gtin.empty() && !data.content_gtin.empty()) {
    return base::Fail(DomainErrc::kBadGs1, "(01) and (02) exclude each other");
  }
  if (data.elements.empty()) return base::Fail(DomainErrc::kBadGs1, "nothing is in the code");
  return data;
}

/// One "(AI)value" of `text`, taken off its front.
base::Expected<Gs1Element> NextBracketed(std::string_view& text) {
  const size_t close = text.find(')');
  if (text.front() != '(' || close == std::string_view::npos) {
    return base::Fail(DomainErrc::kBadGs1, "an AI stands in brackets: (01)");
  }
  Gs1Element element{std::string(text.substr(1, close - 1)), {}};
  text.remove_prefix(close + 1);
  while (!text.empty() && text.front() != '(') {
    if (text.starts_with("\\(")) text.remove_prefix(1);
    element.value += text.front();
    text.remove_prefix(1);
  }
  return element;
}

}  // namespace

base::Status AddElement(Gs1Data& data, Gs1Element element, int year_now) {
  const Gs1Rule* rule = RuleOf(element.ai);
  if (rule == nullptr) return base::Fail(DomainErrc::kBadGs1, "there is no AI (" + element.ai.substr(0, 8) + ")");
  if (const std::string wrong = CheckValue(*rule, element.value, year_now); !wrong.empty()) {
    return base::Fail(DomainErrc::kBadGs1, "(" + element.ai + ") " + std::string(rule->title) + " " + wrong);
  }
  if (const auto known = data.Find(element.ai)) {
    if (*known == element.value) return {};
    return base::Fail(DomainErrc::kBadGs1, "(" + element.ai + ") is there twice and does not say the same");
  }
  EVERTILL_TRY(Take(data, element, year_now));
  data.elements.push_back(std::move(element));
  return {};
}

std::string Gs1Date::ToString() const {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(year) + "-" + two(month) + "-" + two(day);
}

std::optional<std::string_view> Gs1Data::Find(std::string_view ai) const {
  for (const auto& element : elements) {
    if (element.ai == ai) return element.value;
  }
  return std::nullopt;
}

base::Expected<Gs1Data> ParseGs1ElementString(std::string_view text, int year_now) {
  Gs1Data data;
  while (!text.empty()) {
    if (text.front() == kSeparator) {  // also where none is needed: some printers put one after every value
      text.remove_prefix(1);
      continue;
    }
    const Gs1Rule* rule = RuleAt(text);
    if (rule == nullptr) {
      return base::Fail(DomainErrc::kBadGs1, "no AI begins with " + std::string(text.substr(0, 4)));
    }
    std::string ai(text.substr(0, static_cast<size_t>(rule->digits)));
    text.remove_prefix(ai.size());
    const size_t length =
        std::min({rule->predefined ? FixedLength(*rule) : text.size(), text.find(kSeparator), text.size()});
    EVERTILL_TRY(AddElement(data, {std::move(ai), std::string(text.substr(0, length))}, year_now));
    text.remove_prefix(length);
  }
  return Finish(std::move(data));
}

base::Expected<Gs1Data> ParseGs1Bracketed(std::string_view text, int year_now) {
  Gs1Data data;
  while (!text.empty()) {
    EVERTILL_ASSIGN(Gs1Element element, NextBracketed(text));
    EVERTILL_TRY(AddElement(data, std::move(element), year_now));
  }
  return Finish(std::move(data));
}

}  // namespace evertill::domain
