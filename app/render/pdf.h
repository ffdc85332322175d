#pragma once

#include <filesystem>
#include <string>

#include "app/base/expected.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// How large something is on paper.
struct PaperSize {
  double width_mm = 0;
  double height_mm = 0;
};

/// One page of this size with the picture over all of it, as filled boxes: no grey edges at any zoom, so that codes
/// stay readable. No date and no identifier in it: the same picture gives the same bytes. render_bad_width for a page
/// or a picture without size. Thread-safe.
[[nodiscard]] base::Expected<std::string> EncodePdf(const Bitmap& bitmap, PaperSize page);

/// EncodePdf() into a file, replaced whole or left as it was.
[[nodiscard]] base::Status WritePdf(const Bitmap& bitmap, PaperSize page, const std::filesystem::path& file);

}  // namespace evertill::render
