#pragma once

#include <string_view>

#include "app/base/expected.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// How much of a QR code may be damaged: about 7, 15, 25, 30 %.
enum class QrLevel { kL, kM, kQ, kH };

/// The bare symbol, one dot a module, without quiet zone.
/// Errors: render_code_too_long, render_code_unsupported (empty, or a NUL in it). Thread-safe.
[[nodiscard]] base::Expected<Bitmap> EncodeQrCode(std::string_view data, QrLevel level);

/// QR code of `data` (bytes as they are; no NUL), error correction M, with a quiet zone of four modules on each side.
/// Modules are as large as fits `wanted_dots`, but never under three dots while the symbol stays within `max_dots`;
/// two is the least. Errors: render_code_too_long, render_code_unsupported. Thread-safe.
[[nodiscard]] base::Expected<Bitmap> RenderQrCode(std::string_view data, int wanted_dots, int max_dots);

}  // namespace evertill::render
