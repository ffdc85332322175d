#include "app/domain/quantity.h"

#include "app/domain/decimal.h"
#include "app/domain/errors.h"

namespace evertill::domain {
namespace {
constexpr int kDecimals = 6;
}

base::Expected<Quantity> Quantity::Parse(std::string_view text) {
  const auto micro = ParseDecimal(text, kDecimals);
  if (!micro) return base::Fail(DomainErrc::kBadQuantity, "\"" + std::string(text.substr(0, 40)) + "\"");
  if (*micro > kLargest || *micro < -kLargest) {
    return base::Fail(DomainErrc::kBadQuantity, std::string(text.substr(0, 40)) + " is more than 100000");
  }
  return Quantity(*micro);
}

std::string Quantity::ToString() const {
  std::string text = FormatDecimal(micro_, kDecimals);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace evertill::domain
