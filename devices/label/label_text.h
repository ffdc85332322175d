#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/domain/receipt.h"
#include "app/render/bitmap.h"

namespace evertill::devices::label {

/// Text for a box on a label.
struct BoxText {
  std::string_view text;
  bool bold = false;
  domain::TextAlign align = domain::TextAlign::kLeft;
  std::string_view language = "en";
  int largest_px = 40;
  int smallest_px = 14;
  bool one_line = false;
};

/// The text as large as it fits into width × height dots, cropped to its ink above and below; a text that does not even
/// fit at its smallest is cut and ends in "…". Empty for no text. Errors: those of render::TextPainter::Paint().
[[nodiscard]] base::Expected<render::Bitmap> FitText(const BoxText& text, int width, int height);

/// The part of a picture that has ink; empty when there is none.
[[nodiscard]] render::Bitmap CroppedToInk(const render::Bitmap& bitmap);

}  // namespace evertill::devices::label
