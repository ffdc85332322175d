#pragma once

#include <string>

#include "app/render/bitmap.h"

namespace evertill::devices::label {

/// A label in EPL2: the picture as direct graphic writes (GW). Nothing in it comes from a text. `gap_dots` lies between
/// two labels, 0 for continuous stock; `copies` 1 to 999.
[[nodiscard]] std::string EncodeEpl(const render::Bitmap& label, int gap_dots, int copies);

}  // namespace evertill::devices::label
