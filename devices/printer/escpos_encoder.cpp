#include "devices/printer/escpos_encoder.h"

#include <algorithm>

#include "app/base/log.h"
#include "app/render/barcode.h"
#include "app/render/qr_code.h"
#include "devices/printer/raster_bands.h"

namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;

constexpr size_t kMaxNativeQrBytes = 1000;

/// Writes the parts of one receipt, one after the other.
class Encoder {
 public:
  explicit Encoder(const PrinterProfile& profile) : profile_(profile) {
    out_ += "\x1B@";  // reset: whatever an interrupted job left behind
    out_ += "\x1C.";  // leave Chinese mode, the default of many clones
    const auto unit = static_cast<char>(std::clamp(profile.dots_per_inch, 1, 255));
    out_ += "\x1DP"s + unit + unit;  // feeds count in dots
  }

  base::Status Put(const render::Bitmap& rows) {
    AppendRaster(out_, rows, std::clamp(profile_.band_rows, 1, 2303));
    return {};
  }

  base::Status Put(const domain::QrCodeElement& code) {
    const bool plain = std::all_of(code.data.begin(), code.data.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    if (!plain || code.data.size() > kMaxNativeQrBytes) return PutDrawnQr(code);
    const auto length = static_cast<unsigned>(code.data.size() + 3);
    const auto module = static_cast<char>(std::clamp(profile_.native_qr_module, 1, 16));
    const auto quiet = static_cast<char>(4 * module);  // printers leave the quiet zone to us
    out_ +=
        "\x1B"
        "a\x01"s +
        "\x1BJ"s + quiet;
    out_ += "\x1D(k\x04\x00\x31\x41\x32\x00"s;  // model 2
    out_ += "\x1D(k\x03\x00\x31\x43"s + module;
    out_ += "\x1D(k\x03\x00\x31\x45\x31"s;  // error correction M
    out_ += "\x1D(k"s + static_cast<char>(length & 0xFF) + static_cast<char>(length >> 8) + "\x31\x50\x30"s + code.data;
    out_ += "\x1D(k\x03\x00\x31\x51\x30"s;
    out_ += "\x1BJ"s + quiet +
            "\x1B"
            "a\x00"s;
    return {};
  }

  base::Status Put(const domain::BarcodeElement& code) {
    EVERTILL_ASSIGN(const render::Bitmap drawn,
                    render::RenderBarcode(code, profile_.dots_per_inch * 2 / 5, profile_.dots));
    return PutCentred(drawn);
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
    const int on = std::clamp(profile_.pulse_on_ms / 2, 1, 254);
    const int off = std::clamp(profile_.pulse_off_ms / 2, on + 1, 255);
    out_ += "\x1Bp"s + (kick.drawer == 1 ? '\x01' : '\0') + static_cast<char>(on) + static_cast<char>(off);
    return {};
  }

  std::string Take() { return std::move(out_); }

 private:
  base::Status PutDrawnQr(const domain::QrCodeElement& code) {
    EVERTILL_ASSIGN(const render::Bitmap drawn, render::RenderQrCode(code.data, profile_.dots / 2, profile_.dots));
    return PutCentred(drawn);
  }

  base::Status PutCentred(const render::Bitmap& drawn) {
    render::Bitmap rows(profile_.dots, drawn.Height());
    rows.Blend(drawn, (profile_.dots - drawn.Width()) / 2, 0);
    return Put(rows);
  }

  const PrinterProfile& profile_;
  std::string out_;
};

}  // namespace

base::Expected<std::string> EncodeReceipt(const domain::ReceiptDocument& document, const PrinterProfile& profile) {
  EVERTILL_ASSIGN(const render::ReceiptLayout layout,
                  render::LayoutReceipt(document, {profile.dots, profile.native_qr, false}));
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
