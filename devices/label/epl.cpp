#include "devices/label/epl.h"

#include <algorithm>

namespace evertill::devices::label {
namespace {

/// In EPL a 0 prints and a 1 does not; what lies right of the label must not print either.
void AppendGraphic(std::string& out, const render::Bitmap& label, int from, int to) {
  out += "GW0," + std::to_string(from) + "," + std::to_string(label.Stride()) + "," + std::to_string(to - from) + ",";
  for (int y = from; y < to; ++y) {
    for (const uint8_t byte : label.Row(y)) out += static_cast<char>(~byte);
  }
  out += "\r\n";
}

}  // namespace

std::string EncodeEpl(const render::Bitmap& label, int gap_dots, int copies) {
  // The empty line ends whatever an interrupted job left open; N clears the picture.
  std::string out = "\r\nN\r\nq" + std::to_string(label.Width()) + "\r\nQ" + std::to_string(label.Height()) + "," +
                    std::to_string(std::max(gap_dots, 0)) + "\r\n";
  for (int y = 0; y < label.Height();) {
    if (label.RowIsBlank(y)) {
      ++y;
      continue;
    }
    int end = y + 1;
    while (end < label.Height() && !label.RowIsBlank(end)) ++end;
    AppendGraphic(out, label, y, end);
    y = end;
  }
  out += "P" + std::to_string(std::clamp(copies, 1, 999)) + "\r\n";
  return out;
}

}  // namespace evertill::devices::label
