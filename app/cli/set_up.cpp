#include <termios.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/checkout/errors.h"
#include "app/cli/context.h"
#include "app/cli/output.h"
#include "app/domain/errors.h"
#include "app/store/catalogue_import.h"
#include "devices/link/address.h"
#include "devices/setup/till_config.h"

namespace evertill::cli {
namespace {

struct InitArguments {
  std::string store;
  std::string till;
  std::string currency;
  std::string language;
  std::string name;
  std::string unattended;
  std::string printer;
};

base::Status Init(Context& context, const InitArguments& given) {
  if (!domain::IsPlaceCode(given.store)) {
    return base::Fail(store::StoreErrc::kBadConfig, "store \"" + given.store + "\": a code is 1 to 8 of A-Z and 0-9");
  }
  if (!domain::IsPlaceCode(given.till)) {
    return base::Fail(store::StoreErrc::kBadConfig, "till \"" + given.till + "\": a code is 1 to 8 of A-Z and 0-9");
  }
  if (given.language != "en" && given.language != "th" && given.language != "vi") {
    return base::Fail(store::StoreErrc::kBadConfig, "lang \"" + given.language + "\": en, th and vi are known");
  }
  EVERTILL_ASSIGN(const domain::Currency currency, domain::Currency::Find(given.currency));
  if (!given.printer.empty()) EVERTILL_TRY(devices::link::ParseAddress(given.printer));
  store::InitOptions options{.terminal = {domain::StoreCode(given.store), domain::TillCode(given.till), 1},
                             .currency = currency,
                             .language = given.language,
                             .store_name = given.name,
                             .unattended = checkout::ParseRole(given.unattended)};
  EVERTILL_TRY(store::TillStore::Init(context.data_dir, options, *context.clock, *context.random));
  devices::setup::TillConfig config;
  config.printer = given.printer;
  return devices::setup::WriteTillConfig(context.data_dir, config);
}

void AddInit(CLI::App& app, Context& context) {
  auto given = std::make_shared<InitArguments>();
  auto* command = app.add_subcommand("init", "Make a new till in the data directory");
  command->add_option("--store", given->store, "Store code, for example S01")->required();
  command->add_option("--till", given->till, "Till code, for example L03")->required();
  command->add_option("--currency", given->currency, "ISO 4217 code, for example THB or VND")->required();
  command->add_option("--lang", given->language, "Language of screen and receipts: en, th or vi")->required();
  command->add_option("--name", given->name, "The store's name on screen and receipts (default: its code)");
  command->add_option("--printer", given->printer,
                      "Receipt printer: tcp://HOST[:PORT], usb:, serial:PATH, cups:QUEUE or file:PATH");
  command->add_option("--unattended", given->unattended, "Act without sign-in under this role; the journal says so")
      ->check(CLI::IsMember({"cashier", "supervisor", "manager"}));
  command->callback([given, &context] {
    context.run = [given, &context] {
      if (auto done = Init(context, *given); !done) return Complain(done.error());
      if (context.json) {
        PrintJson(boost::json::object{{"store", given->store}, {"till", given->till}});
      } else {
        PrintLine("till " + given->store + "/" + given->till + " is ready in " + context.data_dir.string());
      }
      return kDone;
    };
  });
}

/// Reads a PIN from the terminal without showing it, or the first line of a file.
base::Expected<std::string> ReadPin(const std::string& file) {
  std::string pin;
  if (!file.empty()) {
    std::ifstream in(file);
    if (!in || std::filesystem::is_directory(file)) {
      return base::Fail(checkout::CheckoutErrc::kBadCashier, file + " cannot be read");
    }
    if (!std::getline(in, pin)) return base::Fail(checkout::CheckoutErrc::kBadCashier, file + " is empty");
    if (pin.starts_with("\xEF\xBB\xBF")) pin.erase(0, 3);
    while (!pin.empty() && (pin.back() == '\r' || pin.back() == ' ')) pin.pop_back();
    return pin;
  }
  if (isatty(STDIN_FILENO) == 0) {
    return base::Fail(checkout::CheckoutErrc::kBadCashier, "no terminal to ask for the PIN: use --pin-file");
  }
  termios shown{};
  tcgetattr(STDIN_FILENO, &shown);
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  std::fputs("PIN: ", stderr);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  std::array<char, 128> line{};
  const bool read = std::fgets(line.data(), static_cast<int>(line.size()), stdin) != nullptr;
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  std::fputc('\n', stderr);
  if (!read) return base::Fail(checkout::CheckoutErrc::kBadCashier, "no PIN was typed");
  pin = line.data();
  while (!pin.empty() && (pin.back() == '\n' || pin.back() == '\r')) pin.pop_back();
  return pin;
}

base::Expected<int> AddCashier(Context& context, store::TillStore& store, const std::string& name,
                               const std::string& role, const std::string& pin_file) {
  EVERTILL_ASSIGN(const std::string pin, ReadPin(pin_file));
  if (pin.size() < 4 || pin.size() > 12 || pin.find_first_not_of("0123456789") != std::string::npos) {
    return base::Fail(checkout::CheckoutErrc::kBadCashier, "a PIN is 4 to 12 digits");
  }
  const checkout::CashierRecord cashier{domain::CashierId(base::MakeUuidV7(*context.clock, *context.random)), name,
                                        *checkout::ParseRole(role)};
  EVERTILL_TRY(store.Cashiers().Add(cashier, pin));
  if (context.json) {
    PrintJson(boost::json::object{{"cashier", name}, {"role", role}});
  } else {
    PrintLine(name + " may sign in as " + role);
  }
  return kDone;
}

void AddCashierCommands(CLI::App& app, Context& context) {
  auto* cashier = app.add_subcommand("cashier", "People who may sign in")->require_subcommand(1);
  auto name = std::make_shared<std::string>();
  auto role = std::make_shared<std::string>();
  auto pin_file = std::make_shared<std::string>();
  auto* add = cashier->add_subcommand("add", "Add a cashier; the PIN is asked for");
  add->add_option("NAME", *name, "As signed in with and printed on receipts")->required();
  add->add_option("--role", *role, "cashier, supervisor or manager")
      ->required()
      ->check(CLI::IsMember({"cashier", "supervisor", "manager"}));
  add->add_option("--pin-file", *pin_file, "File whose first line is the PIN");
  add->callback([=, &context] {
    context.run = [=, &context] {
      return WithStore(context,
                       [&](store::TillStore& store) { return AddCashier(context, store, *name, *role, *pin_file); });
    };
  });
}

void ReportImport(const Context& context, const std::string& file, const store::ImportReport& report) {
  if (context.json) {
    boost::json::array issues;
    for (const auto& issue : report.issues) issues.push_back({{"line", issue.line}, {"reason", issue.reason}});
    boost::json::array warnings;
    for (const auto& warning : report.warnings) {
      warnings.push_back({{"line", warning.line}, {"reason", warning.reason}});
    }
    boost::json::array notes;
    for (const auto& note : report.notes) notes.push_back(boost::json::string(note));
    PrintJson(boost::json::object{{"format", report.format},
                                  {"rows", report.rows},
                                  {"added", report.added},
                                  {"changed", report.changed},
                                  {"unchanged", report.same},
                                  {"skipped", report.refused},
                                  {"prices_given_by_rule", report.derived_prices},
                                  {"dry_run", report.dry_run},
                                  {"issues", std::move(issues)},
                                  {"warnings", std::move(warnings)},
                                  {"notes", std::move(notes)}});
    return;
  }
  for (const auto& issue : report.issues) {
    std::fprintf(stderr, "%s line %lld: %s\n", file.c_str(), static_cast<long long>(issue.line), issue.reason.c_str());
  }
  for (const auto& warning : report.warnings) {
    std::fprintf(stderr, "%s line %lld: %s\n", file.c_str(), static_cast<long long>(warning.line),
                 warning.reason.c_str());
  }
  for (const auto& note : report.notes) PrintLine(note);
  PrintLine(std::string(report.dry_run ? "would import " : "imported ") + std::to_string(report.added) + " new, " +
            std::to_string(report.changed) + " changed, " + std::to_string(report.same) + " unchanged; " +
            std::to_string(report.refused) + " rows skipped");
  if (report.derived_prices > 0) {
    PrintLine(std::to_string(report.derived_prices) +
              " products had no price and got one by rule (see catalogue import --help): check before selling");
  }
}

base::Expected<int> ImportCatalogue(Context& context, store::TillStore& store, const std::string& file,
                                    const std::string& format, bool dry_run) {
  store::ImportOptions options;
  options.format = format;
  options.dry_run = dry_run;
  const bool show = isatty(STDERR_FILENO) != 0 && !context.json;
  options.progress = [show](const store::ImportProgress& progress) {
    if (show) std::fprintf(stderr, "\r%lld rows", static_cast<long long>(progress.rows));
  };
  auto report = store::ImportCatalogue(store.Catalogue(), file, options);
  if (show) std::fputc('\n', stderr);
  if (!report) return base::Fail(std::move(report.error()));
  ReportImport(context, file, *report);
  const bool nothing = report->refused > 0 && report->added + report->changed + report->same == 0;
  return nothing ? Complain(file + ": not one row could be used") : kDone;
}

void AddCatalogueCommands(CLI::App& app, Context& context) {
  auto* catalogue = app.add_subcommand("catalogue", "Products")->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  auto format = std::make_shared<std::string>("auto");
  auto dry_run = std::make_shared<bool>(false);
  auto* import = catalogue->add_subcommand(
      "import",
      "Read products from a CSV file (UTF-8; .xz is read as it is).\n"
      "Own format: header barcode,name,price and optional sku, category, tax, unit (each or kg), min_age,\n"
      "currency, name_en, name_th, name_vi. Wrong rows are named and skipped; the rest is imported whole or not at "
      "all.\n"
      "A missing price is given by rule, so that a file without prices can be tried out: 5.00 + 0.25 x N (5000 + 250 x "
      "N\n"
      "in currencies without decimals), where N is the number made of the barcode's digits, modulo 1980.");
  import->add_option("FILE", *file)->required();
  import->add_option("--format", *format, "auto, evertill or loyverse")
      ->check(CLI::IsMember({"auto", "evertill", "loyverse", "shopify", "square", "odoo", "openfoodfacts"}));
  import->add_flag("--dry-run", *dry_run, "Report only; change nothing");
  import->callback([=, &context] {
    context.run = [=, &context] {
      return WithStore(context, [&](store::TillStore& store) {
        return ImportCatalogue(context, store, *file, *format, *dry_run);
});
};  // namespace
}  // namespace evertill::cli
);
}

}  // namespace

void AddSetUpCommands(CLI::App& app, Context& context) {
  AddInit(app, context);
  AddCashierCommands(app, context);
  AddCatalogueCommands(app, context);
}

}  // namespace evertill::cli
