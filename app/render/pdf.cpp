#include "app/render/pdf.h"

#include <cairo-pdf.h>

#include <map>
#include <utility>

#include "app/render/cairo_handles.h"
#include "app/render/render_error.h"
#include "app/render/write_file.h"

namespace evertill::render {
namespace {

constexpr double kPointsPerMm = 72.0 / 25.4;

cairo_status_t AppendToString(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

/// Black boxes of a picture: runs of dots in a row, joined with the same run in the rows beneath. One path for all, so
/// that boxes that touch show no seam.
class BoxPath {
 public:
  explicit BoxPath(cairo_t* cairo) : cairo_(cairo) {}

  void AddRow(const Bitmap& bitmap, int y) {
    std::map<std::pair<int, int>, int> still;
    for (int x = 0; x < bitmap.Width(); ++x) {
      if (!bitmap.At(x, y)) continue;
      const int start = x;
      while (bitmap.At(x, y)) ++x;
      const auto known = open_.find({start, x});
      still[{start, x}] = known == open_.end() ? y : known->second;
    }
    Close(still, y);
    open_ = std::move(still);
  }
  void Finish(int height) { Close({}, height); }

 private:
  void Close(const std::map<std::pair<int, int>, int>& still, int y) {
    for (const auto& [run, top] : open_) {
      if (!still.contains(run)) cairo_rectangle(cairo_, run.first, top, run.second - run.first, y - top);
    }
  }

  cairo_t* cairo_;
  std::map<std::pair<int, int>, int> open_;  ///< start and end of a run, and the row that it began in
};

}  // namespace

base::Expected<std::string> EncodePdf(const Bitmap& bitmap, PaperSize page) {
  if (page.width_mm <= 0 || page.height_mm <= 0 || bitmap.Width() < 1 || bitmap.Height() < 1) {
    return base::Fail(RenderErrc::kBadWidth, "a page and its picture need a size");
  }
  const double width = page.width_mm * kPointsPerMm;
  const double height = page.height_mm * kPointsPerMm;
  std::string pdf;
  {
    const CairoSurfacePtr surface(cairo_pdf_surface_create_for_stream(AppendToString, &pdf, width, height));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
    const CairoPtr cairo(cairo_create(surface.get()));
    cairo_scale(cairo.get(), width / bitmap.Width(), height / bitmap.Height());
    BoxPath path(cairo.get());
    for (int y = 0; y < bitmap.Height(); ++y) path.AddRow(bitmap, y);
    path.Finish(bitmap.Height());
    cairo_fill(cairo.get());
    cairo_show_page(cairo.get());
    cairo_surface_finish(surface.get());
    for (const cairo_status_t status : {cairo_status(cairo.get()), cairo_surface_status(surface.get())}) {
      if (status != CAIRO_STATUS_SUCCESS) return base::Fail(RenderErrc::kDrawingFailed, cairo_status_to_string(status));
    }
  }
  return pdf;
}

base::Status WritePdf(const Bitmap& bitmap, PaperSize page, const std::filesystem::path& file) {
  EVERTILL_ASSIGN(const std::string pdf, EncodePdf(bitmap, page));
  return WriteWholeFile(file, pdf);
}

}  // namespace evertill::render
