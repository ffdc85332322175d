#include "devices/sim/printer_condition.h"

namespace evertill::devices::sim {
namespace {

/// `bit` where something is so.
constexpr int If(bool so, int bit) {
  return so ? bit : 0;
}

bool PinThreeIsHigh(const PrinterCondition& condition) {
  return condition.drawer_open == condition.drawer_open_is_high;
}

}  // namespace

uint8_t RealTimeStatus(const PrinterCondition& condition, int n) {
  const bool out = condition.paper == PaperState::kOut;
  int bits = 0x12;  // always set
  if (n == 1) {
    bits |= If(PinThreeIsHigh(condition), 0x04) | If(!condition.Online(), 0x08) | If(condition.feeding, 0x40);
  } else if (n == 2) {
    bits |=
        If(condition.cover_open, 0x04) | If(condition.feeding, 0x08) | If(out, 0x20) | If(condition.HasError(), 0x40);
  } else if (n == 3) {
    bits |= If(condition.cutter_error, 0x08) | If(condition.unrecoverable, 0x20) | If(condition.overheated, 0x40);
  } else if (n == 4) {
    bits |= If(condition.paper != PaperState::kOk, 0x0C) | If(out, 0x60);
  }
  return static_cast<uint8_t>(bits);
}

std::string AutomaticStatus(const PrinterCondition& condition) {
  const int first = 0x10 | If(PinThreeIsHigh(condition), 0x04) | If(!condition.Online(), 0x08) |
                    If(condition.cover_open, 0x20) | If(condition.feeding, 0x40);
  const int second =
      If(condition.cutter_error, 0x08) | If(condition.unrecoverable, 0x20) | If(condition.overheated, 0x40);
  const int third = If(condition.paper != PaperState::kOk, 0x03) | If(condition.paper == PaperState::kOut, 0x0C);
  return {static_cast<char>(first), static_cast<char>(second), static_cast<char>(third), 0x0F};
}

bool AutomaticStatusTells(uint8_t mask, const PrinterCondition& from, const PrinterCondition& to) {
  const bool errors = from.cutter_error != to.cutter_error || from.unrecoverable != to.unrecoverable ||
                      from.overheated != to.overheated;
  return ((mask & 0x01) != 0 && PinThreeIsHigh(from) != PinThreeIsHigh(to)) ||
         ((mask & 0x02) != 0 && (from.Online() != to.Online() || from.cover_open != to.cover_open)) ||
         ((mask & 0x04) != 0 && errors) || ((mask & 0x08) != 0 && from.paper != to.paper) ||
         ((mask & 0x40) != 0 && from.feeding != to.feeding);
}

uint8_t QueuedStatus(const PrinterCondition& condition, int n) {
  if (n == 2) return static_cast<uint8_t>(If(PinThreeIsHigh(condition), 0x01));
  return static_cast<uint8_t>(If(condition.paper != PaperState::kOk, 0x03));
}

}  // namespace evertill::devices::sim
