#pragma once

#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/loyalty/grant.h"
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
    server::MemberRow person;
    person.id = id;
    person.name = name;
    person.phone = phone;
    person.card = card;
    person.language = "th";
    person.as_of = clock.Now();
    Change([&] { return store->AddMember(person); });
    return id;
  }
  /// Points of one lot in AVAIL: earned by a sale at a till, and given back by it. The lot's id.
  std::string AddLot(const std::string& member, int64_t points, int64_t expires_ms = 0) {
    ++tills_;
    FakeTill till("S01", "T" + std::to_string(tills_), static_cast<uint64_t>(tills_));
    Enrol(till);
    const domain::EventId id(base::MakeUuidV7(clock, *random));
    const domain::MemberId who(*base::Uuid::Parse(member));
    const std::string lot = id.ToString();
    till.Append(
        {"sale", who, loyalty::EarnPostings(id, points)},
        R"({"receipt":"R","currency":"THB","total":100,"points":{"expires_ms":)" + std::to_string(expires_ms) + "}}",
        "", id);
    till.Append({"return", who, {{std::string(loyalty::kLocal), "", lot, -points}, server::Avail(lot, points)}},
                R"({"grants":[]})", "");
    REQUIRE(Take(till.MakeBatch(1, 2, epoch)));
    return lot;
  }
  /// A grant of one lot to a till's first life, as it is given.
  std::string GiveGrant(const std::string& member, const std::string& terminal, const std::string& lot,
                        int64_t points) {
    loyalty::Grant grant;
    grant.id = epoch.ToString() + ":" + base::MakeUuidV7(clock, *random).ToString();
    grant.member = domain::MemberId(*base::Uuid::Parse(member));
    grant.terminal = terminal;
    grant.epoch = epoch.ToString();
    grant.not_after_ms = base::ToUnixMillis(clock.Now()) + 86'400'000;
    grant.lots = {{lot, points, 0}};
    server::GrantRow row;
    row.id = grant.id;
    row.member = member;
    row.terminal = terminal;
    row.cap = points;
    row.not_after_ms = grant.not_after_ms;
    row.bytes = loyalty::EncodeGrant(grant);
    row.signature = crypto::AsText(*keys.signing.Sign(crypto::AsBytes(loyalty::GrantSignedBytes(row.bytes))));
    row.given = clock.Now();
    REQUIRE(Do([&](server::Store& here, const server::DeskParts& desk) -> base::Status {
      const std::string ext =
          server::ToText({{"bytes", row.bytes}, {"signature", crypto::ToBase64(crypto::AsBytes(row.signature))}});
      EVERTILL_ASSIGN(
          row.commit_seq,
          server::AppendOwn(here, desk,
                            {"grant",
                             member,
                             {server::Avail(lot, -points), {std::string(loyalty::kEscrow), grant.id, lot, points}},
                             ext}));
      return here.AddGrant(row);
    }));
    return grant.id;
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

 private:
  int tills_ = 0;
};

}  // namespace evertill::test
