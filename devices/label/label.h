#pragma once

#include <string>

namespace evertill::devices::label {

/// What stands at the shelf. Words and amounts are ready to print, in the shop's language; empty parts are left out.
struct ShelfLabel {
  std::string language = "en";
  std::string name;
  std::string name_other;  ///< In a second language, smaller.
  std::string price;       ///< "฿45.00"
  std::string price_for;   ///< "each", "per kg"
  std::string unit_price;  ///< "฿12.86 / 100 g"
  std::string was;         ///< The price before, struck through.
  std::string barcode;     ///< EAN-13 or EAN-8 with its check digit, else Code 128 of printable ASCII.
  std::string sku;
  std::string note;  ///< Date of printing, origin.
  bool operator==(const ShelfLabel&) const = default;
};

/// What is stuck on a member's card.
struct CardLabel {
  std::string language = "en";
  std::string shop;
  std::string name;
  std::string number;  ///< As people read it: "6000 1234 5678 9012".
  std::string tier;
  std::string qr;  ///< What the QR code says.
  bool operator==(const CardLabel&) const = default;
};

/// The stock in the printer.
struct LabelSize {
  int width_mm = 50;   ///< 20 to 110
  int height_mm = 30;  ///< 10 to 200
  int gap_mm = 2;      ///< Between two labels, 0 for continuous stock.
  int dpi = 203;       ///< 203 or 300
  bool operator==(const LabelSize&) const = default;
};

}  // namespace evertill::devices::label
