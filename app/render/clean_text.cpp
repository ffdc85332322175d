#include "app/render/clean_text.h"

#include <cstdint>

namespace evertill::render {
namespace {

constexpr char32_t kBad = 0xFFFFFFFF;
constexpr int kMaxMarksOnOneLetter = 8;

/// Reads one code point at `at` and moves past it; kBad for bytes that are not UTF-8 (overlong, surrogate, cut off).
char32_t Next(std::string_view text, size_t& at) {
  const auto lead = static_cast<uint8_t>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 && lead <= 0xF4  ? 3
                   : lead >= 0xE0 && lead < 0xF0 ? 2
                   : lead >= 0xC2 && lead < 0xE0 ? 1
                                                 : 0;
  if (more == 0) return kBad;
  char32_t point = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= text.size()) return kBad;
    const auto next = static_cast<uint8_t>(text[at]);
    if ((next & 0xC0) != 0x80) return kBad;
    point = (point << 6) | (next & 0x3F);
    ++at;
  }
  const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return overlong || surrogate || point > 0x10FFFF ? kBad : point;
}

bool In(char32_t point, char32_t first, char32_t last) {
  return point >= first && point <= last;
}

bool MustNotPrint(char32_t point) {
  return (point < 0x20 && point != '\n') || In(point, 0x7F, 0x9F) ||                   // C0, DEL, C1
         point == 0x061C || In(point, 0x200E, 0x200F) || In(point, 0x202A, 0x202E) ||  // bidi marks, overrides
         In(point, 0x2066, 0x206F) || In(point, 0x2028, 0x2029) || point == 0xFEFF ||  // isolates, separators
         In(point, 0xFFF9, 0xFFFC) || In(point, 0xE0000, 0xE0FFF) || In(point, 0xFDD0, 0xFDEF) ||
         (point & 0xFFFE) == 0xFFFE;  // tags, noncharacters
}

bool IsCombiningMark(char32_t point) {
  return In(point, 0x0300, 0x036F) || In(point, 0x1AB0, 0x1AFF) || In(point, 0x1DC0, 0x1DFF) ||
         In(point, 0x20D0, 0x20FF) || In(point, 0xFE20, 0xFE2F) || point == 0x0E31 || In(point, 0x0E34, 0x0E3A) ||
         In(point, 0x0E47, 0x0E4E);
}

}  // namespace

std::string CleanText(std::string_view text, size_t max_characters) {
  std::string clean;
  clean.reserve(text.size());
  size_t characters = 0;
  int marks = 0;
  int line_ends = 0;
  bool after_bad = false;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    const char32_t point = Next(text, at);
    const bool bad = point == kBad;
    if (bad && after_bad) continue;
    after_bad = bad;
    if (!bad && point != '\t' && MustNotPrint(point)) continue;
    marks = !bad && IsCombiningMark(point) ? marks + 1 : 0;
    if (marks > kMaxMarksOnOneLetter) continue;
    if (characters == max_characters) return clean + "…";
    ++characters;
    if (bad) {
      clean += "\xEF\xBF\xBD";
    } else if (point == '\t' || (point == '\n' && ++line_ends > kMaxTextLineEnds)) {
      clean += ' ';
    } else {
      clean.append(text.substr(start, at - start));
    }
  }
  return clean;
}

}  // namespace evertill::render
