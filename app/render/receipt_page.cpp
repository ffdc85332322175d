#include "app/render/receipt_page.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/render/cairo_handles.h"
#include "app/render/pdf.h"
#include "app/render/png.h"
#include "app/render/receipt_renderer.h"
#include "app/render/render_error.h"

namespace evertill::render {
namespace {

constexpr int kDotsPerMm = 8;
constexpr int kDotsPerInch = 203;
constexpr int kEnds = 5 * kDotsPerMm;  // white before the first row and after the last
constexpr int kTallestPicture = 2000;

struct Paper {
  int dots;
  int margin;
};

base::Expected<Paper> PaperOf(int paper_mm) {
  if (paper_mm == 80) return Paper{kDots80mm, (80 * kDotsPerMm - kDots80mm) / 2};
  if (paper_mm == 58) return Paper{kDots58mm, (58 * kDotsPerMm - kDots58mm) / 2};
  return base::Fail(RenderErrc::kBadWidth, std::to_string(paper_mm) + " mm; paper is 80 or 58 mm wide");
}

/// How white the dots are, from 0 to 1, on white paper.
std::vector<float> Lightness(cairo_surface_t* surface, int width, int height) {
  cairo_surface_flush(surface);
  const unsigned char* pixels = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<size_t>(cairo_image_surface_get_stride(surface));
  std::vector<float> light;
  light.reserve(static_cast<size_t>(width) * static_cast<size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint32_t pixel = 0;
      std::copy_n(pixels + static_cast<size_t>(y) * stride + static_cast<size_t>(x) * 4, 4,
                  reinterpret_cast<unsigned char*>(&pixel));
      const auto red = static_cast<float>((pixel >> 16) & 0xFF);
      const auto green = static_cast<float>((pixel >> 8) & 0xFF);
      const auto blue = static_cast<float>(pixel & 0xFF);
      light.push_back((0.299F * red + 0.587F * green + 0.114F * blue) / 255.0F);
    }
  }
  return light;
}

/// Greys as a mix of black and white dots: what a dot is off by goes to its neighbours (Floyd and Steinberg, 1976).
std::string Dither(std::vector<float> light, int width, int height) {
  const size_t stride = (static_cast<size_t>(width) + 7) / 8;
  std::string bits(stride * static_cast<size_t>(height), '\0');
  const auto at = [&](int x, int y) -> float& {
    return light[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
  };
  const auto pass = [&](int x, int y, float error) {
    if (x >= 0 && x < width && y < height) at(x, y) += error;
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool white = at(x, y) >= 0.5F;
      const float error = at(x, y) - (white ? 1.0F : 0.0F);
      if (!white) {
        char& byte = bits[static_cast<size_t>(y) * stride + static_cast<size_t>(x) / 8];
        byte = static_cast<char>(byte | (0x80 >> (x % 8)));
      }
      pass(x + 1, y, error * 7 / 16);
      pass(x - 1, y + 1, error * 3 / 16);
      pass(x, y + 1, error * 5 / 16);
      pass(x + 1, y + 1, error * 1 / 16);
    }
  }
  return bits;
}

}  // namespace

base::Expected<std::string> ReceiptPng(const domain::ReceiptDocument& document, int paper_mm) {
  EVERTILL_ASSIGN(const Paper paper, PaperOf(paper_mm));
  EVERTILL_ASSIGN(const Bitmap rows, RenderReceipt(document, paper.dots));
  return EncodePng(rows, {paper.margin, kEnds}, kDotsPerInch);
}

base::Expected<std::string> ReceiptPdf(const domain::ReceiptDocument& document, int paper_mm) {
  EVERTILL_ASSIGN(const Paper paper, PaperOf(paper_mm));
  EVERTILL_ASSIGN(const Bitmap rows, RenderReceipt(document, paper.dots));
  Bitmap page(paper.dots + 2 * paper.margin, rows.Height() + 2 * kEnds);
  page.Blend(rows, paper.margin, kEnds);
  return EncodePdf(page, {static_cast<double>(paper_mm), static_cast<double>(page.Height()) / kDotsPerMm});
}

base::Expected<domain::PictureElement> ReadPicture(const std::filesystem::path& png, int max_width) {
  const auto unreadable = [&](const std::string& why) {
    return base::Fail(RenderErrc::kImageUnreadable, png.string() + ": " + why);
  };
  const CairoSurfacePtr picture(cairo_image_surface_create_from_png(png.c_str()));
  if (cairo_surface_status(picture.get()) != CAIRO_STATUS_SUCCESS) {
    return unreadable(cairo_status_to_string(cairo_surface_status(picture.get())));
  }
  const int own_width = cairo_image_surface_get_width(picture.get());
  const int own_height = cairo_image_surface_get_height(picture.get());
  if (own_width < 1 || own_height < 1 || max_width < 1) return unreadable("it has no size");
  const double scale = std::min(1.0, static_cast<double>(max_width) / own_width);
  const int width = std::max(1, static_cast<int>(std::lround(own_width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(own_height * scale)));
  if (height > kTallestPicture) return unreadable("it is taller than 25 cm");
  const CairoSurfacePtr paper(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  const CairoPtr cairo(cairo_create(paper.get()));
  cairo_set_source_rgb(cairo.get(), 1, 1, 1);
  cairo_paint(cairo.get());
  cairo_scale(cairo.get(), static_cast<double>(width) / own_width, static_cast<double>(height) / own_height);
  cairo_set_source_surface(cairo.get(), picture.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo.get()), CAIRO_FILTER_GOOD);
  cairo_paint(cairo.get());
  if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) {
    return unreadable(cairo_status_to_string(cairo_status(cairo.get())));
  }
  return domain::PictureElement{width, height, Dither(Lightness(paper.get(), width, height), width, height)};
}

}  // namespace evertill::render
