#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/base/assets.h"
#include "app/cli/context.h"
#include "app/cli/output.h"
#include "app/presenters/device_view.h"
#include "app/presenters/receipt_templates.h"
#include "devices/setup/devices.h"
#include "devices/setup/till_config.h"

namespace evertill::cli {
namespace {

namespace json = boost::json;

constexpr int kDevicesAnswer = 5000;  // milliseconds: a device that has said nothing by then is told as that
constexpr uintmax_t kLittleDisk = 200ULL * 1024 * 1024;

struct Finding {
  std::string what;
  bool good = false;
  std::string found;
  std::string advice;  ///< what to do; empty when all is well
};

Finding CheckDisk(const std::filesystem::path& dir) {
  std::error_code error;
  const auto space = std::filesystem::space(dir, error);
  const bool good = !error && space.available >= kLittleDisk;
  return {"disk", good, std::to_string(error ? 0 : space.available / (1024 * 1024)) + " MB free",
          good ? "" : "free some space: below 200 MB sales are soon refused"};
}

Finding CheckDatabase(store::TillStore& store) {
  const auto checked = store.CheckDatabase();
  return {"database", checked.has_value(), checked ? "sound" : checked.error().ToString(),
          checked ? "" : "keep a copy of the data directory and call support; do not delete anything"};
}

Finding CheckJournal(store::TillStore& store) {
  const auto report = store.VerifyJournal();
  return {
      "journal", report.has_value(),
      report ? std::to_string(report->events) + " events, every hash right" : report.error().ToString(),
      report ? "" : "keep a copy of the data directory and call support: somebody or something changed the journal"};
}

Finding CheckCatalogue(store::TillStore& store) {
  const auto count = store.Catalogue().Count();
  const bool good = count && *count > 0;
  return {"catalogue", good, count ? std::to_string(*count) + " products" : count.error().ToString(),
          good ? "" : "import products: evertillctl --data-dir DIR catalogue import FILE"};
}

Finding CheckCashiers(store::TillStore& store) {
  const auto cashiers = store.Cashiers().List();
  const bool good = store.Identity().unattended.has_value() || (cashiers && !cashiers->empty());
  return {"cashiers", good,
          store.Identity().unattended ? "unattended" : std::to_string(cashiers ? cashiers->size() : 0) + " may sign in",
          good ? "" : "add one: evertillctl --data-dir DIR cashier add NAME --role manager"};
}

Finding CheckHeadOffice(store::TillStore& store) {
  const auto enrolment = store.Sync().GetEnrolment();
  const auto cursor = store.Sync().Cursor();
  const auto pending = store.Sync().PendingSales();
  const bool enrolled = enrolment && *enrolment;
  std::string found = enrolled ? "enrolled at " + (*enrolment)->server_url : "not enrolled";
  if (cursor && pending) {
    found += ", " + std::to_string(cursor->acked_seq) + " of " + std::to_string(cursor->head_seq) +
             " events acknowledged, " + std::to_string(*pending) + " sales only here";
  }
  return {"head office", enrolled, found,
          enrolled ? "" : "enroll with a code from evertill-hq till code; the till sells without it"};
}

/// Each device that till.toml names, tried for real.
std::vector<Finding> CheckDevices(const Context& context) {
  const auto config = devices::setup::LoadTillConfig(context.data_dir);
  if (!config) return {{"devices", false, config.error().ToString(), "mend till.toml"}};
  const auto opened = devices::setup::Devices::Open(*config, context.data_dir, *context.clock);
  if (!opened) return {{"devices", false, opened.error().ToString(), "mend till.toml"}};
  std::vector<Finding> findings;
  const auto words = presenters::Words::For("en");
  for (const auto& status : (*opened)->AwaitStatuses(kDevicesAnswer)) {
    const auto view = presenters::DeviceViewOf(status, *words);
    std::string found = view.state + " · " + status.address;
    if (!status.name.empty()) found += " · " + status.name;
    if (!status.detail.empty()) found += " (" + status.detail + ")";
    findings.push_back({view.title, view.urgency == presenters::Urgency::kNone, found, view.advice});
  }
  if (config->printer.empty()) {
    findings.insert(findings.begin(), {"Receipt printer", true, "none set up: receipts are kept, not printed", ""});
  }
  return findings;
}

Finding CheckReceipts(store::TillStore& store) {
  const auto waiting = store.Prints().Waiting();
  if (!waiting) {
    return {"receipts", false, waiting.error().ToString(), "keep a copy of the data directory and call support"};
  }
  std::string open;
  for (const auto& record : *waiting) {
    open +=
        (open.empty() ? "" : ", ") + record.receipt.Value() + " " + std::string(store::PrintStateName(record.state));
  }
  return {"receipts", open.empty(), open.empty() ? "none waits for paper" : open,
          open.empty() ? "" : "look at the paper; evertillctl --data-dir DIR receipt print NUMBER prints one again"};
}

Finding CheckTemplates(const Context& context) {
  const auto templates = presenters::ReceiptTemplates::ForTill(context.data_dir);
  std::string wrong;
  for (const auto& problem : templates.Problems()) wrong += (wrong.empty() ? "" : "; ") + problem.ToString();
  return {"papers", wrong.empty(), wrong.empty() ? "every template is right" : wrong,
          wrong.empty() ? "" : "mend it; until then what came with Evertill is printed"};
}

Finding CheckLanguages() {
  std::error_code error;
  const auto locale = base::AssetsDir() / "locale";
  const bool good = std::filesystem::exists(locale / "th" / "LC_MESSAGES" / "evertill.mo", error) &&
                    std::filesystem::exists(locale / "vi" / "LC_MESSAGES" / "evertill.mo", error);
  return {"languages", good, good ? "en, th, vi" : "only en: no words under " + locale.string(),
          good ? "" : "install Evertill's shared files again"};
}

base::Expected<int> Examine(const Context& context, store::TillStore& store) {
  std::vector<Finding> findings{
      CheckDisk(context.data_dir), CheckDatabase(store),   CheckJournal(store), CheckCatalogue(store),
      CheckCashiers(store),        CheckHeadOffice(store), CheckLanguages(),    CheckReceipts(store),
      CheckTemplates(context)};
  for (auto& finding : CheckDevices(context)) findings.push_back(std::move(finding));
  json::array rows;
  bool sound = true;
  for (const auto& finding : findings) {
    sound = sound && finding.good;
    if (context.json) {
      rows.push_back(
          {{"what", finding.what}, {"ok", finding.good}, {"found", finding.found}, {"advice", finding.advice}});
      continue;
    }
    PrintLine(std::string(finding.good ? "ok    " : "LOOK  ") + finding.what + ": " + finding.found);
    if (!finding.advice.empty()) PrintLine("      " + finding.advice);
  }
  if (context.json) PrintJson(json::object{{"ok", sound}, {"findings", std::move(rows)}});
  return sound ? kDone : kFailed;
}

/// What to do about a till that cannot even be opened.
std::string AdviceFor(const base::Error& error) {
  const std::string_view name = error.Name();
  if (name == "no_data_dir") return "make the till first: evertillctl --data-dir DIR init --help";
  if (name == "data_dir_in_use") return "close the till that is running here, then look again";
  if (name == "newer_database") return "install the newer Evertill that wrote this; nothing was changed";
  if (name.find("read_only") != std::string_view::npos) return "make the directory and its disk writable again";
  if (name.find("full") != std::string_view::npos) return "free some space on the disk";
  return "keep a copy of the data directory and call support; do not delete anything";
}

int CannotOpen(const Context& context, const base::Error& error) {
  if (context.json) {
    PrintJson(json::object{
        {"ok", false},
        {"findings", {{{"what", "till"}, {"ok", false}, {"found", error.ToString()}, {"advice", AdviceFor(error)}}}}});
    return kFailed;
  }
  return Complain(error.ToString() + " - " + AdviceFor(error));
}

}  // namespace

void AddDoctorCommand(CLI::App& app, Context& context) {
  app.add_subcommand("doctor", "Check everything and say what to do; exit 1 when something needs a look")
      ->callback([&context] {
        context.run = [&context] {
          auto store = context.OpenStore();
          if (!store) return CannotOpen(context, store.error());
          const auto code = Examine(context, **store);
          return code ? *code : Complain(code.error());
        };
      });
}

}  // namespace evertill::cli
