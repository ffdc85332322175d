#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <map>

#include "app/loyalty/ledger.h"
#include "sync/server/admin.h"
#include "sync/server/commands_context.h"
#include "sync/server/errors.h"
#include "sync/server/office_members.h"
#include "sync/server/office_rights.h"
#include "sync/server/settle.h"

namespace evertill::server {

namespace {

namespace json = boost::json;

constexpr int64_t kMostRows = 100'000;

base::Expected<std::vector<GrantRow>> ChosenGrants(Store& store, const Arguments& arguments) {
  std::vector<GrantRow> grants;
  if (arguments.member.empty()) {
    EVERTILL_ASSIGN(grants, store.OpenGrants(kMostRows));
  } else {
    EVERTILL_ASSIGN(const MemberTruth truth, LookAtMember(store, arguments.member));
    for (const auto& granted : truth.grants) grants.push_back(granted.grant);
  }
  if (!arguments.till.empty()) {
    EVERTILL_ASSIGN(const auto lives, store.LivesOf(arguments.till));
    if (lives.empty()) {
      return base::Fail(ServerErrc::kBadArgument, "no till " + arguments.till + " is known; tills are STORE/TILL");
    }
    std::erase_if(grants, [&](const GrantRow& grant) { return grant.terminal != arguments.till; });
  }
  return grants;
}

base::Status GrantList(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const auto grants, ChosenGrants(*store, context.arguments));
  json::array rows;
  int64_t whole = 0;
  for (const GrantRow& grant : grants) {
    EVERTILL_ASSIGN(const auto sums, store->SumsOfSource(loyalty::kEscrow, grant.id));
    int64_t left = 0;
    for (const SumRow& row : sums) left += row.amount;
    whole += left;
    rows.push_back({{"id", grant.id},
                    {"member", grant.member},
                    {"terminal", grant.terminal},
                    {"incarnation", grant.incarnation},
                    {"cap", grant.cap},
                    {"left", left},
                    {"state", StateName(grant.state)},
                    {"recalled", grant.recalled},
                    {"not_after", base::FormatUtc(base::FromUnixMillis(grant.not_after_ms))}});
    if (context.arguments.json) continue;
    std::cout << grant.id << " " << LifeName(grant.terminal, grant.incarnation) << " member " << grant.member << ": "
              << left << " of " << grant.cap << ", " << StateName(grant.state) << (grant.recalled ? ", asked back" : "")
              << "\n";
  }
  if (context.arguments.json) {
    std::cout << json::serialize(rows) << "\n";
  } else {
    std::cout << grants.size() << " grants out, " << whole << " points.\n";
  }
  return {};
}

base::Status GrantReclaim(Context& context) {
  const Arguments& arguments = context.arguments;
  if (arguments.what.empty() == arguments.till.empty()) {
    return base::Fail(ServerErrc::kBadArgument, "give a grant, or --till STORE/TILL");
  }
  EVERTILL_ASSIGN(const auto office, context.Office());
  Reclaimed reclaimed;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    auto done = arguments.till.empty()
                    ? ReclaimGrant(store, desk, arguments.what)
                    : ReclaimTill(store, desk, arguments.till, arguments.incarnation, arguments.member);
    EVERTILL_ASSIGN(reclaimed, std::move(done));
    return {};
  }));
  std::string words = "Reclaimed " + std::to_string(reclaimed.grants) + " grants, " + std::to_string(reclaimed.points) +
                      " points; LOCAL " + std::to_string(reclaimed.local_points) +
                      " points. What the till spent of them and has not told may be overspent.\n";
  if (!arguments.till.empty() && arguments.member.empty()) {
    words += "Should it come back, it goes on in a new life; to keep it out: evertill-hq till fence " + arguments.till +
             "\n";
  }
  SayDone(arguments,
          {{"grants", reclaimed.grants}, {"points", reclaimed.points}, {"local_points", reclaimed.local_points}},
          words);
  return {};
}

base::Status HoldList(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const auto holds, store->OpenHolds(kMostRows));
  json::array rows;
  for (const HoldRow& hold : holds) {
    const std::string life = LifeName(hold.terminal, hold.incarnation);
    rows.push_back({{"event", hold.event_id},
                    {"member", hold.member},
                    {"life", life},
                    {"points", hold.points},
                    {"at", base::FormatUtc(hold.at)}});
    if (context.arguments.json) continue;
    std::cout << hold.event_id << " " << life << " member " << hold.member << ": " << hold.points << " since "
              << base::FormatUtc(hold.at) << "\n";
  }
  if (context.arguments.json) std::cout << json::serialize(rows) << "\n";
  return {};
}

base::Status HoldClose(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  int64_t points = 0;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(points, CloseHoldByHand(store, desk, context.arguments.what));
    return {};
  }));
  SayDone(context.arguments, {{"event", context.arguments.what}, {"closed", true}, {"points", points}},
          "Closed; " + std::to_string(points) + " points are available again.\n");
  return {};
}

base::Status DebtList(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const auto debtors, store->Debtors(kMostRows));
  json::array rows;
  for (const MemberFigures& figures : debtors) {
    rows.push_back({{"member", figures.member},
                    {"debt", figures.Debt()},
                    {"overspend", figures.Overspend()},
                    {"clawed_back", figures.clawed_back}});
    if (context.arguments.json) continue;
    std::cout << figures.member << " owes " << figures.Debt() << " points: overspent " << figures.Overspend()
              << ", clawed back " << figures.clawed_back << "\n";
  }
  if (context.arguments.json) std::cout << json::serialize(rows) << "\n";
  return {};
}

json::object DescribeOverspend(const OverspendRow& row) {
  return {{"member", row.figures.member},
          {"debt", row.figures.Debt()},
          {"overspend", row.figures.Overspend()},
          {"bound", row.Bound()},
          {"past_bound", row.PastBound()},
          {"terms", json::object{{"cp", row.stand_in},
                                 {"f", row.reclaimed},
                                 {"w", row.windows},
                                 {"r", row.copies},
                                 {"q", row.claims},
                                 {"k", row.figures.clawed_back}}},
          {"written_off", row.written_off}};
}

std::string OverspendWords(const OverspendRow& row) {
  const auto number = [](int64_t points) { return std::to_string(points); };
  return row.figures.member + ": overspent " + number(row.figures.Overspend()) + " of at most " + number(row.Bound()) +
         " (C*P " + number(row.stand_in) + ", F " + number(row.reclaimed) + ", W " + number(row.windows) + ", R " +
         number(row.copies) + ", Q " + number(row.claims) + "); clawed back K " + number(row.figures.clawed_back) +
         "; owes " + number(row.figures.Debt()) + (row.PastBound() ? "; PAST ITS BOUND" : "") + "\n";
}

/// Once for each member, also when somebody has closed the line: what cannot be was seen.
base::Status TellPastBound(Store& store, const std::vector<OverspendRow>& rows, base::Instant now) {
  EVERTILL_ASSIGN(const auto lines, store.Inbox(true, INT64_MAX));
  for (const OverspendRow& row : rows) {
    const bool told = std::any_of(lines.begin(), lines.end(), [&](const InboxRow& line) {
      return line.kind == "past_bound" && line.subject == row.figures.member;
    });
    if (!row.PastBound() || told) continue;
    EVERTILL_TRY(store.AddInbox(now, "past_bound", row.figures.member,
                                "overspent " + std::to_string(row.figures.Overspend()) + " points of at most " +
                                    std::to_string(row.Bound()) +
                                    ": no till that keeps the rules can do this; a till's database may have been "
                                    "changed by hand (see evertillctl doctor there, and evertill-hq till fence)"));
  }
  return {};
}

base::Status OverspendCommand(Context& context) {
  std::vector<OverspendRow> overspends;
  {
    EVERTILL_ASSIGN(const auto store, context.OpenView());
    EVERTILL_ASSIGN(overspends, Overspends(*store, kMostRows));
  }
  json::array rows;
  int64_t whole = 0;
  int64_t past = 0;
  for (const OverspendRow& row : overspends) {
    whole += row.figures.Overspend();
    past += row.PastBound() ? 1 : 0;
    rows.push_back(DescribeOverspend(row));
    if (!context.arguments.json) std::cout << OverspendWords(row);
  }
  if (past > 0) {
    EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kWrite));
    EVERTILL_TRY(InTransaction(*store, [&] { return TellPastBound(*store, overspends, context.clock->Now()); }));
  }
  SayDone(context.arguments, {{"members", std::move(rows)}, {"overspend", whole}, {"past_bound", past}},
          std::to_string(overspends.size()) + " members owe points; " + std::to_string(whole) + " points overspent" +
              (past > 0 ? "; " + std::to_string(past) + " PAST THE BOUND" : "") + ".\n");
  return {};
}

/// Lives that go on from one and the same life: more copies of a disk than one are at work.
base::Expected<json::array> Copies(Store& store) {
  std::map<std::string, std::vector<std::string>> lives;
  EVERTILL_ASSIGN(const auto requests, store.LifeRequests());
  for (const LifeRequestRow& row : requests) {
    lives[LifeName(row.terminal, row.from_life)].push_back(LifeName(row.terminal, row.incarnation));
  }
  json::array copies;
  for (const auto& [from, given] : lives) {
    if (given.size() > 1) copies.push_back({{"from", from}, {"lives", json::value_from(given)}});
  }
  return copies;
}

base::Status ForkList(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const auto branches, store->AllBranches());
  EVERTILL_ASSIGN(const auto terminals, store->Terminals());
  json::array forks, fenced;
  for (const BranchRow& branch : branches) {
    const std::string life = LifeName(branch.terminal, branch.incarnation);
    forks.push_back({{"life", life},
                     {"branch", branch.branch},
                     {"from_branch", branch.from_branch},
                     {"from_seq", branch.from_seq},
                     {"head_seq", branch.head_seq},
                     {"found", base::FormatUtc(branch.found)}});
    if (context.arguments.json) continue;
    std::cout << life << " branch " << branch.branch << ": leaves branch " << branch.from_branch << " after event "
              << branch.from_seq << ", goes to " << branch.head_seq << ", found " << base::FormatUtc(branch.found)
              << "\n";
  }
  for (const TerminalRow& row : terminals) {
    if (row.fenced.empty()) continue;
    const std::string life = LifeName(row.terminal, row.incarnation);
    fenced.push_back({{"life", life}, {"why", row.fenced}});
    if (!context.arguments.json) std::cout << life << " is fenced: " << row.fenced << "\n";
  }
  EVERTILL_ASSIGN(json::array copies, Copies(*store));
  std::string words;
  for (const json::value& copy : copies) {
    std::string lives;
    for (const json::value& life : copy.at("lives").as_array()) {
      lives += (lives.empty() ? "" : " and ") + std::string(life.as_string());
    }
    words += lives + " both go on from " + std::string(copy.at("from").as_string()) +
             ": two copies of one disk are at work\n";
  }
  SayDone(context.arguments,
          {{"forks", std::move(forks)}, {"fenced", std::move(fenced)}, {"two_copies", std::move(copies)}}, words);
  return {};
}

base::Status TillFence(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  int64_t incarnation = 0;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(incarnation, FenceTill(store, desk, context.arguments.till));
    return {};
  }));
  const std::string& till = context.arguments.till;
  SayDone(context.arguments, {{"till", till}, {"incarnation", incarnation}, {"fenced", true}},
          LifeName(till, incarnation) +
              " gets no more rights and no new life until it is enrolled anew with a new code; what it sends is still "
              "taken. Its grants: evertill-hq grant list --till " +
              till + "\n");
  return {};
}

base::Status WriteOffCommand(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  int64_t points = 0;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(points, WriteOff(store, desk, context.arguments.member, context.arguments.store));
    return {};
  }));
  SayDone(context.arguments, {{"points", points}, {"store", context.arguments.store}},
          std::to_string(points) + " points written off at the expense of " + context.arguments.store + ".\n");
  return {};
}

}  // namespace

void CommandTree::AddRights() {
  Arguments& arguments = context_.arguments;
  CLI::App* grant = Group("grant", "Rights to spend points that tills hold");
  CLI::App* list = Add(grant, "list", "Grants that are out", &GrantList);
  list->add_option("--member", arguments.member, "Id, card or phone number");
  list->add_option("--till", arguments.till, "STORE/TILL");
  AddJson(list);
  CLI::App* reclaim = AddAct(grant, "reclaim", "Take rights back by force, of a till that is lost", &GrantReclaim);
  reclaim->add_option("grant", arguments.what, "One grant's id");
  reclaim->add_option("--till", arguments.till, "STORE/TILL: all that it holds, LOCAL too; its life is fenced");
  reclaim->add_option("--incarnation", arguments.incarnation, "Which life of the till; otherwise the newest");
  reclaim->add_option("--member", arguments.member, "Of this member alone; the till is not fenced then");
  CLI::App* hold = Group("hold", "Points reserved for a redemption");
  AddJson(Add(hold, "list", "Holds that are open", &HoldList));
  CLI::App* close = AddAct(hold, "close", "Free what a till that is not coming back had reserved", &HoldClose);
  close->add_option("event", arguments.what, "Event id, as hold list shows it")->required();
  AddJson(Add(Group("debt", "Points that are owed"), "list", "Members who owe points", &DebtList));
  AddJson(Add(&app_, "overspend", "What was overspent, against its bound", &OverspendCommand));
  AddJson(Add(Group("fork", "Tills whose chain has two histories"), "list", "Second histories and fenced tills",
              &ForkList));
  CLI::App* fence =
      AddAct(app_.get_subcommand("till"), "fence", "No more rights for a till until it has a new code", &TillFence);
  fence->add_option("till", arguments.till, "STORE/TILL")->required();
  CLI::App* write_off = AddAct(&app_, "write-off", "Settle a member's debt at a store's expense", &WriteOffCommand);
  AddMember(write_off);
  write_off->add_option("--store", arguments.store, "Store code")->required();
}

}  // namespace evertill::server
