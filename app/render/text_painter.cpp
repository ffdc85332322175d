#include "app/render/text_painter.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "app/render/cairo_handles.h"
#include "app/render/clean_text.h"
#include "app/render/render_error.h"

namespace evertill::render {
namespace {

constexpr size_t kMostFonts = 32;
constexpr int kPercentAbove = 98;        // of the size, above the first baseline
constexpr int kPercentBelow = 28;        // … below the last
constexpr int kMaxHeight = 30000;        // cairo's image surfaces end at 32767
constexpr unsigned char kInkBit = 0x80;  // without antialiasing a pixel is 0 or 255

struct GObjectDeleter {
  void operator()(gpointer object) const { g_object_unref(object); }
};
struct FontDescriptionDeleter {
  void operator()(PangoFontDescription* description) const { pango_font_description_free(description); }
};
struct LayoutIterDeleter {
  void operator()(PangoLayoutIter* iterator) const { pango_layout_iter_free(iterator); }
};
struct FontOptionsDeleter {
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};

PangoAlignment ToPango(domain::TextAlign align) {
  switch (align) {
    case domain::TextAlign::kCenter:
      return PANGO_ALIGN_CENTER;
    case domain::TextAlign::kRight:
      return PANGO_ALIGN_RIGHT;
    case domain::TextAlign::kLeft:
      break;
  }
  return PANGO_ALIGN_LEFT;
}

/// Eight dots of eight pixels: the highest bit of each, the first pixel leftmost.
uint8_t PackEight(const unsigned char* pixels) {
  uint8_t dots = 0;
  for (int i = 0; i < 8; ++i) dots = static_cast<uint8_t>(dots | ((pixels[i] & kInkBit) >> i));
  return dots;
}

/// Heads print a lone dot pale: where a stroke is one dot wide and white enough stands beside it, it becomes two, so
/// that small type is of one weight. A dot at the very edge stays alone.
void StrengthenThinStrokes(std::span<uint8_t> row, int width) {
  unsigned before = 0;  // the byte to the left, as it was
  unsigned spill = 0;   // the dot that one at its right end gets here
  for (size_t i = 0; i < row.size(); ++i) {
    const unsigned dots = row[i];
    const unsigned after = i + 1 < row.size() ? row[i + 1] : 0;
    const unsigned left = (dots >> 1) | (before << 7);
    const unsigned right = (dots << 1) | (after >> 7);
    const unsigned second = (dots << 2) | (after >> 6);
    unsigned lone = dots & ~left & ~right & ~second & 0xFF;
    if (i == 0) lone &= 0x7F;
    const int over = static_cast<int>(i) * 8 + 8 - (width - 2);  // dots of this byte in the last two columns
    if (over > 0) lone &= over >= 8 ? 0 : 0xFFU << over;
    row[i] = static_cast<uint8_t>(dots | (lone >> 1) | spill);
    before = dots;
    spill = (lone & 1) << 7;
  }
}

Bitmap ToBits(cairo_surface_t* surface, int width, int height) {
  cairo_surface_flush(surface);
  Bitmap bitmap(width, height);
  const unsigned char* pixels = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<size_t>(cairo_image_surface_get_stride(surface));
  for (int y = 0; y < height; ++y) {
    const unsigned char* line = pixels + static_cast<size_t>(y) * stride;
    const auto row = bitmap.Row(y);
    bool ink = false;
    for (size_t i = 0; i < row.size(); ++i) {
      const size_t left = static_cast<size_t>(width) - i * 8;
      if (left >= 8) {
        row[i] = PackEight(line + i * 8);
      } else {
        std::array<unsigned char, 8> last{};
        std::copy_n(line + i * 8, left, last.begin());
        row[i] = PackEight(last.data());
      }
      ink = ink || row[i] != 0;
    }
    if (ink) StrengthenThinStrokes(row, width);
  }
  return bitmap;
}

/// Whether every line but the last ends at a space: in Thai, where a line may break between any two words, the spaces
/// are where phrases end.
bool BreaksAtSpaces(PangoLayout* layout) {
  const char* text = pango_layout_get_text(layout);
  const int lines = pango_layout_get_line_count(layout);
  for (int i = 1; i < lines; ++i) {
    const int start = pango_layout_get_line_readonly(layout, i)->start_index;
    if (start == 0 || (text[start - 1] != ' ' && text[start - 1] != '\n')) return false;
  }
  return true;
}

/// Narrows the wrapping of a centred paragraph as far as it keeps its number of lines, so that no single word stands
/// alone on the last one; a little less where that lets lines end between phrases. Returns the dots taken off.
int Balance(PangoLayout* layout, int width) {
  constexpr int kStep = 8;
  const int lines = pango_layout_get_line_count(layout);
  if (lines < 2 || lines > 8) return 0;
  int fits = width;
  for (int least = width / 2; fits - least > kStep / 2;) {
    const int middle = (fits + least) / 2;
    pango_layout_set_width(layout, middle * PANGO_SCALE);
    (pango_layout_get_line_count(layout) > lines ? least : fits) = middle;
  }
  for (int wider = fits; wider <= width; wider += kStep) {
    pango_layout_set_width(layout, wider * PANGO_SCALE);
    if (BreaksAtSpaces(layout)) return width - wider;
  }
  pango_layout_set_width(layout, fits * PANGO_SCALE);
  return width - fits;
}

/// A line and where it goes: the left end of its baseline.
struct SetLine {
  PangoLayoutLine* line = nullptr;
  double x = 0;
  int baseline = 0;
};

struct SetLines {
  std::vector<SetLine> lines;
  int width = 0;
  int height = 0;
};

/// Fonts that have room for every mark of every script would make lines half empty. Lines stand as close as letters
/// without marks allow; marks above that (Thai tone over vowel, Vietnamese stacked signs) or below get their own room.
SetLines PlaceLines(PangoLayout* layout, int size_px) {
  const int usual_above = size_px * kPercentAbove / 100;
  const int usual_below = size_px * kPercentBelow / 100;
  SetLines set;
  int below = 0;  // ink of the line before, under its baseline
  const std::unique_ptr<PangoLayoutIter, LayoutIterDeleter> at(pango_layout_get_iter(layout));
  do {
    PangoRectangle ink;
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(at.get(), &ink, &logical);
    const double x = static_cast<double>(logical.x) / PANGO_SCALE;
    set.width =
        std::max({set.width, PANGO_PIXELS_CEIL(logical.x + logical.width), PANGO_PIXELS_CEIL(ink.x + ink.width)});
    const int base = pango_layout_iter_get_baseline(at.get());
    // Marks piled up without end are cut off at twice the size.
    const int ink_above = ink.height == 0 ? 0 : std::min(PANGO_PIXELS_CEIL(base - ink.y), 2 * size_px);
    const int ink_below = ink.height == 0 ? 0 : std::min(PANGO_PIXELS_CEIL(ink.y + ink.height - base), 2 * size_px);
    const int baseline = set.lines.empty()
                             ? std::max(usual_above, ink_above)
                             : set.lines.back().baseline + std::max(usual_above + usual_below, below + ink_above + 1);
    set.lines.push_back({pango_layout_iter_get_line_readonly(at.get()), x, baseline});
    set.height = std::max(set.height, baseline + std::max(usual_below, ink_below));
    below = ink_below;
  } while (pango_layout_iter_next_line(at.get()));
  return set;
}

}  // namespace

struct TextPainter::Fonts {
  std::unique_ptr<PangoFontMap, GObjectDeleter> map{pango_cairo_font_map_new()};
  std::unique_ptr<PangoContext, GObjectDeleter> context{pango_font_map_create_context(map.get())};
  std::map<std::pair<int, bool>, std::unique_ptr<PangoFontDescription, FontDescriptionDeleter>> by_size;

  const PangoFontDescription* Find(int size_px, bool bold) {
    auto& font = by_size[{size_px, bold}];
    if (!font) {
      if (by_size.size() > kMostFonts) {
        by_size.clear();
        return Find(size_px, bold);
      }
      font.reset(pango_font_description_from_string("Noto Sans,Noto Sans Thai"));
      pango_font_description_set_absolute_size(font.get(), static_cast<double>(size_px) * PANGO_SCALE);
      pango_font_description_set_weight(font.get(), bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    }
    return font.get();
  }
};

TextPainter::TextPainter() : fonts_(std::make_unique<Fonts>()) {
  const std::unique_ptr<cairo_font_options_t, FontOptionsDeleter> options(cairo_font_options_create());
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_NONE);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_FULL);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_ON);
  pango_cairo_context_set_font_options(fonts_->context.get(), options.get());
  pango_context_set_base_dir(fonts_->context.get(), PANGO_DIRECTION_LTR);
}

TextPainter::~TextPainter() = default;

TextPainter& TextPainter::ForThisThread() {
  static thread_local TextPainter painter;
  return painter;
}

base::Expected<PaintedText> TextPainter::Paint(const Paragraph& paragraph) {
  const std::string text = CleanText(paragraph.text);
  PangoContext* context = fonts_->context.get();
  pango_context_set_language(context, pango_language_from_string(std::string(paragraph.language).c_str()));

  const std::unique_ptr<PangoLayout, GObjectDeleter> layout(pango_layout_new(context));
  pango_layout_set_font_description(layout.get(), fonts_->Find(paragraph.size_px, paragraph.bold));
  pango_layout_set_auto_dir(layout.get(), FALSE);  // a right-to-left name does not turn the line around
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  if (paragraph.width > 0) pango_layout_set_width(layout.get(), paragraph.width * PANGO_SCALE);
  pango_layout_set_alignment(layout.get(), ToPango(paragraph.align));
  if (paragraph.hanging > 0) pango_layout_set_indent(layout.get(), -paragraph.hanging * PANGO_SCALE);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  const bool balanced = paragraph.align == domain::TextAlign::kCenter && paragraph.width > 0;
  const int narrowed = balanced ? Balance(layout.get(), paragraph.width) : 0;

  const SetLines set = PlaceLines(layout.get(), paragraph.size_px);
  const int width = paragraph.width > 0 ? paragraph.width : set.width;
  if (set.height > kMaxHeight || width > kMaxHeight) {
    return base::Fail(RenderErrc::kReceiptTooLong, "one paragraph of " + std::to_string(set.height) + " rows");
  }
  const CairoSurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_A8, std::max(width, 1), set.height));
  const CairoPtr cairo(cairo_create(surface.get()));
  for (const SetLine& line : set.lines) {
    cairo_move_to(cairo.get(), line.x + narrowed / 2, line.baseline);
    pango_cairo_show_layout_line(cairo.get(), line.line);
  }
  if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) {
    return base::Fail(RenderErrc::kDrawingFailed, cairo_status_to_string(cairo_status(cairo.get())));
  }
  PaintedText painted;
  painted.bitmap = ToBits(surface.get(), width, set.height);
  painted.baseline = set.lines.front().baseline;
  painted.unknown_glyphs = pango_layout_get_unknown_glyphs_count(layout.get());
  return painted;
}

}  // namespace evertill::render
