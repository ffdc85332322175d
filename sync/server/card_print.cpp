#include "sync/server/card_print.h"

#include <algorithm>
#include <array>

#include "app/render/code128.h"
#include "app/render/qr_code.h"
#include "app/render/text_painter.h"

namespace evertill::server {

namespace {

constexpr int kEdge = 47;         ///< 4 mm of white around everything: cards are cut with some play
constexpr int kQrModule = 6;      ///< dots: 0.51 mm, read by a till's scanner and by a phone's camera alike
constexpr int kQuietModules = 4;  ///< ISO/IEC 18004
constexpr int kBarHeight = 130;   ///< 11 mm
constexpr std::array<int, 4> kNameSizes = {76, 64, 52, 44};
constexpr int kNumberSize = 44;
constexpr size_t kVisible = 4;

/// The largest type in which the name keeps to `lines` lines; the smallest when none does.
base::Expected<render::PaintedText> PaintName(const CardFace& face, int width) {
  auto& painter = render::TextPainter::ForThisThread();
  const std::string language = face.language.empty() ? "en" : face.language;
  render::PaintedText painted;
  for (const int lines : {1, 2}) {
    for (const int size : kNameSizes) {
      EVERTILL_ASSIGN(
          painted,
          painter.Paint({.text = face.name, .size_px = size, .bold = true, .width = width, .language = language}));
      // A line of these fonts is under 1.8 em high, also with stacked marks.
      if (painted.bitmap.Height() <= size * 9 / 5 * lines) return painted;
    }
  }
  return painted;
}

/// A name of more than two lines at the smallest size is cut by characters until it fits.
base::Expected<render::PaintedText> FitName(CardFace face, int width, int height) {
  EVERTILL_ASSIGN(render::PaintedText painted, PaintName(face, width));
  while (painted.bitmap.Height() > height && face.name.size() > 8) {
    size_t cut = face.name.size() * 4 / 5;
    while (cut > 0 && (static_cast<unsigned char>(face.name[cut]) & 0xC0) == 0x80) --cut;
    face.name.resize(cut);
    CardFace shorter = face;
    shorter.name += "…";
    EVERTILL_ASSIGN(painted, PaintName(shorter, width));
  }
  return painted;
}

}  // namespace

std::string MaskNumber(std::string_view number) {
  const size_t visible = std::min(kVisible, number.size() / 2);
  std::string masked;
  for (size_t i = 0; i < number.size(); ++i) {
    const size_t left = number.size() - i;
    if (i > 0 && left % 4 == 0) masked += ' ';
    if (left > visible) {
      masked += "•";
    } else {
      masked += number[i];
    }
  }
  return masked;
}

base::Expected<render::Bitmap> DrawCard(const CardFace& face) {
  render::Bitmap card(kCardWidthDots, kCardHeightDots);
  EVERTILL_ASSIGN(const render::Bitmap modules, render::EncodeQrCode(face.text, render::QrLevel::kM));
  const render::Bitmap symbol = render::Enlarged(modules, kQrModule, kQrModule);
  const int quiet = kQuietModules * kQrModule;
  const int qr_left = kCardWidthDots - std::max(kEdge, quiet) - symbol.Width();
  card.Blend(symbol, qr_left, kCardHeightDots - std::max(kEdge, quiet) - symbol.Height());

  const int number_top = kCardHeightDots - kEdge - (face.number.empty() ? 0 : kBarHeight + kNumberSize * 2);
  EVERTILL_ASSIGN(const render::PaintedText name, FitName(face, kCardWidthDots - 2 * kEdge, 220));
  card.Blend(name.bitmap, kEdge, kEdge);
  if (face.number.empty()) return card;
  const int free = qr_left - quiet - kEdge;
  EVERTILL_ASSIGN(const render::Bitmap bars, render::RenderCode128(face.number, kBarHeight, free));
  EVERTILL_ASSIGN(const render::PaintedText number,
                  render::TextPainter::ForThisThread().Paint(
                      {.text = MaskNumber(face.number), .size_px = kNumberSize, .width = free}));
  card.Blend(number.bitmap, kEdge, number_top);
  // Its quiet zone reaches into the white edge, so that bars and words begin in one line.
  int first = 0;
  while (first < bars.Width() && !bars.At(first, 0)) ++first;
  card.Blend(bars, kEdge - std::min(first, kEdge), kCardHeightDots - kEdge - kBarHeight);
  return card;
}

}  // namespace evertill::server
