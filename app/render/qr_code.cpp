#include "app/render/qr_code.h"

#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <string>

#include "app/render/render_error.h"

namespace evertill::render {
namespace {

constexpr int kQuietModules = 4;  // ISO/IEC 18004
constexpr int kLeastScale = 2;    // a quarter of a millimetre: the smallest that cheap heads print cleanly
constexpr int kPreferredScale = 3;

struct QrDeleter {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

QRecLevel ToQrencode(QrLevel level) {
  switch (level) {
    case QrLevel::kL:
      return QR_ECLEVEL_L;
    case QrLevel::kM:
      return QR_ECLEVEL_M;
    case QrLevel::kQ:
      return QR_ECLEVEL_Q;
    case QrLevel::kH:
      break;
  }
  return QR_ECLEVEL_H;
}

}  // namespace

base::Expected<Bitmap> EncodeQrCode(std::string_view data, QrLevel level) {
  if (data.empty() || data.find('\0') != std::string_view::npos) {
    return base::Fail(RenderErrc::kCodeUnsupported, "QR data is empty or holds a NUL");
  }
  const std::unique_ptr<QRcode, QrDeleter> code(
      QRcode_encodeString(std::string(data).c_str(), 0, ToQrencode(level), QR_MODE_8, 1));
  if (!code) return base::Fail(RenderErrc::kCodeTooLong, std::to_string(data.size()) + " bytes do not fit a QR code");
  Bitmap modules(code->width, code->width);
  for (int i = 0; i < code->width * code->width; ++i) {
    if ((code->data[i] & 1) != 0) modules.Set(i % code->width, i / code->width);
  }
  return modules;
}

base::Expected<Bitmap> RenderQrCode(std::string_view data, int wanted_dots, int max_dots) {
  EVERTILL_ASSIGN(const Bitmap symbol, EncodeQrCode(data, QrLevel::kM));
  const int side = symbol.Width() + 2 * kQuietModules;
  const int scale = std::min(std::max(wanted_dots / side, kPreferredScale), max_dots / side);
  if (scale < kLeastScale) {
    return base::Fail(RenderErrc::kCodeTooLong,
                      std::to_string(data.size()) + " bytes make a QR code too wide for the paper");
  }
  Bitmap bitmap(side * scale, side * scale);
  const Bitmap large = Enlarged(symbol, scale, scale);
  bitmap.Blend(large, kQuietModules * scale, kQuietModules * scale);
  return bitmap;
}

}  // namespace evertill::render
