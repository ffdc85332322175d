#include "sync/server/commands.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>

#include "app/base/log.h"
#include "app/domain/ids.h"
#include "app/domain/money.h"
#include "sync/server/access.h"
#include "sync/server/admin.h"
#include "sync/server/commands_context.h"
#include "sync/server/errors.h"
#include "sync/server/http_text.h"

namespace evertill::server {

namespace fs = std::filesystem;

namespace {

fs::path DefaultDatabase() {
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base =
      data != nullptr && *data != '\0' ? fs::path(data) : fs::path(home ? home : ".") / ".local/share";
  return base / "evertill-hq" / "hq.db";
}

base::Status Init(Context& context) {
  EVERTILL_ASSIGN(const fs::path file, context.Database());
  std::vector<std::string> hosts = context.arguments.hosts;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0') hosts.emplace_back(name.data());
  for (const char* always : {"localhost", "127.0.0.1", "::1"}) hosts.emplace_back(always);
  EVERTILL_ASSIGN(const InitResult made, Initialise(file, hosts, *context.clock, *context.random));
  std::cout << "Head office is set up: " << file.string() << "\n"
            << "Keys: " << KeyFolderFor(file).string() << " (keep them with every backup)\n"
            << "Start it with: evertill-hq serve; then open this link, which works once, within a day:\n"
            << context.arguments.url << "/first-run?code=" << made.first_admin_code << "\n";
  return {};
}

base::Status AddStoreCommand(Context& context) {
  Arguments& arguments = context.arguments;
  if (!domain::IsPlaceCode(arguments.store)) {
    return base::Fail(ServerErrc::kBadArgument, "store " + arguments.store + ": a code is 1 to 8 of A-Z and 0-9");
  }
  if (!arguments.currency.empty()) EVERTILL_TRY(domain::Currency::Find(arguments.currency));
  if (arguments.store_name.empty()) arguments.store_name = arguments.store;
  EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kWrite));
  const auto add = [&]() -> base::Status {
    EVERTILL_TRY(store->AddStore({arguments.store, arguments.store_name, arguments.currency}, context.clock->Now()));
    return store->Audit(context.clock->Now(), "operator", "store_add", arguments.store);
  };
  EVERTILL_TRY(InTransaction(*store, add));
  std::cout << "Store " << arguments.store << " added.\n";
  return {};
}

base::Status TillCode(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kWrite));
  EVERTILL_ASSIGN(const fs::path file, context.Database());
  const fs::path authority =
      arguments.authority.empty() ? KeyFolderFor(file) / "ca.pem" : fs::path(arguments.authority);
  EVERTILL_ASSIGN(const std::string ca_pem, ReadTextFile(authority));
  std::string code;
  const auto make = [&]() -> base::Status {
    EVERTILL_ASSIGN(
        code, MakeTillCode(*store, arguments.store, arguments.till, ca_pem, context.clock->Now(), *context.random));
    return {};
  };
  EVERTILL_TRY(InTransaction(*store, make));
  std::cout << "One-time code for till " << arguments.store << "/" << arguments.till << ", good for ten minutes:\n"
            << code << "\n";
  return {};
}

base::Status TokenCreate(Context& context) {
  const auto role = ParseRole(context.arguments.role);
  if (!role || *role == TokenRole::kTill) {
    return base::Fail(ServerErrc::kBadArgument, "--role " + context.arguments.role + ": puller, admin or auditor");
  }
  EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kWrite));
  std::string token;
  const auto make = [&]() -> base::Status {
    EVERTILL_ASSIGN(token, MakeToken(*store, *role, context.clock->Now(), *context.random));
    return {};
  };
  EVERTILL_TRY(InTransaction(*store, make));
  std::cout << "Token of role " << context.arguments.role << "; it cannot be shown again:\n" << token << "\n";
  return {};
}

base::Status CatalogueImport(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kWrite));
  EVERTILL_ASSIGN(const ImportReport report,
                  ImportCatalogue(*store, context.arguments.file, context.arguments.currency, context.clock->Now()));
  for (const std::string& problem : report.problems) {
    std::cerr << "evertill-hq: " << context.arguments.file << " " << problem << " (left out)\n";
  }
  std::cout << report.taken << " of " << report.rows << " products taken.\n";
  return {};
}

base::Status VerifyCommand(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kRead));
  EVERTILL_ASSIGN(const VerifyReport report, Verify(*store));
  std::string words;
  for (const std::string& problem : report.problems) words += problem + "\n";
  if (report.problems.empty()) {
    words = std::to_string(report.events) + " events in " + std::to_string(report.chains) +
            " chains: every hash, place and ledger sum is right";
    if (report.parked > 0) words += " (" + std::to_string(report.parked) + " kept without posting)";
    words += ".\n";
  }
  SayDone(context.arguments,
          {{"sound", report.problems.empty()},
           {"events", report.events},
           {"chains", report.chains},
           {"parked", report.parked},
           {"problems", boost::json::value_from(report.problems)}},
          words);
  if (report.problems.empty()) return {};
  return base::Fail(ServerErrc::kDataDamaged, std::to_string(report.problems.size()) + " problems found");
}

base::Status Serve(Context& context) {
  ServeOptions options = context.arguments.serve;
  EVERTILL_ASSIGN(options.database, context.Database());
  const auto listen = ParseHostPort(context.arguments.listen);
  if (!listen)
    return base::Fail(ServerErrc::kBadArgument, "--listen " + context.arguments.listen + ": expected HOST:PORT");
  options.host = listen->host;
  options.port = listen->port;
  // Before any thread is made, so that only the wait below sees these.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  base::LogToStderr(spdlog::level::info);
  EVERTILL_ASSIGN(const auto office, RunningHeadOffice::Start(options, *context.clock, *context.random));
  std::cout << "evertill-hq: listening on " << office->Url() << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  base::LogInfo("stopping");
  return {};
}

}  // namespace

base::Expected<fs::path> Context::Database() const {
  return ParseDatabaseUrl(arguments.database);
}

base::Expected<std::unique_ptr<Store>> Context::Open(StoreAccess access) const {
  EVERTILL_ASSIGN(const fs::path file, Database());
  EVERTILL_ASSIGN(auto store, OpenSqliteStore(file, access, *clock));
  EVERTILL_TRY(LoadEpoch(*store));
  return store;
}

base::Expected<std::unique_ptr<Store>> Context::OpenView() const {
  EVERTILL_ASSIGN(auto store, Open(StoreAccess::kRead));
  EVERTILL_TRY(store->BeginRead());
  return store;
}

base::Expected<std::unique_ptr<OpenOffice>> Context::Office() const {
  EVERTILL_ASSIGN(auto store, Open(StoreAccess::kWrite));
  EVERTILL_ASSIGN(wire::Epoch epoch, LoadEpoch(*store));
  EVERTILL_ASSIGN(const auto hosts, LoadHosts(*store));
  EVERTILL_ASSIGN(const fs::path file, Database());
  EVERTILL_ASSIGN(HeadOfficeKeys keys, LoadOrCreateKeys(KeyFolderFor(file), hosts, *clock, *random));
  return std::make_unique<OpenOffice>(std::move(store), std::move(keys), *clock, *random, std::move(epoch));
}

base::Status OpenOffice::Change(const std::function<base::Status(Store&, const DeskParts&)>& work) {
  return InTransaction(*store_, [&] { return work(*store_, desk_); });
}

void SayDone(const Arguments& arguments, const boost::json::object& told, std::string_view words) {
  if (arguments.json) {
    std::cout << boost::json::serialize(told) << "\n";
  } else {
    std::cout << words;
  }
}

base::Expected<std::string> ReadNamedFile(const std::string& path) {
  constexpr std::uintmax_t kMostBytes = 1 << 20;
  std::error_code error;
  const bool small = fs::is_regular_file(path, error) && fs::file_size(path, error) <= kMostBytes && !error;
  auto text = small ? ReadTextFile(path) : base::Expected<std::string>(base::Fail(ServerErrc::kBadArgument));
  if (!text) return base::Fail(ServerErrc::kBadArgument, path + ": cannot be read");
  return *std::move(text);
}

void CommandTree::AddSetUp() {
  Arguments& arguments = context_.arguments;
  CLI::App* init = Add(&app_, "init", "Set up: database, keys, certificate authority, first link", &Init);
  init->add_option("--host", arguments.hosts, "A name or address that tills will use (repeatable)");
  init->add_option("--url", arguments.url, "How the first administrator's link begins")->capture_default_str();

  CLI::App* serve = Add(&app_, "serve", "Run head office until SIGTERM", &Serve);
  serve->add_option("--listen", arguments.listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  serve->add_flag("--plain-http", arguments.serve.plain_http, "No TLS; only on a loopback address");
  auto* certificate =
      serve->add_option("--certificate", arguments.serve.certificate, "PEM chain instead of the own one");
  auto* key = serve->add_option("--key", arguments.serve.private_key, "PEM key of --certificate");
  certificate->needs(key);
  key->needs(certificate);
  serve->add_option("--ca", arguments.serve.authority, "PEM authority that tills pin, when not the own one");

  CLI::App* store = Group("store", "Stores");
  CLI::App* add = Add(store, "add", "Add a store", &AddStoreCommand);
  add->add_option("code", arguments.store, "1 to 8 of A-Z and 0-9")->required();
  add->add_option("--name", arguments.store_name, "For screen and paper");
  add->add_option("--currency", arguments.currency, "ISO 4217; otherwise that of its first till");

  CLI::App* token = Group("token", "Access tokens");
  CLI::App* create = Add(token, "create", "Make a token (alone on the last line)", &TokenCreate);
  create->add_option("--role", arguments.role, "puller, admin or auditor")->required();

  CLI::App* catalogue = Group("catalogue", "Catalogue for all tills");
  CLI::App* import = Add(catalogue, "import", "Take a CSV file with the header barcode,name,price", &CatalogueImport);
  import->add_option("file", arguments.file, "CSV, UTF-8")->required();
  import->add_option("--currency", arguments.currency, "ISO 4217; otherwise that of the stores");

  CLI::App* till = Group("till", "Tills");
  CLI::App* code = Add(till, "code", "Make a one-time enrolment code (alone on the last line)", &TillCode);
  code->add_option("--store", arguments.store, "Store code")->required();
  code->add_option("--till", arguments.till, "Till code, 1 to 8 of A-Z and 0-9")->required();
  code->add_option("--ca", arguments.authority, "PEM authority, when serve was given one");

  AddAct(&app_, "verify", "Check every chain and every ledger sum", &VerifyCommand);
}

void CommandTree::AddAll() {
  AddSetUp();
  AddMembers();
  AddCards();
  AddRights();
  AddPoints();
  AddCare();
}

int RunHeadOffice(int argc, char** argv) {
  Context context;
  context.arguments.database = "sqlite:" + DefaultDatabase().string();
  Command chosen = nullptr;
  CLI::App app("Evertill head office: takes in what tills have sold, keeps the ledger of points, gives out the log.",
               "evertill-hq");
  app.set_version_flag("--version", std::string("evertill-hq " EVERTILL_VERSION));
  app.add_option("--database", context.arguments.database, "sqlite:PATH; its keys are in PATH.keys")
      ->capture_default_str();
  app.require_subcommand(1);
  CommandTree(app, context, chosen).AddAll();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 knows no other way
    if (error.get_exit_code() == 0) return app.exit(error);
    std::cerr << "evertill-hq: " << error.what() << " (try --help)\n";
    return 2;
  }
  if (const base::Status done = chosen(context); !done) {
    std::cerr << "evertill-hq: " << done.error().ToString() << "\n";
    return 1;
  }
  return 0;
}

}  // namespace evertill::server
