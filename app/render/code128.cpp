#include "app/render/code128.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "app/render/render_error.h"

namespace evertill::render {
namespace {

constexpr int kCodeC = 99;
constexpr int kCodeB = 100;
constexpr int kStartB = 104;
constexpr int kStartC = 105;
constexpr int kStop = 106;
constexpr int kCheckModulus = 103;
constexpr int kQuietModules = 10;
constexpr int kLeastScale = 2;
constexpr int kPreferredScale = 3;
constexpr size_t kMaxCharacters = 80;

/// Widths of bar, space, bar, … of each symbol value, in modules.
constexpr std::array<std::string_view, 107> kWidths = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",  "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211",  "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",  "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113",  "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113",  "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",  "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112",  "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112",  "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",  "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};

size_t DigitRun(std::string_view text, size_t at) {
  size_t run = 0;
  while (at + run < text.size() && text[at + run] >= '0' && text[at + run] <= '9') ++run;
  return run;
}

}  // namespace

base::Expected<std::vector<int>> EncodeCode128(std::string_view text) {
  if (text.empty() || text.size() > kMaxCharacters) {
    return base::Fail(RenderErrc::kCodeTooLong, "a barcode takes 1 to 80 characters");
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7E; })) {
    return base::Fail(RenderErrc::kCodeUnsupported, "a barcode takes printable ASCII only");
  }
  std::vector<int> symbols;
  bool in_c = false;
  for (size_t at = 0; at < text.size();) {
    const size_t run = DigitRun(text, at);
    // Changing to set C pays from four digits on; an odd first digit stays in set B.
    const bool want_c = in_c ? run >= 2 : run >= 4 && run % 2 == 0;
    if (symbols.empty()) {
      symbols.push_back(want_c ? kStartC : kStartB);
    } else if (want_c != in_c) {
      symbols.push_back(want_c ? kCodeC : kCodeB);
    }
    in_c = want_c;
    if (in_c) {
      symbols.push_back((text[at] - '0') * 10 + (text[at + 1] - '0'));
      at += 2;
    } else {
      symbols.push_back(text[at] - 0x20);
      at += 1;
    }
  }
  int check = symbols.front();
  for (size_t i = 1; i < symbols.size(); ++i) check = (check + static_cast<int>(i) * symbols[i]) % kCheckModulus;
  symbols.push_back(check % kCheckModulus);
  symbols.push_back(kStop);
  return symbols;
}

base::Expected<Bitmap> RenderCode128(std::string_view text, int height, int max_dots) {
  EVERTILL_ASSIGN(const std::vector<int> symbols, EncodeCode128(text));
  int modules = 2 * kQuietModules;
  for (const int symbol : symbols) {
    for (const char width : kWidths[static_cast<size_t>(symbol)]) modules += width - '0';
  }
  const int scale = std::min(kPreferredScale, max_dots / modules);
  if (scale < kLeastScale) {
    return base::Fail(RenderErrc::kCodeTooLong, "the barcode " + std::string(text) + " is too wide for the paper");
  }
  Bitmap bitmap(modules * scale, height);
  int x = kQuietModules * scale;
  for (const int symbol : symbols) {
    bool bar = true;
    for (const char width : kWidths[static_cast<size_t>(symbol)]) {
      const int dots = (width - '0') * scale;
      if (bar) bitmap.Fill(x, 0, dots, height);
      x += dots;
      bar = !bar;
    }
  }
  return bitmap;
}

}  // namespace evertill::render
