#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/render/bitmap.h"
#include "app/render/qr_code.h"
#include "devices/sim/printer_condition.h"
#include "devices/sim/printer_model.h"
#include "devices/sim/real_time_scanner.h"
#include "devices/sim/sim_paper.h"

namespace evertill::devices::sim {

/// A code that a printer drew of its own.
struct SimCode {
  std::string kind;  ///< "qr", or as SimBarcode
  std::string text;
};

/// One receipt: everything up to a cut and what follows it before the next thing printed.
struct SimJob {
  explicit SimJob(int width_dots) : paper(width_dots) {}
  std::string bytes;  ///< As they came; without what was only asked after the cut.
  SimPaper paper;
  int cuts = 0;
  int pulses = 0;                             ///< To the cash drawer, both kinds.
  int real_time_commands = 0;                 ///< Also those that stood amid other data.
  std::vector<std::string> unknown_commands;  ///< In hexadecimal; at most 100.
  std::vector<std::string> text;              ///< Lines of the printer's own font, in UTF-8; at most 1000.
  std::vector<SimCode> codes;                 ///< At most 100.
  std::vector<std::string> confirmed;         ///< Process ids (GS ( H) that were answered: all before was printed.
  int number = 0;                             ///< As a file; 0 until it has one.
  int open_ids = 0;                           ///< Process ids not answered yet.
  bool changed = true;                        ///< For whoever writes jobs down.
};

/// What one command came to.
struct SimStep {
  size_t used = 0;  ///< Bytes; 0: nothing whole is there.
  int fed_dots = 0;
  int cuts = 0;
  int pulses = 0;
  std::string answer;                     ///< Of GS r, GS I and the like: sent as soon as it is executed.
  std::optional<uint8_t> automatic;       ///< GS a
  std::optional<std::string> process_id;  ///< GS ( H: to be answered once everything before it is on paper.
};

/// A receipt printer's mind: takes ESC/POS, keeps paper. Knows neither time nor sockets. Not thread-safe.
class EscPosInterpreter {
 public:
  explicit EscPosInterpreter(int width_dots, const PrinterModel& model = GenericPrinterModel())
      : width_dots_(width_dots), model_(model) {}

  /// Puts bytes into the receive buffer, in any portions. Returns the real-time commands that they completed.
  std::vector<RealTimeEvent> Receive(std::string_view bytes);
  /// Executes the next whole command of the buffer.
  SimStep Step(const PrinterCondition& condition = {});
  /// Receive() and Step() as long as there is something, on a printer that is well and has no mechanism to wait for.
  /// Returns what it answers.
  std::string Take(std::string_view bytes);
  /// The stream ended: an unfinished command and line count as they are.
  void Finish();
  /// Throws the receive buffer away.
  void Clear();

  /// Bytes in the receive buffer.
  [[nodiscard]] size_t Buffered() const { return pending_.size() - taken_; }
  /// How many bytes the command at the head of the buffer still lacks; 0 when it is whole.
  [[nodiscard]] size_t Lacking() const;
  /// Whether it may be switched off by DLE DC4 2, and open the drawer by DLE DC4 1 (GS ( D).
  [[nodiscard]] bool ObeysPowerOff() const { return obeys_power_off_; }
  [[nodiscard]] bool ObeysPulse() const { return obeys_pulse_; }

  /// The one under way is the last. Whoever has written the others down may take them from the front.
  [[nodiscard]] std::deque<SimJob>& Jobs() { return jobs_; }
  /// The one under way; a new one when there is none.
  SimJob& Job();

  /// Bytes that belong to no job: what was asked before the first and after a cut.
  [[nodiscard]] size_t BetweenJobs() const { return between_jobs_; }

 private:
  struct BarcodeSetting {
    int height = 162;
    int module_dots = 3;
    int text = 0;  ///< bit 0 above, bit 1 below
  };
  struct QrSetting {
    int module_dots = 3;
    render::QrLevel level = render::QrLevel::kL;
  };

  SimPaper& Paper() { return Job().paper; }
  void NewJob();
  void StartJobAfterCut();
  void NoteLine();
  void EndLine(int line_height);
  void Unknown(std::string_view bytes);
  size_t Execute(std::string_view stream);
  void Reset();
  void Esc(std::string_view command);
  void EscStyle(std::string_view command);
  void Gs(std::string_view command);
  void GsParenthesis(std::string_view command);
  void Raster(std::string_view command);
  void ColumnImage(std::string_view command);
  void Graphics(std::string_view body);
  void Cut(std::string_view command);
  [[nodiscard]] int FeedDots(uint8_t units) const;
  void Character(uint8_t byte);
  // The printer's own codes: escpos_codes.cpp
  void QrFunction(std::string_view body);
  void PrintQr();
  void Barcode(std::string_view command);
  void GsBarcodeSetting(char command, uint8_t n);
  void NoteCode(std::string kind, std::string text);
  // What it answers: escpos_answers.cpp
  void TransmitStatus(int n);
  void TransmitInformation(int n);
  void ProcessId(std::string_view body);
  void EnableRealTime(std::string_view body);

  int width_dots_;
  const PrinterModel& model_;
  std::deque<SimJob> jobs_;
  RealTimeScanner real_time_;
  std::string pending_;  ///< The receive buffer,
  size_t taken_ = 0;     ///< of which this much has been executed.
  size_t between_jobs_ = 0;
  PrinterCondition condition_;
  SimStep step_;
  std::string line_;  ///< Characters of the line being set.
  CharacterStyle style_;
  int code_page_ = 0;
  int line_height_ = 30;
  int units_per_inch_ = 203;
  BarcodeSetting barcode_;
  QrSetting qr_;
  std::string qr_data_;
  render::Bitmap graphics_;
  bool obeys_power_off_ = false;
  bool obeys_pulse_ = true;
};

/// A byte and a little-endian word of a command; what lies behind its end is 0.
[[nodiscard]] inline uint8_t Byte(std::string_view bytes, size_t at) {
  return at < bytes.size() ? static_cast<uint8_t>(bytes[at]) : 0;
}
[[nodiscard]] inline int Word(std::string_view bytes, size_t at) {
  return Byte(bytes, at) + 256 * Byte(bytes, at + 1);
}

/// "1B 40"
[[nodiscard]] std::string Hex(std::string_view bytes);

}  // namespace evertill::devices::sim
