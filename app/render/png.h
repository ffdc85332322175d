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

/// The picture as a 1-bit grey PNG: black on white. Thread-safe.
[[nodiscard]] base::Expected<std::string> EncodePng(const Bitmap& bitmap, PngMargins margins = {});

/// EncodePng() into a file, replaced whole or left as it was.
[[nodiscard]] base::Status WritePng(const Bitmap& bitmap, const std::filesystem::path& file, PngMargins margins = {});

}  // namespace evertill::render
