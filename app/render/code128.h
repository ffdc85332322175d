#pragma once

#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// Symbol values of a Code 128 barcode (ISO/IEC 15417): start, data in code sets B and C, check, stop. Runs of four or
/// more digits go two to a symbol. Printable ASCII only. Errors: render_code_unsupported. Thread-safe.
[[nodiscard]] base::Expected<std::vector<int>> EncodeCode128(std::string_view text);

/// Code 128 bars with a quiet zone of ten modules on each side; modules of three dots, two when that is too wide.
/// Errors also render_code_too_long when it is wider than `max_dots`.
[[nodiscard]] base::Expected<Bitmap> RenderCode128(std::string_view text, int height, int max_dots);

}  // namespace evertill::render
