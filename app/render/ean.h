#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// `digits` (7, 8, 12 or 13) with its check digit: 8 or 13 digits.
/// Errors: render_code_unsupported for anything else, and for a check digit that is wrong. Thread-safe.
[[nodiscard]] base::Expected<std::string> WithEanCheckDigit(std::string_view digits);

/// The modules of an EAN-13 (95) or EAN-8 (67) from guard to guard, without quiet zones: '1' is a bar. GS1 General
/// Specifications 5.2. `digits` and errors as for WithEanCheckDigit().
[[nodiscard]] base::Expected<std::string> EncodeEan(std::string_view digits);

/// EAN bars with the quiet zones of GS1 (11 and 7 modules, 7 and 7 for EAN-8); modules of three dots, two when that is
/// too wide. Errors also render_code_too_long when it is wider than `max_dots`.
[[nodiscard]] base::Expected<Bitmap> RenderEan(std::string_view digits, int height, int max_dots);

}  // namespace evertill::render
