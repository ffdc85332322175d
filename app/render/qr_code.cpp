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

}  // namespace

base::Expected<Bitmap> RenderQrCode(std::string_view data, int wanted_dots, int max_dots) {
  if (data.empty() || data.find('\0') != std::string_view::npos) {
    return base::Fail(RenderErrc::kCodeUnsupported, "QR data is empty or holds a NUL");
  }
  const std::unique_ptr<QRcode, QrDeleter> code(
      QRcode_encodeString(std::string(data).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
  if (!code) return base::Fail(RenderErrc::kCodeTooLong, std::to_string(data.size()) + " bytes do not fit a QR code");
  const int modules = code->width + 2 * kQuietModules;
  int scale = std::max(wanted_dots / modules, kPreferredScale);
  scale = std::min(scale, max_dots / modules);
  if (scale < kLeastScale) {
    return base::Fail(RenderErrc::kCodeTooLong,
                      std::to_string(data.size()) + " bytes make a QR code too wide for the paper");
  }
  Bitmap bitmap(modules * scale, modules * scale);
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1) == 0) continue;
      bitmap.Fill((x + kQuietModules) * scale, (y + kQuietModules) * scale, scale, scale);
    }
  }
  return bitmap;
}

}  // namespace evertill::render
