#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace evertill::devices::sim {

/// A subcommand of evertill-devsim, and what runs it once the command line is read; returns the exit status.
struct SimCommand {
  CLI::App* command = nullptr;
  std::function<int()> run;
};

/// `evertill-devsim printer`: a receipt printer at a network port and a serial port.
[[nodiscard]] SimCommand AddPrinterCommand(CLI::App& app);
/// `evertill-devsim render`: what a printer makes of a file, without a printer.
[[nodiscard]] SimCommand AddRenderCommand(CLI::App& app);

}  // namespace evertill::devices::sim
