#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/render/bitmap.h"
#include "app/render/pdf.h"

namespace evertill::server {

/// ISO/IEC 7810 ID-1: the size of a bank card.
inline constexpr render::PaperSize kCardSize{85.60, 53.98};
inline constexpr int kCardDotsPerInch = 300;
/// The picture's size at that.
inline constexpr int kCardWidthDots = 1011;
inline constexpr int kCardHeightDots = 638;

/// What stands on a member's card.
struct CardFace {
  std::string name;      ///< in the member's own script
  std::string number;    ///< L0: as a barcode, and masked for people; empty: neither
  std::string text;      ///< the signed card, as a QR code
  std::string language;  ///< of the name: "th", "vi", "en"
};

/// All but the last four characters (of a short one: its second half) as dots, in groups of four: "• •••• •••• 1234".
[[nodiscard]] std::string MaskNumber(std::string_view number);

/// The card's front: QR modules of half a millimetre with their quiet zone, bars of a quarter. A name that is too long
/// gets smaller type, then a second line, then ends in "…". render_code_unsupported for a number that Code 128 cannot
/// carry, render_code_too_long for one that is wider than the card.
[[nodiscard]] base::Expected<render::Bitmap> DrawCard(const CardFace& face);

}  // namespace evertill::server
