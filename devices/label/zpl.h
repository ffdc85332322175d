#pragma once

#include <string>

#include "app/render/bitmap.h"
#include "devices/label/label.h"

namespace evertill::devices::label {

/// A label in ZPL II: one format with the picture as graphic fields (^GFA, hexadecimal with ZPL's own run lengths).
/// Nothing in it comes from a text. `copies` 1 to 999.
[[nodiscard]] std::string EncodeZpl(const render::Bitmap& label, int copies);

}  // namespace evertill::devices::label
