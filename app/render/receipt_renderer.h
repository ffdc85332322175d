#pragma once

#include <variant>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/receipt.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// Printable width of common paper at 203 dots per inch (8 dots a millimetre).
inline constexpr int kDots80mm = 576;
inline constexpr int kDots58mm = 384;

struct LayoutOptions {
  int width_dots = kDots80mm;  ///< 200 to 1200. Narrow paper gets smaller type.
  bool keep_qr = false;        ///< Leave QR codes as data, for a printer that draws its own.
  bool keep_barcodes = false;  ///< The same for barcodes.
};

/// A piece of a receipt in order: rows of the full width, or something that the printer does.
using ReceiptPart =
    std::variant<Bitmap, domain::QrCodeElement, domain::BarcodeElement, domain::CutElement, domain::DrawerKickElement>;

struct ReceiptLayout {
  std::vector<ReceiptPart> parts;  ///< Never two Bitmaps next to each other.
  int unknown_glyphs = 0;          ///< Characters that no installed font has. 0 for the shop's languages.
};

/// Lays a receipt out. Thread-safe; the first call on a thread loads fonts.
/// Errors: render_bad_width, render_code_too_long, render_code_unsupported, render_receipt_too_long,
/// render_drawing_failed.
[[nodiscard]] base::Expected<ReceiptLayout> LayoutReceipt(const domain::ReceiptDocument& document,
                                                          const LayoutOptions& options);

/// The whole receipt as it will look on paper; for previews. The same rows that a printer gets.
[[nodiscard]] base::Expected<Bitmap> RenderReceipt(const domain::ReceiptDocument& document, int width_dots = kDots80mm);

}  // namespace evertill::render
