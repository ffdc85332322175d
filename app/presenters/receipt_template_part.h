#pragma once

#include <string>
#include <vector>

#include "app/domain/receipt.h"
#include "app/presenters/receipt_template.h"

namespace evertill::presenters {

/// A text with {fields}. Kept whole, since what is translated is the whole.
struct TextPattern {
  std::string whole;       ///< without "t:"
  bool translate = false;  ///< "t:" stood before it
  bool has_fields = false;
};

struct ReceiptTemplate::Part {
  enum class Kind { kGroup, kText, kColumns, kRule, kSpace, kQr, kBarcode, kPicture, kCut, kDrawer };
  Kind kind = Kind::kGroup;
  std::vector<std::string> if_all;      ///< all of these are set
  std::vector<std::string> unless_any;  ///< none of these is
  std::string each;                     ///< once for each item of this list
  std::vector<Part> parts;              ///< of a group
  TextPattern text;                     ///< text; left of columns; data of codes
  TextPattern other;                    ///< right of columns; caption of a QR code
  std::string field;                    ///< of a picture
  domain::TextStyle style{};
  domain::TextAlign align = domain::TextAlign::kLeft;
  int indent = 0;
  domain::RuleStyle rule = domain::RuleStyle::kSolid;
  int tenths_mm = 20;
  domain::BarcodeKind barcode = domain::BarcodeKind::kCode128;
  bool auto_barcode = false;  ///< EAN where the digits are one, else Code 128
  bool partial = true;
  int drawer = 0;
};

}  // namespace evertill::presenters
