#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/scan_patterns.h"
#include "app/domain/shop_facts.h"
#include "devices/display/pole_display.h"
#include "devices/drawer/serial_drawer.h"
#include "devices/label/label_printer.h"
#include "devices/scale/serial_scale.h"
#include "devices/scanner/settings.h"

namespace evertill::devices::setup {

/// `[drawer]`: on the receipt printer unless it has a port of its own.
struct DrawerConfig {
  enum class Where { kPrinter, kOwnPort, kNone };
  Where where = Where::kPrinter;  ///< address: "printer" or absent, a link::Address, or "none"
  int connector = 0;              ///< on the printer: 0 is pin 2, 1 is pin 5
  drawer::DrawerSettings port;    ///< of a port of its own
};

/// `[customer_screen]`
struct CustomerScreenConfig {
  bool on = true;          ///< shown when there is a second monitor
  int monitor = 0;         ///< 0: the second; else that one, from 1
  bool asked_for = false;  ///< the table is there: that its monitor is missing is worth telling
  bool operator==(const CustomerScreenConfig&) const = default;
};

/// DIR/till.toml: what belongs to this counter and may be edited by hand. Every key is optional. A plain value.
struct TillConfig {
  std::string printer;          ///< [printer] address, a link::Address; empty: no printer
  std::string printer_profile;  ///< [printer] profile; empty: the generic one for paper_mm
  int paper_mm = 80;            ///< [printer] paper_mm: 80 or 58
  std::string theme = "light";  ///< [screen] theme: "light", "dark" or "high-contrast"
  CustomerScreenConfig customer_screen;
  DrawerConfig drawer;
  scale::ScaleSettings scale;                      ///< [scale]; without an address there is none
  display::PoleSettings pole;                      ///< [pole_display]; without an address there is none
  label::LabelSettings label_printer;              ///< [label_printer]; without an address there is none
  std::vector<scanner::ScannerSettings> scanners;  ///< [[scanner]]
  domain::ScanPatterns patterns;                   ///< [[shop_barcode]] pattern, meaning
  domain::ShopFacts shop;                          ///< [shop]
};

/// Defaults where the file is absent. Errors: bad_config, which names file, line and reason; an unknown key is an
/// error, since a misspelt one would be silently without effect; so is an address, a pattern or a scanner that cannot
/// be.
[[nodiscard]] base::Expected<TillConfig> LoadTillConfig(const std::filesystem::path& dir);

/// Writes a commented file with the printer and the theme; an existing one is left alone. Errors: data_dir.
[[nodiscard]] base::Status WriteTillConfig(const std::filesystem::path& dir, const TillConfig& config);

}  // namespace evertill::devices::setup
