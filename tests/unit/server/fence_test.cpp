#include "app/sqlite/connection.h"
#include "sync/server/office_cards.h"
#include "sync/server/office_members.h"
#include "sync/server/office_rights.h"
#include "tests/unit/server/desk.h"

// What an operator stops and must be told of: tills fenced by hand, copies of a disk, locked PINs, debts.
namespace evertill::test {

using Catch::Matchers::Contains;
using Catch::Matchers::VectorContains;

namespace {

/// One member with 100 points in AVAIL and 20 that the till earned and has not given back.
struct Bench : Desk {
  Bench() {
    LetIn(till);
    member = till.journal.AddMember("A", "0900000001", "1000000000000001");
    lot = Earn(till, member, 100);
    ReturnLocal(till, member, lot, 100);
    Send(till);
  }
  server::HttpResponse AskLife(Till& of, const std::string& request_id, int64_t incarnation = 1) {
    wire::LifeRequest request;
    request.terminal = Name(of);
    request.incarnation = incarnation;
    request.request_id = request_id;
    request.head_seq = of.journal.Cursor()->head_seq;
    request.head_hash = std::string(crypto::AsText(*of.journal.HashAt(request.head_seq)));
    request.signature = *of.journal.SignLife(request.SignedBytes());
    return Ask("POST", "life", of.token, wire::Encode(request));
  }
  void FenceByHand() {
    Change([&] { return base::Status(server::FenceTill(*store, Desk_(), "S01/L03").map([](int64_t) {})); });
  }
  /// The first open line of a kind.
  std::string Line(const std::string& kind) {
    const auto lines = store->Inbox(false, 100);
    for (const server::InboxRow& line : *lines) {
      if (line.kind == kind) return line.subject + ": " + line.detail;
    }
    return {};
  }
  Till till{"L03", 7};
  domain::MemberId member;
  std::string lot;
};

}  // namespace

TEST_CASE("Fence: a till that an operator has fenced gets no new life until it is enrolled anew", "[server][fence]") {
  Bench b;
  b.FenceByHand();
  CHECK(b.Hello(b.till).fenced);
  const auto refused = b.AskLife(b.till, "r-1");
  CHECK(refused.status == 403);
  CHECK_THAT(refused.body, Contains("till_fenced") && Contains("enrol it anew with a new code"));
  CHECK(b.store->LivesOf("S01/L03")->size() == 1);
  b.Earn(b.till, b.member, 1);
  b.Send(b.till);  // the sale happened
  CHECK(b.PointsOf(b.member) == 101);

  b.LetIn(b.till);
  CHECK(b.Rights(b.till).grants.empty());
  const auto given = b.AskLife(b.till, "r-1");
  REQUIRE(given.status == 200);
  CHECK(wire::DecodeLifeReply(given.body)->incarnation == 2);
  b.RequireSound();
}

TEST_CASE("Fence: by hand it holds for every copy of the till's disk, at whatever life it stands", "[server][fence]") {
  Bench b;
  REQUIRE(b.AskLife(b.till, "r-1").status == 200);
  b.FenceByHand();
  CHECK(b.AskLife(b.till, "r-2").status == 403);
  CHECK(b.AskLife(b.till, "r-1").status == 403);
  CHECK(b.AskLife(b.till, "r-3", 2).status == 403);
  CHECK(b.AskLife(b.till, "r-4", 9).status == 403);  // given in a window that a restore lost
  REQUIRE((*b.store->FindTerminal("S01/L03", 2))->fenced == "operator");
  b.LetIn(b.till);                             // the machine that is the shop's, which stands at its first life
  const auto lost = b.AskLife(b.till, "r-1");  // asked for before, and the answer was lost
  REQUIRE(lost.status == 200);
  CHECK(wire::DecodeLifeReply(lost.body)->incarnation == 2);
  CHECK((*b.store->FindTerminal("S01/L03", 2))->fenced.empty());
}

TEST_CASE("Fence: a second life out of one life is two copies at work, and told", "[server][fence]") {
  Bench b;
  REQUIRE(b.AskLife(b.till, "r-1").status == 200);
  REQUIRE(b.AskLife(b.till, "r-1").status == 200);
  CHECK(b.Line("two_copies").empty());
  REQUIRE(b.AskLife(b.till, "r-2").status == 200);
  CHECK_THAT(b.Line("two_copies"), Contains("S01/L03#2 and S01/L03#3 both go on from S01/L03#1"));
  CHECK(b.store->LifeRequests()->size() == 2);

  // Also when the copy was made with the request open, and so asks under the same id.
  Bench open;
  REQUIRE(open.AskLife(open.till, "r-1").status == 200);
  open.Change([&] { return open.store->AdvanceHead("S01/L03", 2, 1, wire::Digest(32, 'x'), open.clock.Now()); });
  REQUIRE(open.AskLife(open.till, "r-1").status == 200);
  CHECK_THAT(open.Line("two_copies"), Contains("S01/L03#2 and S01/L03#3"));
}

TEST_CASE("Fence: points held by a life that ended are told, with what frees them", "[server][fence]") {
  Bench b;
  b.Earn(b.till, b.member, 20);
  b.Send(b.till);
  REQUIRE(b.AskLife(b.till, "r-1").status == 200);
  CHECK_THAT(b.Line("new_life"), Contains("S01/L03#1: goes on as S01/L03#2") &&
                                     Contains("evertill-hq grant reclaim --till S01/L03 --incarnation 1"));
  b.Change(
      [&] { return base::Status(server::ReclaimTill(*b.store, b.Desk_(), "S01/L03", 1, "").map([](const auto&) {})); });
  CHECK(b.Line("new_life").empty());
  CHECK(b.Figures(b.member).avail == 120);

  Bench forked;
  forked.till.journal.RestoreTo(2);
  forked.till.sent = 2;
  forked.Earn(forked.till, forked.member, 7);
  forked.Send(forked.till);
  CHECK_THAT(forked.Line("fork"), Contains("evertill-hq grant reclaim --till S01/L03 --incarnation 1"));
}

TEST_CASE("Fence: a PIN that one till has locked is locked everywhere, and told", "[server][pin]") {
  Bench b;
  b.Change([&] { return b.store->PutPin({.member = b.member.ToString(), .hash = "argon", .generation = 3}); });
  for (int tries = 1; tries <= 3; ++tries) {
    CHECK_FALSE(b.store->FindPin(b.member.ToString()).value()->locked);
    b.till.journal.Append({"pin_failed", b.member, {}}, R"({"generation":3,"tries":)" + std::to_string(tries) + "}",
                          "");
    b.Send(b.till);
  }
  const auto pin = b.store->FindPin(b.member.ToString());
  CHECK(pin.value()->locked);
  CHECK(pin.value()->failures == 3);
  CHECK(server::LookAtMember(*b.store, b.member.ToString())->pin_locked);
  CHECK_THAT(b.Line("pin_locked"), Contains("3 wrong PINs in a row at S01/L03"));
  CHECK(b.Rights(b.till).secrets.at(0).pin_locked);
  b.Change(
      [&] { return base::Status(server::UnlockMember(*b.store, b.Desk_(), b.member.ToString()).map([](int64_t) {})); });
  CHECK(b.Line("pin_locked").empty());
  CHECK_FALSE(b.Rights(b.till).secrets.at(0).pin_locked);
}

TEST_CASE("Fence: wrong PINs with right ones between them lock nothing", "[server][pin]") {
  Bench b;
  b.Change([&] { return b.store->PutPin({.member = b.member.ToString(), .hash = "argon", .generation = 1}); });
  for (int i = 0; i < 9; ++i) {
    b.till.journal.Append({"pin_failed", b.member, {}}, R"({"generation":1,"tries":1})", "");
  }
  b.Send(b.till);
  CHECK_FALSE(b.store->FindPin(b.member.ToString()).value()->locked);
  CHECK(b.Line("pin_locked").empty());
}

TEST_CASE("Debt: that a member owes points is told when it begins", "[server][debt]") {
  Bench b;
  b.Spend(b.till, b.member, {"AVAIL", "standin", "", -90});
  b.Send(b.till);
  CHECK(b.Line("debt").empty());
  b.Refund(b.till, b.member, b.lot, b.lot, 100, 0);
  b.Send(b.till);
  CHECK(b.Figures(b.member).Debt() == 90);
  CHECK_THAT(b.Line("debt"), Contains(b.member.ToString() + ": owes 90 points since the refund"));
  b.Spend(b.till, b.member, {"AVAIL", "standin", "", -5});
  b.Send(b.till);
  CHECK(b.store->Inbox(true, 100)->size() == 1);  // no news
  b.Change([&] {
    return base::Status(server::WriteOff(*b.store, b.Desk_(), b.member.ToString(), "S01").map([](int64_t) {}));
  });
  CHECK(b.Line("debt").empty());
  b.Change([&] { return server::AdjustPoints(*b.store, b.Desk_(), b.member.ToString(), -1, "mistake"); });
  CHECK_THAT(b.Line("debt"), Contains("owes 1 points since an adjustment by hand"));
}

namespace {

/// A sale whose points wait an hour for their activation.
std::string EarnWaiting(Bench& b, int64_t points) {
  const auto id = b.NewId();
  const int64_t active = base::ToUnixMillis(b.clock.Now()) + 3'600'000;
  b.till.journal.Append({"sale", b.member, loyalty::EarnPostings(id, points)},
                        R"({"receipt":"R","currency":"THB","total":100,"points":{"earned":)" + std::to_string(points) +
                            R"(,"spent":0,"line_earned":[)" + std::to_string(points) +
                            R"(],"line_spent":[0],"active_ms":)" + std::to_string(active) + "}}",
                        "", id);
  return Hex(id);
}

}  // namespace

TEST_CASE("Pending: a refund of points that wait takes them, and nothing that can be spent", "[server][rights]") {
  Bench b;
  const std::string waiting = EarnWaiting(b, 60);
  b.till.journal.Append({"return", b.member, {{"LOCAL", "", waiting, -60}, {"PENDING", "", waiting, 60}}},
                        R"({"grants":[]})", "");
  b.Send(b.till);
  CHECK(b.Figures(b.member).pending == 60);
  b.Refund(b.till, b.member, waiting, waiting, 60, 0);
  b.Send(b.till);
  CHECK(b.Figures(b.member).pending == 0);
  CHECK(b.Figures(b.member).avail == 100);
  CHECK(b.store->AvailLots(b.member.ToString())->size() == 1);
  b.RequireSound();
}

TEST_CASE("Pending: the same when the refund comes before the till gives the points back", "[server][rights]") {
  Bench b;
  const std::string waiting = EarnWaiting(b, 60);
  b.Send(b.till);
  Desk::Till other("L04", 8);
  b.LetIn(other);
  b.Refund(other, b.member, waiting, waiting, 20, 0);
  b.Send(other);
  b.till.journal.Append({"return", b.member, {{"LOCAL", "", waiting, -60}, {"PENDING", "", waiting, 60}}},
                        R"({"grants":[]})", "");
  b.Send(b.till);
  CHECK(b.Figures(b.member).pending == 40);
  CHECK(b.Figures(b.member).avail == 100);
  b.RequireSound();
}

TEST_CASE("Pending: what a reclaimed life earns late waits like everything else", "[server][rights]") {
  Bench b;
  b.Change(
      [&] { return base::Status(server::ReclaimTill(*b.store, b.Desk_(), "S01/L03", 1, "").map([](const auto&) {})); });
  const std::string waiting = EarnWaiting(b, 60);
  b.Send(b.till);
  CHECK(b.Figures(b.member).local == 0);
  CHECK(b.Figures(b.member).pending == 60);
  CHECK(b.Figures(b.member).avail == 100);
  b.till.journal.Append({"return", b.member, {{"LOCAL", "", waiting, -60}, {"PENDING", "", waiting, 60}}},
                        R"({"grants":[]})", "");
  b.Send(b.till);
  CHECK(b.Figures(b.member).Net() == 160);
  CHECK(b.Figures(b.member).local == 0);
  b.RequireSound();
}

TEST_CASE("Verify: a grant that was made larger is found", "[server][verify]") {
  Bench b;
  const auto grants = b.Accept(b.till, b.Rights(b.till));
  REQUIRE(grants.size() == 1);
  b.RequireSound();
  auto db = *sqlite::Connection::Open(b.file);
  const std::string change = GENERATE("cap = cap + 1000", "bytes = replace(bytes, '50', '90')", "signature = x'00'",
                                      "not_after_ms = not_after_ms + 1", "terminal = 'S01/L04'");
  REQUIRE(db.Execute("UPDATE grants SET " + change));
  const auto report = server::Verify(*b.store);
  INFO(change);
  REQUIRE_FALSE(report->problems.empty());
  CHECK_THAT(report->problems[0], Contains(grants[0].id));
}

}  // namespace evertill::test
