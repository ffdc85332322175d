#include "devices/label/zpl.h"

#include <algorithm>

namespace evertill::devices::label {
namespace {

/// A graphic field counts at most 99999 bytes.
constexpr size_t kMostFieldBytes = 90000;

/// Run of one hexadecimal digit: G to Y stand for 1 to 19 times, g to z for 20 to 400 in twenties, together for their
/// sum (ZPL II programming guide, "Alternative data compression scheme").
void AppendRun(std::string& out, char digit, size_t times) {
  while (times > 0) {
    size_t part = std::min<size_t>(times, 419);
    times -= part;
    if (part > 2) {
      if (part >= 20) out += static_cast<char>('g' + part / 20 - 1);
      part %= 20;
      if (part > 0) out += static_cast<char>('G' + part - 1);
      part = 1;
    }
    out.append(part, digit);
  }
}

/// One row: its hexadecimal digits in runs; a comma stands for zeroes up to the end.
std::string EncodeRow(std::span<const uint8_t> row) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string digits;
  for (const uint8_t byte : row) {
    digits += kHex[byte >> 4];
    digits += kHex[byte & 0xF];
  }
  const size_t ink = digits.find_last_not_of('0');
  const size_t end = ink == std::string::npos ? 0 : ink + 1;
  std::string out;
  for (size_t at = 0; at < end;) {
    const size_t next = std::min(digits.find_first_not_of(digits[at], at), end);
    AppendRun(out, digits[at], next - at);
    at = next;
  }
  if (end < digits.size()) out += ',';
  return out;
}

void AppendField(std::string& out, const render::Bitmap& label, int from, int to) {
  const std::string bytes = std::to_string(label.Stride() * static_cast<size_t>(to - from));
  out += "^FO0," + std::to_string(from) + "^GFA," + bytes + "," + bytes + "," + std::to_string(label.Stride()) + ",";
  std::string last;
  for (int y = from; y < to; ++y) {
    std::string row = EncodeRow(label.Row(y));
    out += y > from && row == last ? ":" : row;
    last = std::move(row);
  }
  out += "^FS\n";
}

}  // namespace

std::string EncodeZpl(const render::Bitmap& label, int copies) {
  std::string out = "^XA\n^LH0,0^PW" + std::to_string(label.Width()) + "^LL" + std::to_string(label.Height()) + "\n";
  const int most_rows = static_cast<int>(kMostFieldBytes / std::max<size_t>(label.Stride(), 1));
  for (int y = 0; y < label.Height();) {
    if (label.RowIsBlank(y)) {
      ++y;
      continue;
    }
    int end = y + 1;
    while (end < label.Height() && end - y < most_rows && !label.RowIsBlank(end)) ++end;
    AppendField(out, label, y, end);
    y = end;
  }
  out += "^PQ" + std::to_string(std::clamp(copies, 1, 999)) + "\n^XZ\n";
  return out;
}

}  // namespace evertill::devices::label
