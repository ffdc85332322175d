#pragma once

#include "app/base/uuid.h"
#include "app/loyalty/ledger.h"
#include "sync/server/office_support.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

/// Head office's acts on a real database: what an administrator does, without tills.
class HeadOffice : public Office {
 public:
  HeadOffice() : keys(*server::LoadOrCreateKeys(server::KeyFolderFor(file), {}, clock, *random)) {}

  /// Runs an act in a transaction of its own.
  template <typename Work>
  auto Do(Work work) -> decltype(work(std::declval<server::Store&>(), std::declval<const server::DeskParts&>())) {
    const server::DeskParts desk{clock, *random, keys, epoch, {}};
    REQUIRE(store->Begin());
    auto done = work(*store, desk);
    if (done) {
      REQUIRE(store->Commit());
    } else {
      store->Rollback();
    }
    return done;
  }

  std::string AddPerson(const std::string& name = "สมหญิง", const std::string& phone = "0812345678",
                        const std::string& card = "8850123456781") {
    const std::string id = base::MakeUuidV7(clock, *random).ToString();
    Change([&] {
      return store->AddMember({.id = id, .name = name, .phone = phone, .card = card, .language = "th", .consents = {}});
    });
    return id;
  }
  /// Points of one lot in AVAIL, as a till's sale and return would have brought them. The lot's id.
  std::string AddLot(const std::string& member, int64_t points, int64_t expires_ms = 0) {
    const std::string lot = base::MakeUuidV7(clock, *random).ToString();
    const auto given = Do([&](server::Store& here, const server::DeskParts& desk) -> base::Status {
      EVERTILL_ASSIGN(const int64_t commit,
                      server::AppendOwn(here, desk,
                                        {"test_points",
                                         member,
                                         {{std::string(loyalty::kIssued), "", "", -points}, server::Avail(lot, points)},
                                         "{}"}));
      return here.PutLot({.lot = lot,
                          .member = member,
                          .life = "",
                          .earned = points,
                          .active_ms = 0,
                          .expires_ms = expires_ms,
                          .commit_seq = commit});
    });
    REQUIRE(given);
    return lot;
  }
  /// Moves points between accounts as an event of head office's own.
  void Post(const std::string& member, std::vector<domain::Posting> postings) {
    REQUIRE(Do([&](server::Store& here, const server::DeskParts& desk) {
      return server::AppendOwn(here, desk, {"test_points", member, postings, "{}"});
    }));
  }
  server::MemberFigures Figures(const std::string& member) {
    const auto figures = store->FiguresOf(member);
    REQUIRE(figures);
    return *figures;
  }
  /// The last event of head office's own chain.
  server::EventRow LastOwn() {
    const auto rows = store->Latest(1);
    REQUIRE(rows);
    REQUIRE(rows->size() == 1);
    return rows->front();
  }
  /// A life of a till with its key.
  crypto::SigningKey AddTill(const std::string& terminal, int64_t incarnation = 1) {
    auto key = *crypto::SigningKey::Generate(*random);
    server::TerminalRow row;
    row.terminal = terminal;
    row.incarnation = incarnation;
    row.store = terminal.substr(0, terminal.find('/'));
    row.till = terminal.substr(terminal.find('/') + 1);
    row.public_key = std::string(crypto::AsText(key.PublicKey()));
    row.last_seen = clock.Now();
    Change([&] { return store->AddTerminal(row); });
    return key;
  }

  server::HeadOfficeKeys keys;
};

}  // namespace evertill::test
