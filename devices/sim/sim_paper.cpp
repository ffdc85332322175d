#include "devices/sim/sim_paper.h"

#include <algorithm>

#include "app/render/text_painter.h"

namespace evertill::devices::sim {
namespace {

constexpr int kMaxRows = 100000;
constexpr int kMaxLineHeight = 24 * 8;

constexpr std::string_view kUnknown = "\xEF\xBF\xBD";

/// Whether a character in UTF-8 stands above or below the one before it: Thai vowels and tones, U+0300 to U+036F.
bool IsMark(std::string_view character) {
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(character[at]); };
  if (character.size() == 2) return byte(0) == 0xCC || (byte(0) == 0xCD && byte(1) < 0xB0);
  if (character.size() != 3 || byte(0) != 0xE0) return false;
  if (byte(1) == 0xB8) return byte(2) == 0xB1 || (byte(2) >= 0xB4 && byte(2) <= 0xBA);
  return byte(1) == 0xB9 && byte(2) >= 0x87 && byte(2) <= 0x8E;
}

/// Letters of a proportional font squeezed into a cell; they need only be legible.
void PaintGlyph(render::Bitmap& cell, std::string_view character, bool bold) {
  const int height = cell.Height();
  const auto glyph = render::TextPainter::ForThisThread().Paint(
      {std::string(character), height * 3 / 4, bold, -1, domain::TextAlign::kLeft, 0, "en"});
  if (!glyph) return;
  const int baseline = height * 4 / 5;
  const int natural = glyph->bitmap.Width();
  const int shown = std::min(natural, cell.Width() - 1);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < shown; ++x) {
      const int from = x * natural / shown;
      const int to = std::max(from + 1, (x + 1) * natural / shown);
      bool ink = false;
      for (int column = from; column < to; ++column) {
        ink = ink || glyph->bitmap.At(column, y + glyph->baseline - baseline);
      }
      if (ink) cell.Set((cell.Width() - shown) / 2 + x, y);
    }
  }
}

/// A character of the built-in font in its cell.
render::Bitmap Cell(std::string_view character, const CharacterStyle& style) {
  const int width = style.small_font ? 9 : 12;
  const int height = style.small_font ? 17 : 24;
  render::Bitmap cell(width, height);
  if (character == kUnknown) {  // not in this printer's code page: a box
    for (int y = 4; y < height - 4; ++y) {
      for (int x = 1; x < width - 1; ++x) cell.Set(x, y, y == 4 || y == height - 5 || x == 1 || x == width - 2);
    }
  } else if (character != " ") {
    PaintGlyph(cell, character, style.bold);
  }
  if (style.underline) cell.Fill(0, height - 2, width, 2);
  if (style.inverse) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) cell.Set(x, y, !cell.At(x, y));
    }
  }
  return render::Enlarged(cell, style.across, style.down);
}

}  // namespace

SimPaper SimPaper::SetAs(const SimPaper& other) {
  SimPaper paper(other.rows_.Width());
  paper.align = other.align;
  paper.left = other.left;
  paper.area = other.area;
  return paper;
}

void SimPaper::ResetArea() {
  align = SimAlign::kLeft;
  left = 0;
  area = rows_.Width();
}

/// Where something `width` dots wide begins. What is too wide for its area starts at its left and loses the rest.
int SimPaper::Offset(int width) const {
  const int room = std::min(area, rows_.Width() - left) - width;
  if (room <= 0 || align == SimAlign::kLeft) return left;
  return left + (align == SimAlign::kCenter ? room / 2 : room);
}

void SimPaper::Place(const render::Bitmap& picture, int x, int y) {
  const int bottom = std::min(y + picture.Height(), kMaxRows);
  if (bottom > rows_.Height()) rows_.Extend(bottom - rows_.Height());
  rows_.Blend(picture, x, y);
  blank_ = false;
}

void SimPaper::Feed(int dots) {
  fed_ += std::max(dots, 0);
  y_ = std::clamp(y_ + dots, 0, kMaxRows);
  if (y_ > rows_.Height()) rows_.Extend(y_ - rows_.Height());
}

void SimPaper::Picture(const render::Bitmap& picture) {
  Place(picture, Offset(picture.Width()), y_);
  Feed(picture.Height());
}

void SimPaper::PictureInLine(const render::Bitmap& picture) {
  if (line_.Height() < picture.Height()) {
    render::Bitmap higher(rows_.Width(), std::min(picture.Height(), kMaxLineHeight));
    higher.Blend(line_, 0, higher.Height() - line_.Height());
    line_ = std::move(higher);
  }
  line_.Blend(picture, x_, line_.Height() - picture.Height());
  x_ += picture.Width();
  line_used_ = std::max(line_used_, std::min(x_, rows_.Width()));
}

bool SimPaper::Character(std::string_view character, const CharacterStyle& style, int line_height) {
  if (IsMark(character) && !cluster_.empty() && x_ > 0) {
    cluster_ += character;
    const render::Bitmap cell = Cell(cluster_, style);
    x_ = std::max(x_ - cell.Width(), 0);
    PictureInLine(cell);
    return true;
  }
  const render::Bitmap cell = Cell(character, style);
  const bool full = x_ + cell.Width() > std::min(area, rows_.Width() - left) && line_used_ > 0;
  if (full) EndLine(line_height);
  cluster_ = character;
  PictureInLine(cell);
  return !full;
}

void SimPaper::EndLine(int line_height) {
  if (line_used_ > 0) Place(line_, Offset(line_used_), y_);
  Feed(std::max(line_height, line_.Height()));
  line_ = render::Bitmap();
  cluster_.clear();
  line_used_ = 0;
  x_ = 0;
}

}  // namespace evertill::devices::sim
