#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace evertill::render {

/// A 1-bit picture: rows from the top, each of Stride() bytes, the leftmost dot in the highest bit, 1 is black. This is
/// the byte order of printers. Bits right of the width are always 0. A plain value; reading is thread-safe.
class Bitmap {
 public:
  Bitmap() = default;
  /// All white. Sizes in dots, not negative.
  Bitmap(int width, int height);

  [[nodiscard]] int Width() const { return width_; }
  [[nodiscard]] int Height() const { return height_; }
  /// Bytes in a row.
  [[nodiscard]] size_t Stride() const { return stride_; }

  /// Outside of the picture is white.
  [[nodiscard]] bool At(int x, int y) const;
  /// Outside of the picture nothing happens.
  void Set(int x, int y, bool black = true);
  /// Black box, clipped to the picture.
  void Fill(int x, int y, int width, int height);

  [[nodiscard]] std::span<const uint8_t> Row(int y) const;
  [[nodiscard]] std::span<uint8_t> Row(int y);
  [[nodiscard]] bool RowIsBlank(int y) const;

  /// Adds the black dots of `other` with its corner at (x, y), clipped.
  void Blend(const Bitmap& other, int x, int y);
  /// Makes the picture higher by `rows` white rows at the bottom.
  void Extend(int rows);
  /// Puts `other`, of the same width, beneath.
  void Append(const Bitmap& other);

  bool operator==(const Bitmap&) const = default;

 private:
  int width_ = 0;
  int height_ = 0;
  size_t stride_ = 0;
  std::vector<uint8_t> bits_;
};

/// `bitmap` at most `width` dots wide, at least 1, its height in proportion: a dot is black where half of what it
/// stands for is.
[[nodiscard]] Bitmap ShrunkToWidth(const Bitmap& bitmap, int width);

/// Each dot drawn as a box of across × down dots, both at least 1.
[[nodiscard]] Bitmap Enlarged(const Bitmap& bitmap, int across, int down);

}  // namespace evertill::render
