#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/product.h"
#include "app/domain/tax.h"

namespace evertill::store {

/// What a file's columns mean to the till that reads it.
struct MappingContext {
  domain::Currency currency;
  domain::TaxScheme taxes;
  std::string store_name;  ///< which of the price columns per store is ours
};

/// A row made into a product, or why it cannot be.
struct MappedRow {
  domain::Product product;
  std::string refused;       ///< reason in plain English; empty when `product` is good
  std::string warning = {};  ///< what was changed in a product that is good
};

/// One kind of file. Keeps what goes from row to row (the name of an item whose variants follow).
class ImportMapping {
 public:
  virtual ~ImportMapping() = default;
  [[nodiscard]] virtual const char* Format() const = 0;
  [[nodiscard]] virtual MappedRow Map(std::span<const std::string_view> fields) = 0;
  /// What the person should know of how the file was read.
  [[nodiscard]] const std::vector<std::string>& Notes() const { return notes_; }

 protected:
  std::vector<std::string> notes_;
};

/// The mapping for a file with this header. `format`: "auto", "evertill" or "loyverse". kImportHeader when the header
/// does not have what the format needs, kUnknownFormat for any other format.
[[nodiscard]] base::Expected<std::unique_ptr<ImportMapping>> MakeMapping(std::string_view format,
                                                                         std::span<const std::string_view> header,
                                                                         const MappingContext& context);

/// The price of a product whose file has none, so that a list of names can be sold from. N is the barcode's digits read
/// as one number, modulo 1980: 5.00 + 0.25 × N where the currency has decimals, 5,000 + 250 × N where it has none.
[[nodiscard]] domain::Money DerivedPrice(std::string_view barcode, domain::Currency currency);

}  // namespace evertill::store
