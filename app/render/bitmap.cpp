#include "app/render/bitmap.h"

#include <algorithm>

#include "app/base/check.h"

namespace evertill::render {

Bitmap::Bitmap(int width, int height) : width_(width), height_(height), stride_((static_cast<size_t>(width) + 7) / 8) {
  EVERTILL_CHECK(width >= 0 && height >= 0);
  bits_.resize(stride_ * static_cast<size_t>(height));
}

bool Bitmap::At(int x, int y) const {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return false;
  return (Row(y)[static_cast<size_t>(x) / 8] >> (7 - x % 8)) & 1;
}

void Bitmap::Set(int x, int y, bool black) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  uint8_t& byte = Row(y)[static_cast<size_t>(x) / 8];
  const auto mask = static_cast<uint8_t>(0x80 >> (x % 8));
  byte = static_cast<uint8_t>(black ? byte | mask : byte & ~mask);
}

void Bitmap::Fill(int x, int y, int width, int height) {
  const int right = std::min(x + width, width_);
  const int bottom = std::min(y + height, height_);
  for (int row = std::max(y, 0); row < bottom; ++row) {
    for (int column = std::max(x, 0); column < right; ++column) Set(column, row);
  }
}

std::span<const uint8_t> Bitmap::Row(int y) const {
  EVERTILL_CHECK(y >= 0 && y < height_);
  return {bits_.data() + static_cast<size_t>(y) * stride_, stride_};
}

std::span<uint8_t> Bitmap::Row(int y) {
  EVERTILL_CHECK(y >= 0 && y < height_);
  return {bits_.data() + static_cast<size_t>(y) * stride_, stride_};
}

bool Bitmap::RowIsBlank(int y) const {
  const auto row = Row(y);
  return std::all_of(row.begin(), row.end(), [](uint8_t byte) { return byte == 0; });
}

void Bitmap::Blend(const Bitmap& other, int x, int y) {
  for (int row = std::max(0, -y); row < other.height_ && row + y < height_; ++row) {
    const auto from = other.Row(row);
    if (x >= 0 && x % 8 == 0) {  // whole bytes: the usual case
      const auto to = Row(row + y);
      const size_t start = static_cast<size_t>(x) / 8;
      for (size_t i = 0; i < from.size() && start + i < to.size(); ++i) to[start + i] |= from[i];
      if (width_ % 8 != 0) to.back() &= static_cast<uint8_t>(0xFF << (8 - width_ % 8));
      continue;
    }
    for (size_t i = 0; i < from.size(); ++i) {
      for (int bit = 0; from[i] != 0 && bit < 8; ++bit) {
        if ((from[i] >> (7 - bit)) & 1) Set(x + static_cast<int>(i) * 8 + bit, row + y);
      }
    }
  }
}

void Bitmap::Extend(int rows) {
  EVERTILL_CHECK(rows >= 0);
  height_ += rows;
  bits_.resize(stride_ * static_cast<size_t>(height_));
}

void Bitmap::Append(const Bitmap& other) {
  EVERTILL_CHECK(other.width_ == width_);
  bits_.insert(bits_.end(), other.bits_.begin(), other.bits_.end());
  height_ += other.height_;
}

Bitmap ShrunkToWidth(const Bitmap& bitmap, int width) {
  EVERTILL_CHECK(width >= 1);
  if (bitmap.Width() <= width) return bitmap;
  const auto from = [&](int at) { return static_cast<int>(int64_t{at} * bitmap.Width() / width); };
  Bitmap small(width, std::max(1, static_cast<int>(int64_t{bitmap.Height()} * width / bitmap.Width())));
  for (int y = 0; y < small.Height(); ++y) {
    for (int x = 0; x < width; ++x) {
      int black = 0;
      int all = 0;
      for (int row = from(y); row < std::max(from(y + 1), from(y) + 1); ++row) {
        for (int column = from(x); column < from(x + 1); ++column, ++all) black += bitmap.At(column, row) ? 1 : 0;
      }
      if (2 * black >= all) small.Set(x, y);
    }
  }
  return small;
}

Bitmap Enlarged(const Bitmap& bitmap, int across, int down) {
  EVERTILL_CHECK(across >= 1 && down >= 1);
  Bitmap large(bitmap.Width() * across, bitmap.Height() * down);
  for (int y = 0; y < bitmap.Height(); ++y) {
    for (int x = 0; x < bitmap.Width(); ++x) {
      if (bitmap.At(x, y)) large.Fill(x * across, y * down, across, down);
    }
  }
  return large;
}

}  // namespace evertill::render
