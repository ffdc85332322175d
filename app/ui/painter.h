#pragma once

#include <wx/colour.h>
#include <wx/gdicmn.h>

#include <string>
#include <vector>

#include "app/ui/theme.h"

class wxDC;

namespace evertill::ui {

/// How a run of text looks; `px` as on a 1280×800 screen.
struct TextStyle {
  int px = 14;
  bool bold = false;
  wxColour colour;
};

/// How an amount fits: the size of its large part, and its whole width.
struct AmountSize {
  int px = 0;
  int width = 0;
};

/// Draws text and shapes in a theme's sizes. Coordinates are real pixels. Text stands on its baseline, so that Thai,
/// whose fonts are taller, lines up with Latin.
class Painter {
 public:
  Painter(wxDC& dc, const Theme& theme) : dc_(dc), theme_(theme) {}

  [[nodiscard]] const Theme& GetTheme() const { return theme_; }
  [[nodiscard]] const Palette& Colours() const { return theme_.Colours(); }
  [[nodiscard]] int Px(double design_px) const { return theme_.Px(design_px); }
  /// Where the baseline of text of this size must be to look centred on `middle`.
  [[nodiscard]] int BaselineFor(int middle, int design_px) const;

  void Fill(const wxRect& area, const wxColour& colour);
  void Round(const wxRect& area, double design_radius, const wxColour& fill);
  void Round(const wxRect& area, double design_radius, const wxColour& fill, const wxColour& border);
  void Circle(wxPoint centre, int radius, const wxColour& fill);
  void Line(wxPoint from, wxPoint to, const wxColour& colour);

  [[nodiscard]] int Width(const std::string& text, const TextStyle& style);
  /// Returns the width drawn. Longer than `max_width` (if above 0) ends in an ellipsis.
  int Text(const std::string& text, int left, int baseline, const TextStyle& style, int max_width = 0);
  int TextRight(const std::string& text, int right, int baseline, const TextStyle& style, int max_width = 0);
  void TextCentre(const std::string& text, const wxRect& area, const TextStyle& style);
  /// In a column, on as many lines as it needs, centred. Returns the height.
  int Paragraph(const std::string& text, const wxRect& area, const TextStyle& style, bool centred);
  /// On one line, or on two in smaller letters, centred on `middle`: for what must be read whole.
  void TwoLines(const std::string& text, int left, int middle, int width, TextStyle style);
  /// A rounded label; returns its width.
  int Chip(const std::string& text, int left, int middle, const wxColour& ground, const TextStyle& style);
  [[nodiscard]] int ChipWidth(const std::string& text, const TextStyle& style);
  /// An amount whose decimals are smaller; right-aligned. Shrinks until it is at most `max_width` wide.
  void AmountRight(const std::string& amount, int decimals, int right, int baseline, TextStyle style, int max_width);
  [[nodiscard]] AmountSize MeasureAmount(const std::string& amount, int decimals, TextStyle style, int max_width);
  /// The sign for scanning.
  void Barcode(const wxRect& area, const wxColour& colour);

 private:
  void Use(const TextStyle& style);
  [[nodiscard]] std::vector<std::string> Wrap(const std::string& text, int width, const TextStyle& style);

  wxDC& dc_;
  const Theme& theme_;
};

}  // namespace evertill::ui
