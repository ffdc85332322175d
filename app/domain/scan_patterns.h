#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/barcode.h"
#include "app/domain/gs1.h"
#include "app/domain/product.h"

/// What a scan means: the retailer's own barcodes with a weight or price in them, and GS1 codes.
namespace evertill::domain {

/// One form of the barcodes that a shop's own scales and label printers make, in the number ranges that GS1 leaves to
/// retailers: prefixes 02 and 20 to 29 (GS1 General Specifications 1.4, 2.1.14). An EAN-13 whose last digit, the check
/// digit, is always there, always right, and not written in the pattern.
struct ScanPattern {
  enum class Meaning {
    kWeight,  ///< kilograms
    kPrice,   ///< what the pack costs, in the till's currency
    kCount,   ///< pieces
  };
  Meaning meaning = Meaning::kWeight;
  /// 12 places: digits stand for themselves, "." is a digit of the product's number, "V" the verifier digit of the
  /// value (7.9), and {NNDDD} the value, "N" before its decimal point and "D" after it. Zeros at the end of the
  /// braces are not in the code but belong to the value: {NNNNN00} are hundreds of dong.
  /// "21.....{NNDDD}" is a weight in grams, "02.....V{NNDD}" the price on a label of the Americas.
  std::string text;

  bool operator==(const ScanPattern&) const = default;
};

/// "weight", "price", "count".
[[nodiscard]] std::string_view MeaningName(ScanPattern::Meaning meaning);
[[nodiscard]] std::optional<ScanPattern::Meaning> ParseMeaning(std::string_view name);

/// Errors: bad_pattern with the reason: not 12 places, a prefix that is not the retailer's, no value, no product, a
/// verifier for a value of neither four nor five digits, a count with decimals.
[[nodiscard]] base::Status CheckPattern(const ScanPattern& pattern);

/// A shop's patterns, tried in this order. None by default: then such a code is looked up as it is.
using ScanPatterns = std::vector<ScanPattern>;

/// The verifier digit of a value of four or five digits (GS1 General Specifications 7.9.3 and 7.9.4). Nothing for
/// another number of digits.
[[nodiscard]] std::optional<char> ValueVerifier(std::string_view digits);

/// What was scanned, apart from the catalogue: which texts to look up, best first, and how much of it there is.
struct ScanMeaning {
  std::vector<std::string> candidates;
  std::optional<Quantity> weight;  ///< kilograms, > 0
  std::optional<int64_t> count;    ///< pieces, > 0
  std::optional<Money> price;      ///< of the whole pack, > 0
  Gs1Data gs1;                     ///< lot, serial number, dates and all else; empty for other codes
};

/// Reads a code by GS1 rules where it is a GS1 code (by its AIM identifier, its separators, its brackets or as a
/// Digital Link), else by the shop's patterns. Nothing when it is a code like any other: to be looked up as it is.
/// Errors: bad_gs1; bad_barcode for a wrong verifier digit or a weight, price or count of nothing; currency_mismatch.
[[nodiscard]] base::Expected<std::optional<ScanMeaning>> Understand(const ScannedCode& code,
                                                                    const ScanPatterns& patterns, Currency currency,
                                                                    int year_now);

/// A product as it is to be rung up: at its price, or at the label's.
struct RungProduct {
  Product product;
  Quantity quantity;
};

/// How much of `product` a scan is. A weight counts for goods sold by weight, a count for goods sold by the piece. A
/// label's price is exactly the line's total: of goods sold by weight the quantity is worked out from it, in grams
/// where that comes out even, finer where not; where no quantity comes out at that price, and for goods sold by the
/// piece, it is one piece at the label's price.
[[nodiscard]] RungProduct RingByLabel(const Product& product, const ScanMeaning& meaning);

}  // namespace evertill::domain
