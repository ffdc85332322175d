#include "devices/label/label_text.h"

#include <algorithm>
#include <vector>

#include "app/render/clean_text.h"
#include "app/render/text_painter.h"

namespace evertill::devices::label {
namespace {

using render::Bitmap;

/// Where a text may be cut: before a character that does not stand on the one before it.
std::vector<size_t> CutPlaces(std::string_view text) {
  std::vector<size_t> places;
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0x7F >> length);
    for (size_t i = 1; i < length && at + i < text.size(); ++i)
      c = (c << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    const bool mark =
        (c >= 0x300 && c <= 0x36F) || c == 0xE31 || (c >= 0xE33 && c <= 0xE3A) || (c >= 0xE47 && c <= 0xE4E);
    if (!mark && at > 0) places.push_back(at);
    at += length;
  }
  return places;
}

Bitmap Rows(const Bitmap& bitmap, int x, int y, int width, int height) {
  Bitmap part(width, height);
  part.Blend(bitmap, -x, -y);
  return part;
}

base::Expected<Bitmap> Paint(const BoxText& text, std::string_view words, int size_px, int width) {
  render::Paragraph paragraph;
  paragraph.text = words;
  paragraph.size_px = size_px;
  paragraph.bold = text.bold;
  paragraph.width = text.one_line ? -1 : width;
  paragraph.align = text.align;
  paragraph.language = text.language;
  EVERTILL_ASSIGN(const render::PaintedText painted, render::TextPainter::ForThisThread().Paint(paragraph));
  return painted.bitmap;
}

/// Blank rows above and below taken off; the width stays, so that the alignment does.
Bitmap WithoutBlankEnds(const Bitmap& bitmap) {
  int top = 0;
  int bottom = bitmap.Height();
  while (top < bottom && bitmap.RowIsBlank(top)) ++top;
  while (bottom > top && bitmap.RowIsBlank(bottom - 1)) --bottom;
  return Rows(bitmap, 0, top, bitmap.Width(), bottom - top);
}

}  // namespace

render::Bitmap CroppedToInk(const Bitmap& bitmap) {
  const Bitmap rows = WithoutBlankEnds(bitmap);
  int left = rows.Width();
  int right = 0;
  for (int y = 0; y < rows.Height(); ++y) {
    for (int x = 0; x < rows.Width(); ++x) {
      if (!rows.At(x, y)) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
    }
  }
  return right <= left ? Bitmap() : Rows(rows, left, 0, right - left, rows.Height());
}

base::Expected<Bitmap> FitText(const BoxText& text, int width, int height) {
  const std::string clean = render::CleanText(text.text, 200);
  if (clean.empty() || width < 1 || height < 1) return Bitmap();
  const auto fits = [&](const Bitmap& painted) { return painted.Width() <= width && painted.Height() <= height; };
  for (int size_px = text.largest_px; size_px >= text.smallest_px; size_px -= std::max(1, size_px / 16)) {
    EVERTILL_ASSIGN(const Bitmap whole, Paint(text, clean, size_px, width));
    Bitmap painted = text.one_line ? CroppedToInk(whole) : WithoutBlankEnds(whole);
    if (fits(painted)) return painted;
  }
  const auto places = CutPlaces(clean);
  size_t fitting = 0;
  Bitmap best;
  for (size_t beyond = places.size(); fitting < beyond;) {
    const size_t middle = (fitting + beyond) / 2;
    EVERTILL_ASSIGN(const Bitmap whole, Paint(text, clean.substr(0, places[middle]) + "…", text.smallest_px, width));
    Bitmap painted = text.one_line ? CroppedToInk(whole) : WithoutBlankEnds(whole);
    if (fits(painted)) {
      best = std::move(painted);
      fitting = middle + 1;
    } else {
      beyond = middle;
    }
  }
  return best;
}

}  // namespace evertill::devices::label
