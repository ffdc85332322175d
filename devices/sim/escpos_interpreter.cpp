#include "devices/sim/escpos_interpreter.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "devices/sim/code_pages.h"
#include "devices/sim/escpos_lengths.h"

namespace evertill::devices::sim {
namespace {

constexpr char kDle = 0x10;
constexpr int kDotsPerInch = 203;
constexpr int kDefaultLineHeight = 30;
constexpr size_t kMaxUnknown = 100;
constexpr size_t kMaxLines = 1000;
constexpr size_t kEraseBytes = 65536;
constexpr size_t kTabCells = 8;

size_t Length(const RealTimeEvent& event) {
  if (event.kind == RealTimeKind::kStatus || event.kind == RealTimeKind::kRecover) return 3;
  return event.kind == RealTimeKind::kClear ? 10 : 5;
}

/// DLE, ESC, FS or GS.
bool StartsCommand(std::string_view stream) {
  const auto first = static_cast<uint8_t>(stream.front());
  return first == 0x10 || first == 0x1B || first == 0x1C || first == 0x1D;
}

/// Whether a whole command only wants an answer, now or on each change.
bool Asks(std::string_view command) {
  if (command.front() == kDle) return true;
  if (command.front() != '\x1D') return false;
  const char name = command[1];
  return name == 'r' || name == 'I' || name == 'a' || command.starts_with("\x1D(H");
}

render::Bitmap FromRows(std::string_view data, size_t stride, int rows) {
  render::Bitmap bitmap(static_cast<int>(stride) * 8, rows);
  for (int y = 0; y < rows; ++y) {
    const auto from = data.substr(static_cast<size_t>(y) * stride, stride);
    std::copy(from.begin(), from.end(), bitmap.Row(y).begin());
  }
  return bitmap;
}

}  // namespace

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (!hex.empty()) hex += ' ';
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

SimJob& EscPosInterpreter::Job() {
  if (jobs_.empty()) jobs_.emplace_back(width_dots_);
  return jobs_.back();
}

void EscPosInterpreter::NewJob() {
  const SimPaper before = SimPaper::SetAs(Job().paper);
  jobs_.emplace_back(width_dots_).paper = before;
}

void EscPosInterpreter::StartJobAfterCut() {
  if (Job().cuts > 0) NewJob();
}

std::vector<RealTimeEvent> EscPosInterpreter::Receive(std::string_view bytes) {
  const bool between = Buffered() == 0 && (jobs_.empty() || jobs_.back().cuts > 0);
  std::vector<RealTimeEvent> events;
  for (const char byte : bytes) real_time_.Take(static_cast<uint8_t>(byte), events);
  pending_.append(bytes);
  size_t length = 0;
  for (const RealTimeEvent& event : events) length += Length(event);
  // Asking how the printer is between two receipts is part of neither.
  if (!events.empty() && !(between && length == bytes.size())) {
    Job().real_time_commands += static_cast<int>(events.size());
    Job().changed = true;
  }
  return events;
}

size_t EscPosInterpreter::Lacking() const {
  const std::string_view stream = std::string_view(pending_).substr(taken_);
  if (stream.empty() || !StartsCommand(stream)) return 0;
  const std::optional<size_t> length = CommandLength(stream);
  if (!length || (*length > 0 && *length <= stream.size())) return 0;
  return *length == 0 ? 1 : *length - stream.size();
}

SimStep EscPosInterpreter::Step(const PrinterCondition& condition) {
  if (Buffered() == 0) return {};
  condition_ = condition;
  step_ = {};
  const size_t used = Execute(std::string_view(pending_).substr(taken_));
  if (used > 0) {
    const std::string_view done = std::string_view(pending_).substr(taken_, used);
    if (Asks(done) && (jobs_.empty() || jobs_.back().cuts > 0)) {
      between_jobs_ += used;
    } else {
      Job().bytes.append(done);
      Job().changed = true;
      step_.fed_dots = Paper().TakeFed();
    }
    taken_ += used;
    step_.used = used;
  }
  // Erased in large pieces: a buffer of many small commands would be moved for each.
  if (taken_ == pending_.size() || taken_ > kEraseBytes) pending_.erase(0, std::exchange(taken_, 0));
  return std::exchange(step_, {});
}

std::string EscPosInterpreter::Take(std::string_view bytes) {
  const PrinterCondition well;
  std::string answers;
  for (const RealTimeEvent& event : Receive(bytes)) {
    if (event.kind == RealTimeKind::kStatus) answers += static_cast<char>(RealTimeStatus(well, event.n));
    if (event.kind == RealTimeKind::kPulse) ++Job().pulses;
  }
  for (SimStep step = Step(well); step.used > 0; step = Step(well)) {
    answers += step.answer;
    if (step.automatic.value_or(0) != 0) answers += AutomaticStatus(well);
    if (step.process_id) answers += "\x37\x22" + *step.process_id + '\0';
  }
  return answers;
}

void EscPosInterpreter::Finish() {
  if (Buffered() > 0) {
    const std::string rest = pending_.substr(taken_);
    Unknown(rest);
    Job().bytes += rest;
    Job().changed = true;
    Clear();
  }
  if (!jobs_.empty() && Paper().X() > 0) EndLine(line_height_);
}

void EscPosInterpreter::Clear() {
  pending_.clear();
  taken_ = 0;
}

void EscPosInterpreter::NoteLine() {
  if (!line_.empty() && Job().text.size() < kMaxLines) Job().text.push_back(line_);
  line_.clear();
}

void EscPosInterpreter::EndLine(int line_height) {
  NoteLine();
  Paper().EndLine(line_height);
}

void EscPosInterpreter::Unknown(std::string_view bytes) {
  auto& list = Job().unknown_commands;
  if (list.size() < kMaxUnknown) list.push_back(Hex(bytes.substr(0, 8)));
}

size_t EscPosInterpreter::Execute(std::string_view stream) {
  const uint8_t first = Byte(stream, 0);
  if (StartsCommand(stream)) {
    const std::optional<size_t> length = CommandLength(stream);
    if (!length) {
      Unknown(stream.substr(0, 2));
      return std::min<size_t>(2, stream.size());
    }
    if (*length == 0 || *length > stream.size()) return 0;
    const std::string_view command = stream.substr(0, *length);
    if (first == 0x1B) Esc(command);
    if (first == 0x1D) Gs(command);
    return *length;  // FS: modes of other scripts; DLE: done when it came
  }
  if (first >= 0x20) {
    StartJobAfterCut();
    Character(first);
  } else if (first == '\n') {
    if (Paper().X() > 0) StartJobAfterCut();
    EndLine(line_height_);
  } else if (first == '\t') {
    line_ += ' ';
    const int tab = 12 * static_cast<int>(kTabCells);
    Paper().MoveTo((Paper().X() / tab + 1) * tab);
  } else if (first != '\r' && first != '\f' && first != 0x18 && first != 0) {
    Unknown(stream.substr(0, 1));
  }
  return 1;
}

void EscPosInterpreter::Reset() {
  style_ = {};
  code_page_ = 0;
  line_height_ = kDefaultLineHeight;
  units_per_inch_ = kDotsPerInch;
  Paper().ResetArea();
  barcode_ = {};
  qr_ = {};
}

int EscPosInterpreter::FeedDots(uint8_t units) const {
  return units * kDotsPerInch / units_per_inch_;
}

void EscPosInterpreter::Character(uint8_t byte) {
  const char raw = static_cast<char>(byte);
  const std::string character = DecodeCodePage({&raw, 1}, code_page_);
  if (!Paper().Character(character, style_, line_height_)) NoteLine();
  line_ += character;
}

void EscPosInterpreter::Esc(std::string_view command) {
  const uint8_t n = Byte(command, 2);
  switch (command[1]) {
    case '@':
      // One that was written down without a cut (a printer that has none) is over when the next begins.
      if (Job().number > 0 && Job().cuts == 0) NewJob();
      StartJobAfterCut();
      return Reset();
    case 'J':
      // Feeds this much in all: what was on the line is part of it.
      return Paper().X() > 0 ? EndLine(FeedDots(n)) : Paper().Feed(FeedDots(n));
    case 'd':
      return Paper().X() > 0 ? EndLine(n * line_height_) : Paper().Feed(n * line_height_);
    case '2':
      line_height_ = kDefaultLineHeight;
      return;
    case '3':
      line_height_ = FeedDots(n);
      return;
    case 'a': {
      const int where = n & 3;  // also '0', '1', '2'
      Paper().align = where == 1 ? SimAlign::kCenter : where == 2 ? SimAlign::kRight : SimAlign::kLeft;
      return;
    }
    case '$':
      if (!line_.empty()) line_ += ' ';
      return Paper().MoveTo(std::min(Word(command, 2), width_dots_));
    case '\\':
      return Paper().MoveTo(std::clamp(Paper().X() + static_cast<int16_t>(Word(command, 2)), 0, width_dots_));
    case 'p':
      ++Job().pulses;
      ++step_.pulses;
      return;
    case 'i':
    case 'm':
      return Cut(command.substr(0, 2));
    case 'v':
      return TransmitStatus(1);
    case '*':
      StartJobAfterCut();
      return ColumnImage(command);
    default:
      EscStyle(command);
  }
}

/// What changes how the next characters look.
void EscPosInterpreter::EscStyle(std::string_view command) {
  const uint8_t n = Byte(command, 2);
  switch (command[1]) {
    case 't':
      code_page_ = n;
      break;
    case 'E':
    case 'G':
      style_.bold = (n & 1) != 0;
      break;
    case '-':
      style_.underline = (n & 3) != 0;
      break;
    case '!':
      style_.small_font = (n & 0x01) != 0;
      style_.bold = (n & 0x08) != 0;
      style_.down = (n & 0x10) != 0 ? 2 : 1;
      style_.across = (n & 0x20) != 0 ? 2 : 1;
      style_.underline = (n & 0x80) != 0;
      break;
    case 'M':
      style_.small_font = (n & 1) != 0;
      break;
    default:
      break;  // known and without effect on this paper
  }
}

void EscPosInterpreter::Gs(std::string_view command) {
  const uint8_t n = Byte(command, 2);
  switch (command[1]) {
    case 'v':
      return Raster(command);
    case 'V':
      return Cut(command);
    case '!':
      style_.across = ((n >> 4) & 7) + 1;
      style_.down = (n & 7) + 1;
      return;
    case 'B':
      style_.inverse = (n & 1) != 0;
      return;
    case 'P':
      units_per_inch_ = Byte(command, 3) == 0 ? kDotsPerInch : Byte(command, 3);
      return;
    case 'L':
      if (Paper().X() == 0) Paper().left = std::min(Word(command, 2), width_dots_);
      return;
    case 'W':
      if (Paper().X() == 0) Paper().area = Word(command, 2);
      return;
    case 'a':
      if (model_.automatic_status) step_.automatic = n;
      return;
    case 'r':
      return TransmitStatus(n);
    case 'I':
      return TransmitInformation(n);
    case 'k':
      return Barcode(command);
    case '(':
      return GsParenthesis(command);
    case '8':
      if (n == 'L') Graphics(command.substr(7));
      return;
    default:
      GsBarcodeSetting(command[1], n);
  }
}

void EscPosInterpreter::GsParenthesis(std::string_view command) {
  const std::string_view body = command.substr(5);
  switch (command[2]) {
    case 'k':
      return QrFunction(body);
    case 'L':
      return Graphics(body);
    case 'H':
      return ProcessId(body);
    case 'D':
      return EnableRealTime(body);
    case 'A':
    case 'E':
    case 'K':
      return;
    default:
      Unknown(command);
  }
}

void EscPosInterpreter::Raster(std::string_view command) {
  StartJobAfterCut();
  const int scale = Byte(command, 3) & 3;
  const render::Bitmap rows = FromRows(command.substr(8), static_cast<size_t>(Word(command, 4)), Word(command, 6));
  if (scale == 0) {
    Paper().Picture(rows);
  } else {
    Paper().Picture(render::Enlarged(rows, (scale & 1) + 1, (scale >> 1) + 1));
  }
}

void EscPosInterpreter::ColumnImage(std::string_view command) {
  const int mode = Byte(command, 2);
  const int columns = Word(command, 3);
  const int depth = mode >= 32 ? 3 : 1;
  render::Bitmap image(columns, depth * 8);
  for (int x = 0; x < columns; ++x) {
    for (int y = 0; y < depth * 8; ++y) {
      const uint8_t byte = Byte(command, 5 + static_cast<size_t>(x * depth + y / 8));
      if ((byte >> (7 - y % 8)) & 1) image.Set(x, y);
    }
  }
  Paper().PictureInLine(render::Enlarged(image, (mode & 1) == 0 ? 2 : 1, depth == 1 ? 3 : 1));
}

/// GS ( L and GS 8 L: 112 keeps a raster, 50 prints it.
void EscPosInterpreter::Graphics(std::string_view body) {
  const int function = Byte(body, 1);
  if (function == 112 && body.size() >= 10) {
    const size_t stride = static_cast<size_t>(Word(body, 6) + 7) / 8;
    const int rows = Word(body, 8);
    if (body.size() - 10 < stride * static_cast<size_t>(rows)) return Unknown(body);
    graphics_ = render::Enlarged(FromRows(body.substr(10), stride, rows), std::max<int>(Byte(body, 3), 1),
                                 std::max<int>(Byte(body, 4), 1));
  } else if (function == 2 || function == 50) {
    StartJobAfterCut();
    Paper().Picture(graphics_);
    graphics_ = render::Bitmap();
  } else {
    Unknown(body);
  }
}

void EscPosInterpreter::Cut(std::string_view command) {
  if (Paper().X() > 0) EndLine(line_height_);
  if (command.size() > 3 && command[0] == '\x1D') Paper().Feed(FeedDots(Byte(command, 3)));
  ++Job().cuts;
  ++step_.cuts;
}

}  // namespace evertill::devices::sim
