#include "devices/printer/escpos_encoder.h"

#include <algorithm>
#include <array>

#include "app/base/log.h"
#include "app/render/barcode.h"
#include "app/render/qr_code.h"
#include "app/render/render_error.h"
#include "devices/printer/raster_bands.h"
#include "devices/printer/text_mode.h"

namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;

constexpr size_t kTextReceiptBytes = 4096;  // more than most; a longer one grows its buffer
constexpr int kMaxTextLines = 3000;         // 12 metres
constexpr int kQrQuietModules = 4;
constexpr int kLeastQrModule = 2;
/// Bytes that a QR code of version 1, 2, … holds at error correction M (ISO/IEC 18004 table 7). Longer ones are drawn
/// here: a length of 1040 or more could read as a real-time command.
constexpr std::array<int, 26> kQrBytes = {14,  26,  42,  62,  84,  106, 122, 152, 180, 213, 251, 287, 331,
                                          362, 412, 450, 504, 560, 624, 666, 711, 779, 857, 911, 997, 1059};
constexpr size_t kMaxNativeQrBytes = 997;

bool IsPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Writes the parts of one receipt, one after the other.
class Encoder {
 public:
  explicit Encoder(const PrinterProfile& profile, size_t reserve = 0) : profile_(profile), text_(out_, profile) {
    out_.reserve(reserve);
    out_ += "\x1B@";  // reset: whatever an interrupted job left behind
    out_ += "\x1C.";  // leave Chinese mode, the default of many clones
    const auto unit = static_cast<char>(std::clamp(profile.dots_per_inch, 1, 255));
    const std::array<char, 4> units = {0x1D, 'P', unit, unit};  // feeds count in dots
    out_.append(units.data(), units.size());
  }

  // What a laid out receipt is made of.

  base::Status Put(const render::Bitmap& rows) {
    AppendRaster(
        out_, rows,
        {profile_.raster, std::clamp(profile_.band_rows, 1, 2303), profile_.justifies_raster, profile_.column_images});
    return {};
  }

  base::Status Put(const domain::QrCodeElement& code) {
    const int module = NativeQrModule(code.data);
    if (module < kLeastQrModule || !IsPrintableAscii(code.data)) {
      EVERTILL_ASSIGN(const render::Bitmap drawn, render::RenderQrCode(code.data, profile_.dots / 3, profile_.dots));
      return PutCentred(drawn);
    }
    const size_t length = code.data.size() + 3;
    const auto quiet = static_cast<char>(kQrQuietModules * module);  // printers leave the quiet zone to us
    Centre(true);
    out_ += "\x1BJ"s + quiet;
    out_ += "\x1D(k\x04\x00\x31\x41\x32\x00"s;  // model 2
    out_ += "\x1D(k\x03\x00\x31\x43"s + static_cast<char>(module);
    out_ += "\x1D(k\x03\x00\x31\x45\x31"s;  // error correction M
    out_ += "\x1D(k"s + static_cast<char>(length & 0xFF) + static_cast<char>(length >> 8) + "\x31\x50\x30"s + code.data;
    out_ += "\x1D(k\x03\x00\x31\x51\x30"s;
    out_ += "\x1BJ"s + quiet;
    Centre(false);
    return {};
  }

  base::Status Put(const domain::BarcodeElement& code) {
    EVERTILL_ASSIGN(const render::Bitmap drawn, render::RenderBarcode(code, BarcodeHeight(), profile_.dots));
    const bool is_code128 = code.kind == domain::BarcodeKind::kCode128;
    if (is_code128 && profile_.native_code128 && PutNativeCode128(code.text)) return {};
    if (is_code128 || !profile_.native_ean) return PutCentred(drawn);
    const std::string digits = render::BarcodeText(code);
    PutNativeBarcode(digits.size() == 13 ? '\x43' : '\x44', digits, 3);
    return {};
  }

  base::Status Put(const domain::CutElement& cut) {
    if (profile_.has_cutter) {
      out_ += "\x1DV"s + (cut.partial ? '\x42' : '\x41') + '\0';  // feeds to the knife, then cuts
    } else {
      out_ += "\x1BJ"s + static_cast<char>(std::clamp(profile_.feed_to_tear, 0, 255));
    }
    return {};
  }

  base::Status Put(const domain::DrawerKickElement& kick) {
    out_ += EncodeDrawerPulse(kick, profile_);
    return {};
  }

  // What a receipt in the printer's own font is made of besides.

  template <typename TextLike>
  base::Status PutText(const TextLike& text) {
    text_.Put(text);
    if (text_.Lines() > kMaxTextLines) {
      return base::Fail(render::RenderErrc::kReceiptTooLong, "more than 12 metres of paper");
    }
    return {};
  }
  base::Status PutInText(const domain::TextElement& text) { return PutText(text); }
  base::Status PutInText(const domain::ColumnsElement& columns) { return PutText(columns); }
  base::Status PutInText(const domain::RuleElement& rule) { return PutText(rule); }
  base::Status PutInText(const domain::SpaceElement& space) { return PutText(space); }
  base::Status PutInText(const domain::QrCodeElement& code) {
    text_.Rest();
    EVERTILL_TRY(Put(code));
    return PutCaption(code.caption);
  }
  base::Status PutInText(const domain::BarcodeElement& code) {
    text_.Rest();
    out_ += "\x1BJ"s + static_cast<char>(std::clamp(profile_.dots_per_inch / 25, 1, 255));
    EVERTILL_TRY(Put(code));
    return PutCaption(render::BarcodeText(code));
  }
  base::Status PutInText(const domain::PictureElement& picture) {
    text_.Rest();
    EVERTILL_ASSIGN(const render::Bitmap drawn, render::BitmapOf(picture));
    return PutCentred(render::ShrunkToWidth(drawn, profile_.dots));
  }
  base::Status PutInText(const domain::CutElement& cut) {
    text_.Rest();
    return Put(cut);
  }
  base::Status PutInText(const domain::DrawerKickElement& kick) { return Put(kick); }

  std::string Take() {
    text_.Rest();
    return std::move(out_);
  }

 private:
  /// Dots of a module for a QR code that the printer draws: as many as the profile allows and the paper holds. 0 where
  /// it cannot draw it.
  [[nodiscard]] int NativeQrModule(const std::string& data) const {
    if (!profile_.native_qr || data.empty() || data.size() > kMaxNativeQrBytes) return 0;
    const auto version = std::lower_bound(kQrBytes.begin(), kQrBytes.end(), static_cast<int>(data.size()));
    const int modules = 21 + 4 * static_cast<int>(version - kQrBytes.begin()) + 2 * kQrQuietModules;
    return std::min(std::clamp(profile_.native_qr_module, 1, 16), profile_.dots / modules);
  }

  [[nodiscard]] int BarcodeHeight() const { return profile_.dots_per_inch * 2 / 5; }  // 10 mm

  void Centre(bool centred) { out_.append(centred ? "\x1B\x61\x01" : "\x1B\x61\x00", 3); }

  /// False when only set B, which is all that is sent, makes it too wide for the paper.
  bool PutNativeCode128(const std::string& text) {
    const int modules = 11 * (static_cast<int>(text.size()) + 2) + 13 + 20;  // start, check, stop, quiet zones
    const int module = std::min(3, profile_.dots / modules);
    if (module < 2) return false;
    std::string data = "{B";
    for (const char c : text) data.append(c == '{' ? 2 : 1, c);
    if (data.size() > 255) return false;
    PutNativeBarcode('\x49', data, module);
    return true;
  }

  void PutNativeBarcode(char system, const std::string& data, int module) {
    Centre(true);
    out_ += "\x1DH\x00"s;  // no text beneath: ours is there already
    out_ += "\x1Dh"s + static_cast<char>(std::clamp(BarcodeHeight(), 1, 255));
    out_ += "\x1Dw"s + static_cast<char>(module);
    out_ += "\x1Dk"s + system + static_cast<char>(data.size()) + data;
    Centre(false);
  }

  base::Status PutCaption(const std::string& text) {
    if (text.empty()) return {};
    return PutText(domain::TextElement{text, {domain::TextSize::kSmall, false}, domain::TextAlign::kCenter, 0});
  }

  base::Status PutCentred(const render::Bitmap& drawn) {
    render::Bitmap rows(profile_.dots, drawn.Height());
    rows.Blend(drawn, (profile_.dots - drawn.Width()) / 2, 0);
    return Put(rows);
  }

  const PrinterProfile& profile_;
  std::string out_;
  TextWriter text_;
};

}  // namespace

std::string EncodeDrawerPulse(const domain::DrawerKickElement& kick, const PrinterProfile& profile) {
  const int on = std::clamp(profile.pulse_on_ms / 2, 1, 254);
  int off = std::clamp(profile.pulse_off_ms / 2, on + 1, 255);
  if (StartsRealTimeCommand(static_cast<uint8_t>(on), static_cast<uint8_t>(off))) ++off;
  return "\x1Bp"s + (kick.drawer == 1 ? '\x01' : '\0') + static_cast<char>(on) + static_cast<char>(off);
}

base::Expected<std::string> EncodeReceipt(const domain::ReceiptDocument& document, const PrinterProfile& profile) {
  if (PrintsAsText(document, profile)) {
    Encoder encoder(profile, kTextReceiptBytes);
    for (const domain::ReceiptElement& element : document.elements) {
      EVERTILL_TRY(std::visit([&encoder](const auto& one) { return encoder.PutInText(one); }, element));
    }
    return encoder.Take();
  }
  EVERTILL_ASSIGN(
      const render::ReceiptLayout layout,
      render::LayoutReceipt(document, {profile.dots, profile.native_qr, profile.native_code128 || profile.native_ean}));
  if (layout.unknown_glyphs > 0) {
    base::LogWarn("printer: {} characters of a receipt are in no installed font", layout.unknown_glyphs);
  }
  Encoder encoder(profile);
  for (const render::ReceiptPart& part : layout.parts) {
    EVERTILL_TRY(std::visit([&encoder](const auto& one) { return encoder.Put(one); }, part));
  }
  return encoder.Take();
}

}  // namespace evertill::devices::printer
