#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/render/bitmap.h"
#include "app/render/qr_code.h"
#include "devices/sim/real_time_scanner.h"
#include "devices/sim/sim_paper.h"

namespace evertill::devices::sim {

/// One receipt: everything up to a cut and what follows it before the next thing printed.
struct SimJob {
  explicit SimJob(int width_dots) : paper(width_dots) {}
  std::string bytes;  ///< As they came.
  SimPaper paper;
  int cuts = 0;
  int pulses = 0;                             ///< To the cash drawer, both kinds.
  int real_time_commands = 0;                 ///< Also those that stood amid other data.
  std::vector<std::string> unknown_commands;  ///< In hexadecimal; at most 100.
  bool changed = true;                        ///< For whoever writes jobs down.
};

/// A receipt printer's mind: takes ESC/POS, keeps paper. Not thread-safe.
class EscPosInterpreter {
 public:
  explicit EscPosInterpreter(int width_dots);

  /// Takes the next bytes of the stream, in any portions. Returns what the printer answers.
  std::string Take(std::string_view bytes);
  /// The stream ended: an unfinished command and line count as they are.
  void Finish();

  [[nodiscard]] std::vector<SimJob>& Jobs() { return jobs_; }

 private:
  SimJob& Job();
  SimPaper& Paper() { return Job().paper; }
  void StartJobAfterCut();
  void Unknown(std::string_view bytes);
  /// Executes what stands at the head of `stream`; returns the bytes used, 0 to wait for more.
  size_t Execute(std::string_view stream);
  void Reset();
  void Esc(std::string_view command);
  void Gs(std::string_view command);
  void GsParenthesis(std::string_view command);
  void SetPrintMode(uint8_t bits);
  void Raster(std::string_view command);
  void ColumnImage(std::string_view command);
  void Graphics(std::string_view body);
  void QrFunction(std::string_view body);
  void PrintQr();
  void Barcode(std::string_view command);
  void Cut(std::string_view command);
  [[nodiscard]] int FeedDots(uint8_t units) const;

  const int width_dots_;
  std::vector<SimJob> jobs_;
  RealTimeScanner real_time_;
  std::string pending_;  ///< Bytes of a command that is not whole yet.
  std::string replies_;
  CharacterStyle style_;
  int line_height_ = 30;
  int units_per_inch_ = 203;
  int barcode_height_ = 162;
  bool barcode_text_ = false;
  int qr_module_ = 3;
  render::QrLevel qr_level_ = render::QrLevel::kL;
  std::string qr_data_;
  render::Bitmap graphics_;
};

}  // namespace evertill::devices::sim
