#pragma once

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "sync/server/access.h"
#include "sync/server/admin.h"
#include "sync/server/errors.h"
#include "sync/server/ingest.h"
#include "sync/server/serve.h"
#include "sync/server/sqlite_store.h"
#include "sync/wire/enrol_code.h"
#include "tests/unit/server/fake_till.h"

namespace evertill::test {

/// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "evertill-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& Path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A head office with one store, on a real database; served over real sockets once Serve() is called.
class Office {
 public:
  Office() {
    const auto made = server::Initialise(file, {"localhost", "127.0.0.1"}, clock, *random);
    REQUIRE(made);
    first_admin_code = made->first_admin_code;
    epoch = made->epoch;
    ca_pem = *server::LoadAuthority(server::KeyFolderFor(file));
    store = *server::OpenSqliteStore(file, server::StoreAccess::kWrite, clock);
    keys.emplace(
        *server::LoadOrCreateKeys(server::KeyFolderFor(file), std::vector<std::string>{"localhost"}, clock, *random));
    Change([&] { return store->AddStore({"S01", "Siam Square", ""}, clock.Now()); });
  }

  void Change(const std::function<base::Status()>& work) {
    const auto done = server::InTransaction(*store, work);
    INFO((done ? std::string() : done.error().ToString()));
    REQUIRE(done);
  }
  std::string TillCode(const std::string& till, const std::string& where = "S01") {
    std::string code;
    Change([&]() -> base::Status {
      EVERTILL_ASSIGN(code, server::MakeTillCode(*store, where, till, ca_pem, clock.Now(), *random));
      return {};
    });
    return code;
  }
  std::string Token(server::TokenRole role) {
    std::string token;
    Change([&]() -> base::Status {
      EVERTILL_ASSIGN(token, server::MakeToken(*store, role, clock.Now(), *random));
      return {};
    });
    return token;
  }
  base::Expected<wire::EnrolReply> TryEnrol(FakeTill& till, const std::string& code) {
    wire::EnrolReply reply;
    const auto request = till.EnrolRequest(wire::EnrolCode::Parse(code)->secret);
    const auto work = [&]() -> base::Status {
      EVERTILL_ASSIGN(reply, server::EnrolTill(*store, request, clock.Now(), *random));
      return {};
    };
    EVERTILL_TRY(server::InTransaction(*store, work));
    return reply;
  }
  wire::EnrolReply Enrol(FakeTill& till) {
    const domain::Terminal terminal = till.Identity()->terminal;
    const auto reply = TryEnrol(till, TillCode(terminal.till.Value(), terminal.store.Value()));
    REQUIRE(reply);
    return *reply;
  }
  [[nodiscard]] server::DeskParts Desk() const { return {clock, *random, *keys, epoch, safeguards}; }
  /// As the server does it: checks, then posts in a transaction.
  base::Expected<server::IngestResult> Take(const wire::Batch& batch) {
    EVERTILL_ASSIGN(const auto terminal, store->FindTerminal(batch.terminal, batch.incarnation));
    REQUIRE(terminal);
    EVERTILL_TRY(server::CheckBatch(batch, *terminal));
    server::IngestResult result;
    const auto work = [&]() -> base::Status {
      EVERTILL_ASSIGN(result, server::PostBatch(*store, Desk(), batch));
      return {};
    };
    EVERTILL_TRY(server::InTransaction(*store, work));
    return result;
  }
  int64_t PointsOf(domain::MemberId member) {
    const auto found = store->FindMembers(member.ToString());
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    return found->front().points;
  }
  void RequireSound() {
    const auto report = server::Verify(*store);
    REQUIRE(report);
    for (const std::string& problem : report->problems) UNSCOPED_INFO(problem);
    REQUIRE(report->problems.empty());
  }
  void Serve(bool plain_http = false) {
    server::ServeOptions options;
    options.database = file;
    options.port = 0;
    options.plain_http = plain_http;
    auto started = server::RunningHeadOffice::Start(options, clock, *random);
    INFO((started ? std::string() : started.error().ToString()));
    REQUIRE(started);
    running = std::move(*started);
    url = running->Url();
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder.Path() / "hq.db";
  base::ManualClock clock{base::FromUnixMillis(1'790'000'500'000)};
  std::unique_ptr<base::Random> random = base::MakeSystemRandom();
  std::string first_admin_code;
  wire::Epoch epoch;
  std::string ca_pem;
  std::optional<server::HeadOfficeKeys> keys;
  loyalty::Safeguards safeguards;
  std::unique_ptr<server::Store> store;
  std::unique_ptr<server::RunningHeadOffice> running;
  std::string url;
};

}  // namespace evertill::test
