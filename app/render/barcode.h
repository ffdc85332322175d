#pragma once

#include <string>

#include "app/base/expected.h"
#include "app/domain/receipt.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// The bars of a barcode with its quiet zones, `height` rows high, without text.
/// Errors: render_code_too_long, render_code_unsupported. Thread-safe.
[[nodiscard]] base::Expected<Bitmap> RenderBarcode(const domain::BarcodeElement& code, int height, int max_dots);

/// What a barcode that RenderBarcode() drew reads as, for the text beneath: EAN with its check digit.
[[nodiscard]] std::string BarcodeText(const domain::BarcodeElement& code);

/// Errors: render_picture_invalid when its bytes are not those of its size, or that is absurd.
[[nodiscard]] base::Expected<Bitmap> BitmapOf(const domain::PictureElement& picture);

}  // namespace evertill::render
