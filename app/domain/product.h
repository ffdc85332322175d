#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/domain/money.h"

namespace evertill::domain {

/// How a product is counted.
enum class SellUnit { kEach, kKilogram };

/// What the catalogue says of one product. A basket line keeps a copy, so that a later price change or import never
/// touches a sale that is being rung.
struct Product {
  int64_t row = 0;                           ///< the catalogue's own key; 0 when not from a catalogue
  std::string barcode;                       ///< as written in the catalogue; may be any text a scanner can read
  std::string sku;                           ///< the shop's own code; the barcode where it has none
  std::string name;                          ///< the shop's main name
  std::map<std::string, std::string> names;  ///< by language ("en", "th", "vi"), where known
  Money price;                               ///< for one piece or one kilogram, as the shelf shows it
  std::string tax_code;                      ///< empty: the tax scheme's default
  std::string category;
  SellUnit unit = SellUnit::kEach;
  int32_t min_age = 0;         ///< years; 0: anybody may buy it
  bool price_derived = false;  ///< the file had no price: given by the import's rule

  /// The name in `language` where known, else the main name.
  [[nodiscard]] const std::string& NameIn(const std::string& language) const {
    const auto found = names.find(language);
    return found == names.end() || found->second.empty() ? name : found->second;
  }
};

}  // namespace evertill::domain
