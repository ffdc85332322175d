#include "app/render/text_painter.h"

#include <pango/pangocairo.h>

#include <algorithm>

#include "app/render/cairo_handles.h"
#include "app/render/clean_text.h"
#include "app/render/render_error.h"

namespace evertill::render {
namespace {

constexpr int kMaxHeight = 30000;  // cairo's image surfaces end at 32767
constexpr unsigned char kInkThreshold = 0x80;

struct GObjectDeleter {
  void operator()(gpointer object) const { g_object_unref(object); }
};
struct FontDescriptionDeleter {
  void operator()(PangoFontDescription* description) const { pango_font_description_free(description); }
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

bool IsInk(unsigned char pixel) {
  return pixel >= kInkThreshold;
}

/// Heads print a lone dot pale: where a stroke is one dot wide and white enough stands beside it, it becomes two, so
/// that small type is of one weight.
void StrengthenThinStrokes(const unsigned char* line, int width, std::span<uint8_t> row) {
  for (int x = 1; x + 2 < width; ++x) {
    if (IsInk(line[x]) && !IsInk(line[x - 1]) && !IsInk(line[x + 1]) && !IsInk(line[x + 2])) {
      row[static_cast<size_t>(x + 1) / 8] |= static_cast<uint8_t>(0x80 >> ((x + 1) % 8));
    }
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
    if (std::all_of(line, line + width, [](unsigned char pixel) { return pixel == 0; })) continue;
    for (int x = 0; x < width; ++x) {
      const unsigned ink = IsInk(line[x]) ? 1U : 0U;
      row[static_cast<size_t>(x) / 8] |= static_cast<uint8_t>(ink << (7 - x % 8));
    }
    StrengthenThinStrokes(line, width, row);
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

}  // namespace

struct TextPainter::Fonts {
  std::unique_ptr<PangoFontMap, GObjectDeleter> map{pango_cairo_font_map_new()};
  std::unique_ptr<PangoContext, GObjectDeleter> context{pango_font_map_create_context(map.get())};
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
  const std::unique_ptr<PangoFontDescription, FontDescriptionDeleter> font(
      pango_font_description_from_string("Noto Sans,Noto Sans Thai"));
  pango_font_description_set_absolute_size(font.get(), static_cast<double>(paragraph.size_px) * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), paragraph.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  PangoContext* context = fonts_->context.get();
  pango_context_set_language(context, pango_language_from_string(std::string(paragraph.language).c_str()));

  const std::unique_ptr<PangoLayout, GObjectDeleter> layout(pango_layout_new(context));
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_auto_dir(layout.get(), FALSE);  // a right-to-left name does not turn the line around
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  if (paragraph.width > 0) pango_layout_set_width(layout.get(), paragraph.width * PANGO_SCALE);
  pango_layout_set_alignment(layout.get(), ToPango(paragraph.align));
  if (paragraph.hanging > 0) pango_layout_set_indent(layout.get(), -paragraph.hanging * PANGO_SCALE);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  const bool balanced = paragraph.align == domain::TextAlign::kCenter && paragraph.width > 0;
  const int narrowed = balanced ? Balance(layout.get(), paragraph.width) : 0;

  PangoRectangle ink;
  PangoRectangle logical;
  pango_layout_get_pixel_extents(layout.get(), &ink, &logical);
  // Marks may stand above the font's own line (Thai tone over vowel, Vietnamese stacked signs): the ink decides.
  const int top = std::max(std::min(ink.y, logical.y), logical.y - paragraph.size_px);
  const int bottom = std::min(std::max(ink.y + ink.height, logical.y + logical.height),
                              logical.y + logical.height + paragraph.size_px);
  const int width = paragraph.width > 0 ? paragraph.width : std::max(logical.x + logical.width, ink.x + ink.width);
  if (bottom - top > kMaxHeight || width > kMaxHeight) {
    return base::Fail(RenderErrc::kReceiptTooLong, "one paragraph of " + std::to_string(bottom - top) + " rows");
  }
  const CairoSurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_A8, std::max(width, 1), bottom - top));
  const CairoPtr cairo(cairo_create(surface.get()));
  cairo_move_to(cairo.get(), narrowed / 2, -top);
  pango_cairo_show_layout(cairo.get(), layout.get());
  if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) {
    return base::Fail(RenderErrc::kDrawingFailed, cairo_status_to_string(cairo_status(cairo.get())));
  }
  PaintedText painted;
  painted.bitmap = ToBits(surface.get(), width, bottom - top);
  painted.baseline = PANGO_PIXELS(pango_layout_get_baseline(layout.get())) - top;
  painted.unknown_glyphs = pango_layout_get_unknown_glyphs_count(layout.get());
  return painted;
}

}  // namespace evertill::render
