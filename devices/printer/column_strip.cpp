#include "devices/printer/column_strip.h"

#include <algorithm>
#include <bit>

#include "devices/printer/raster_bands.h"

namespace evertill::devices::printer {
namespace {

constexpr int kColumnBytes = kStripRows / 8;
constexpr int kGroupBytes = 9;  // ESC $ and ESC * with their numbers
constexpr int kWidestInnerGap = kGroupBytes / kColumnBytes;
constexpr int kDangerousNumber = 0x0410;  // 10 04 as a number is sent
constexpr unsigned char kDleWithDotBelow = 0x18;

void AppendNumber(std::string& out, int value) {
  out += static_cast<char>(value & 0xFF);
  out += static_cast<char>(value >> 8);
}

/// Three bytes for each column, the topmost dot in the highest bit.
std::string ColumnsOf(const render::Bitmap& rows, int from) {
  std::string columns(static_cast<size_t>(rows.Width()) * kColumnBytes, '\0');
  for (int y = from; y < from + kStripRows; ++y) {
    const auto row = rows.Row(y);
    const auto at = static_cast<size_t>((y - from) / 8);
    const int bit = 7 - (y - from) % 8;
    for (size_t byte = 0; byte < row.size(); ++byte) {
      for (unsigned left = row[byte]; left != 0; left &= left - 1) {
        const size_t x = byte * 8 + 7 - static_cast<size_t>(std::countr_zero(left));
        char& cell = columns[x * kColumnBytes + at];
        cell = static_cast<char>(static_cast<unsigned char>(cell) | 1U << bit);
      }
    }
  }
  return columns;
}

void AppendGroup(std::string& out, std::string_view columns, int from, int to) {
  // Numbers too may look like a command. One column more at the left is white or goes along.
  if (from == kDangerousNumber) --from;
  if (to - from == kDangerousNumber) {
    AppendGroup(out, columns, from, to - 1);
    return AppendGroup(out, columns, to - 1, to);
  }
  out += "\x1B$";
  AppendNumber(out, from);
  out += "\x1B*\x21";
  AppendNumber(out, to - from);
  const size_t start = out.size();
  out += columns.substr(static_cast<size_t>(from) * kColumnBytes, static_cast<size_t>(to - from) * kColumnBytes);
  for (size_t i = start; i + 1 < out.size(); ++i) {
    if (StartsRealTimeCommand(static_cast<uint8_t>(out[i]), static_cast<uint8_t>(out[i + 1]))) {
      out[i] = static_cast<char>(kDleWithDotBelow);
    }
  }
}

}  // namespace

void InkColumns::Add(std::span<const uint8_t> row) {
  const size_t bytes = std::min(row.size(), columns_.size() * 8);
  for (size_t i = 0; i < bytes; ++i) columns_[i / 8] |= uint64_t{row[i]} << (56 - i % 8 * 8);
}

int InkColumns::Bytes() const {
  // Each inked column makes the three to its right count too. A gap of up to three is then part of its group, and what
  // trails each group, three columns of three bytes, is what its commands take.
  static_assert(kGroupBytes == kWidestInnerGap * kColumnBytes);
  int columns = 0;
  uint64_t before = 0;
  for (const uint64_t word : columns_) {
    uint64_t wide = word;
    for (int i = 1; i <= kWidestInnerGap; ++i) wide |= word >> i | before << (64 - i);
    columns += std::popcount(wide);
    before = word;
  }
  return columns * kColumnBytes;
}

void AppendColumns(std::string& out, const render::Bitmap& rows, int from) {
  const std::string columns = ColumnsOf(rows, from);
  const auto inked = [&](int x) {
    const auto at = static_cast<size_t>(x) * kColumnBytes;
    return columns[at] != 0 || columns[at + 1] != 0 || columns[at + 2] != 0;
  };
  for (int x = 0; x < rows.Width(); ++x) {
    if (!inked(x)) continue;
    const int start = x;
    int end = x + 1;
    for (; x < rows.Width() && x - end < kWidestInnerGap + 1; ++x) {
      if (inked(x)) end = x + 1;
    }
    AppendGroup(out, columns, start, end);
    x = end;
  }
  out += "\x1BJ";
  out += static_cast<char>(kStripRows);
}

}  // namespace evertill::devices::printer
