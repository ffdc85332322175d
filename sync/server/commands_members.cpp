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
  SayDone(arguments,
          {{"member", truth.person.id},
           {"adjusted", arguments.points},
           {"points", truth.person.points},
           {"debt", truth.figures.Debt()}},
          "Adjusted by " + std::to_string(arguments.points) + ": " + std::to_string(truth.person.points) +
              " points now.\n");
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
  SayDone(arguments,
          {{"member", truth.person.id},
           {"merged", merged},
           {"ids", truth.merged_ids.size() + 1},
           {"points", truth.person.points}},
          std::string(merged ? "Merged" : "They were one before") + ": " + truth.person.id + " stands for " +
              std::to_string(truth.merged_ids.size() + 1) + " ids with " + std::to_string(truth.person.points) +
              " points.\n");
  return {};
}

base::Status MemberExport(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const boost::json::object told, ExportMember(*store, context.arguments.member));
  std::cout << ToText(told) << "\n";
  return {};
}

/// Other files of the same folder that the person still stands in: what restores put aside, and copies made by backup.
base::Expected<std::vector<std::string>> OlderCopies(Store& store, const std::filesystem::path& database) {
  std::vector<std::string> files;
  const std::string begin = database.filename().string() + ".before-";
  std::error_code error;
  const auto folder = database.has_parent_path() ? database.parent_path() : std::filesystem::path(".");
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = file.path().filename().string();
    const bool beside = name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with(".lock");
    if (name.starts_with(begin) && !beside) files.push_back(file.path().string());
  }
  EVERTILL_ASSIGN(const auto copies, store.Copies());
  for (const CopyRow& copy : copies) files.push_back(copy.name);
  return files;
}

base::Status MemberErase(Context& context) {
  EVERTILL_ASSIGN(const auto office, context.Office());
  bool erased = false;
  EVERTILL_TRY(office->Change([&](Store& store, const DeskParts& desk) -> base::Status {
    EVERTILL_ASSIGN(erased, EraseMember(store, desk, context.arguments.member));
    return {};
  }));
  // Also the second time: whatever kept the log from being emptied then is over now.
  const base::Status emptied = office->GetStore().EmptyLog();
  if (!emptied) {
    std::cerr << "evertill-hq: old pages stay in the database's log until serve stops or this is done again: "
              << emptied.error().ToString() << "\n";
  }
  EVERTILL_ASSIGN(const auto file, context.Database());
  EVERTILL_ASSIGN(const auto copies, OlderCopies(office->GetStore(), file));
  std::string words = erased ? "Erased; tills forget this member when they sync next.\n" : "Erased before.\n";
  for (const std::string& copy : copies) words += "Older, and so not erased there: " + copy + "\n";
  SayDone(context.arguments, {{"erased", true}, {"before", !erased}, {"older_copies", boost::json::value_from(copies)}},
          words);
  return {};
}

}  // namespace

void CommandTree::AddMembers() {
  Arguments& arguments = context_.arguments;
  CLI::App* member = Group("member", "Members");
  CLI::App* show = Add(member, "show", "Show a member, their points and where these are", &MemberShow);
  AddMember(show);
  AddJson(show);
  CLI::App* adjust = AddAct(member, "adjust", "Add points, or take them (below 0)", &MemberAdjust);
  AddMember(adjust);
  adjust->add_option("points", arguments.points, "How many")->required();
  adjust->add_option("--reason", arguments.reason, "A code of a-z, 0-9, - and _; it stays in the log")->required();
  CLI::App* merge = AddAct(member, "merge", "Make two ids one person; moves no points", &MemberMerge);
  merge->add_option("from", arguments.member, "Id, card or phone number")->required();
  merge->add_option("into", arguments.other_member, "Id, card or phone number")->required();
  AddMember(Add(member, "export", "Everything that is kept about a member, as JSON", &MemberExport));
  AddMember(AddAct(member, "erase", "Forget the person; sums and chains stay. There is no way back", &MemberErase));
}

}  // namespace evertill::server
