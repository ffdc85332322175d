#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "devices/sim/printer_device.h"

namespace evertill::devices::sim {

/// What a person or a test does to the printer, one command in a line:
///
///     paper ok|near|out        paper left MM       cover open|closed    cutter ok|error    drawer open|closed
///     feed on|off              overheated on|off   unrecoverable on|off
///     power on|off             disconnect          stall on|off         mute on|off
///     garbage                  garbage on|off      late MS              status
///
/// Answers one line of JSON without its end: {"ok":true,…} with how the printer then stands, or
/// {"ok":false,"error":"…"}.
[[nodiscard]] std::string ControlPrinter(PrinterDevice& device, std::string_view line, std::chrono::milliseconds now);

}  // namespace evertill::devices::sim
