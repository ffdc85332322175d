#pragma once

#include "app/base/expected.h"
#include "app/render/bitmap.h"
#include "devices/label/label.h"

namespace evertill::devices::label {

/// Dots of a length on paper.
[[nodiscard]] int ToDots(int millimetres, int dpi);

/// Whether printers take labels of this size. Errors: label_size_invalid.
[[nodiscard]] base::Status CheckSize(const LabelSize& size);

/// A label as it will look: exactly the size's dots. The price and the barcode are whole or the label fails; names give
/// way, wrap, and end in "…" at last. Thread-safe; the first call on a thread loads fonts.
/// Errors: label_size_invalid, label_too_small, render_code_unsupported, render_drawing_failed.
[[nodiscard]] base::Expected<render::Bitmap> RenderLabel(const ShelfLabel& label, const LabelSize& size);
[[nodiscard]] base::Expected<render::Bitmap> RenderLabel(const CardLabel& label, const LabelSize& size);

}  // namespace evertill::devices::label
