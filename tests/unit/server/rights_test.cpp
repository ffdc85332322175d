#include "app/sqlite/connection.h"
#include "sync/server/office_rights.h"
#include "tests/unit/server/desk.h"

// What follows from tills' events in head office's own entries, and what happens where a rule is taken away.
namespace evertill::test {

using Catch::Matchers::VectorContains;
using loyalty::Rule;
using loyalty::Safeguards;

namespace {

struct Bench : Desk {
  Bench() {
    LetIn(till);
    member = till.journal.AddMember("A", "0900000001", "1000000000000001");
    lot = Earn(till, member, 100);
    ReturnLocal(till, member, lot, 100);
    Send(till);
  }
  loyalty::Grant Granted() {
    const auto grants = Accept(till, Rights(till));
    REQUIRE(grants.size() == 1);
    Send(till);
    return grants[0];
  }
  /// A second till of the store, from when it is first used: until then the first one has the store's whole share.
  Till& Other() {
    if (other_.token.empty()) LetIn(other_);
    return other_;
  }
  Till till{"L03", 7};
  domain::MemberId member;
  std::string lot;

 private:
  Till other_{"L04", 8};
};

}  // namespace

TEST_CASE("Rights: a batch that comes twice is posted once, and only by that rule", "[server][rights]") {
  Bench b;
  const bool rule = GENERATE(true, false);
  if (!rule) b.safeguards = Safeguards::Without(Rule::kDedupe);
  b.Earn(b.till, b.member, 10);
  b.Send(b.till);
  b.till.sent -= 1;
  b.Send(b.till);
  CHECK(b.PointsOf(b.member) == (rule ? 110 : 120));
  const auto report = server::Verify(*b.store);
  CHECK(report->problems.empty() == rule);
}

TEST_CASE("Rights: after RECLAIM a RETURN changes nothing and a spend is made up from AVAIL, only by that rule",
          "[server][rights]") {
  Bench b;
  const auto grant = b.Granted();
  REQUIRE(grant.Cap() == 50);
  b.Change([&] { return base::Status(server::TakeBackGrant(*b.store, b.Desk_(), grant.id).map([](int64_t) {})); });
  CHECK(b.Figures(b.member).avail == 100);
  CHECK(b.Figures(b.member).escrow == 0);
  CHECK(b.store->FindGrant(grant.id).value()->state == server::GrantState::kReclaimed);
  b.Spend(b.till, b.member, {"ESCROW", grant.id, b.lot, -20});
  b.till.journal.Append({"return", b.member, {{"ESCROW", grant.id, b.lot, -30}, {"AVAIL", "", b.lot, 30}}},
                        R"({"grants":[")" + grant.id + R"("]})", "");
  SECTION("as it is") {
    b.Send(b.till);
    CHECK(b.Figures(b.member).avail == 80);
    CHECK(b.Figures(b.member).escrow == 0);
    CHECK_THAT(b.InboxKinds(), VectorContains(std::string("spent_after_reclaim")));
    CHECK(b.store->FindGrant(grant.id).value()->state == server::GrantState::kReclaimed);
    b.RequireSound();
  }
  SECTION("without it points are there twice") {
    b.safeguards = Safeguards::Without(Rule::kReclaimSettle);
    b.Send(b.till);
    CHECK(b.Figures(b.member).avail == 130);
    CHECK_FALSE(server::Verify(*b.store)->problems.empty());
  }
}

TEST_CASE("Rights: LOCAL of a lost till is taken back, and what comes after all is settled from AVAIL",
          "[server][rights]") {
  Bench b;
  const auto lot = b.Earn(b.Other(), b.member, 40);
  b.Send(b.Other());
  CHECK(b.Figures(b.member).local == 40);
  b.Change([&] {
    return base::Status(server::ReclaimTill(*b.store, b.Desk_(), "S01/L04", 0, "").map([](const auto& reclaimed) {
      CHECK(reclaimed.local_points == 40);
    }));
  });
  CHECK(b.Figures(b.member).avail == 140);
  b.Spend(b.Other(), b.member, {"LOCAL", "", lot, -15});
  const auto late = b.Earn(b.Other(), b.member, 7);
  b.ReturnLocal(b.Other(), b.member, late, 7);
  b.Send(b.Other());
  CHECK(b.Figures(b.member).local == 0);
  CHECK(b.Figures(b.member).avail == 132);
  CHECK(b.PointsOf(b.member) == 132);
  b.RequireSound();
}

TEST_CASE("Rights: what is taken of a grant past its cap is made up from AVAIL and told", "[server][rights]") {
  Bench b;
  const auto grant = b.Granted();
  b.Spend(b.till, b.member, {"ESCROW", grant.id, b.lot, -60});
  b.Send(b.till);
  CHECK(b.Figures(b.member).escrow == 0);
  CHECK(b.Figures(b.member).avail == 40);
  CHECK_THAT(b.InboxKinds(), VectorContains(std::string("rights_exceeded")));
  b.RequireSound();
  SECTION("also of one that nobody ever gave") {
    b.Spend(b.Other(), b.member, {"ESCROW", "1-ff:made-up", b.lot, -90});
    b.Send(b.Other());
    CHECK(b.Figures(b.member).avail == -50);
    CHECK(b.Figures(b.member).Debt() == 50);
    CHECK(b.Figures(b.member).Overspend() == 50);
    CHECK(b.store->Debtors(10)->at(0).member == b.member.ToString());
    b.RequireSound();
  }
}

TEST_CASE("Rights: a restored head office learns of a grant from its acceptance, at cap; of a forged one never",
          "[server][rights]") {
  Bench b;
  loyalty::Grant grant;
  grant.id = b.epoch.ToString() + ":lost";
  grant.member = b.member;
  grant.terminal = "S01/L03";
  grant.epoch = b.epoch.ToString();
  grant.not_after_ms = 1;
  grant.lots = {{b.lot, 30, 0}};
  const std::string bytes = loyalty::EncodeGrant(grant);
  wire::RightsReply reply;
  SECTION("ours") {
    reply.grants = {
        {bytes, std::string(crypto::AsText(*b.keys->signing.Sign(crypto::AsBytes(loyalty::GrantSignedBytes(bytes)))))}};
    b.Accept(b.till, reply);
    b.Spend(b.till, b.member, {"ESCROW", grant.id, b.lot, -30});
    b.Send(b.till);
    CHECK(b.store->FindGrant(grant.id).value()->state == server::GrantState::kAccepted);
    CHECK(b.Figures(b.member).avail == 70);
    CHECK(b.Figures(b.member).escrow == 0);
    CHECK_THAT(b.InboxKinds(), !VectorContains(std::string("rights_exceeded")));
  }
  SECTION("not ours") {
    reply.grants = {{bytes, std::string(64, 'x')}};
    b.Accept(b.till, reply);
    b.Send(b.till);
    CHECK_FALSE(b.store->FindGrant(grant.id).value());
    CHECK(b.Figures(b.member).avail == 100);
    CHECK_THAT(b.InboxKinds(), VectorContains(std::string("bad_grant")));
  }
  SECTION("another till's") {
    reply.grants = {
        {bytes, std::string(crypto::AsText(*b.keys->signing.Sign(crypto::AsBytes(loyalty::GrantSignedBytes(bytes)))))}};
    b.Accept(b.Other(), reply);
    b.Send(b.Other());
    CHECK_FALSE(b.store->FindGrant(grant.id).value());
    CHECK_THAT(b.InboxKinds(), VectorContains(std::string("bad_grant")));
  }
  b.RequireSound();
}

TEST_CASE("Rights: two tills refund one receipt, and its points come back once, only by that rule",
          "[server][rights]") {
  Bench b;
  const bool rule = GENERATE(true, false);
  if (!rule) b.safeguards = Safeguards::Without(Rule::kReleaseOnce);
  const auto grant = b.Granted();
  const auto sale = b.Spend(b.till, b.member, {"ESCROW", grant.id, b.lot, -40});
  const bool sale_first = GENERATE(true, false);
  if (sale_first) b.Send(b.till);
  b.Refund(b.Other(), b.member, sale, b.lot, 0, 40);
  b.Send(b.Other());
  if (!sale_first) {
    CHECK(b.Figures(b.member).pending == 40);  // waits, and holds nothing up
    CHECK(b.store->WaitingRefunds(10)->size() == 1);
    b.Send(b.till);
  }
  CHECK(b.Figures(b.member).pending == 0);
  CHECK(b.PointsOf(b.member) == 100);
  b.Refund(b.till, b.member, sale, b.lot, 0, 40);
  b.Send(b.till);
  CHECK(b.Figures(b.member).pending == 0);
  CHECK(b.PointsOf(b.member) == (rule ? 100 : 140));
  if (!rule) return;
  CHECK_THAT(b.InboxKinds(), VectorContains(std::string("refund_twice")));
  CHECK(b.store->WaitingRefunds(10)->empty());
  b.RequireSound();
}

TEST_CASE("Rights: earned points are taken back once; what was spent of them is a debt that is no overspend",
          "[server][rights]") {
  Bench b;
  const auto sale = b.Earn(b.Other(), b.member, 30);
  b.ReturnLocal(b.Other(), b.member, sale, 30);
  b.Send(b.Other());
  b.Refund(b.Other(), b.member, sale, "", 30, 0);
  b.Refund(b.till, b.member, sale, "", 30, 0);
  b.Send(b.Other());
  b.Send(b.till);
  CHECK(b.PointsOf(b.member) == 100);
  CHECK_THAT(b.InboxKinds(), VectorContains(std::string("refund_twice")));
  const auto grant = b.Granted();
  b.Spend(b.till, b.member, {"ESCROW", grant.id, b.lot, -50});
  b.Refund(b.till, b.member, b.lot, "", 100, 0);
  b.Send(b.till);
  CHECK(b.Figures(b.member).Debt() == 50);
  CHECK(b.Figures(b.member).Overspend() == 0);
  b.RequireSound();
}

TEST_CASE("Rights: points of a sale are not given back to somebody else", "[server][rights]") {
  Bench b;
  const auto thief = b.till.journal.AddMember("T", "0900000009", "1000000000000009");
  const auto grant = b.Granted();
  const auto sale = b.Spend(b.till, b.member, {"ESCROW", grant.id, b.lot, -40});
  b.Refund(b.till, thief, sale, b.lot, 0, 40);
  b.Send(b.till);
  CHECK(b.PointsOf(thief) == 0);
  CHECK(b.PointsOf(b.member) == 60);
  b.RequireSound();
}

TEST_CASE("Rights: points whose activation delay has not passed wait in PENDING", "[server][rights]") {
  Bench b;
  const auto id = b.NewId();
  const int64_t active = base::ToUnixMillis(b.clock.Now()) + 3'600'000;
  b.till.journal.Append({"sale", b.member, loyalty::EarnPostings(id, 20)},
                        R"({"points":{"earned":20,"active_ms":)" + std::to_string(active) + "}}", "", id);
  b.till.journal.Append({"return", b.member, {{"LOCAL", "", Hex(id), -20}, {"PENDING", "", Hex(id), 20}}},
                        R"({"grants":[]})", "");
  b.Send(b.till);
  const auto activate = [&] {
    int64_t lots = 0;
    b.Change([&]() -> base::Status {
      EVERTILL_ASSIGN(lots, server::ActivateDue(*b.store, b.Desk_(), 10));
      return {};
    });
    return lots;
  };
  CHECK(activate() == 0);
  CHECK(b.Figures(b.member).pending == 20);
  b.clock.Advance(std::chrono::hours(2));
  CHECK(activate() == 1);
  CHECK(b.Figures(b.member).avail == 120);
  CHECK(activate() == 0);
  b.RequireSound();
}

TEST_CASE("Rights: a merged member shows the points of all ids and spends a hold from all of them",
          "[server][rights]") {
  Bench b;
  const auto second = b.till.journal.AddMember("A again", "0900000002", "1000000000000002");
  const auto lot = b.Earn(b.till, second, 30);
  b.ReturnLocal(b.till, second, lot, 30);
  b.Send(b.till);
  b.Change([&] { return b.store->SetMerged(second.ToString(), b.member.ToString()); });
  const auto page = b.store->ChangesAfter(0, 100, "THB");
  for (const wire::MemberChange& change : page->members) {
    if (change.id == b.member.ToString()) {
      CHECK(change.points == 130);
      CHECK(change.available == 100);
    } else {
      CHECK(change.merged_into == b.member.ToString());
      CHECK(change.available == 30);
    }
  }
  CHECK(b.Figures(second).avail == 130);
  const auto event = b.NewId();
  const auto hold = b.Reserve(b.till, Hex(event), b.member, 120);
  REQUIRE(hold.given);
  std::vector<domain::Posting> postings{{"REDEEMED", "", "", 120}};
  for (const auto& [held, points] : hold.lots) postings.push_back({"HOLD", Hex(event), held, -points});
  b.till.journal.Append({"sale", b.member, postings}, R"({"points":{"spent":120}})", "", event);
  b.Send(b.till);
  CHECK(b.Figures(b.member).hold == 0);
  CHECK(b.Figures(b.member).avail == 10);
  b.RequireSound();
}

TEST_CASE("Rights: a hold out of points of no known lot takes from each merged id what it gave", "[server][rights]") {
  Bench b;
  const auto second = b.till.journal.AddMember("A again", "0900000002", "1000000000000002");
  const auto correct = [&](domain::MemberId member, int64_t points) {
    b.till.journal.Append({"adjust", member, {{"ADJUST", "", "", -points}, {"AVAIL", "", "", points}}}, "{}", "");
  };
  correct(b.member, 40);
  correct(second, 30);
  b.Send(b.till);
  b.Change([&] { return b.store->SetMerged(second.ToString(), b.member.ToString()); });
  const auto event = b.NewId();
  const auto hold = b.Reserve(b.till, Hex(event), b.member, 160);  // 100 of a lot, 40 and 20 of none
  REQUIRE(hold.given);
  std::vector<domain::Posting> postings{{"REDEEMED", "", "", 160}};
  for (const auto& [held, points] : hold.lots) postings.push_back({"HOLD", Hex(event), held, -points});
  REQUIRE(postings.size() == 4);
  b.till.journal.Append({"sale", b.member, postings}, R"({"points":{"spent":160}})", "", event);
  b.Send(b.till);
  CHECK(b.store->SumAt(b.member.ToString(), "AVAIL", "", "").value() == 0);
  CHECK(b.store->SumAt(second.ToString(), "AVAIL", "", "").value() == 10);
  CHECK_THAT(b.InboxKinds(), !VectorContains(std::string("rights_exceeded")));
  b.RequireSound();
}

TEST_CASE("Rights: points of a grant that another till holds are posted, and told", "[server][rights]") {
  Bench b;
  const auto grant = b.Granted();
  b.Spend(b.till, b.member, {"ESCROW", grant.id, b.lot, -10});
  b.Send(b.till);
  CHECK_THAT(b.InboxKinds(), !VectorContains(std::string("foreign_grant")));
  b.Spend(b.Other(), b.member, {"ESCROW", grant.id, b.lot, -10});  // 30 are left: nothing is below zero
  b.Send(b.Other());
  CHECK_THAT(b.InboxKinds(), VectorContains(std::string("foreign_grant")));
  CHECK_THAT(b.InboxKinds(), !VectorContains(std::string("rights_exceeded")));
  CHECK(b.PointsOf(b.member) == 80);
  b.RequireSound();
}

TEST_CASE("Rights: what a refund kept back in money is not clawed back", "[server][rights]") {
  Bench b;
  b.Spend(b.till, b.member, {"AVAIL", "standin", "", -96});
  const auto id = b.NewId();
  b.till.journal.Append({"refund",
                         b.member,
                         {{"AVAIL", "refund", b.lot, -100},
                          {"ISSUED", "", "", 100},
                          {"ADJUST", "", "", -96},
                          {"AVAIL", "withheld", b.lot, 96}}},
                        R"({"sale":")" + b.lot + R"(","lines":[{"line":1,"quantity_micro":1000000,"reversed":100,)" +
                            R"("restored":0}],"points":{"withheld":96}})",
                        "", id);
  b.Send(b.till);
  CHECK(b.Figures(b.member).clawed_back == 4);
  CHECK(b.Figures(b.member).Net() == 0);
  CHECK(b.Figures(b.member).Overspend() == 0);
  b.RequireSound();
}

TEST_CASE("Rights: every till hears at once who spends with a PIN", "[server][rights]") {
  Bench b;
  const auto has_pin = [&](int64_t& cursor) -> std::optional<bool> {
    const auto page = b.store->ChangesAfter(cursor, 100, "THB");
    cursor = page->last;
    for (const wire::MemberChange& change : page->members) {
      if (change.id == b.member.ToString()) return change.has_pin;
    }
    return std::nullopt;
  };
  int64_t cursor = 0;
  CHECK(has_pin(cursor) == false);
  const auto put = [&](const std::string& hash, int64_t failures) {
    b.Change([&] { return b.store->PutPin({.member = b.member.ToString(), .hash = hash, .failures = failures}); });
  };
  put("argon", 0);
  CHECK(has_pin(cursor) == true);
  put("argon", 1);
  CHECK(has_pin(cursor) == std::nullopt);
  put("", 0);
  CHECK(has_pin(cursor) == false);
}

TEST_CASE("Rights: of an erased member nothing personal comes back with a late upload", "[server][rights]") {
  Desk desk;
  Desk::Till till{"L03", 7};
  desk.LetIn(till);
  const auto member = till.journal.AddMember("Somchai", "0900000001", "1000000000000001");
  desk.Earn(till, member, 10);
  desk.Change([&] { return desk.store->EraseMember(member.ToString(), desk.clock.Now()); });
  desk.Send(till);
  const auto row = desk.store->FindMember(member.ToString());
  CHECK(row.value()->name.empty());
  CHECK(row.value()->erased);
  CHECK(row.value()->points == 10);
  CHECK(desk.store->FindMembers("0900000001")->empty());
  auto db = sqlite::Connection::Open(desk.file);
  auto sides = db->Prepare("SELECT count(*) FROM sides WHERE side LIKE '%Somchai%'");
  REQUIRE(sides->Step());
  CHECK(sides->Int(0) == 0);
  desk.RequireSound();
}

TEST_CASE("Rights: verify finds a changed sum, a grant without its event and a hold left open", "[server][verify]") {
  Bench b;
  const auto grant = b.Granted();
  CHECK(b.Reserve(b.till, Hex(b.NewId()), b.member, 10).given);
  b.RequireSound();
  const auto [change, expected] = GENERATE(table<std::string, std::string>({
      {"UPDATE sums SET amount = amount + 1 WHERE account = 'ESCROW'", "kept sum is 51, its entries add up to 50"},
      {"UPDATE grants SET commit_seq = 1", "has no event that gave it"},
      {"UPDATE grants SET cap = 49", "spent -1 of 49"},
      {"UPDATE grants SET state = 'reclaimed'", "is reclaimed and still has points"},
      {"UPDATE holds SET closed = 'posted'", "is closed and still has points"},
      {"DELETE FROM holds", "has points and is not known"},
      {"UPDATE lots SET earned = 99", "is kept as 99 points"},
      {"UPDATE own_chain SET head_seq = head_seq + 1", "HQ/MAIN incarnation 1: its head says"},
      {"INSERT INTO branches VALUES ('S01/L03', 1, 1, 0, 2, x'00', 9, x'00', 1)", "branch 1: its head says event 9"},
  }));
  auto db = sqlite::Connection::Open(b.file);
  REQUIRE(db->Execute(change));
  std::string all;
  const auto report = server::Verify(*b.store);
  REQUIRE(report);
  for (const auto& problem : report->problems) all += problem + "\n";
  INFO(change << "\n" << all);
  CHECK(all.find(expected) != std::string::npos);
}

TEST_CASE("Rights: a reader never goes past a row that commits late, only by that rule", "[server][log]") {
  Bench b;
  auto db = sqlite::Connection::Open(b.file);
  REQUIRE(db->Execute("PRAGMA foreign_keys = OFF; DROP TRIGGER events_stay; DELETE FROM events WHERE commit_seq = 2"));
  const std::string store = GENERATE("", "S01");
  const auto safe = b.store->Log({.after = 0, .limit = 10, .store = store});
  REQUIRE(safe->size() == 1);
  CHECK(safe->at(0).commit_seq == 1);
  CHECK(b.store->Log({.after = 0, .limit = 10, .store = store, .gap_safe = false})->size() == 2);
}

}  // namespace evertill::test
