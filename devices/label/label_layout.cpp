#include "devices/label/label_layout.h"

#include <algorithm>
#include <vector>

#include "app/render/code128.h"
#include "app/render/ean.h"
#include "app/render/qr_code.h"
#include "app/render/render_error.h"
#include "devices/label/label_error.h"
#include "devices/label/label_text.h"

namespace evertill::devices::label {
namespace {

using domain::TextAlign;
using render::Bitmap;
using render::RenderErrc;

/// Where a label's parts go, in dots.
struct Frame {
  int width = 0;
  int height = 0;
  int margin = 0;
  int gap = 0;
  int dpi = 203;
  int percent = 100;  ///< How much larger everything is than on a label of 50 × 30 mm.
  [[nodiscard]] int Inner() const { return width - 2 * margin; }
  [[nodiscard]] int Bottom() const { return height - margin; }
  /// Dots of tenths of a millimetre on a label of 50 × 30 mm: the same on any printer.
  [[nodiscard]] int Tenths(int tenths_mm) const { return ToDots(tenths_mm * percent, dpi) / 1000; }
};

base::Expected<Frame> MakeFrame(const LabelSize& size) {
  EVERTILL_TRY(CheckSize(size));
  Frame frame;
  frame.dpi = size.dpi;
  frame.width = ToDots(size.width_mm, size.dpi);
  frame.height = ToDots(size.height_mm, size.dpi);
  frame.percent = std::clamp(std::min(size.height_mm * 100 / 30, size.width_mm * 100 / 50), 100, 200);
  frame.margin = frame.Tenths(20);
  frame.gap = frame.Tenths(12);
  return frame;
}

/// EAN bars as near to the nominal 0.33 mm a module as whole dots and the room allow (GS1 General
/// Specifications 5.2.1.4), with quiet zones of 11 and 7 modules.
base::Expected<Bitmap> RenderEanBars(const std::string& code, int bar_height, int max_dots, int dpi) {
  constexpr int kQuietLeft = 11;
  constexpr int kQuietRight = 7;
  EVERTILL_ASSIGN(const std::string modules, render::EncodeEan(code));
  const int wide = kQuietLeft + static_cast<int>(modules.size()) + kQuietRight;
  const int nominal = (33 * dpi + 1270) / 2540;
  const int dots = std::min(nominal, max_dots / wide);
  if (dots < 2) return base::Fail(RenderErrc::kCodeTooLong, code);
  Bitmap bars(wide * dots, bar_height);
  for (size_t i = 0; i < modules.size(); ++i) {
    if (modules[i] == '1') bars.Fill((kQuietLeft + static_cast<int>(i)) * dots, 0, dots, bar_height);
  }
  return bars;
}

/// Bars of the code with its text beneath. EAN where it is one, as scanners and shoppers know it.
base::Expected<Bitmap> RenderBars(const std::string& code, int bar_height, int max_dots, const Frame& frame) {
  auto bars = RenderEanBars(code, bar_height, max_dots, frame.dpi);
  if (!bars && bars.error().Is(RenderErrc::kCodeUnsupported)) bars = render::RenderCode128(code, bar_height, max_dots);
  if (!bars && bars.error().Is(RenderErrc::kCodeTooLong)) {
    return base::Fail(LabelErrc::kTooSmall, "the barcode " + code + " is wider than the label");
  }
  if (!bars) return bars;
  BoxText digits{code, false, TextAlign::kCenter};
  digits.largest_px = frame.Tenths(26);
  digits.smallest_px = frame.Tenths(18);
  digits.one_line = true;
  EVERTILL_ASSIGN(const Bitmap text, FitText(digits, bars->Width(), frame.Tenths(24)));
  const int below = frame.Tenths(5);
  Bitmap both(bars->Width(), bars->Height() + (text.Height() > 0 ? below + text.Height() : 0));
  both.Blend(*bars, 0, 0);
  both.Blend(text, (bars->Width() - text.Width()) / 2, bars->Height() + below);
  return both;
}

/// Small lines, one below the other.
base::Expected<Bitmap> Stack(const std::vector<std::string>& lines, TextAlign align, std::string_view language,
                             int width, const Frame& frame) {
  std::vector<Bitmap> drawn;
  int height = 0;
  const int between = frame.Tenths(8);
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    BoxText text{line, false, align, language};
    text.largest_px = frame.Tenths(28);
    text.smallest_px = frame.Tenths(20);
    text.one_line = true;
    EVERTILL_ASSIGN(Bitmap one, FitText(text, width, frame.Tenths(45)));
    if (one.Height() == 0) continue;
    height += one.Height() + (drawn.empty() ? 0 : between);
    drawn.push_back(std::move(one));
  }
  Bitmap all(std::max(width, 0), height);
  int y = 0;
  for (const Bitmap& one : drawn) {
    all.Blend(one, align == TextAlign::kRight ? width - one.Width() : 0, y);
    y += one.Height() + between;
  }
  return all;
}

base::Expected<Bitmap> RenderWas(const ShelfLabel& label, int width, const Frame& frame) {
  BoxText text{label.was, false, TextAlign::kLeft, label.language};
  text.largest_px = frame.Tenths(38);
  text.smallest_px = frame.Tenths(20);
  text.one_line = true;
  EVERTILL_ASSIGN(Bitmap was, FitText(text, width, frame.Tenths(45)));
  if (was.Width() > 0) was.Fill(0, was.Height() / 2 - 1, was.Width(), std::max(2, frame.Tenths(3)));
  return was;
}

/// Barcode at the left of the foot, number and note at its right. Returns where the foot begins.
base::Expected<int> DrawFoot(Bitmap& page, const ShelfLabel& label, const Frame& frame) {
  if (label.barcode.empty()) {
    EVERTILL_ASSIGN(const Bitmap words,
                    Stack({label.sku, label.note}, TextAlign::kLeft, label.language, frame.Inner(), frame));
    page.Blend(words, frame.margin, frame.Bottom() - words.Height());
    return frame.Bottom() - words.Height();
  }
  const int bar_height = std::clamp(frame.height / 5, frame.Tenths(40), frame.Tenths(120));
  // Three fifths of the width when the note has to fit beside it, all of it when that is too little.
  const bool beside = !label.sku.empty() || !label.note.empty();
  auto bars = RenderBars(label.barcode, bar_height, beside ? frame.Inner() * 7 / 10 : frame.Inner(), frame);
  if (!bars && beside) bars = RenderBars(label.barcode, bar_height, frame.Inner(), frame);
  if (!bars) return base::Fail(bars.error());
  const int top = frame.Bottom() - bars->Height();
  // The quiet zone may reach into the white margin.
  const int x = std::max(0, frame.margin - frame.Tenths(10));
  page.Blend(*bars, x, top);
  const int left = x + bars->Width() + frame.Tenths(5);
  EVERTILL_ASSIGN(const Bitmap words, Stack({label.sku, label.note}, TextAlign::kRight, label.language,
                                            frame.width - frame.margin - left, frame));
  if (words.Height() <= bars->Height()) page.Blend(words, left, frame.Bottom() - words.Height());
  return top;
}

/// The price as large as the room between name and foot, at the right; what belongs to it at its left.
base::Status DrawPrice(Bitmap& page, const ShelfLabel& label, int top, int bottom, const Frame& frame) {
  BoxText text{label.price, true, TextAlign::kRight, label.language};
  text.largest_px = frame.Tenths(220);
  text.smallest_px = frame.Tenths(35);
  text.one_line = true;
  const bool alone = label.price_for.empty() && label.unit_price.empty() && label.was.empty();
  const int widest = alone ? frame.Inner() : frame.Inner() * 62 / 100;
  EVERTILL_ASSIGN(const Bitmap price, FitText(text, widest, bottom - top));
  // FitText cuts what does not fit: an amount that is cut is another amount.
  EVERTILL_ASSIGN(const Bitmap least, FitText({label.price, true, TextAlign::kRight, label.language, text.smallest_px,
                                               text.smallest_px, true},
                                              1 << 14, 1 << 14));
  if (price.Height() == 0 || least.Width() > widest || least.Height() > bottom - top) {
    return base::Fail(LabelErrc::kTooSmall, "no room for the price");
  }
  page.Blend(price, frame.width - frame.margin - price.Width(), bottom - price.Height());
  const int side = frame.Inner() - price.Width() - frame.gap;
  EVERTILL_ASSIGN(const Bitmap words,
                  Stack({label.price_for, label.unit_price}, TextAlign::kLeft, label.language, side, frame));
  if (words.Height() <= bottom - top) page.Blend(words, frame.margin, bottom - words.Height());
  EVERTILL_ASSIGN(const Bitmap was, RenderWas(label, side, frame));
  if (was.Height() + words.Height() + frame.gap <= bottom - top) {
    page.Blend(was, frame.margin, bottom - words.Height() - (words.Height() > 0 ? frame.gap : 0) - was.Height());
  }
  return {};
}

}  // namespace

int ToDots(int millimetres, int dpi) {
  return (millimetres * dpi * 10 + 127) / 254;
}

base::Status CheckSize(const LabelSize& size) {
  if (size.width_mm < 20 || size.width_mm > 110 || size.height_mm < 10 || size.height_mm > 200 || size.gap_mm < 0 ||
      size.gap_mm > 20 || (size.dpi != 203 && size.dpi != 300)) {
    return base::Fail(LabelErrc::kSizeInvalid, std::to_string(size.width_mm) + " x " + std::to_string(size.height_mm) +
                                                   " mm at " + std::to_string(size.dpi) + " dpi");
  }
  return {};
}

base::Expected<Bitmap> RenderLabel(const ShelfLabel& label, const LabelSize& size) {
  EVERTILL_ASSIGN(const Frame frame, MakeFrame(size));
  Bitmap page(frame.width, frame.height);
  EVERTILL_ASSIGN(const int foot, DrawFoot(page, label, frame));
  // The price keeps at least two fifths of what is left; the names have the rest.
  const int room = foot - frame.margin;
  const int for_names = room * 11 / 20;
  BoxText name{label.name, true, TextAlign::kLeft, label.language};
  name.largest_px = frame.Tenths(48);
  name.smallest_px = frame.Tenths(24);
  const bool two = !label.name_other.empty();
  EVERTILL_ASSIGN(const Bitmap drawn, FitText(name, frame.Inner(), two ? for_names * 3 / 5 : for_names));
  page.Blend(drawn, frame.margin, frame.margin);
  int y = frame.margin + drawn.Height();
  if (two) {
    BoxText other{label.name_other, false, TextAlign::kLeft, label.language};
    other.largest_px = frame.Tenths(30);
    other.smallest_px = frame.Tenths(20);
    other.one_line = true;
    EVERTILL_ASSIGN(const Bitmap second, FitText(other, frame.Inner(), frame.margin + for_names - y));
    page.Blend(second, frame.margin, y + frame.Tenths(8));
    y += frame.Tenths(8) + second.Height();
  }
  EVERTILL_TRY(DrawPrice(page, label, y + frame.gap, foot - frame.gap, frame));
  return page;
}

base::Expected<Bitmap> RenderLabel(const CardLabel& label, const LabelSize& size) {
  EVERTILL_ASSIGN(const Frame frame, MakeFrame(size));
  Bitmap page(frame.width, frame.height);
  const int side = std::min(frame.height - frame.margin / 2, frame.width / 2);
  auto code = render::RenderQrCode(label.qr, side, side);
  if (!code && code.error().Is(RenderErrc::kCodeTooLong)) {
    return base::Fail(LabelErrc::kTooSmall, "the QR code is larger than the label");
  }
  if (!code) return code;
  page.Blend(*code, frame.width - code->Width(), (frame.height - code->Height()) / 2);
  const int width = frame.width - code->Width() - frame.margin;
  // Given name and family name on lines of their own, neither broken.
  std::string lines = label.name;
  std::replace(lines.begin(), lines.end(), ' ', '\n');
  BoxText name{lines, true, TextAlign::kLeft, label.language};
  name.largest_px = frame.Tenths(46);
  name.smallest_px = frame.Tenths(20);
  name.one_line = std::count(lines.begin(), lines.end(), '\n') < 3;
  EVERTILL_ASSIGN(const Bitmap drawn, FitText(name, width, (frame.height - 2 * frame.margin) / 2));
  EVERTILL_ASSIGN(const Bitmap shop, Stack({label.shop}, TextAlign::kLeft, label.language, width, frame));
  EVERTILL_ASSIGN(const Bitmap foot, Stack({label.tier, label.number}, TextAlign::kLeft, label.language, width, frame));
  page.Blend(shop, frame.margin, frame.margin);
  page.Blend(drawn, frame.margin, frame.margin + shop.Height() + frame.gap);
  page.Blend(foot, frame.margin, frame.Bottom() - foot.Height());
  return page;
}

}  // namespace evertill::devices::label
