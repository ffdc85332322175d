#include <boost/json.hpp>
#include <iostream>

#include "sync/server/admin.h"
#include "sync/server/commands_context.h"
#include "sync/server/errors.h"
#include "sync/server/office_backup.h"
#include "sync/server/office_support.h"

namespace evertill::server {

namespace {

namespace json = boost::json;

constexpr int64_t kMostRows = 1000;

base::Status InboxList(Context& context) {
  EVERTILL_ASSIGN(const auto store, context.OpenView());
  EVERTILL_ASSIGN(const auto lines, store->Inbox(context.arguments.all, kMostRows));
  json::array rows;
  for (const InboxRow& line : lines) {
    rows.push_back({{"id", line.id},
                    {"at", base::FormatUtc(line.at)},
                    {"kind", line.kind},
                    {"subject", line.subject},
                    {"detail", line.detail},
                    {"done", line.done}});
    if (context.arguments.json) continue;
    std::cout << line.id << " " << base::FormatUtc(line.at) << " " << line.kind << " " << line.subject << ": "
              << line.detail << (line.done ? " (done)" : "") << "\n";
  }
  if (context.arguments.json) std::cout << json::serialize(rows) << "\n";
  return {};
}

base::Status InboxClose(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kWrite));
  const auto close = [&]() -> base::Status {
    EVERTILL_ASSIGN(const auto open, store->Inbox(false, INT64_MAX));
    const bool there =
        std::any_of(open.begin(), open.end(), [&](const InboxRow& line) { return line.id == arguments.number; });
    if (!there) {
      return base::Fail(ServerErrc::kBadArgument, "no open line " + std::to_string(arguments.number) + " in the inbox");
    }
    EVERTILL_ASSIGN(const std::string note, ReadReason(arguments.note));
    EVERTILL_TRY(store->CloseInbox(arguments.number, context.clock->Now()));
    return store->Audit(context.clock->Now(), "operator", "inbox_close",
                        std::to_string(arguments.number) + ": " + note);
  };
  EVERTILL_TRY(InTransaction(*store, close));
  SayDone(arguments, {{"id", arguments.number}, {"closed", true}}, "Closed.\n");
  return {};
}

base::Status BackupCommand(Context& context) {
  const Arguments& arguments = context.arguments;
  EVERTILL_ASSIGN(const auto file, context.Database());
  EVERTILL_ASSIGN(const auto store, context.Open(StoreAccess::kWrite));
  if (arguments.all) {
    EVERTILL_ASSIGN(const auto copies, store->Copies());
    json::array rows;
    for (const CopyRow& copy : copies) {
      rows.push_back({{"path", copy.name}, {"commit_seq", copy.commit_seq}, {"at", base::FormatUtc(copy.at)}});
      if (arguments.json) continue;
      std::cout << copy.name << " up to commit " << copy.commit_seq << ", made " << base::FormatUtc(copy.at) << "\n";
    }
    if (arguments.json) std::cout << json::serialize(rows) << "\n";
    return {};
  }
  if (arguments.file.empty()) return base::Fail(ServerErrc::kBadArgument, "give a PATH, or --list");
  if (arguments.force) {
    EVERTILL_TRY(ForgetBackup(*store, arguments.file, *context.clock));
    SayDone(arguments, {{"path", arguments.file}, {"forgotten", true}},
            "Forgotten; tills need not keep what it lacks.\n");
    return {};
  }
  EVERTILL_TRY(BackUp(*store, file, arguments.file, *context.clock, *context.random));
  const std::string keys = KeyFolderFor(arguments.file).string();
  SayDone(arguments, {{"path", arguments.file}, {"keys", keys}},
          "Copied to " + arguments.file + ", keys to " + keys +
              ". Both are secret. Tills keep what happens from now on until there is a newer copy and this one is "
              "forgotten: evertill-hq backup --forget " +
              arguments.file + "\n");
  return {};
}

base::Status RestoreCommand(Context& context) {
  EVERTILL_ASSIGN(const auto file, context.Database());
  EVERTILL_ASSIGN(const Restored restored,
                  RestoreBackup(file, context.arguments.file, *context.clock, *context.random));
  std::cout << "Restored as epoch " << restored.epoch.counter << ".\n";
  if (!restored.aside.empty()) std::cout << "What stood there is now " << restored.aside.string() << "\n";
  std::cout << "Start serve: tills send again what this copy lacks, and hand back lists of lost cards and erased "
               "members that are newer than it.\n";
  return {};
}

}  // namespace

void CommandTree::AddCare() {
  Arguments& arguments = context_.arguments;
  CLI::App* inbox = Group("inbox", "What somebody should look at");
  CLI::App* list = Add(inbox, "list", "Open lines, the newest first", &InboxList);
  list->add_flag("--all", arguments.all, "Closed ones too");
  AddJson(list);
  CLI::App* close = AddAct(inbox, "close", "Somebody has looked at it", &InboxClose);
  close->add_option("id", arguments.number, "As inbox list shows it")->required();
  close->add_option("--note", arguments.note, "A code of a-z, 0-9, - and _ for the audit trail")->required();

  CLI::App* backup = AddAct(&app_, "backup", "Copy database and keys, also while it is served", &BackupCommand);
  backup->add_option("path", arguments.file, "New file; its keys go to PATH.keys");
  auto* show = backup->add_flag("--list", arguments.all, "Copies that tills keep their events for");
  backup->add_flag("--forget", arguments.force, "The copy PATH is gone or will never be restored")->excludes(show);
  CLI::App* restore = Add(&app_, "restore", "Put a copy in place of the database, as a new epoch", &RestoreCommand);
  restore->add_option("path", arguments.file, "What backup made; its keys are used where there are none")->required();
}

}  // namespace evertill::server
