#include "sync/server/office_backup.h"

#include <sys/stat.h>

#include <fstream>

#include "sync/server/office_members.h"
#include "tests/unit/server/head_office.h"

namespace evertill::test {

namespace {

namespace fs = std::filesystem;
using server::ServerErrc;

int ModeOf(const fs::path& path) {
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 0777;
}

}  // namespace

TEST_CASE("OfficeBackup: a copy is whole, private, and holds tills' events back until it is forgotten",
          "[server][office][backup]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  office.AddLot(member, 30);
  const fs::path copy = office.folder.Path() / "copy.db";
  REQUIRE(server::BackUp(*office.store, office.file, copy, office.clock, *office.random));
  CHECK(ModeOf(copy) == 0600);
  CHECK(ModeOf(server::KeyFolderFor(copy)) == 0700);
  CHECK(ModeOf(server::KeyFolderFor(copy) / "signing.key") == 0600);
  CHECK(server::BackUp(*office.store, office.file, copy, office.clock, *office.random)
            .error()
            .Is(ServerErrc::kBadArgument));
  const auto copies = *office.store->Copies();
  REQUIRE(copies.size() == 1);
  CHECK(copies.front().commit_seq == office.store->CountAll()->events);
  {
    const auto opened = server::OpenSqliteStore(copy, server::StoreAccess::kRead, office.clock);
    REQUIRE(opened);
    CHECK((*opened)->FiguresOf(member)->avail == 30);
    CHECK(server::Verify(**opened)->problems.empty());
  }
  REQUIRE(server::ForgetBackup(*office.store, copy, office.clock));
  CHECK(office.store->Copies()->empty());
  CHECK(server::ForgetBackup(*office.store, copy, office.clock).error().Is(ServerErrc::kBadArgument));
  // A copy that could not be made holds nothing back.
  CHECK_FALSE(server::BackUp(*office.store, office.file, "/no/such/folder/copy.db", office.clock, *office.random));
  CHECK(office.store->Copies()->empty());
}

TEST_CASE("OfficeBackup: each restore is another epoch past all before, also twice from one copy",
          "[server][office][backup]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  office.AddLot(member, 30);
  const fs::path copy = office.folder.Path() / "copy.db";
  REQUIRE(server::BackUp(*office.store, office.file, copy, office.clock, *office.random));
  office.AddLot(member, 12);
  office.store.reset();
  std::vector<wire::Epoch> epochs{office.epoch};
  for (int i = 0; i < 2; ++i) {
    const auto restored = server::RestoreBackup(office.file, copy, office.clock, *office.random);
    INFO((restored ? std::string() : restored.error().ToString()));
    REQUIRE(restored);
    CHECK(restored->epoch.counter == epochs.back().counter + 1);
    CHECK(restored->epoch.random != epochs.back().random);
    CHECK(fs::exists(restored->aside));
    epochs.push_back(restored->epoch);
    CHECK(ModeOf(office.file) == 0600);
    office.store = *server::OpenSqliteStore(office.file, server::StoreAccess::kWrite, office.clock);
    office.epoch = *server::LoadEpoch(*office.store);
    CHECK(office.epoch == restored->epoch);
    CHECK(office.Figures(member).avail == 30);
    // Head office's own chain goes on as another incarnation.
    REQUIRE(office.Do([&](server::Store& store, const server::DeskParts& desk) {
      return server::AdjustPoints(store, desk, member, 1, "test");
    }));
    CHECK(office.LastOwn().incarnation == restored->epoch.counter);
    office.RequireSound();
    office.store.reset();
  }
  // The database is lost as well: the keys know which epochs there were.
  fs::remove(office.file);
  CHECK(server::RestoreBackup(office.file, copy, office.clock, *office.random)->epoch.counter == 4);
}

TEST_CASE("OfficeBackup: onto a new machine, with the copy's keys", "[server][office][backup]") {
  HeadOffice office;
  const fs::path copy = office.folder.Path() / "copy.db";
  REQUIRE(server::BackUp(*office.store, office.file, copy, office.clock, *office.random));
  const fs::path elsewhere = office.folder.Path() / "new" / "hq.db";
  REQUIRE(server::RestoreBackup(elsewhere, copy, office.clock, *office.random));
  const auto keys = server::LoadOrCreateKeys(server::KeyFolderFor(elsewhere), {}, office.clock, *office.random);
  REQUIRE(keys);
  CHECK(keys->signing.PublicKey() == office.keys.signing.PublicKey());
  CHECK(keys->pepper == office.keys.pepper);
}

TEST_CASE("OfficeBackup: a restore that cannot be done leaves what stood there", "[server][office][backup]") {
  HeadOffice office;
  const fs::path copy = office.folder.Path() / "copy.db";
  REQUIRE(server::BackUp(*office.store, office.file, copy, office.clock, *office.random));
  const auto restore = [&](const fs::path& from) {
    const auto done = server::RestoreBackup(office.file, from, office.clock, *office.random);
    return done ? base::Error(ServerErrc::kImport) : done.error();
  };
  CHECK(restore(office.folder.Path() / "none.db").Is(ServerErrc::kBadArgument));
  CHECK(restore(office.file).Is(ServerErrc::kBadArgument));
  const fs::path text = office.folder.Path() / "text.db";
  std::ofstream(text) << "not a database at all, but long enough to be looked at as if it were one";
  CHECK(restore(text).Is(ServerErrc::kBadArgument));
  {
    const auto served = server::ServeLock::Take(office.file);
    REQUIRE(served);
    CHECK(restore(copy).Is(ServerErrc::kAlreadyServed));
  }
  CHECK(*server::LoadEpoch(*office.store) == office.epoch);
  for (const auto& left : fs::directory_iterator(office.folder.Path())) {
    CHECK(left.path().string().find("restoring") == std::string::npos);
  }
}

}  // namespace evertill::test
