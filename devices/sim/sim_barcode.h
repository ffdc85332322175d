#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/render/bitmap.h"

namespace evertill::devices::sim {

/// A barcode as a printer makes it of GS k.
struct SimBarcode {
  std::string kind;     ///< "code128", "ean13", "ean8", "upca", "code39", "itf"
  std::string text;     ///< What a reader shows.
  std::string modules;  ///< '1' a bar, '0' a space, one character a module.
};

/// The barcode of `system` (GS k's m, from 0 or from 65) and its data; nothing for what a printer refuses: a wrong
/// check digit, a character the code hasn't, a system that this printer has not.
[[nodiscard]] std::optional<SimBarcode> MakeBarcode(uint8_t system, std::string_view data);

/// The bars, without a quiet zone.
[[nodiscard]] render::Bitmap DrawBarcode(const SimBarcode& barcode, int module_dots, int height);

}  // namespace evertill::devices::sim
