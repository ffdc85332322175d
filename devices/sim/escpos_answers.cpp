#include <algorithm>

#include "devices/sim/escpos_interpreter.h"

namespace evertill::devices::sim {
namespace {

/// Block data: a header, what it is about, NUL.
std::string Block(char header, std::string_view text) {
  std::string block(1, header);
  block += text;
  block += '\0';
  return block;
}

}  // namespace

void EscPosInterpreter::TransmitStatus(int n) {
  if (!model_.answers) return;
  if (n >= '1') n -= '0';
  if (n == 1 || n == 2) step_.answer += static_cast<char>(QueuedStatus(condition_, n));
}

void EscPosInterpreter::TransmitInformation(int n) {
  if (!model_.answers) return;
  if (n == 1 || n == '1') {
    step_.answer += static_cast<char>(model_.model_id);
  } else if (n == 2 || n == '2') {
    step_.answer += '\x02';  // has a cutter
  } else if (n == 3 || n == '3') {
    step_.answer += '\x01';
  } else if (n >= 65 && n <= 69 && !model_.maker.empty()) {
    const std::string_view texts[] = {"1.00 ESC/POS", model_.maker, model_.model, "SIM0000001", ""};
    step_.answer += Block('_', texts[n - 65]);
  }
}

/// GS ( H function 48: an id of four printable characters, sent back once everything before it is on paper.
void EscPosInterpreter::ProcessId(std::string_view body) {
  if (!model_.completion || !model_.answers) return;
  const bool right = body.size() == 6 && body[0] == 48 && body[1] == 48 &&
                     std::all_of(body.begin() + 2, body.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
  if (!right) return Unknown(body);
  step_.process_id = body.substr(2);
}

/// GS ( D: which of the real-time commands are obeyed. Pairs of (command, 0 or 1).
void EscPosInterpreter::EnableRealTime(std::string_view body) {
  if (Byte(body, 0) != 20) return Unknown(body);
  for (size_t at = 1; at + 1 < body.size(); at += 2) {
    const bool on = (Byte(body, at + 1) & 1) != 0;
    if (body[at] == 1) obeys_pulse_ = on;
    if (body[at] == 2) obeys_power_off_ = on;
  }
}

}  // namespace evertill::devices::sim
