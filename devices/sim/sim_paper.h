#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "app/render/bitmap.h"

namespace evertill::devices::sim {

/// How the printer's own font is set.
struct CharacterStyle {
  bool bold = false;
  bool underline = false;
  bool inverse = false;
  bool small_font = false;  ///< Font B.
  int across = 1;
  int down = 1;
};

enum class SimAlign { kLeft, kCenter, kRight };

/// The paper under the print head: pictures and lines of the printer's own font, from the top.
class SimPaper {
 public:
  explicit SimPaper(int width_dots) : area(width_dots), rows_(width_dots, 0) {}
  /// A blank paper with the margins and the alignment of another: those outlive a cut.
  [[nodiscard]] static SimPaper SetAs(const SimPaper& other);

  [[nodiscard]] const render::Bitmap& Rows() const { return rows_; }
  [[nodiscard]] bool IsBlank() const { return blank_; }

  /// Moves the paper on. What was put on a line before stays above.
  void Feed(int dots);
  /// A picture at the head's place; the paper moves past it.
  void Picture(const render::Bitmap& picture);
  /// A picture within the line being set, after what stands there.
  void PictureInLine(const render::Bitmap& picture);
  /// One character of the line being set, in UTF-8; a mark (of Thai or Vietnamese) goes above or below the one before.
  /// False when it had no room: the line was printed and the character begins the next.
  bool Character(std::string_view character, const CharacterStyle& style, int line_height);
  /// Sets the next character `dots` from the left margin.
  void MoveTo(int dots) { x_ = dots; }
  [[nodiscard]] int X() const { return x_; }
  /// Prints the line being set and moves on by at least `line_height`.
  void EndLine(int line_height);

  /// How far the paper moved since this was last asked, in dots.
  [[nodiscard]] int TakeFed() { return std::exchange(fed_, 0); }
  /// As after ESC @.
  void ResetArea();

  SimAlign align = SimAlign::kLeft;
  int left = 0;  ///< Left margin (GS L), in dots.
  int area;      ///< Width of the area that is printed on (GS W), from the left margin.

 private:
  [[nodiscard]] int Offset(int width) const;
  void Place(const render::Bitmap& picture, int x, int y);

  render::Bitmap rows_;
  int fed_ = 0;
  int y_ = 0;            ///< The head, from the top.
  int x_ = 0;            ///< Within the line being set.
  int line_used_ = 0;    ///< Dots of the line being set that are taken.
  render::Bitmap line_;  ///< The line being set.
  std::string cluster_;  ///< The last character of it with its marks.
  bool blank_ = true;
};

}  // namespace evertill::devices::sim
