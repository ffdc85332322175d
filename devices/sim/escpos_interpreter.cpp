#include "devices/sim/escpos_interpreter.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "app/render/code128.h"
#include "devices/sim/escpos_lengths.h"

namespace evertill::devices::sim {
namespace {

constexpr int kDotsPerInch = 203;
constexpr int kDefaultLineHeight = 30;
constexpr size_t kMaxUnknown = 100;
constexpr int kDefaultBarcodeHeight = 162;
constexpr size_t kTabCells = 8;

uint8_t Byte(std::string_view bytes, size_t at) {
  return at < bytes.size() ? static_cast<uint8_t>(bytes[at]) : 0;
}
int Word(std::string_view bytes, size_t at) {
  return Byte(bytes, at) + 256 * Byte(bytes, at + 1);
}

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

/// What the data of GS k m=73 says: {A and {B are followed by characters, {C by pairs of digits. Nothing when it has
/// what no reader shows (control characters of set A, function codes).
std::optional<std::string> Code128Text(std::string_view data) {
  std::string text;
  char set = 0;
  for (size_t at = 0; at < data.size(); ++at) {
    const uint8_t byte = Byte(data, at);
    if (byte == '{' && at + 1 < data.size()) {
      const char next = data[++at];
      if (next == '{') {
        text += '{';
      } else if (next >= 'A' && next <= 'C') {
        set = next;
      } else {
        return std::nullopt;
      }
    } else if (set == 'C' && byte < 100) {
      text += static_cast<char>('0' + byte / 10);
      text += static_cast<char>('0' + byte % 10);
    } else if ((set == 'A' || set == 'B') && byte >= 0x20 && byte < 0x7F) {
      text += static_cast<char>(byte);
    } else {
      return std::nullopt;
    }
  }
  return text;
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

EscPosInterpreter::EscPosInterpreter(int width_dots) : width_dots_(width_dots) {}

SimJob& EscPosInterpreter::Job() {
  if (jobs_.empty()) jobs_.emplace_back(width_dots_);
  return jobs_.back();
}

void EscPosInterpreter::StartJobAfterCut() {
  if (!jobs_.empty() && jobs_.back().cuts > 0) jobs_.emplace_back(width_dots_);
}

std::string EscPosInterpreter::Take(std::string_view bytes) {
  RealTimeEvents events;
  for (const char byte : bytes) real_time_.Take(static_cast<uint8_t>(byte), events);
  replies_ += events.replies;
  if (!bytes.empty()) {
    Job().pulses += events.pulses;
    Job().real_time_commands += events.commands;
  }
  pending_.append(bytes);
  size_t at = 0;
  while (at < pending_.size()) {
    const std::string_view stream = std::string_view(pending_).substr(at);
    const size_t used = Execute(stream);
    if (used == 0) break;
    Job().bytes.append(stream.substr(0, used));
    Job().changed = true;
    at += used;
  }
  pending_.erase(0, at);
  return std::exchange(replies_, {});
}

void EscPosInterpreter::Finish() {
  if (!pending_.empty()) {
    Unknown(pending_);
    Job().bytes += pending_;
    Job().changed = true;
    pending_.clear();
  }
  if (!jobs_.empty() && Paper().X() > 0) Paper().EndLine(line_height_);
}

void EscPosInterpreter::Unknown(std::string_view bytes) {
  auto& list = Job().unknown_commands;
  if (list.size() < kMaxUnknown) list.push_back(Hex(bytes.substr(0, 8)));
}

size_t EscPosInterpreter::Execute(std::string_view stream) {
  const uint8_t first = Byte(stream, 0);
  if (first == 0x10 || first == 0x1B || first == 0x1C || first == 0x1D) {
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
    Paper().Character(first, style_, line_height_);
  } else if (first == '\n') {
    if (Paper().X() > 0) StartJobAfterCut();
    Paper().EndLine(line_height_);
  } else if (first == '\t') {
    const int tab = 12 * static_cast<int>(kTabCells);
    Paper().MoveTo((Paper().X() / tab + 1) * tab);
  } else if (first != '\r' && first != '\f' && first != 0x18 && first != 0) {
    Unknown(stream.substr(0, 1));
  }
  return 1;
}

void EscPosInterpreter::Reset() {
  style_ = {};
  line_height_ = kDefaultLineHeight;
  units_per_inch_ = kDotsPerInch;
  Paper().align = SimAlign::kLeft;
  barcode_height_ = kDefaultBarcodeHeight;
  barcode_text_ = false;
  qr_module_ = 3;
  qr_level_ = render::QrLevel::kL;
}

int EscPosInterpreter::FeedDots(uint8_t units) const {
  return units * kDotsPerInch / units_per_inch_;
}

void EscPosInterpreter::SetPrintMode(uint8_t bits) {
  style_.small_font = (bits & 0x01) != 0;
  style_.bold = (bits & 0x08) != 0;
  style_.down = (bits & 0x10) != 0 ? 2 : 1;
  style_.across = (bits & 0x20) != 0 ? 2 : 1;
  style_.underline = (bits & 0x80) != 0;
}

void EscPosInterpreter::Esc(std::string_view command) {
  const uint8_t n = Byte(command, 2);
  switch (command[1]) {
    case '@':
      StartJobAfterCut();
      Reset();
      break;
    case 'J':
      if (Paper().X() > 0) Paper().EndLine(0);
      Paper().Feed(FeedDots(n));
      break;
    case 'd':
      Paper().EndLine(0);
      Paper().Feed(n * line_height_);
      break;
    case '2':
      line_height_ = kDefaultLineHeight;
      break;
    case '3':
      line_height_ = FeedDots(n);
      break;
    case 'a': {
      const int where = n & 3;  // also '0', '1', '2'
      Paper().align = where == 1 ? SimAlign::kCenter : where == 2 ? SimAlign::kRight : SimAlign::kLeft;
      break;
    }
    case 'E':
    case 'G':
      style_.bold = (n & 1) != 0;
      break;
    case '-':
      style_.underline = (n & 3) != 0;
      break;
    case '!':
      SetPrintMode(n);
      break;
    case 'M':
      style_.small_font = (n & 1) != 0;
      break;
    case '$':
      Paper().MoveTo(std::min(Word(command, 2), width_dots_));
      break;
    case 'p':
      ++Job().pulses;
      break;
    case 'i':
    case 'm':
      ++Job().cuts;
      break;
    case '*':
      StartJobAfterCut();
      ColumnImage(command);
      break;
    default:
      break;  // known and without effect on this paper
  }
}

void EscPosInterpreter::Gs(std::string_view command) {
  const uint8_t n = Byte(command, 2);
  switch (command[1]) {
    case 'v':
      Raster(command);
      break;
    case 'V':
      Cut(command);
      break;
    case '!':
      style_.across = ((n >> 4) & 7) + 1;
      style_.down = (n & 7) + 1;
      break;
    case 'B':
      style_.inverse = (n & 1) != 0;
      break;
    case 'P':
      units_per_inch_ = Byte(command, 3) == 0 ? kDotsPerInch : Byte(command, 3);
      break;
    case 'a':
      if (n != 0) replies_.append("\x14\x00\x00\x0F", 4);  // automatic status: all is well
      break;
    case 'r':
      replies_ += '\0';
      break;  // paper is there
    case 'I':
      if (n >= 65) {
        replies_.append("_EVERTILL\0", 10);
      } else {
        replies_ += '\x02';  // has a cutter
      }
      break;
    case 'k':
      Barcode(command);
      break;
    case '(':
      GsParenthesis(command);
      break;
    case '8':
      if (n == 'L') Graphics(command.substr(7));
      break;
    default:
      break;
  }
}

void EscPosInterpreter::GsParenthesis(std::string_view command) {
  const std::string_view body = command.substr(5);
  switch (command[2]) {
    case 'k':
      QrFunction(body);
      break;
    case 'L':
      Graphics(body);
      break;
    case 'H':  // process id response: answered when everything before it has been printed
      if (Byte(body, 0) == 48 && body.size() == 6) replies_ += "\x37\x22" + std::string(body.substr(2)) + '\0';
      break;
    case 'A':
    case 'D':
    case 'E':
    case 'K':
      break;
    default:
      Unknown(command);
  }
}

void EscPosInterpreter::Raster(std::string_view command) {
  StartJobAfterCut();
  const int scale = Byte(command, 3) & 3;
  const render::Bitmap rows = FromRows(command.substr(8), static_cast<size_t>(Word(command, 4)), Word(command, 6));
  if (scale == 0) {
    Paper().Picture(rows, Paper().align);
  } else {
    Paper().Picture(render::Enlarged(rows, (scale & 1) + 1, (scale >> 1) + 1), Paper().align);
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
    Paper().Picture(graphics_, Paper().align);
    graphics_ = render::Bitmap();
  } else {
    Unknown(body);
  }
}

void EscPosInterpreter::QrFunction(std::string_view body) {
  if (Byte(body, 0) != 49) return Unknown(body);
  switch (Byte(body, 1)) {
    case 65:
      break;  // model
    case 67:
      qr_module_ = std::clamp<int>(Byte(body, 2), 1, 16);
      break;
    case 69:
      qr_level_ = static_cast<render::QrLevel>(std::clamp<int>(Byte(body, 2) - 48, 0, 3));
      break;
    case 80:
      qr_data_ = body.substr(std::min<size_t>(3, body.size()));
      break;
    case 81:
      PrintQr();
      break;
    default:
      Unknown(body);
  }
}

void EscPosInterpreter::PrintQr() {
  const auto symbol = render::EncodeQrCode(qr_data_, qr_level_);
  if (!symbol) return;  // printers print nothing then
  StartJobAfterCut();
  Paper().Picture(render::Enlarged(*symbol, qr_module_, qr_module_), Paper().align);
}

void EscPosInterpreter::Barcode(std::string_view command) {
  const std::optional<std::string> text =
      Byte(command, 2) == 73 ? Code128Text(command.substr(4)) : std::optional<std::string>();
  if (!text) return Unknown(command);
  const auto bars = render::RenderCode128(*text, barcode_height_, width_dots_);
  if (!bars) return;
  StartJobAfterCut();
  Paper().Picture(*bars, Paper().align);
  if (!barcode_text_) return;
  for (const char c : *text) Paper().Character(static_cast<uint8_t>(c), {}, line_height_);
  Paper().EndLine(line_height_);
}

void EscPosInterpreter::Cut(std::string_view command) {
  if (Paper().X() > 0) Paper().EndLine(line_height_);
  if (command.size() > 3) Paper().Feed(FeedDots(Byte(command, 3)));
  ++Job().cuts;
}

}  // namespace evertill::devices::sim
