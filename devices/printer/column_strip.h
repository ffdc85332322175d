#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "app/render/bitmap.h"

namespace evertill::devices::printer {

/// Rows that one column image has (ESC * 33): three bytes a column.
inline constexpr int kStripRows = 24;

/// The columns in which rows, added one by one, have ink. For pictures of at most 1216 dots; what is right of that
/// counts as white.
class InkColumns {
 public:
  void Clear() { columns_.fill(0); }
  void Add(std::span<const uint8_t> row);
  /// How long the column image of these columns is. Columns go in groups, since only what is inked travels; white
  /// narrower than the command that skips it goes along.
  [[nodiscard]] int Bytes() const;

 private:
  std::array<uint64_t, 19> columns_{};  ///< The leftmost in the highest bit.
};

/// Appends kStripRows rows from the row `from` as groups of columns each set at its place (ESC $, ESC * 33), and feeds
/// past them. No real-time command stands in it: where one would, a dot is added below a black one.
void AppendColumns(std::string& out, const render::Bitmap& rows, int from);

}  // namespace evertill::devices::printer
