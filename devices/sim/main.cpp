#include <CLI/CLI.hpp>

#include "devices/sim/printer_command.h"
#include "devices/sim/scanner_command.h"
#include "devices/sim/small_commands.h"

namespace evertill::devices::sim {
namespace {

constexpr int kExitUsage = 2;

int Main(int argc, char** argv) {
  CLI::App app{"Simulated devices for Evertill", "evertill-devsim"};
  app.require_subcommand(1);
  const SimCommand commands[] = {
      AddPrinterCommand(app), AddRenderCommand(app), AddScannerCommand(app), AddScaleCommand(app),
      AddDrawerCommand(app),  AddPoleCommand(app),   AddLabelCommand(app),
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : kExitUsage;
  }
  for (const SimCommand& one : commands) {
    if (*one.command) return one.run();
  }
  return kExitUsage;
}

}  // namespace
}  // namespace evertill::devices::sim

int main(int argc, char** argv) {
  return evertill::devices::sim::Main(argc, argv);
}
