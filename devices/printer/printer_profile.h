#pragma once

#include "app/render/receipt_renderer.h"

namespace evertill::devices::printer {

/// How a printer tells that a receipt is on paper.
enum class Completion {
  kNone,  ///< It cannot: jobs end as "sent".
  kGsR,   ///< GS r 1 (1D 72 01) behind the job: obeyed once what stands before it is printed.
  kGsH,   ///< GS ( H with an id of the job's own: what Epson's newer models answer.
  kAuto,  ///< GS r 1; a printer that has never answered it within two seconds is taken for one that cannot.
};

/// What one model of printer can do. The default suits nearly everything sold: 80 mm paper, raster only.
struct PrinterProfile {
  int dots = render::kDots80mm;  ///< Printable width.
  int dots_per_inch = 203;       ///< Feeds are told in this unit, so that skipped rows are as high as drawn ones.
  int band_rows = 192;           ///< Most rows in one raster command: what small buffers take. 1 to 2303.
  bool native_qr = false;        ///< Let the printer draw QR codes (GS ( k) instead of sending their dots.
  int native_qr_module = 6;      ///< Dots of a module of its QR code, 1 to 16.
  bool has_cutter = true;        ///< Without: the paper is fed to where it is torn.
  int feed_to_tear = 120;        ///< Dots from the head to the tear bar, without a cutter.
  int pulse_on_ms = 50;          ///< How long the drawer's solenoid is driven, 2 to 510.
  int pulse_off_ms = 500;        ///< Least rest after it.

  // How it tells what it does.
  bool asb = false;         ///< Reports each change by itself after GS a (automatic status back).
  bool poll_status = true;  ///< Answers DLE EOT. Neither: its state is never known.
  Completion completion = Completion::kAuto;
  int completion_timeout_ms = 15000;  ///< After the last byte was handed over: then it is "unknown" whether it printed.
  bool realtime_pulse = false;        ///< Opens the drawer by DLE DC4 1, past a job that stands still.
};

/// The usual printer for 80 mm or (when `paper_mm` is less than 70) 58 mm paper.
[[nodiscard]] inline PrinterProfile ProfileForPaper(int paper_mm) {
  PrinterProfile profile;
  if (paper_mm < 70) profile.dots = render::kDots58mm;
  return profile;
}

}  // namespace evertill::devices::printer
