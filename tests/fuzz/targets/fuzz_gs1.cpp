#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/domain/barcode.h"
#include "app/domain/gs1.h"

namespace {

using evertill::domain::CheckDigit;
using evertill::domain::Gs1Data;

void Require(bool right) {
  if (!right) std::abort();
}

bool EndsRight(std::string_view digits) {
  return CheckDigit(digits.substr(0, digits.size() - 1)) == digits.back();
}

/// No value with a check digit is accepted with a wrong one; dates are dates.
void Check(const Gs1Data& data) {
  Require(!data.elements.empty());
  for (const auto& [ai, value] : data.elements) {
    if (ai == "00" || ai == "01" || ai == "02" || ai == "402" || ai == "414" || ai == "8018") Require(EndsRight(value));
    if (ai == "253" || ai == "255") Require(EndsRight(std::string_view(value).substr(0, 13)));
    if (ai == "8003" || ai == "8006") Require(EndsRight(std::string_view(value).substr(0, 14)));
  }
  for (const auto& date : {data.expiry, data.sell_by, data.best_before, data.packed, data.produced}) {
    if (!date) continue;
    Require(date->year >= 1977 && date->year <= 2076);
    Require(date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31);
  }
  if (data.price) Require(data.price->value >= 0 && data.price->decimals >= 0 && data.price->decimals <= 9);
}

std::string Bracketed(const Gs1Data& data) {
  std::string text;
  for (const auto& [ai, value] : data.elements) {
    text += "(" + ai + ")";
    for (const char c : value) text += c == '(' ? std::string("\\(") : std::string(1, c);
  }
  return text;
}

}  // namespace

/// Element strings with and without brackets: what is read once reads the same when it is written down.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace evertill::domain;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto plain = ParseGs1ElementString(text, 2026)) {
    Check(*plain);
    const auto again = ParseGs1Bracketed(Bracketed(*plain), 2026);
    Require(again && again->elements == plain->elements);
  }
  if (const auto bracketed = ParseGs1Bracketed(text, 2026)) Check(*bracketed);
  return 0;
}
