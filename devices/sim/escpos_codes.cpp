#include <algorithm>
#include <utility>

#include "devices/sim/escpos_interpreter.h"
#include "devices/sim/sim_barcode.h"

namespace evertill::devices::sim {
namespace {

constexpr size_t kMaxCodes = 100;

}  // namespace

void EscPosInterpreter::NoteCode(std::string kind, std::string text) {
  if (Job().codes.size() < kMaxCodes) Job().codes.push_back({std::move(kind), std::move(text)});
}

void EscPosInterpreter::QrFunction(std::string_view body) {
  if (Byte(body, 0) != 49) return Unknown(body);
  switch (Byte(body, 1)) {
    case 65:
      break;  // model
    case 67:
      qr_.module_dots = std::clamp<int>(Byte(body, 2), 1, 16);
      break;
    case 69:
      qr_.level = static_cast<render::QrLevel>(std::clamp<int>(Byte(body, 2) - 48, 0, 3));
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
  const auto symbol = render::EncodeQrCode(qr_data_, qr_.level);
  if (!symbol) return;  // printers print nothing then
  StartJobAfterCut();
  if (Paper().X() > 0) EndLine(line_height_);
  Paper().Picture(render::Enlarged(*symbol, qr_.module_dots, qr_.module_dots));
  NoteCode("qr", qr_data_);
}

void EscPosInterpreter::GsBarcodeSetting(char command, uint8_t n) {
  if (command == 'h' && n > 0) barcode_.height = n;
  if (command == 'w' && n >= 2 && n <= 6) barcode_.module_dots = n;
  if (command == 'H') barcode_.text = n & 3;  // also '0' to '3'
}

void EscPosInterpreter::Barcode(std::string_view command) {
  const uint8_t system = Byte(command, 2);
  const bool old_form = system < 65;
  const std::string_view data = old_form ? command.substr(3, command.size() - 4) : command.substr(4);
  const auto barcode = MakeBarcode(system, data);
  if (!barcode) return Unknown(command);
  const render::Bitmap bars = DrawBarcode(*barcode, barcode_.module_dots, barcode_.height);
  if (bars.Width() > std::min(Paper().area, width_dots_ - Paper().left)) return Unknown(command);  // prints nothing
  StartJobAfterCut();
  if (Paper().X() > 0) EndLine(line_height_);
  const auto show_text = [&] {
    for (const char c : barcode->text) Paper().Character({&c, 1}, {}, line_height_);
    Paper().EndLine(line_height_);
  };
  if ((barcode_.text & 1) != 0) show_text();
  Paper().Picture(bars);
  if ((barcode_.text & 2) != 0) show_text();
  NoteCode(barcode->kind, barcode->text);
}

}  // namespace evertill::devices::sim
