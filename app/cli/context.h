#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "app/store/till_store.h"

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace evertill::cli {

/// What every command is given: where the till is, and how to answer.
struct Context {
  std::filesystem::path data_dir;
  bool json = false;
  std::unique_ptr<base::Clock> clock = base::MakeSystemClock();
  std::unique_ptr<base::Random> random = base::MakeSystemRandom();
  /// Set by the parser to what the chosen command does; returns the exit code.
  std::function<int()> run;

  [[nodiscard]] base::Expected<std::unique_ptr<store::TillStore>> OpenStore() const {
    return store::TillStore::Open(data_dir, *clock, *random);
  }
};

/// Opens the till and runs `work` on it; an error becomes one line and exit code 1.
int WithStore(Context& context, const std::function<base::Expected<int>(store::TillStore&)>& work);

/// A check for options that count: a whole number from 0, said in words.
CLI::Validator ZeroOrMore();

/// Each adds its commands to the parser. The context outlives it.
void AddSetUpCommands(CLI::App& app, Context& context);    // init, cashier, catalogue
void AddDoctorCommand(CLI::App& app, Context& context);    // doctor
void AddPlayCommand(CLI::App& app, Context& context);      // play
void AddMemberCommands(CLI::App& app, Context& context);   // member
void AddReceiptCommands(CLI::App& app, Context& context);  // receipt
void AddScannerCommands(CLI::App& app, Context& context);  // scanner
void AddPrinterCommands(CLI::App& app, Context& context);  // printer
void AddJournalCommands(CLI::App& app, Context& context);  // journal
void AddSyncCommands(CLI::App& app, Context& context);     // enroll, sync

}  // namespace evertill::cli
