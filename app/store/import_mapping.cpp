#include "app/store/import_mapping.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "app/domain/decimal.h"
#include "app/domain/errors.h"
#include "app/domain/text.h"
#include "app/store/errors.h"

namespace evertill::store {
namespace {

using domain::Product;

constexpr size_t kLongestBarcode = 64;
constexpr size_t kLongestName = 500;
constexpr int32_t kHighestAge = 99;
constexpr size_t kNone = static_cast<size_t>(-1);

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

size_t Column(std::span<const std::string_view> header, std::string_view name) {
  for (size_t i = 0; i < header.size(); ++i) {
    if (Lower(Trim(header[i])) == name) return i;
  }
  return kNone;
}

std::string_view Field(std::span<const std::string_view> fields, size_t column) {
  return column < fields.size() ? Trim(fields[column]) : std::string_view();
}

std::string Quoted(std::string_view text) {
  constexpr size_t kShown = 40;
  return "\"" + domain::CleanText(text.substr(0, kShown)) + (text.size() > kShown ? "…\"" : "\"");
}

/// Why `text` is no price in this currency; empty when it is, and then `price` is set.
std::string ReadPrice(std::string_view text, domain::Currency currency, domain::Money& price) {
  if (text.starts_with('-') && domain::ParseDecimal(text, 6)) return "the price " + Quoted(text) + " is negative";
  const auto parsed = domain::Money::Parse(text, currency);
  if (parsed) {
    price = *parsed;
    return {};
  }
  if (parsed.error().Is(domain::DomainErrc::kAmountTooLarge)) return "the price " + Quoted(text) + " is too large";
  if (domain::ParseDecimal(text, 9)) {
    return "the price " + Quoted(text) + " has more decimals than " + std::string(currency.Code()) + " has (" +
           std::to_string(currency.Exponent()) + ")";
  }
  return "the price " + Quoted(text) + " is no number";
}

std::string CheckBarcode(std::string_view barcode) {
  if (barcode.empty()) return "no barcode";
  if (barcode.size() > kLongestBarcode) return "the barcode is longer than 64 characters";
  const bool control = std::any_of(barcode.begin(), barcode.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return control ? "the barcode has a control character" : std::string();
}

std::string CheckName(std::string_view name) {
  if (name.empty()) return "no name";
  if (name.size() > kLongestName) return "the name is longer than 500 bytes";
  return {};
}

constexpr const char* kCleaned = "control characters were taken out of the name";

/// Names are shown and printed: line breaks become a space, other control and direction characters go, which `removed`
/// then says. Plain ASCII, which is most, is only looked at.
std::string CleanName(std::string_view name, bool* removed = nullptr) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (plain) return std::string(name);
  std::string one_line;
  for (const char c : name) {
    if (c != '\n' && c != '\r' && c != '\t') {
      one_line += c;
    } else if (!one_line.ends_with(' ')) {
      one_line += ' ';
    }
  }
  std::string clean = domain::CleanText(one_line);
  if (removed != nullptr && clean.size() != one_line.size()) *removed = true;
  return clean;
}

Product EmptyProduct(domain::Currency currency) {
  return Product{.barcode = {},
                 .sku = {},
                 .name = {},
                 .names = {},
                 .price = domain::Money::Zero(currency),
                 .tax_code = {},
                 .category = {}};
}

/// header barcode,name[,price] and optional columns, in any order.
class OwnMapping final : public ImportMapping {
 public:
  OwnMapping(std::span<const std::string_view> header, MappingContext context)
      : context_(std::move(context)),
        barcode_(Column(header, "barcode")),
        name_(Column(header, "name")),
        price_(Column(header, "price")),
        currency_(Column(header, "currency")),
        sku_(Column(header, "sku")),
        category_(Column(header, "category")),
        tax_(Column(header, "tax")),
        unit_(Column(header, "unit")),
        min_age_(Column(header, "min_age")),
        names_{Column(header, "name_en"), Column(header, "name_th"), Column(header, "name_vi")} {
    NoteUnknown(header);
  }

  [[nodiscard]] const char* Format() const override { return "evertill"; }

  [[nodiscard]] MappedRow Map(std::span<const std::string_view> fields) override {
    MappedRow row{EmptyProduct(context_.currency), {}};
    bool cleaned = false;
    row.refused = Fill(fields, row.product, cleaned);
    if (cleaned) row.warning = kCleaned;
    return row;
  }

 private:
  void NoteUnknown(std::span<const std::string_view> header) {
    const size_t known[] = {barcode_, name_, price_,   currency_, sku_,      category_,
                            tax_,     unit_, min_age_, names_[0], names_[1], names_[2]};
    for (size_t i = 0; i < header.size(); ++i) {
      if (std::find(std::begin(known), std::end(known), i) != std::end(known)) continue;
      notes_.push_back("column " + Quoted(header[i]) + " is not used");
    }
  }

  std::string Fill(std::span<const std::string_view> fields, Product& product, bool& cleaned) const {
    product.barcode = std::string(Field(fields, barcode_));
    if (auto wrong = CheckBarcode(product.barcode); !wrong.empty()) return wrong;
    const auto name = Field(fields, name_);
    if (auto wrong = CheckName(name); !wrong.empty()) return wrong;
    product.name = CleanName(name, &cleaned);
    if (auto wrong = CheckName(Trim(product.name)); !wrong.empty()) return wrong;
    if (auto wrong = FillPrice(fields, product); !wrong.empty()) return wrong;
    product.sku = CleanName(Field(fields, sku_));
    product.category = CleanName(Field(fields, category_));
    constexpr const char* kLanguages[] = {"en", "th", "vi"};
    for (size_t i = 0; i < names_.size(); ++i) {
      const auto other = Field(fields, names_[i]);
      if (!other.empty()) product.names.emplace(kLanguages[i], CleanName(other, &cleaned));
    }
    return FillRules(fields, product);
  }

  std::string FillPrice(std::span<const std::string_view> fields, Product& product) const {
    const auto currency = Field(fields, currency_);
    if (!currency.empty() && currency != context_.currency.Code()) {
      return "the currency is " + Quoted(currency) + ", this till's is " + std::string(context_.currency.Code());
    }
    const auto price = Field(fields, price_);
    if (!price.empty()) return ReadPrice(price, context_.currency, product.price);
    product.price = DerivedPrice(product.barcode, context_.currency);
    product.price_derived = true;
    return {};
  }

  std::string FillRules(std::span<const std::string_view> fields, Product& product) const {
    const auto tax = Field(fields, tax_);
    if (!tax.empty() && context_.taxes.Find(tax) == nullptr) return "the tax code " + Quoted(tax) + " is not known";
    product.tax_code = std::string(tax);
    const auto unit = Field(fields, unit_);
    if (unit == "kg") {
      product.unit = domain::SellUnit::kKilogram;
    } else if (!unit.empty() && unit != "each") {
      return "the unit " + Quoted(unit) + " is neither each nor kg";
    }
    const auto age = Field(fields, min_age_);
    if (age.empty()) return {};
    const auto [end, error] = std::from_chars(age.data(), age.data() + age.size(), product.min_age);
    if (error != std::errc{} || end != age.data() + age.size() || product.min_age < 0 ||
        product.min_age > kHighestAge) {
      return "the age " + Quoted(age) + " is no number of years";
    }
    return {};
  }

  MappingContext context_;
  size_t barcode_, name_, price_, currency_, sku_, category_, tax_, unit_, min_age_;
  std::array<size_t, 3> names_;
};

/// Loyverse's export of items: variants follow their item with name and category left blank, one group of columns for
/// each store, prices with a point and without thousands separators.
class LoyverseMapping final : public ImportMapping {
 public:
  LoyverseMapping(std::span<const std::string_view> header, MappingContext context)
      : context_(std::move(context)),
        handle_(Column(header, "handle")),
        sku_(Column(header, "sku")),
        name_(Column(header, "name")),
        category_(Column(header, "category")),
        weight_(Column(header, "sold by weight")),
        barcode_(Column(header, "barcode")),
        options_{Column(header, "option 1 value"), Column(header, "option 2 value"), Column(header, "option 3 value")} {
    ChooseStore(header);
    FindTaxes(header);
  }

  [[nodiscard]] bool HasPrice() const { return price_ != kNone; }
  [[nodiscard]] const char* Format() const override { return "loyverse"; }

  [[nodiscard]] MappedRow Map(std::span<const std::string_view> fields) override {
    MappedRow row{EmptyProduct(context_.currency), {}};
    bool cleaned = false;
    row.refused = Fill(fields, row.product, cleaned);
    if (cleaned) row.warning = kCleaned;
    return row;
  }

 private:
  struct TaxColumn {
    size_t column;
    std::string code;
  };

  /// "Price [Main Store]": ours by name, else the first; "Default price" in files of one store.
  void ChooseStore(std::span<const std::string_view> header) {
    size_t groups = 0;
    bool ours = false;
    std::string chosen;
    for (size_t i = 0; i < header.size(); ++i) {
      const auto title = Trim(header[i]);
      const std::string lower = Lower(title);
      if (!lower.starts_with("price [") || !lower.ends_with("]")) continue;
      const std::string store(title.substr(7, title.size() - 8));
      const bool match = Lower(store) == Lower(context_.store_name);
      ++groups;
      if (price_ != kNone && (ours || !match)) continue;
      price_ = i;
      ours = match;
      chosen = store;
      available_ = Column(header, "available for sale [" + Lower(store) + "]");
    }
    if (price_ == kNone) price_ = Column(header, "default price");
    if (price_ == kNone) price_ = Column(header, "price");
    if (groups > 1 && !ours)
      notes_.push_back("prices are those of store " + Quoted(chosen) + ", the first in the file");
  }

  /// `Tax - "VAT" (7%)`: the till's rate of the same percentage.
  void FindTaxes(std::span<const std::string_view> header) {
    for (size_t i = 0; i < header.size(); ++i) {
      const auto title = Trim(header[i]);
      const size_t open = title.rfind('(');
      if (!Lower(title).starts_with("tax - ") || open == std::string_view::npos || !title.ends_with("%)")) continue;
      const auto percent = domain::ParseDecimal(title.substr(open + 1, title.size() - open - 3), 3);
      const auto& rates = context_.taxes.rates;
      const auto rate = std::find_if(rates.begin(), rates.end(), [&](const domain::TaxRate& candidate) {
        return percent && candidate.millipercent == *percent;
      });
      if (rate == rates.end()) {
        notes_.push_back("column " + Quoted(title) + " is not used: no such rate here");
      } else {
        taxes_.push_back({i, rate->code});
      }
    }
  }

  std::string Fill(std::span<const std::string_view> fields, Product& product, bool& cleaned) {
    // Variants carry their item's handle and nothing else of it.
    const auto name = Field(fields, name_);
    const auto handle = Field(fields, handle_);
    if (!name.empty()) {
      item_handle_ = std::string(handle);
      item_name_ = CleanName(name, &cleaned);
      item_category_ = CleanName(Field(fields, category_));
    }
    if (name.empty() && (handle != item_handle_ || item_name_.empty())) return "a variant without its item before it";
    product.sku = CleanName(Field(fields, sku_));
    const auto barcode = Field(fields, barcode_);
    product.barcode = barcode.empty() ? product.sku : std::string(barcode);
    if (product.barcode.empty()) return "neither barcode nor SKU";
    if (auto wrong = CheckBarcode(product.barcode); !wrong.empty()) return wrong;
    if (auto wrong = CheckName(item_name_); !wrong.empty()) return wrong;
    product.name = item_name_;
    for (const size_t option : options_) {
      const auto value = Field(fields, option);
      if (!value.empty()) product.name += " " + CleanName(value, &cleaned);
    }
    product.category = item_category_;
    if (Lower(Field(fields, weight_)) == "y") product.unit = domain::SellUnit::kKilogram;
    for (const auto& tax : taxes_) {
      if (Lower(Field(fields, tax.column)) == "y") product.tax_code = tax.code;
    }
    if (available_ != kNone && Lower(Field(fields, available_)) == "n") return "not for sale in this store";
    const auto price = Field(fields, price_);
    if (price.empty() || Lower(price) == "variable") return "no fixed price";
    return ReadPrice(price, context_.currency, product.price);
  }

  MappingContext context_;
  size_t handle_, sku_, name_, category_, weight_, barcode_;
  std::array<size_t, 3> options_;
  size_t price_ = kNone;
  size_t available_ = kNone;
  std::vector<TaxColumn> taxes_;
  std::string item_handle_;
  std::string item_name_;
  std::string item_category_;
};

/// ';' or a tab where the header would be one with it in the place of commas; 0 otherwise.
char OtherSeparator(std::span<const std::string_view> header) {
  for (const char separator : {';', '\t'}) {
    std::vector<std::string_view> parts;
    for (std::string_view field : header) {
      for (size_t end = field.find(separator); end != std::string_view::npos; end = field.find(separator)) {
        parts.push_back(field.substr(0, end));
        field.remove_prefix(end + 1);
      }
      parts.push_back(field);
    }
    if (Column(parts, "barcode") != kNone && Column(parts, "name") != kNone) return separator;
  }
  return 0;
}

}  // namespace

base::Expected<std::unique_ptr<ImportMapping>> MakeMapping(std::string_view format,
                                                           std::span<const std::string_view> header,
                                                           const MappingContext& context) {
  const bool own = Column(header, "barcode") != kNone && Column(header, "name") != kNone;
  const bool loyverse = own && Column(header, "handle") != kNone && Column(header, "sku") != kNone;
  if (format != "auto" && format != "evertill" && format != "loyverse") {
    return base::Fail(StoreErrc::kUnknownFormat,
                      "format \"" + std::string(format) + "\" cannot be read yet; known: evertill, loyverse");
  }
  if (format == "loyverse" || (format == "auto" && loyverse)) {
    if (!loyverse) {
      return base::Fail(StoreErrc::kImportHeader,
                        "line 1: no Loyverse header: columns Handle, SKU, Name and Barcode are needed");
    }
    auto mapping = std::make_unique<LoyverseMapping>(header, context);
    if (!mapping->HasPrice()) return base::Fail(StoreErrc::kImportHeader, "line 1: there is no price column");
    return std::unique_ptr<ImportMapping>(std::move(mapping));
  }
  if (const char other = own ? '\0' : OtherSeparator(header); other != 0) {
    return base::Fail(StoreErrc::kImportHeader, other == ';' ? "line 1: the columns are separated by ';', not ','"
                                                             : "line 1: the columns are separated by tabs, not ','");
  }
  if (!own) {
    return base::Fail(StoreErrc::kImportHeader, "line 1: columns \"barcode\" and \"name\" are needed in the header");
  }
  for (size_t i = 0; i < header.size(); ++i) {
    if (Column(header, Lower(Trim(header[i]))) != i) {
      return base::Fail(StoreErrc::kImportHeader, "line 1: column " + Quoted(header[i]) + " is there twice");
    }
  }
  return std::unique_ptr<ImportMapping>(std::make_unique<OwnMapping>(header, context));
}

domain::Money DerivedPrice(std::string_view barcode, domain::Currency currency) {
  constexpr int64_t kSteps = 1980;
  int64_t rest = 0;
  for (const char c : barcode) {
    if (c >= '0' && c <= '9') rest = (rest * 10 + (c - '0')) % kSteps;
  }
  if (currency.Exponent() == 0) return {5000 + 250 * rest, currency};
  int64_t unit = 1;
  for (int i = 0; i < currency.Exponent(); ++i) unit *= 10;
  return {5 * unit + unit / 4 * rest, currency};
}

}  // namespace evertill::store
