#pragma once

#include <string>

#include "app/render/bitmap.h"

namespace evertill::devices::printer {

/// Appends `rows` as ESC/POS: raster bands (GS v 0) of at most `band_rows` rows, each as narrow as its ink, and feeds
/// (ESC J) for white. The paper then stands right below the last row.
///
/// Epson printers obey the real-time commands 10 04 n, 10 05 n and 10 14 … wherever they meet them, even amid a
/// picture: these never stand in what is appended. Where two rows meet in such a way the band is split there; where it
/// happens within a row, one dot is added beside a black one (an eighth of a millimetre in one row).
void AppendRaster(std::string& out, const render::Bitmap& rows, int band_rows);

/// The picture with the dots added that keep real-time commands out of its rows, as AppendRaster() prints it.
[[nodiscard]] render::Bitmap WithoutRealTimeCommands(render::Bitmap rows);

}  // namespace evertill::devices::printer
