#pragma once

#include <filesystem>
#include <string>

#include "app/base/expected.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// White paper around a picture, in dots.
struct PngMargins {
  int sides = 0;
  int ends = 0;
};

/// The picture as a 1-bit grey PNG: black on white. `dots_per_inch` says how large it is on paper; 0 leaves that open.
/// Thread-safe.
[[nodiscard]] base::Expected<std::string> EncodePng(const Bitmap& bitmap, PngMargins margins = {},
                                                    int dots_per_inch = 0);

/// EncodePng() into a file, replaced whole or left as it was.
[[nodiscard]] base::Status WritePng(const Bitmap& bitmap, const std::filesystem::path& file, PngMargins margins = {},
                                    int dots_per_inch = 0);

}  // namespace evertill::render
