#include "app/checkout/card_number.h"

#include "app/domain/barcode.h"

namespace evertill::checkout {
namespace {

constexpr size_t kDigits = 16;

/// ISO/IEC 7812-1 annex B.
bool PassesLuhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    const int value = (*it - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

}  // namespace

bool IsCardNumber(std::string_view text) {
  return text.size() == kDigits && domain::CheckDigit(text.substr(0, kDigits - 1)) == text.back() && !PassesLuhn(text);
}

std::string NewCardNumber(base::Random& random) {
  for (;;) {
    std::string number;
    for (size_t i = 0; i + 1 < kDigits; ++i) number += static_cast<char>('0' + random.Below(10));
    number += domain::CheckDigit(number).value_or('0');
    if (IsCardNumber(number)) return number;
  }
}

}  // namespace evertill::checkout
