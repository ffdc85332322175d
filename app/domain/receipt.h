#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace evertill::domain {

/// How big receipt text is on paper. Relative to kNormal, which is a comfortable reading size (about 2.7 mm high
/// capitals on 80 mm paper).
enum class TextSize {
  kSmall,   ///< Notes, tax lines, addresses.
  kNormal,  ///< Items and sums.
  kLarge,   ///< The total.
  kHuge,    ///< The shop's name.
  kGiant,   ///< A price at the shelf.
};

enum class TextAlign { kLeft, kCenter, kRight };

struct TextStyle {
  TextSize size = TextSize::kNormal;
  bool bold = false;
  bool operator==(const TextStyle&) const = default;
};

/// One paragraph, UTF-8. Wraps by word in any language (Thai has no spaces between words; the renderer knows where it
/// may break). '\n' starts a new line; every other control or bidirectional-format character is dropped by the
/// renderer, so that no name can become a printer command or reorder what stands beside it.
struct TextElement {
  std::string text;
  TextStyle style{};
  TextAlign align = TextAlign::kLeft;
  /// Step in from the left margin, in steps of about one digit's width; for what belongs to the line above.
  int indent = 0;
  bool operator==(const TextElement&) const = default;
};

/// One row of two columns: what on the left, how much on the right. A long left text wraps beside the right one, which
/// stays whole on the first line at the right margin. Use `indent` for details of the row above.
struct ColumnsElement {
  std::string left;
  std::string right;
  TextStyle style{};
  int indent = 0;
  bool operator==(const ColumnsElement&) const = default;
};

enum class RuleStyle { kSolid, kDashed, kDouble };

/// A horizontal line over the whole width.
struct RuleElement {
  RuleStyle style = RuleStyle::kSolid;
  bool operator==(const RuleElement&) const = default;
};

/// Empty paper.
struct SpaceElement {
  int tenths_mm = 20;  ///< Height in tenths of a millimetre.
  bool operator==(const SpaceElement&) const = default;
};

/// A QR code, centred, error correction M, with its quiet zone. `caption` (may be empty) stands small beneath.
struct QrCodeElement {
  std::string data;
  std::string caption;
  bool operator==(const QrCodeElement&) const = default;
};

enum class BarcodeKind {
  kCode128,  ///< Printable ASCII.
  kEan13,    ///< 12 digits, or 13 with the right check digit.
  kEan8,     ///< 7 digits, or 8 with the right check digit.
};

/// A barcode, centred, with its text beneath.
struct BarcodeElement {
  std::string text;
  BarcodeKind kind = BarcodeKind::kCode128;
  bool operator==(const BarcodeElement&) const = default;
};

/// A black and white picture (a shop's logo), centred; shrunk when it is wider than the paper.
struct PictureElement {
  int width = 0;   ///< Dots.
  int height = 0;  ///< Rows.
  /// Rows from the top, each of (width + 7) / 8 bytes, the leftmost dot in the highest bit, 1 is black.
  std::string bits;
  bool operator==(const PictureElement&) const = default;
};

/// Feeds past the knife and cuts. A partial cut leaves one point standing, so that the receipt does not fall.
struct CutElement {
  bool partial = true;
  bool operator==(const CutElement&) const = default;
};

/// Opens the cash drawer that hangs on the printer.
struct DrawerKickElement {
  int drawer = 0;  ///< 0 is connector pin 2, 1 is pin 5.
  bool operator==(const DrawerKickElement&) const = default;
};

using ReceiptElement = std::variant<TextElement, ColumnsElement, RuleElement, SpaceElement, QrCodeElement,
                                    BarcodeElement, PictureElement, CutElement, DrawerKickElement>;

/// What is to stand on paper, in order, free of any printer, paper width or font. Presenters compose one (in the
/// member's language); render/ draws it; devices/printer turns it into bytes.
struct ReceiptDocument {
  std::string language = "en";  ///< "en", "th" or "vi": chooses glyph forms and line breaking.
  std::vector<ReceiptElement> elements;

  template <typename Element>
  ReceiptDocument& Add(Element element) {
    elements.emplace_back(std::move(element));
    return *this;
  }
  bool operator==(const ReceiptDocument&) const = default;
};

}  // namespace evertill::domain
