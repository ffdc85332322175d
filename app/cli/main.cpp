#include <CLI/CLI.hpp>
#include <csignal>

#include "app/base/log.h"
#include "app/base/version.h"
#include "app/cli/context.h"
#include "app/cli/output.h"

namespace evertill::cli {

int WithStore(Context& context, const std::function<base::Expected<int>(store::TillStore&)>& work) {
  auto store = context.OpenStore();
  if (!store) return Complain(store.error());
  auto code = work(**store);
  return code ? *code : Complain(code.error());
}

CLI::Validator ZeroOrMore() {
  return CLI::Validator(
      [](const std::string& text) {
        const bool whole =
            !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos;
        return whole ? std::string() : "\"" + text.substr(0, 40) + "\" is no whole number from 0";
      },
      "N");
}

namespace {

int Run(int argc, char** argv) {
  CLI::App app{"The till without a screen: sets it up, drives it from a script, looks into it.", "evertillctl"};
  app.set_version_flag("--version", std::string("evertillctl ") + base::kVersion);
  app.require_subcommand(1);
  app.fallthrough();
  Context context;
  app.add_option("--data-dir", context.data_dir, "The till's data directory")->required()->type_name("DIR");
  app.add_flag("--json", context.json, "Answer in JSON");
  AddSetUpCommands(app, context);
  AddDoctorCommand(app, context);
  AddPlayCommand(app, context);
  AddMemberCommands(app, context);
  AddReceiptCommands(app, context);
  AddPrinterCommands(app, context);
  AddJournalCommands(app, context);
  AddScannerCommands(app, context);
  AddSyncCommands(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);  // --help, --version
  } catch (const CLI::ParseError& wrong) {
    Complain(wrong.what() + std::string(" (see evertillctl --help)"));
    return kUsage;
  }
  return context.run();
}

}  // namespace
}  // namespace evertill::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return evertill::cli::Run(argc, argv);
}
