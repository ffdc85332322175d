#pragma once

#include "devices/sim/printer_command.h"

namespace evertill::devices::sim {

/// `evertill-devsim scanner`: a barcode scanner at a serial port, or a recording of one that acts as a keyboard.
[[nodiscard]] SimCommand AddScannerCommand(CLI::App& app);

}  // namespace evertill::devices::sim
