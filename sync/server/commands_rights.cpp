#include <boost/json.hpp>
#include <iostream>

#include "app/loyalty/ledger.h"
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
  std::cout << "Reclaimed " << reclaimed.grants << " grants, " << reclaimed.points << " points; LOCAL "
            << reclaimed.local_points << " points. What the till spent of them and has not told may be overspent.\n";
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
  std::cout << "Closed; " << points << " points are available again.\n";
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
          {"terms", json::object{{"cp", row.stand_in},
                                 {"f", row.reclaimed},
                                 {"w", row.windows},
                                 {"r", row.copies},
                                 {"q", row.claims},
                                 {"k", row.figures.clawed_back}}},
          {"written_off", row.written_off}};
}

base::Status OverspendCommand(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const auto overspends, Overspends(*store, kMostRows));
  json::array rows;
  int64_t whole = 0;
  for (const OverspendRow& row : overspends) {
    whole += row.figures.Overspend();
    rows.push_back(DescribeOverspend(row));
    if (context.arguments.json) continue;
    std::cout << row.figures.member << ": overspent " << row.figures.Overspend() << " of at most " << row.Bound()
              << " (C*P " << row.stand_in << ", F " << row.reclaimed << ", W " << row.windows << ", R " << row.copies
              << ", Q " << row.claims << "); clawed back K " << row.figures.clawed_back << "; owes "
              << row.figures.Debt() << "\n";
  }
  if (context.arguments.json) {
    std::cout << ToText({{"members", std::move(rows)}, {"overspend", whole}}) << "\n";
  } else {
    std::cout << overspends.size() << " members owe points; " << whole << " points overspent.\n";
  }
  return {};
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
  if (context.arguments.json) {
    std::cout << ToText({{"forks", std::move(forks)}, {"fenced", std::move(fenced)}}) << "\n";
  }
  return {};
}

base::Status TillFence(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  int64_t incarnation = 0;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(incarnation, FenceTill(store, desk, context.arguments.till));
    return {};
  }));
  std::cout << LifeName(context.arguments.till, incarnation)
            << " gets no more rights; what it sends is still taken. Its grants: evertill-hq grant list --till "
            << context.arguments.till << "\n";
  return {};
}

base::Status WriteOffCommand(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  int64_t points = 0;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(points, WriteOff(store, desk, context.arguments.member, context.arguments.store));
    return {};
  }));
  std::cout << points << " points written off at the expense of " << context.arguments.store << ".\n";
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
  CLI::App* reclaim = Add(grant, "reclaim", "Take rights back by force, of a till that is lost", &GrantReclaim);
  reclaim->add_option("grant", arguments.what, "One grant's id");
  reclaim->add_option("--till", arguments.till, "STORE/TILL: all that it holds, LOCAL too; its life is fenced");
  reclaim->add_option("--incarnation", arguments.incarnation, "Which life of the till; otherwise the newest");
  reclaim->add_option("--member", arguments.member, "Of this member alone; the till is not fenced then");
  CLI::App* hold = Group("hold", "Points reserved for a redemption");
  AddJson(Add(hold, "list", "Holds that are open", &HoldList));
  CLI::App* close = Add(hold, "close", "Free what a till that is not coming back had reserved", &HoldClose);
  close->add_option("event", arguments.what, "Event id, as hold list shows it")->required();
  AddJson(Add(Group("debt", "Points that are owed"), "list", "Members who owe points", &DebtList));
  AddJson(Add(&app_, "overspend", "What was overspent, against its bound", &OverspendCommand));
  AddJson(Add(Group("fork", "Tills whose chain has two histories"), "list", "Second histories and fenced tills",
              &ForkList));
  CLI::App* fence = Add(app_.get_subcommand("till"), "fence", "No more rights for a till's newest life", &TillFence);
  fence->add_option("till", arguments.till, "STORE/TILL")->required();
  CLI::App* write_off = Add(&app_, "write-off", "Settle a member's debt at a store's expense", &WriteOffCommand);
  AddMember(write_off);
  write_off->add_option("--store", arguments.store, "Store code")->required();
}

}  // namespace evertill::server
