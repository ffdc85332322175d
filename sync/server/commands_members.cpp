#include <boost/json.hpp>
#include <iostream>

#include "sync/server/commands_context.h"
#include "sync/server/member_text.h"
#include "sync/server/office_members.h"

namespace evertill::server {

namespace {

base::Status MemberShow(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const MemberTruth truth, LookAtMember(*store, context.arguments.member));
  std::cout << FormatTruth(truth, context.arguments.json);
  return {};
}

base::Status MemberAdjust(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const auto office, context.Office());
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) {
    return AdjustPoints(store, desk, arguments.member, arguments.points, arguments.reason);
  }));
  EVERTILL_ASSIGN(const MemberTruth truth, LookAtMember(office->GetStore(), arguments.member));
  std::cout << "Adjusted by " << arguments.points << ": " << truth.person.points << " points now.\n";
  return {};
}

base::Status MemberMerge(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const auto office, context.Office());
  bool merged = false;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(merged, MergeMembers(store, desk, arguments.member, arguments.other_member));
    return {};
  }));
  EVERTILL_ASSIGN(const MemberTruth truth, LookAtMember(office->GetStore(), arguments.other_member));
  std::cout << (merged ? "Merged" : "They were one before") << ": " << truth.person.id << " stands for "
            << truth.merged_ids.size() + 1 << " ids with " << truth.person.points << " points.\n";
  return {};
}

base::Status MemberExport(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const boost::json::object told, ExportMember(*store, context.arguments.member));
  std::cout << ToText(told) << "\n";
  return {};
}

base::Status MemberErase(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  bool erased = false;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(erased, EraseMember(store, desk, context.arguments.member));
    return {};
  }));
  std::cout << (erased ? "Erased; tills forget this member when they sync next.\n" : "Erased before.\n");
  return {};
}

}  // namespace

void CommandTree::AddMembers() {
  Arguments& arguments = context_.arguments;
  CLI::App* member = Group("member", "Members");
  CLI::App* show = Add(member, "show", "Show a member, their points and where these are", &MemberShow);
  AddMember(show);
  AddJson(show);
  CLI::App* adjust = Add(member, "adjust", "Add points, or take them (below 0)", &MemberAdjust);
  AddMember(adjust);
  adjust->add_option("points", arguments.points, "How many")->required();
  adjust->add_option("--reason", arguments.reason, "A code of a-z, 0-9, - and _; it stays in the log")->required();
  CLI::App* merge = Add(member, "merge", "Make two ids one person; moves no points", &MemberMerge);
  merge->add_option("from", arguments.member, "Id, card or phone number")->required();
  merge->add_option("into", arguments.other_member, "Id, card or phone number")->required();
  AddMember(Add(member, "export", "Everything that is kept about a member, as JSON", &MemberExport));
  AddMember(Add(member, "erase", "Forget the person; sums and chains stay. There is no way back", &MemberErase));
}

}  // namespace evertill::server
