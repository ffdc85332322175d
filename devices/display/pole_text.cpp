#include "devices/display/pole_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <optional>

namespace evertill::devices::display {
namespace {

constexpr int32_t kLongest = 200;  // more never fits

/// Plain words for what has no decomposition.
struct Plain {
  char32_t letter;
  std::string_view text;
};
constexpr std::array kPlain = {
    Plain{U'đ', "d"},  Plain{U'Đ', "D"}, Plain{U'₫', "d"}, Plain{U'฿', "B"},  Plain{U'€', "E"},  Plain{U'×', "x"},
    Plain{U'–', "-"},  Plain{U'—', "-"}, Plain{U'−', "-"}, Plain{U'’', "'"},  Plain{U'‘', "'"},  Plain{U'“', "\""},
    Plain{U'”', "\""}, Plain{U'…', "."}, Plain{U'•', "*"}, Plain{U'·', "."},  Plain{U'ß', "ss"}, Plain{U'æ', "ae"},
    Plain{U'Æ', "AE"}, Plain{U'ø', "o"}, Plain{U'Ø', "O"}, Plain{U'œ', "oe"}, Plain{U'ł', "l"},  Plain{U'½', "1/2"},
};

std::string Utf8Of(UChar32 c) {
  std::string text;
  icu::UnicodeString(c).toUTF8String(text);
  return text;
}

std::optional<std::string> InPage(UChar32 c, const DisplayPage& page) {
  if (c >= 0x20 && c < 0x7F) return std::string(1, static_cast<char>(c));
  if (!page.code || c < 0xA0) return std::nullopt;
  return printer::ToCodePage(Utf8Of(c), *page.code);
}

/// Whether it stands on the letter before it.
bool IsMark(UChar32 c) {
  const auto type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

/// `c` in letters of ASCII; "" when there are none.
std::string Simplified(UChar32 c, const icu::Normalizer2& decompose) {
  for (const Plain& plain : kPlain) {
    if (plain.letter == static_cast<char32_t>(c)) return std::string(plain.text);
  }
  if (u_isUWhiteSpace(c)) return " ";
  icu::UnicodeString parts;
  if (!decompose.getDecomposition(c, parts)) return {};
  const UChar32 letter = parts.char32At(0);
  if (letter >= 0x20 && letter < 0x7F) return std::string(1, static_cast<char>(letter));
  return letter == c ? std::string() : Simplified(letter, decompose);
}

bool IsInvisible(UChar32 c) {
  const auto type = u_charType(c);
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_UNASSIGNED || type == U_SURROGATE ||
         type == U_PRIVATE_USE_CHAR;
}

}  // namespace

PoleText ToPoleText(std::string_view text, const DisplayPage& page) {
  PoleText result;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* compose = icu::Normalizer2::getNFCInstance(status);
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) return result;
  const auto raw = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  const icu::UnicodeString clean = compose->normalize(raw.tempSubString(0, kLongest), status);
  for (int32_t at = 0; at < clean.length(); at = clean.moveIndex32(at, 1)) {
    const UChar32 c = clean.char32At(at);
    if (IsInvisible(c)) continue;
    if (IsMark(c)) {
      const auto bytes = page.marks == Marks::kNone ? std::nullopt : InPage(c, page);
      if (!bytes) {
        ++result.simplified;
      } else if (page.marks == Marks::kStacked && !result.cells.empty()) {
        result.cells.back() += *bytes;
      } else {
        result.cells.push_back(*bytes);
      }
      continue;
    }
    if (auto bytes = InPage(c, page)) {
      result.cells.push_back(std::move(*bytes));
      continue;
    }
    const std::string plain = Simplified(c, *decompose);
    ++(plain.empty() ? result.lost : result.simplified);
    if (plain.empty()) result.cells.emplace_back("?");
    for (const char letter : plain) result.cells.emplace_back(1, letter);
  }
  return result;
}

}  // namespace evertill::devices::display
