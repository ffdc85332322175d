#include <boost/json.hpp>
#include <iostream>
#include <set>

#include "sync/server/admin.h"
#include "sync/server/commands_context.h"
#include "sync/server/errors.h"
#include "sync/server/office_claims.h"
#include "sync/server/office_periods.h"

namespace evertill::server {

namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr int64_t kMostRows = 100'000;
constexpr size_t kLongestUrl = 8192;

constexpr const char* kProgrammeKeys = R"(The file is one JSON object. What is not given has the value in brackets.
  version                  whole number, above the one in force
  currency                 "THB"
  earn.points, earn.per    points for each whole amount spent: 1, "25.00"
  worth.points, .amount    what points are worth when they are spent: 10, "1.00"
  lots.activation_hours    hours until earned points can be spent elsewhere [0]
  lots.expiry_days         days until earned points expire; 0: never [0]
  redeem.stand_in.member   C: points a member may spend at a till past the rights it holds; needs .till too [0]
  redeem.stand_in.till     G: of all members together at one till between two syncs; needs .member too [0]
  redeem.denylist_hours    a till whose list of lost cards is older redeems nothing [72]
  redeem.day_limit         points of one member at one till in a day; 0: no limit [0]
  redeem.grant_days        days that a till may use what it was granted [30]
  redeem.pin               "when_set" or "always" ["when_set"])";

base::Status PointsClose(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const base::Instant until, ParsePeriodEnd(arguments.until));
  EVERTILL_ASSIGN(const auto office, context.Office());
  ClosedPeriod period;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(period, ClosePeriod(store, desk, until, arguments.force));
    return {};
  }));
  std::string words = "Closed until " + base::FormatUtc(until) + ": " + std::to_string(period.expired) +
                      " points expired, " + std::to_string(period.covered) + " points of lots below zero covered, " +
                      std::to_string(period.activated) + " lots activated.\n";
  for (const std::string& till : period.behind) words += "Not waited for: " + till + "\n";
  SayDone(arguments,
          {{"until", base::FormatUtc(until)},
           {"expired", period.expired},
           {"covered", period.covered},
           {"activated", period.activated},
           {"not_waited_for", json::value_from(period.behind)}},
          words);
  return {};
}

/// A file that is there is read; anything else is taken as the text itself.
base::Expected<std::string> ReadProofArgument(const std::string& argument) {
  std::error_code ignored;
  if (argument.find('#') != std::string::npos || !fs::is_regular_file(argument, ignored)) return argument;
  EVERTILL_ASSIGN(std::string text, ReadNamedFile(argument));
  if (text.size() > kLongestUrl)
    return base::Fail(ServerErrc::kBadArgument, argument + ": too long for a receipt's URL");
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

json::object DescribeClaim(const ClaimRow& claim) {
  return {{"event", claim.event_id}, {"member", claim.member},     {"points", claim.points},
          {"state", claim.state},    {"evidence", claim.evidence}, {"at", base::FormatUtc(claim.at)}};
}

std::string ClaimWords(const ClaimRow& claim) {
  return claim.event_id + " " + claim.state + ": " + std::to_string(claim.points) + " points for member " +
         claim.member + ", receipt " + claim.evidence + "\n";
}

base::Status ClaimTake(Context& context) {
  if (context.arguments.what.empty()) {
    return base::Fail(ServerErrc::kBadArgument, "give what the receipt's QR says, or a file with it");
  }
  EVERTILL_ASSIGN(const std::string text, ReadProofArgument(context.arguments.what));
  EVERTILL_ASSIGN(const auto office, context.Office());
  ClaimRow claim;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(claim, TakeClaim(store, desk, text));
    return {};
  }));
  SayDone(context.arguments, DescribeClaim(claim),
          ClaimWords(claim) + "Give the points out with: evertill-hq claim release " + claim.event_id + "\n");
  return {};
}

using Decide = base::Expected<ClaimRow> (*)(Store&, const DeskParts&, std::string_view);

base::Status DecideClaim(Context& context, Decide decide) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  ClaimRow claim;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(claim, decide(store, desk, context.arguments.what));
    return {};
  }));
  SayDone(context.arguments, DescribeClaim(claim), ClaimWords(claim));
  return {};
}
base::Status ClaimRelease(Context& context) {
  return DecideClaim(context, &ReleaseClaim);
}
base::Status ClaimRefuse(Context& context) {
  return DecideClaim(context, &RefuseClaim);
}

base::Status ClaimList(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const auto claims, store->Claims(context.arguments.all ? "" : "waiting", kMostRows));
  json::array rows;
  for (const ClaimRow& claim : claims) {
    rows.push_back(DescribeClaim(claim));
    if (!context.arguments.json) std::cout << ClaimWords(claim);
  }
  if (context.arguments.json) std::cout << json::serialize(rows) << "\n";
  return {};
}

base::Expected<std::string> OneCurrency(Store& store, const Arguments& arguments) {
  if (!arguments.currency.empty()) return arguments.currency;
  EVERTILL_ASSIGN(const auto stores, store.Stores());
  std::set<std::string> known;
  for (const StoreRow& row : stores) {
    if (!row.currency.empty()) known.insert(row.currency);
  }
  if (known.size() == 1) return *known.begin();
  return base::Fail(ServerErrc::kBadArgument, "give --currency: it does not follow from the stores that are known");
}

base::Status ProgrammeShow(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const std::string currency, OneCurrency(*store, context.arguments));
  EVERTILL_ASSIGN(const std::string text, ProgrammeText(*store, currency));
  std::cout << text << "\n";
  return {};
}

base::Status ProgrammeSet(Context& context) {
  EVERTILL_ASSIGN(const std::string rules, ReadNamedFile(context.arguments.file));
  EVERTILL_ASSIGN(const auto office, context.Office());
  EVERTILL_ASSIGN(const std::string currency, OneCurrency(office->GetStore(), context.arguments));
  std::string text;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(text, SetProgrammeText(store, desk, rules, currency));
    return {};
  }));
  SayDone(context.arguments, {{"currency", currency}, {"programme", json::parse(text)}},
          "Tills in " + currency + " go by this when they have synced:\n" + text + "\n");
  return {};
}

}  // namespace

void CommandTree::AddPoints() {
  Arguments& arguments = context_.arguments;
  CLI::App* close =
      AddAct(Group("points", "Points as a whole"), "close", "Close the books: points expire", &PointsClose);
  close->add_option("--until", arguments.until, "The last day (YYYY-MM-DD, UTC), or a moment")->required();
  close->add_flag("--force-after-grace", arguments.force, "Go on without tills that stay silent after 7 days");

  CLI::App* claim = app_.add_subcommand("claim", "Points of a receipt whose till's disk is lost: claim URL|FILE");
  claim->add_option("receipt", arguments.what, "What the receipt's QR says, or a file with it");
  claim->require_subcommand(0, 1);
  AddJson(claim);
  claim->callback([this, claim] {
    if (claim->get_subcommands().empty()) chosen_ = &ClaimTake;
  });
  const auto decide = [&](const char* name, const char* help, Command function) {
    CLI::App* command = Add(claim, name, help, function);
    command->add_option("event", arguments.what, "Event id, as claim list shows it")->required();
    AddJson(command);
  };
  decide("release", "Give a claim's points out", &ClaimRelease);
  decide("refuse", "Take a claim's points back", &ClaimRefuse);
  CLI::App* list = Add(claim, "list", "Claims that wait", &ClaimList);
  list->add_flag("--all", arguments.all, "Decided ones too");
  AddJson(list);

  CLI::App* programme = Group("programme", "How points are earned and what they are worth");
  CLI::App* show = Add(programme, "show", "The rules in force, as JSON", &ProgrammeShow);
  show->add_option("--currency", arguments.currency, "ISO 4217; otherwise that of the stores");
  CLI::App* set = AddAct(programme, "set", "New rules for every till", &ProgrammeSet);
  set->footer(kProgrammeKeys);
  set->add_option("file", arguments.file, "JSON, with a version above the one in force")->required();
  set->add_option("--currency", arguments.currency, "ISO 4217; otherwise that of the stores");
}

}  // namespace evertill::server
