#pragma once

#include <cstdint>
#include <string>

#include "app/render/bitmap.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

struct RasterOptions {
  RasterCommand command = RasterCommand::kGsV0;
  int band_rows = 192;         ///< Most rows in one command, 1 to 2303.
  bool justifies = false;      ///< The printer centres pictures after ESC a 1: white on both sides need not travel.
  bool column_images = false;  ///< It prints ESC * 33 at places set by ESC $: white amid rows need not travel.
};

/// Appends `rows`, which are as wide as the paper, as ESC/POS: raster bands, each as narrow as its ink, column images
/// where ink has wide gaps, and feeds (ESC J) for white. The paper then stands right below the last row, and what
/// follows starts at the left margin.
///
/// Epson printers obey the real-time commands 10 04 n, 10 05 n and 10 14 … wherever they meet them, even amid a
/// picture: these never stand in what is appended. Where two rows meet in such a way the band is split there; where it
/// happens within a row, one dot is added beside a black one (an eighth of a millimetre in one row), and below one in a
/// column image.
void AppendRaster(std::string& out, const render::Bitmap& rows, const RasterOptions& options);

/// The picture with the dots added that keep real-time commands out of its rows, as AppendRaster() prints it.
[[nodiscard]] render::Bitmap WithoutRealTimeCommands(render::Bitmap rows);

/// Whether a printer would obey `first` `second` wherever they stand: 10 04, 10 05 and 10 14.
[[nodiscard]] bool StartsRealTimeCommand(uint8_t first, uint8_t second);

}  // namespace evertill::devices::printer
