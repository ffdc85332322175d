#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "app/cli/context.h"
#include "app/cli/output.h"
#include "devices/link/open_link.h"
#include "devices/printer/printer_error.h"
#include "devices/printer/profiles.h"
#include "devices/printer/test_page.h"
#include "devices/setup/devices.h"
#include "devices/setup/setup_error.h"
#include "devices/setup/till_config.h"

namespace evertill::cli {
namespace {

namespace json = boost::json;
using devices::printer::PrinterErrc;
using devices::printer::PrinterProfile;
using devices::printer::Profiles;

constexpr int kStallMs = 10000;

struct TestOptions {
  std::string to;
  std::string profile;
  std::string answers;
  std::string save;
};

base::Expected<int> List(const Context& context) {
  const Profiles profiles = Profiles::ForTill(context.data_dir);
  json::array all;
  for (const std::string& name : profiles.Names()) {
    const auto profile = profiles.Find(name);
    if (context.json) {
      json::object one{{"name", name}};
      if (profile) {
        one["title"] = profile->title;
        one["paper_mm"] = profile->paper_mm;
        one["dots"] = profile->dots;
      } else {
        one["error"] = profile.error().ToString();
      }
      all.push_back(std::move(one));
    } else {
      const std::string what = profile ? std::to_string(profile->paper_mm) + " mm, " + std::to_string(profile->dots) +
                                             " dots  " + profile->title
                                       : profile.error().ToString();
      PrintLine(name + std::string(name.size() < 20 ? 20 - name.size() : 1, ' ') + what);
    }
  }
  if (context.json) PrintJson(json::object{{"profiles", std::move(all)}});
  return kDone;
}

base::Status SendPage(const std::string& to, const PrinterProfile& profile) {
  EVERTILL_ASSIGN(const devices::link::Address address, devices::link::ParseAddress(to));
  EVERTILL_ASSIGN(const std::string page, devices::printer::EncodeTestPage(profile));
  EVERTILL_ASSIGN(const std::unique_ptr<devices::link::Link> link, devices::link::OpenLink(address));
  EVERTILL_ASSIGN(const size_t taken, link->Write(page, kStallMs));
  if (taken < page.size()) {
    return base::Fail(PrinterErrc::kWriteFailed, to + " took " + std::to_string(taken) + " of " +
                                                     std::to_string(page.size()) + " bytes: is there paper?");
  }
  (void)link->Drain(kStallMs);
  return {};
}

/// A file of answers: `key = "answer"`, numbers and true or false as they are.
base::Expected<std::map<std::string, std::string>> ReadAnswers(const std::string& file) {
  try {
    std::map<std::string, std::string> answers;
    for (const auto& [key, node] : toml::parse_file(file)) {
      const std::string name(key.str());
      if (const auto text = node.value_exact<std::string>()) {
        answers[name] = *text;
      } else if (const auto number = node.value_exact<int64_t>()) {
        answers[name] = std::to_string(*number);
      } else if (const auto yes = node.value_exact<bool>()) {
        answers[name] = *yes ? "y" : "n";
      } else {
        return base::Fail(PrinterErrc::kAnswerInvalid, file + ": " + name + " is neither text, number nor yes or no");
      }
    }
    return answers;
  } catch (const toml::parse_error& problem) {
    return base::Fail(PrinterErrc::kAnswerInvalid, file + " line " + std::to_string(problem.source().begin.line) +
                                                       ": " + std::string(problem.description()));
  }
}

/// At the terminal; an answer that cannot be is asked again.
base::Expected<std::map<std::string, std::string>> Ask(const PrinterProfile& profile) {
  std::map<std::string, std::string> answers;
  PrintLine("Look at the paper. An empty answer leaves things as they are in " + profile.name + ".");
  for (const auto& question : devices::printer::TestQuestions(profile)) {
    while (true) {
      std::cout << question.text << ": " << std::flush;
      std::string answer;
      if (!std::getline(std::cin, answer)) {
        return base::Fail(PrinterErrc::kAnswerInvalid, "no answers: nothing was written");
      }
      if (answer.empty()) break;
      const auto fits = devices::printer::ApplyAnswers(profile, {{question.key, answer}});
      if (fits) {
        answers[question.key] = answer;
        break;
      }
      PrintLine(fits.error().Detail());
    }
  }
  return answers;
}

base::Expected<int> Test(const Context& context, const TestOptions& options) {
  const Profiles profiles = Profiles::ForTill(context.data_dir);
  EVERTILL_ASSIGN(devices::setup::TillConfig config, devices::setup::LoadTillConfig(context.data_dir));
  if (!options.profile.empty()) config.printer_profile = options.profile;
  EVERTILL_ASSIGN(PrinterProfile profile, devices::setup::PrinterProfileOf(config, context.data_dir));
  const std::string to = options.to.empty() ? config.printer : options.to;
  if (to.empty()) {
    return base::Fail(devices::setup::SetupErrc::kBadConfig,
                      "no printer: use --to, or set [printer] address in till.toml");
  }
  EVERTILL_TRY(SendPage(to, profile));
  auto answers = options.answers.empty() ? Ask(profile) : ReadAnswers(options.answers);
  if (!answers) return base::Fail(std::move(answers.error()));
  EVERTILL_ASSIGN(PrinterProfile seen, devices::printer::ApplyAnswers(profile, *answers));
  seen.name = options.save.empty() ? "my-" + profile.name : options.save;
  if (options.save.empty() && profile.name.starts_with("my-")) seen.name = profile.name;
  EVERTILL_ASSIGN(const std::filesystem::path file, profiles.Save(seen));
  if (context.json) {
    PrintJson(json::object{{"profile", seen.name}, {"file", file.string()}});
  } else {
    PrintLine("Written: " + file.string());
    PrintLine("To use it, set in till.toml under [printer]: profile = \"" + seen.name + "\"");
  }
  return kDone;
}

/// An error becomes one line and exit code 1.
int Answer(const base::Expected<int>& code) {
  return code ? *code : Complain(code.error());
}

}  // namespace

void AddPrinterCommands(CLI::App& app, Context& context) {
  auto* printer = app.add_subcommand("printer", "The receipt printer and what it can do")->require_subcommand(1);
  printer->add_subcommand("list", "List printer profiles: those that come with Evertill and the shop's own")
      ->callback([&context] { context.run = [&context] { return Answer(List(context)); }; });

  auto options = std::make_shared<TestOptions>();
  auto* test = printer->add_subcommand(
      "test", "Print a test page, ask what is to be seen on it, and write a profile for this printer");
  test->add_option("--to", options->to, "Where to print (default: the till's printer)");
  test->add_option("--profile", options->profile, "Start from this profile (default: the till's)");
  test->add_option("--answers", options->answers, "A file of answers (key = \"answer\") instead of asking");
  test->add_option("--save", options->save, "Name of the profile that is written (default: my-PROFILE)");
  test->callback(
      [options, &context] { context.run = [options, &context] { return Answer(Test(context, *options)); }; });
}

}  // namespace evertill::cli
