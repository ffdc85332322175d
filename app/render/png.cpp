#include "app/render/png.h"

#include <array>
#include <bit>
#include <cstring>

#include "app/render/cairo_handles.h"
#include "app/render/render_error.h"
#include "app/render/write_file.h"

namespace evertill::render {
namespace {

constexpr int kMaxPngSide = 32767;  // cairo's limit for image surfaces

uint8_t ReverseBits(uint8_t byte) {
  uint8_t reversed = 0;
  for (int bit = 0; bit < 8; ++bit) reversed = static_cast<uint8_t>((reversed << 1) | ((byte >> bit) & 1));
  return reversed;
}

cairo_status_t AppendToString(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

/// cairo writes an A1 surface as a grey PNG of one bit where set is white: so paper is set, ink is not.
void PaintPaper(const Bitmap& bitmap, unsigned char* pixels, size_t stride) {
  static const std::array<uint8_t, 256> kReversed = [] {
    std::array<uint8_t, 256> table{};
    for (size_t i = 0; i < table.size(); ++i) table[i] = ReverseBits(static_cast<uint8_t>(i));
    return table;
  }();
  for (int y = 0; y < bitmap.Height(); ++y) {
    const auto row = bitmap.Row(y);
    unsigned char* out = pixels + static_cast<size_t>(y) * stride;
    for (size_t i = 0; i < row.size(); ++i) {
      const auto paper = static_cast<uint8_t>(~row[i]);
      out[i] = std::endian::native == std::endian::little ? kReversed[paper] : paper;
    }
  }
}

/// CRC-32 as PNG's annex D has it, bit by bit: it is for 13 bytes.
uint32_t Crc(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
  }
  return ~crc;
}

void AppendNumber(std::string& to, uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(number >> shift & 0xFF);
}

/// A pHYs chunk behind the header, which is always 33 bytes long.
void AddResolution(std::string& png, int dots_per_inch) {
  constexpr size_t kHeaderEnd = 33;
  const auto dots_per_metre = static_cast<uint32_t>((dots_per_inch * 10000 + 127) / 254);
  std::string body = "pHYs";
  AppendNumber(body, dots_per_metre);
  AppendNumber(body, dots_per_metre);
  body += '\1';  // the unit is the metre
  std::string chunk;
  AppendNumber(chunk, static_cast<uint32_t>(body.size() - 4));
  chunk += body;
  AppendNumber(chunk, Crc(body));
  png.insert(kHeaderEnd, chunk);
}

}  // namespace

base::Expected<std::string> EncodePng(const Bitmap& bitmap, PngMargins margins, int dots_per_inch) {
  const int width = bitmap.Width() + 2 * margins.sides;
  const int height = bitmap.Height() + 2 * margins.ends;
  if (width > kMaxPngSide || height > kMaxPngSide || width < 1 || height < 1) {
    return base::Fail(RenderErrc::kReceiptTooLong, "a picture of " + std::to_string(width) + " x " +
                                                       std::to_string(height) + " dots cannot be a PNG");
  }
  Bitmap sheet(width, height);
  sheet.Blend(bitmap, margins.sides, margins.ends);
  const CairoSurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_A1, width, height));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
    return base::Fail(RenderErrc::kDrawingFailed, cairo_status_to_string(cairo_surface_status(surface.get())));
  }
  cairo_surface_flush(surface.get());
  PaintPaper(sheet, cairo_image_surface_get_data(surface.get()),
             static_cast<size_t>(cairo_image_surface_get_stride(surface.get())));
  cairo_surface_mark_dirty(surface.get());
  std::string png;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), AppendToString, &png);
  if (status != CAIRO_STATUS_SUCCESS) return base::Fail(RenderErrc::kDrawingFailed, cairo_status_to_string(status));
  if (dots_per_inch > 0) AddResolution(png, dots_per_inch);
  return png;
}

base::Status WritePng(const Bitmap& bitmap, const std::filesystem::path& file, PngMargins margins, int dots_per_inch) {
  EVERTILL_ASSIGN(const std::string png, EncodePng(bitmap, margins, dots_per_inch));
  return WriteWholeFile(file, png);
}

}  // namespace evertill::render
