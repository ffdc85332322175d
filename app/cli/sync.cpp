#include <CLI/CLI.hpp>
#include <fstream>
#include <sstream>

#include "app/cli/context.h"
#include "app/cli/output.h"
#include "sync/client/enrol.h"
#include "sync/client/sync_engine.h"

namespace evertill::cli {
namespace {

namespace json = boost::json;

struct EnrolArguments {
  std::string server;
  std::string code;
  std::string ca_file;
  bool anew = false;
};

base::Expected<int> Enroll(const Context& context, store::TillStore& store, const EnrolArguments& given) {
  client::EnrolOptions options{given.server, given.code, {}, {}, given.anew};
  if (!given.ca_file.empty()) {
    std::ifstream in(given.ca_file);
    std::ostringstream pem;
    pem << in.rdbuf();
    if (!in || pem.str().empty()) return base::Fail(store::StoreErrc::kImportFile, given.ca_file + " cannot be read");
    options.ca_pem = pem.str();
  }
  EVERTILL_ASSIGN(const checkout::Enrolment enrolment, client::Enrol(store.Sync(), options));
  EVERTILL_ASSIGN(const checkout::TillIdentity till, store.Sync().Identity());
  if (context.json) {
    PrintJson(json::object{{"server", enrolment.server_url},
                           {"terminal", till.terminal.Name()},
                           {"incarnation", till.terminal.incarnation}});
  } else {
    PrintLine("till " + till.terminal.Name() + " is enrolled at " + enrolment.server_url);
  }
  return kDone;
}

base::Expected<int> SyncOnce(Context& context, store::TillStore& store) {
  client::SyncEngine engine(store.Sync(), store.RightsSync(), *context.clock, *context.random);
  EVERTILL_ASSIGN(const client::SyncReport report, engine.RunOnce());
  if (context.json) {
    PrintJson(json::object{{"uploaded", report.uploaded},
                           {"acked", report.acked_seq},
                           {"head", report.head_seq},
                           {"products", report.products},
                           {"members", report.members},
                           {"grants", report.grants},
                           {"permits", report.permits},
                           {"returned", report.returned},
                           {"new_life", report.new_life}});
  } else {
    PrintLine("sent " + std::to_string(report.uploaded) + " events, " + std::to_string(report.acked_seq) + " of " +
              std::to_string(report.head_seq) + " acknowledged; received " + std::to_string(report.products) +
              " products, " + std::to_string(report.members) + " members and " + std::to_string(report.grants) +
              " rights to spend points; gave back " + std::to_string(report.returned));
  }
  return kDone;
}

base::Expected<int> SyncStatus(const Context& context, store::TillStore& store) {
  EVERTILL_ASSIGN(const std::optional<checkout::Enrolment> enrolment, store.Sync().GetEnrolment());
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store.Sync().Cursor());
  EVERTILL_ASSIGN(const int64_t pending, store.Sync().PendingSales());
  EVERTILL_ASSIGN(const store::RightsSummary rights, store.SummariseRights());
  const std::string hello = rights.last_hello ? base::FormatUtc(*rights.last_hello) : std::string();
  if (context.json) {
    PrintJson(json::object{{"enrolled", enrolment.has_value()},
                           {"server", enrolment ? json::value(enrolment->server_url) : json::value(nullptr)},
                           {"head", cursor.head_seq},
                           {"acked", cursor.acked_seq},
                           {"durable", cursor.durable_seq},
                           {"pending_events", cursor.head_seq - cursor.acked_seq},
                           {"pending_sales", pending},
                           {"grants", rights.grants},
                           {"grant_points", rights.grant_points},
                           {"local_points", rights.local_points},
                           {"grants_returned", rights.grants_returned},
                           {"permits", rights.permits},
                           {"reserved", rights.reserved},
                           {"lost_cards_version", rights.revocations},
                           {"clock_unsafe", rights.clock_unsafe},
                           {"last_hello", hello.empty() ? json::value(nullptr) : json::value(hello)}});
  } else {
    PrintLine((enrolment ? "enrolled at " + enrolment->server_url : std::string("not enrolled")) + "; " +
              std::to_string(cursor.acked_seq) + " of " + std::to_string(cursor.head_seq) + " events acknowledged; " +
              std::to_string(pending) + " sales only here");
    PrintLine("rights to spend points: " + std::to_string(rights.grants) + " grants with " +
              std::to_string(rights.grant_points) + " points, " + std::to_string(rights.local_points) +
              " earned here; " + std::to_string(rights.grants_returned) + " grants given back");
    PrintLine("head office last heard: " + (hello.empty() ? "never" : hello) +
              (rights.clock_unsafe ? "; the clock jumped: no points are spent until it is heard again" : ""));
  }
  return kDone;
}

}  // namespace

void AddSyncCommands(CLI::App& app, Context& context) {
  auto given = std::make_shared<EnrolArguments>();
  auto* enroll = app.add_subcommand("enroll", "Make this till known to head office, once");
  enroll->add_option("--server", given->server, "https://HOST[:PORT] of head office")->required();
  enroll->add_option("--code", given->code, "The one-time code that evertill-hq till code printed")->required();
  enroll->add_option("--ca", given->ca_file,
                     "Head office's authority (PEM); by default fetched and checked by the code");
  enroll->add_flag("--anew", given->anew, "Also when it is enrolled there: head office has fenced this till");
  enroll->callback([given, &context] {
    context.run = [given, &context] {
      return WithStore(context, [&](store::TillStore& store) { return Enroll(context, store, *given); });
    };
  });

  auto status = std::make_shared<bool>(false);
  auto once = std::make_shared<bool>(false);
  auto* sync = app.add_subcommand("sync", "Send what waits to head office and take down what changed");
  auto* once_flag = sync->add_flag("--once", *once, "One round (the default)");
  sync->add_flag("--status", *status, "Only say how far the till has come")->excludes(once_flag);
  sync->callback([status, &context] {
    context.run = [status, &context] {
      return WithStore(context, [&](store::TillStore& store) {
        return *status ? SyncStatus(context, store) : SyncOnce(context, store);
      });
    };
  });
}

}  // namespace evertill::cli
