#pragma once

#include <string>
#include <vector>

#include "app/render/receipt_renderer.h"
#include "devices/printer/code_page.h"

namespace evertill::devices::printer {

/// How a printer tells that a receipt is on paper.
enum class Completion {
  kNone,  ///< It cannot: jobs end as "sent".
  kGsR,   ///< GS r 1 (1D 72 01) behind the job: obeyed once what stands before it is printed.
  kGsH,   ///< GS ( H with an id of the job's own: what Epson's newer models answer.
  kAuto,  ///< GS r 1; a printer that has never answered it within two seconds is taken for one that cannot.
};

/// How pictures are sent.
enum class RasterCommand {
  kGsV0,      ///< GS v 0: called obsolete by Epson, and the widest supported.
  kGsParenL,  ///< GS ( L: stores up to 65,525 bytes, then prints them.
  kGs8L,      ///< GS 8 L: the same without that limit.
};

/// When receipts are printed in the printer's own font instead of as pictures.
enum class TextMode {
  kNever,
  kAscii,     ///< Receipts that are ASCII from end to end.
  kVerified,  ///< Also those that a code page can write which somebody has seen right on paper.
};

/// A character set of the printer and the number that chooses it (ESC t n). The numbers differ by model and firmware.
struct CodePageSlot {
  int number = 0;  ///< 0 to 255
  CodePage page = CodePage::kCp437;
  bool verified = false;  ///< Seen right on paper, marks over letters too.
  bool operator==(const CodePageSlot&) const = default;
};

/// What one model of printer can do. The default suits nearly everything sold: 80 mm paper, raster only.
struct PrinterProfile {
  std::string name = "generic-80";                   ///< How till.toml and command lines call it.
  std::string title = "Any ESC/POS printer, 80 mm";  ///< For people.
  int paper_mm = 80;

  int dots = render::kDots80mm;  ///< Printable width.
  int dots_per_inch = 203;       ///< Feeds are told in this unit, so that skipped rows are as high as drawn ones.
  int band_rows = 192;           ///< Most rows in one raster command: what small buffers take. 1 to 2303.
  RasterCommand raster = RasterCommand::kGsV0;
  /// Centres pictures after ESC a, so that the white left of them need not travel. Where a printer does not obey, they
  /// stand at the left: less beautiful, and as legible.
  bool justifies_raster = true;

  /// Prints column images (ESC * 33) at places set by ESC $, so that the white between a name and its amount need not
  /// travel.
  bool column_images = true;

  TextMode text_mode = TextMode::kNever;
  int columns = 48;        ///< Characters of its font A in a line.
  int small_columns = 64;  ///< Of its font B; 0: it has none.
  std::vector<CodePageSlot> code_pages;

  bool native_qr = false;       ///< Let the printer draw QR codes (GS ( k) instead of sending their dots.
  int native_qr_module = 4;     ///< Most dots of a module of its QR code, 1 to 16; fewer where it is too wide.
  bool native_code128 = false;  ///< Let the printer draw Code 128 (GS k 73).
  bool native_ean = false;      ///< Let the printer draw EAN-13 and EAN-8 (GS k 67, 68).
  bool has_cutter = true;       ///< Without: the paper is fed to where it is torn.
  int feed_to_tear = 120;       ///< Dots from the head to the tear bar, without a cutter.
  int pulse_on_ms = 50;         ///< How long the drawer's solenoid is driven, 2 to 510.
  int pulse_off_ms = 500;       ///< Least rest after it.

  // How it tells what it does.
  bool asb = false;         ///< Reports each change by itself after GS a (automatic status back).
  bool poll_status = true;  ///< Answers DLE EOT. Neither: its state is never known.
  Completion completion = Completion::kAuto;
  int completion_timeout_ms = 15000;  ///< After the last byte was handed over: then it is "unknown" whether it printed.
  bool realtime_pulse = false;        ///< Opens the drawer by DLE DC4 1, past a job that stands still.

  bool operator==(const PrinterProfile&) const = default;
};

/// The usual printer for 80 mm or (when `paper_mm` is less than 70) 58 mm paper: generic-80 or generic-58. Needs no
/// file.
[[nodiscard]] inline PrinterProfile ProfileForPaper(int paper_mm) {
  PrinterProfile profile;
  if (paper_mm < 70) {
    profile.name = "generic-58";
    profile.title = "Any ESC/POS printer, 58 mm";
    profile.paper_mm = 58;
    profile.dots = render::kDots58mm;
    profile.columns = 32;
    profile.small_columns = 42;
    profile.has_cutter = false;
  }
  return profile;
}

}  // namespace evertill::devices::printer
