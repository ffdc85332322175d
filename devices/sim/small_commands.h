#pragma once

#include "devices/sim/printer_command.h"

namespace evertill::devices::sim {

/// `evertill-devsim scale`: a weighing scale at a serial port.
[[nodiscard]] SimCommand AddScaleCommand(CLI::App& app);
/// `evertill-devsim drawer`: a cash drawer at a serial port.
[[nodiscard]] SimCommand AddDrawerCommand(CLI::App& app);
/// `evertill-devsim pole`: a customer display at a serial port.
[[nodiscard]] SimCommand AddPoleCommand(CLI::App& app);
/// `evertill-devsim label`: a label printer at a network port.
[[nodiscard]] SimCommand AddLabelCommand(CLI::App& app);

}  // namespace evertill::devices::sim
