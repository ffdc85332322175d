#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/cli/context.h"
#include "app/cli/output.h"
#include "app/cli/receipt_paper.h"
#include "app/presenters/counter_presenter.h"
#include "app/presenters/receipt_service.h"
#include "app/presenters/script.h"
#include "devices/printer/open_printer.h"
#include "devices/setup/devices.h"
#include "devices/setup/till_config.h"
#include "sync/client/hold_client.h"

namespace evertill::cli {
namespace {

constexpr std::chrono::seconds kLastReceipt{10};

void TellOfPaper(const checkout::PrintRecord& record, const std::optional<base::Error>& problem) {
  const std::string& number = record.receipt.Value();
  if (problem) {
    Complain("receipt " + number + " waits: " + problem->ToString());
  } else if (record.state == checkout::PrintState::kUnknown) {
    Complain("receipt " + number + " may not have printed: look at the paper before printing it again");
  } else if (record.state == checkout::PrintState::kFailed) {
    Complain("receipt " + number + " was not printed: " + record.detail);
  }
}

/// The counter's script: one act a line in, one answer a line out, flushed after its commit.
base::Expected<int> Play(Context& context, store::TillStore& store, std::istream& script) {
  EVERTILL_ASSIGN(const devices::setup::TillConfig config, devices::setup::LoadTillConfig(context.data_dir));
  checkout::TillIdentity till = store.Identity();
  till.patterns = config.patterns;
  client::HoldClient holds(store.Sync(), *context.clock, *context.random);
  EVERTILL_ASSIGN(
      checkout::Counter counter,
      checkout::Counter::Open(till, domain::DefaultTaxScheme(till.currency),
                              {store.Catalogue(), store.Members(), store.Cashiers(), store.Sales(), store.Basket(),
                               store.Rules(), store.Rights(), &holds, *context.clock, *context.random}));
  counter.SetWantsReceipt(!config.printer.empty());
  presenters::CounterPresenter presenter(std::move(counter), till.language);
  const PaperLook look(context, config.shop, config.paper_mm);
  presenters::ReceiptOptions paper = look.Options({});
  paper.links = &store.Links();
  paper.drawer_kick = config.drawer.where == devices::setup::DrawerConfig::Where::kPrinter;
  std::unique_ptr<devices::printer::PrinterSession> printer;
  std::unique_ptr<presenters::ReceiptService> receipts;
  if (!config.printer.empty()) {
    EVERTILL_ASSIGN(const auto profile, devices::setup::PrinterProfileOf(config, context.data_dir));
    devices::printer::SessionOptions options;
    options.drawer = config.drawer.connector;
    EVERTILL_ASSIGN(printer, devices::printer::OpenPrinter(config.printer, profile, options));
    receipts = std::make_unique<presenters::ReceiptService>(
        store.Sales(), store.Prints(), *printer, *context.clock, till, std::move(paper), TellOfPaper,
        config.drawer.where == devices::setup::DrawerConfig::Where::kPrinter ? printer.get() : nullptr);
  }
  std::string line;
  while (std::getline(script, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto act = presenters::ReadAct(line);
    const presenters::View view = act ? presenter.Do(*act) : presenter.Refuse(act.error());
    PrintLine(presenters::WriteView(view));
    // Nobody hears the answers any more: going on would sell without telling.
    if (std::ferror(stdout) != 0) return Complain("standard output cannot be written; stopped after this answer");
    if (receipts && !view.refused && view.phase == presenters::Phase::kPaid) receipts->Wake();
  }
  if (receipts) receipts->Settle(kLastReceipt);
  return kDone;
}

}  // namespace

void AddPlayCommand(CLI::App& app, Context& context) {
  auto file = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "play",
      "Play a counter script: one JSON act a line in, one answer a line out.\n"
      "Acts: scan, search, qty, line, member, pin, redeem, enrol, tender, refund, confirm_age, void_line,\n"
      "void_basket, sign_in, lock, open_shift, state. A refused act is an answer and changes nothing.");
  command->add_option("FILE", *file, "The script, or - for standard input")->required();
  command->callback([file, &context] {
    context.run = [file, &context] {
      std::ifstream in;
      if (*file != "-") {
        in.open(*file);
        if (!in || std::filesystem::is_directory(*file)) return Complain(*file + " cannot be read");
      }
      std::istream& script = *file == "-" ? std::cin : in;
      return WithStore(context, [&](store::TillStore& store) { return Play(context, store, script); });
    };
  });
}

}  // namespace evertill::cli
