#include "app/ui/painter.h"

#include <gtk/gtk.h>
#include <wx/control.h>
#include <wx/dc.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/ui/text.h"

namespace evertill::ui {

int Painter::BaselineFor(int middle, int design_px) const {
  return middle + static_cast<int>(std::lround(design_px * theme_.Scale() * 0.357));  // half of Noto Sans's capitals
}

void Painter::Fill(const wxRect& area, const wxColour& colour) {
  dc_.SetPen(*wxTRANSPARENT_PEN);
  dc_.SetBrush(colour);
  dc_.DrawRectangle(area);
}

void Painter::Round(const wxRect& area, double design_radius, const wxColour& fill) {
  dc_.SetPen(*wxTRANSPARENT_PEN);
  dc_.SetBrush(fill);
  dc_.DrawRoundedRectangle(area, design_radius * theme_.Scale());
}

void Painter::Round(const wxRect& area, double design_radius, const wxColour& fill, const wxColour& border) {
  dc_.SetPen(border);
  dc_.SetBrush(fill);
  dc_.DrawRoundedRectangle(area, design_radius * theme_.Scale());
}

void Painter::Circle(wxPoint centre, int radius, const wxColour& fill) {
  dc_.SetPen(*wxTRANSPARENT_PEN);
  dc_.SetBrush(fill);
  dc_.DrawCircle(centre, radius);
}

void Painter::Line(wxPoint from, wxPoint to, const wxColour& colour) {
  dc_.SetPen(colour);
  dc_.DrawLine(from, to);
}

void Painter::Use(const TextStyle& style) {
  dc_.SetFont(theme_.Font(style.px, style.bold));
  dc_.SetTextForeground(style.colour);
}

int Painter::Width(const std::string& text, const TextStyle& style) {
  Use(style);
  return dc_.GetTextExtent(ToWx(text)).x;
}

int Painter::Text(const std::string& text, int left, int baseline, const TextStyle& style, int max_width) {
  if (text.empty()) return 0;
  Use(style);
  wxString shown = ToWx(text);
  wxCoord width = 0, height = 0, descent = 0;
  dc_.GetTextExtent(shown, &width, &height, &descent);
  if (max_width > 0 && width > max_width) {
    shown = wxControl::Ellipsize(shown, dc_, wxELLIPSIZE_END, max_width, wxELLIPSIZE_FLAGS_NONE);
    dc_.GetTextExtent(shown, &width, &height, &descent);
  }
  dc_.DrawText(shown, left, baseline - (height - descent));
  return width;
}

int Painter::TextRight(const std::string& text, int right, int baseline, const TextStyle& style, int max_width) {
  int width = Width(text, style);
  if (max_width > 0 && width > max_width) width = max_width;
  Text(text, right - width, baseline, style, max_width);
  return width;
}

void Painter::TextCentre(const std::string& text, const wxRect& area, const TextStyle& style) {
  const int width = std::min(Width(text, style), area.width);
  Text(text, area.x + (area.width - width) / 2, BaselineFor(area.y + area.height / 2, style.px), style, area.width);
}

std::vector<std::string> Painter::Wrap(const std::string& text, int width, const TextStyle& style) {
  // Thai is written without spaces: Pango knows where its words end.
  const auto letters = static_cast<size_t>(g_utf8_strlen(text.data(), static_cast<gssize>(text.size())));
  std::vector<PangoLogAttr> attributes(letters + 1);
  pango_get_log_attrs(text.data(), static_cast<int>(text.size()), -1, pango_language_get_default(), attributes.data(),
                      static_cast<int>(attributes.size()));
  const auto trimmed = [](std::string line) { return line.erase(line.find_last_not_of(' ') + 1); };
  std::vector<std::string> lines;
  std::string line;
  size_t from = 0;
  size_t at = 0;
  for (size_t letter = 1; letter <= letters; ++letter) {
    at = static_cast<size_t>(g_utf8_next_char(text.data() + at) - text.data());
    if (letter < letters && attributes[letter].is_line_break == 0) continue;
    const std::string word = text.substr(from, at - from);
    if (!line.empty() && Width(trimmed(line + word), style) > width) {
      lines.push_back(trimmed(std::move(line)));
      line = word;
    } else {
      line += word;
    }
    from = at;
  }
  if (!line.empty()) lines.push_back(trimmed(std::move(line)));
  return lines;
}

int Painter::Paragraph(const std::string& text, const wxRect& area, const TextStyle& style, bool centred) {
  const int line_height = Px(style.px * 1.5);
  const std::vector<std::string> lines = Wrap(text, area.width, style);
  int y = area.y + line_height / 2;
  for (const std::string& row : lines) {
    const int left = centred ? area.x + (area.width - std::min(Width(row, style), area.width)) / 2 : area.x;
    Text(row, left, BaselineFor(y, style.px), style, area.width);
    y += line_height;
  }
  return line_height * static_cast<int>(lines.size());
}

void Painter::TwoLines(const std::string& text, int left, int middle, int width, TextStyle style) {
  if (Width(text, style) <= width) {
    Text(text, left, BaselineFor(middle, style.px), style);
    return;
  }
  style.px = std::min(style.px, 15);
  while (style.px > 11 && Wrap(text, width, style).size() > 2) --style.px;
  const int height = 2 * Px(style.px * 1.5);
  Paragraph(text, wxRect(left, middle - height / 2, width, height), style, false);
}

int Painter::ChipWidth(const std::string& text, const TextStyle& style) {
  return Width(text, style) + Px(20);
}

int Painter::Chip(const std::string& text, int left, int middle, const wxColour& ground, const TextStyle& style) {
  const int width = ChipWidth(text, style);
  const int height = Px(style.px * 2);  // fixed: Thai is taller
  Round(wxRect(left, middle - height / 2, width, height), style.px, ground);
  Text(text, left + Px(10), BaselineFor(middle, style.px), style);
  return width;
}

namespace {
int SmallPx(int large_px) {
  return (large_px * 52 + 50) / 100;
}
}  // namespace

AmountSize Painter::MeasureAmount(const std::string& amount, int decimals, TextStyle style, int max_width) {
  const AmountParts parts = SplitAmount(amount, decimals);
  for (;; style.px -= 2) {
    TextStyle small = style;
    small.px = SmallPx(style.px);
    const int width = Width(parts.large, style) + Width(parts.small, small);
    if (width <= max_width || style.px <= 16) return {style.px, width};
  }
}

void Painter::AmountRight(const std::string& amount, int decimals, int right, int baseline, TextStyle style,
                          int max_width) {
  const AmountParts parts = SplitAmount(amount, decimals);
  const AmountSize size = MeasureAmount(amount, decimals, style, max_width);
  style.px = size.px;
  TextStyle small = style;
  small.px = SmallPx(size.px);
  const int left = right - size.width;
  Text(parts.small, left + Text(parts.large, left, baseline, style), baseline, small);
}

void Painter::Barcode(const wxRect& area, const wxColour& colour) {
  static constexpr struct {
    int at;
    int width;
  } kBars[] = {{0, 3}, {5, 1}, {8, 2}, {12, 4}, {18, 1}, {21, 3}, {26, 2}};
  for (const auto& bar : kBars) {
    const int left = area.x + bar.at * area.width / 28;
    const int right = area.x + (bar.at + bar.width) * area.width / 28;
    Fill(wxRect(left, area.y, std::max(1, right - left), area.height), colour);
  }
}

}  // namespace evertill::ui
