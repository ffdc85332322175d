#include "app/render/receipt_renderer.h"

#include <algorithm>
#include <string>

#include "app/render/barcode.h"
#include "app/render/qr_code.h"
#include "app/render/render_error.h"
#include "app/render/text_painter.h"

namespace evertill::render {
namespace {

constexpr int kLeastWidth = 200;
constexpr int kMostWidth = 1200;
constexpr int kMaxRows = 100000;  // 12.5 metres
constexpr int kDotsPerMm = 8;
constexpr size_t kMaxAmountBytes = 120;  // longer is no amount

/// Sizes in dots for one width of paper.
struct Typography {
  int small, normal, large, huge, giant;
  int air;       ///< White above each row that is not a detail of the row before.
  int step;      ///< One step of indent.
  int gutter;    ///< Least white between the two columns.
  int rule_gap;  ///< White above and below a rule.
  int qr;        ///< Wanted side of a QR code with its quiet zone.
  int barcode;   ///< Height of barcode bars.
};

Typography TypographyFor(int width_dots) {
  if (width_dots >= 500) return {21, 24, 34, 42, 84, 5, 14, 18, 8, 220, 80};
  return {19, 22, 28, 34, 64, 4, 12, 12, 7, 200, 64};
}

int SizeOf(const Typography& type, domain::TextSize size) {
  switch (size) {
    case domain::TextSize::kSmall:
      return type.small;
    case domain::TextSize::kLarge:
      return type.large;
    case domain::TextSize::kHuge:
      return type.huge;
    case domain::TextSize::kGiant:
      return type.giant;
    case domain::TextSize::kNormal:
      break;
  }
  return type.normal;
}

/// A last word of a few letters ("500 ml", "3 trong 1") stays with the one before it, so that it does not stand alone.
std::string WithoutOrphan(const std::string& text) {
  constexpr size_t kShort = 9;  // bytes; three letters of Thai
  const size_t last = text.rfind(' ');
  if (last == std::string::npos || last == 0 || last + 1 == text.size() || text.size() - last - 1 > kShort) return text;
  if (text.find(' ') == last) return text;
  return text.substr(0, last) + "\u00A0" + text.substr(last + 1);
}

/// Draws elements one after the other into a layout.
class Composer {
 public:
  Composer(const domain::ReceiptDocument& document, const LayoutOptions& options)
      : document_(document), options_(options), type_(TypographyFor(options.width_dots)) {}

  base::Expected<ReceiptLayout> Compose() {
    for (const domain::ReceiptElement& element : document_.elements) {
      EVERTILL_TRY(std::visit([this](const auto& one) { return Add(one); }, element));
      if (rows_ > kMaxRows) return base::Fail(RenderErrc::kReceiptTooLong, "more than 12 metres of paper");
    }
    return std::move(layout_);
  }

 private:
  base::Status Add(const domain::TextElement& text) {
    const int left = Indent(text.indent);
    EVERTILL_ASSIGN(const PaintedText painted, Paint(text.text, text.style, Width() - left, text.align, 0));
    Bitmap strip(Width(), painted.bitmap.Height());
    strip.Blend(painted.bitmap, left, 0);
    return Put(strip);
  }

  base::Status Add(const domain::ColumnsElement& columns) {
    const int left = Indent(columns.indent);
    // An amount stays whole beside a text. Where the two cannot stand side by side, the amount goes beneath.
    const std::string right = columns.right.size() > kMaxAmountBytes ? "" : columns.right;
    EVERTILL_ASSIGN(const PaintedText amount, Paint(right, columns.style, -1, domain::TextAlign::kLeft, 0));
    const bool beside = amount.bitmap.Width() + type_.gutter <= (Width() - left) * 2 / 3;
    if (!beside || columns.right.size() > kMaxAmountBytes) {
      EVERTILL_TRY(Add(domain::TextElement{columns.left, columns.style, domain::TextAlign::kLeft, columns.indent}));
      return Add(domain::TextElement{columns.right, columns.style, domain::TextAlign::kRight, columns.indent});
    }
    const int room = Width() - left - amount.bitmap.Width() - (columns.right.empty() ? 0 : type_.gutter);
    EVERTILL_ASSIGN(const PaintedText what,
                    Paint(WithoutOrphan(columns.left), columns.style, room, domain::TextAlign::kLeft, type_.step));
    const int baseline = std::max(what.baseline, amount.baseline);
    const int what_top = baseline - what.baseline;
    const int amount_top = baseline - amount.baseline;
    const int air = columns.indent > 0 ? 0 : type_.air;  // a detail stays close to what it belongs to
    Bitmap strip(Width(), air + std::max(what_top + what.bitmap.Height(), amount_top + amount.bitmap.Height()));
    strip.Blend(what.bitmap, left, air + what_top);
    strip.Blend(amount.bitmap, Width() - amount.bitmap.Width(), air + amount_top);
    return Put(strip);
  }

  base::Status Add(const domain::RuleElement& rule) {
    constexpr int kThick = 2;
    constexpr int kDash = 6;
    const int height = rule.style == domain::RuleStyle::kDouble ? 3 * kThick : kThick;
    // Text has white of its own above it: less is wanted beneath the rule than above.
    Bitmap strip(Width(), height + type_.rule_gap + type_.rule_gap / 2);
    if (rule.style == domain::RuleStyle::kDashed) {
      const int gaps = Width() / (2 * kDash);  // dashes touch both margins
      for (int i = 0; i <= gaps; ++i) strip.Fill(i * (Width() - kDash) / gaps, type_.rule_gap, kDash, kThick);
    } else {
      strip.Fill(0, type_.rule_gap, Width(), kThick);
    }
    if (rule.style == domain::RuleStyle::kDouble) strip.Fill(0, type_.rule_gap + 2 * kThick, Width(), kThick);
    return Put(strip);
  }

  base::Status Add(const domain::SpaceElement& space) {
    const int rows = std::clamp(space.tenths_mm, 0, 2000) * kDotsPerMm / 10;
    return Put(Bitmap(Width(), rows));
  }

  base::Status Add(const domain::QrCodeElement& code) {
    // Drawn also when it is kept as data, so that what cannot be drawn is refused alike on every printer.
    EVERTILL_ASSIGN(const Bitmap drawn, RenderQrCode(code.data, type_.qr, Width()));
    if (options_.keep_qr) {
      layout_.parts.emplace_back(code);
    } else {
      EVERTILL_TRY(PutCentred(drawn));
    }
    return Caption(code.caption);
  }

  base::Status Add(const domain::BarcodeElement& code) {
    auto bars = RenderBarcode(code, type_.barcode, Width());
    if (!bars && bars.error().Is(RenderErrc::kCodeTooLong)) return Caption(code.text);  // too wide for this paper
    if (!bars) return base::Fail(std::move(bars.error()));
    EVERTILL_TRY(Put(Bitmap(Width(), kDotsPerMm)));
    if (options_.keep_barcodes) {
      layout_.parts.emplace_back(code);
    } else {
      EVERTILL_TRY(PutCentred(*bars));
    }
    EVERTILL_TRY(Put(Bitmap(Width(), kDotsPerMm / 2)));
    return Caption(BarcodeText(code));
  }

  base::Status Add(const domain::PictureElement& picture) {
    EVERTILL_ASSIGN(const Bitmap drawn, BitmapOf(picture));
    return PutCentred(ShrunkToWidth(drawn, Width()));
  }

  base::Status Add(const domain::CutElement& cut) {
    layout_.parts.emplace_back(cut);
    return {};
  }

  base::Status Add(const domain::DrawerKickElement& kick) {
    layout_.parts.emplace_back(kick);
    return {};
  }

  base::Status Caption(const std::string& text) {
    if (text.empty()) return {};
    return Add(domain::TextElement{text, {domain::TextSize::kSmall, false}, domain::TextAlign::kCenter, 0});
  }

  base::Status PutCentred(const Bitmap& picture) {
    Bitmap strip(Width(), picture.Height());
    strip.Blend(picture, (Width() - picture.Width()) / 2, 0);
    return Put(strip);
  }

  base::Status Put(const Bitmap& strip) {
    rows_ += strip.Height();
    if (!layout_.parts.empty()) {
      if (Bitmap* last = std::get_if<Bitmap>(&layout_.parts.back())) {
        last->Append(strip);
        return {};
      }
    }
    layout_.parts.emplace_back(strip);
    return {};
  }

  base::Expected<PaintedText> Paint(const std::string& text, domain::TextStyle style, int width,
                                    domain::TextAlign align, int hanging) {
    EVERTILL_ASSIGN(PaintedText painted,
                    TextPainter::ForThisThread().Paint(
                        {text, SizeOf(type_, style.size), style.bold, width, align, hanging, document_.language}));
    layout_.unknown_glyphs += painted.unknown_glyphs;
    return painted;
  }

  [[nodiscard]] int Width() const { return options_.width_dots; }
  [[nodiscard]] int Indent(int steps) const { return std::clamp(steps * type_.step, 0, Width() / 3); }

  const domain::ReceiptDocument& document_;
  const LayoutOptions& options_;
  const Typography type_;
  ReceiptLayout layout_;
  int rows_ = 0;
};

}  // namespace

base::Expected<ReceiptLayout> LayoutReceipt(const domain::ReceiptDocument& document, const LayoutOptions& options) {
  if (options.width_dots < kLeastWidth || options.width_dots > kMostWidth) {
    return base::Fail(RenderErrc::kBadWidth, std::to_string(options.width_dots) + " dots; 200 to 1200 are possible");
  }
  return Composer(document, options).Compose();
}

base::Expected<Bitmap> RenderReceipt(const domain::ReceiptDocument& document, int width_dots) {
  EVERTILL_ASSIGN(const ReceiptLayout layout, LayoutReceipt(document, {width_dots, false, false}));
  Bitmap whole(width_dots, 0);
  for (const ReceiptPart& part : layout.parts) {
    if (const Bitmap* rows = std::get_if<Bitmap>(&part)) whole.Append(*rows);
  }
  return whole;
}

}  // namespace evertill::render
