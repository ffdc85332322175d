#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/domain/receipt.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// One paragraph to be drawn.
struct Paragraph {
  std::string_view text;  ///< UTF-8; cleaned by the painter (see CleanText).
  int size_px = 24;       ///< Font size: one em, in dots.
  bool bold = false;
  int width = -1;  ///< Wraps at this many dots; -1 never wraps and the picture is as wide as the text.
  domain::TextAlign align = domain::TextAlign::kLeft;
  int hanging = 0;  ///< Lines after the first step in by this many dots.
  std::string_view language = "en";
};

struct PaintedText {
  Bitmap bitmap;
  int baseline = 0;        ///< Of the first line, in dots from the top.
  int unknown_glyphs = 0;  ///< Characters that no installed font has; drawn as boxes.
};

/// Draws text in Noto Sans and Noto Sans Thai without a display: no antialiasing, one bit a dot. Breaks lines by word,
/// in Thai by dictionary. Marks above and below a letter are never cut off. Not thread-safe: one painter for one
/// thread; the first drawing on it loads fonts (tens of milliseconds), later ones don't.
class TextPainter {
 public:
  TextPainter();
  ~TextPainter();
  TextPainter(const TextPainter&) = delete;
  TextPainter& operator=(const TextPainter&) = delete;

  /// The calling thread's own painter, with its fonts loaded once.
  [[nodiscard]] static TextPainter& ForThisThread();

  /// Errors: render_receipt_too_long, render_drawing_failed.
  [[nodiscard]] base::Expected<PaintedText> Paint(const Paragraph& paragraph);

 private:
  struct Fonts;
  std::unique_ptr<Fonts> fonts_;
};

}  // namespace evertill::render
