#pragma once

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sync/server/keys.h"
#include "sync/server/serve.h"
#include "sync/server/sqlite_store.h"
#include "sync/server/till_desk.h"

namespace evertill::server {

/// What the command line said.
struct Arguments {
  std::string database;
  std::vector<std::string> hosts;
  std::string url = "https://localhost:8443";
  std::string listen = "127.0.0.1:8443";
  ServeOptions serve;
  std::string store;
  std::string store_name;
  std::string currency;
  std::string till;
  std::string authority;
  std::string role;
  std::string file;
  std::string member;
  std::string other_member;
  std::string reason;
  std::string what;  ///< a card, grant, event, claim: whatever the command is about
  std::string until;
  std::string note;
  std::string pin;
  bool pin_given = false;  ///< --pin, also with nothing in it
  std::string pin_file;
  std::string png;
  std::string pdf;
  int64_t points = 0;
  int64_t number = 0;
  int64_t incarnation = 0;
  int level = 1;
  bool force = false;
  bool all = false;
  bool json = false;
};

/// Head office's database with what its acts are made with.
class OpenOffice {
 public:
  OpenOffice(std::unique_ptr<Store> opened, HeadOfficeKeys keys, const base::Clock& clock, base::Random& random,
             wire::Epoch epoch)
      : store_(std::move(opened)), keys_(std::move(keys)), desk_{clock, random, keys_, std::move(epoch), {}} {}
  [[nodiscard]] Store& GetStore() { return *store_; }
  [[nodiscard]] const DeskParts& Desk() const { return desk_; }
  /// In one transaction: all of it or nothing.
  [[nodiscard]] base::Status Change(const std::function<base::Status(Store&, const DeskParts&)>& work);

 private:
  std::unique_ptr<Store> store_;
  HeadOfficeKeys keys_;
  DeskParts desk_;
};

/// Clock, random and database: what every command uses.
struct Context {
  Arguments arguments;
  std::unique_ptr<base::Clock> clock = base::MakeSystemClock();
  std::unique_ptr<base::Random> random = base::MakeSystemRandom();

  [[nodiscard]] base::Expected<std::filesystem::path> Database() const;
  [[nodiscard]] base::Expected<std::unique_ptr<Store>> Open(StoreAccess access) const;
  /// For reading, all of it as it stands at one moment.
  [[nodiscard]] base::Expected<std::unique_ptr<Store>> OpenView() const;
  [[nodiscard]] base::Expected<std::unique_ptr<OpenOffice>> Office() const;
};

/// A small file that the command line named. kBadArgument with its path when it cannot be read.
[[nodiscard]] base::Expected<std::string> ReadNamedFile(const std::string& path);

/// What a command did, on standard output: one JSON object on a line with --json, otherwise in words.
void SayDone(const Arguments& arguments, const boost::json::object& told, std::string_view words);

/// The command that was chosen.
using Command = base::Status (*)(Context&);

/// Puts commands under `app`; each part of head office has its own function and file.
class CommandTree {
 public:
  CommandTree(CLI::App& app, Context& context, Command& chosen) : app_(app), context_(context), chosen_(chosen) {}
  void AddAll();

 private:
  void AddSetUp();
  void AddMembers();
  void AddCards();
  void AddRights();
  void AddPoints();
  void AddCare();

  /// A group of commands: one of them must be given.
  CLI::App* Group(const char* name, const char* help) { return app_.add_subcommand(name, help)->require_subcommand(1); }
  /// A command under `parent` that also answers as JSON.
  CLI::App* AddAct(CLI::App* parent, const char* name, const char* help, Command function) {
    CLI::App* command = Add(parent, name, help, function);
    AddJson(command);
    return command;
  }
  /// A command under `parent`.
  CLI::App* Add(CLI::App* parent, const char* name, const char* help, Command function) {
    CLI::App* command = parent->add_subcommand(name, help);
    command->callback([this, function] { chosen_ = function; });
    return command;
  }
  void AddJson(CLI::App* command) { command->add_flag("--json", context_.arguments.json, "As JSON"); }
  void AddMember(CLI::App* command) {
    command->add_option("member", context_.arguments.member, "Id, card or phone number")->required();
  }

  CLI::App& app_;
  Context& context_;
  Command& chosen_;
};

}  // namespace evertill::server
