#include "tests/unit/server/desk.h"

// Two disks with one name.
namespace evertill::test {

TEST_CASE("Fork: neither copy of a disk gets rights any more, only by that rule; both may upload", "[server][fork]") {
  Desk desk;
  const bool rule = GENERATE(true, false);
  if (!rule) desk.safeguards = loyalty::Safeguards::Without(loyalty::Rule::kFence);
  Desk::Till one("L03", 7);
  desk.LetIn(one);
  const auto member = one.journal.AddMember("A", "0900000001", "1000000000000001");
  const auto lot = desk.Earn(one, member, 100);
  desk.ReturnLocal(one, member, lot, 100);
  desk.Send(one);
  desk.Earn(one, member, 5);
  desk.Send(one);
  CHECK_FALSE(desk.Hello(one).fenced);

  one.journal.RestoreTo(3);
  one.sent = 3;
  desk.Earn(one, member, 7);
  CHECK_FALSE(desk.Hello(one).behind);  // head office does not know this end yet
  CHECK(desk.Hello(one).acked_seq == 4);
  const auto ack = desk.Send(one);
  CHECK(ack.acked_seq == 4);
  CHECK(ack.head == std::string(crypto::AsText(*one.journal.HashAt(4))));
  const auto hello = desk.Hello(one);
  CHECK(hello.fenced == rule);
  CHECK(hello.head == ack.head);
  CHECK_FALSE(hello.behind);
  CHECK(desk.Rights(one).grants.empty() == rule);
  CHECK((desk.Reserve(one, Hex(desk.NewId()), member, 1).reason == "fenced") == rule);
  desk.Earn(one, member, 1);
  CHECK(desk.Send(one).acked_seq == 5);
  CHECK(desk.PointsOf(member) == 113);
  desk.RequireSound();
}

TEST_CASE("Fork: LOCAL that both copies gave back is there once", "[server][fork]") {
  Desk desk;
  Desk::Till till("L03", 7);
  desk.LetIn(till);
  const auto member = till.journal.AddMember("A", "0900000001", "1000000000000001");
  const auto lot = desk.Earn(till, member, 100);
  desk.Send(till);
  desk.ReturnLocal(till, member, lot, 100);
  desk.Send(till);
  till.journal.RestoreTo(2);
  till.sent = 2;
  desk.Spend(till, member, {"LOCAL", "", lot, -60});
  desk.ReturnLocal(till, member, lot, 40);
  desk.Send(till);
  CHECK(desk.Figures(member).avail == 40);
  CHECK(desk.Figures(member).local == 0);
  CHECK(desk.PointsOf(member) == 40);
  desk.RequireSound();
}

TEST_CASE("Fork: a sale that both copies committed under one id counts once", "[server][fork]") {
  Desk desk;
  Desk::Till till("L03", 7);
  desk.LetIn(till);
  const auto member = till.journal.AddMember("A", "0900000001", "1000000000000001");
  desk.Send(till);
  const auto id = desk.NewId();
  till.journal.Append({"sale", member, loyalty::EarnPostings(id, 10)}, R"({"try":1})", "", id);
  desk.Send(till);
  till.journal.RestoreTo(1);
  till.sent = 1;
  till.journal.Append({"sale", member, loyalty::EarnPostings(id, 10)}, R"({"try":2})", "", id);
  desk.Send(till);
  CHECK(desk.PointsOf(member) == 10);
  CHECK(desk.store->CountAll()->parked == 1);
  desk.RequireSound();
}

TEST_CASE("Fork: a fork of a fork, and a copy made before all", "[server][fork]") {
  Desk desk;
  Desk::Till till("L03", 7);
  desk.LetIn(till);
  const auto member = till.journal.AddMember("A", "0900000001", "1000000000000001");
  desk.Change([&] { return desk.store->RecordCopy("early", desk.clock.Now()); });
  for (int i = 0; i < 4; ++i) desk.Earn(till, member, 1);
  desk.Send(till);
  for (const int64_t back : {3, 3, 4, 0}) {
    till.journal.RestoreTo(back);
    till.sent = back;
    for (int i = 0; i < 3; ++i) desk.Earn(till, member, 10);
    const auto ack = desk.Send(till);
    CHECK(ack.acked_seq == back + 3);
    CHECK(ack.durable_seq == 0);
  }
  CHECK(desk.PointsOf(member) == 4 + 4 * 30);
  CHECK(desk.store->BranchesOf("S01/L03", 1)->size() == 4);
  desk.Change([&] { return desk.store->RecordCopy("late", desk.clock.Now()); });
  desk.Change([&] { return desk.store->ForgetCopy("early"); });
  desk.Earn(till, member, 1);
  const auto ack = desk.Send(till);
  CHECK(ack.acked_seq == 4);
  CHECK(ack.durable_seq == 3);
  CHECK(ack.durable_hash == std::string(crypto::AsText(*till.journal.HashAt(3))));
  desk.RequireSound();
}

TEST_CASE("Fork: an earlier life that a restored head office forgot may still be sent", "[server][fork]") {
  Desk desk;
  Desk::Till till("L03", 7);
  desk.LetIn(till);
  wire::LifeRequest request;
  request.terminal = "S01/L03";
  request.incarnation = 5;  // given in a window that was lost
  request.request_id = "r";
  request.head_hash = wire::Digest(32, '\0');
  request.signature = *till.journal.SignLife(request.SignedBytes());
  const auto answer = desk.Ask("POST", "life", "forgotten", wire::Encode(request));
  REQUIRE(answer.status == 200);
  const auto life = wire::DecodeLifeReply(answer.body);
  CHECK(life->incarnation == 6);
  const auto known = desk.store->FindTerminal("S01/L03", 5);
  REQUIRE(known.value());
  CHECK(known.value()->fenced == "ended");
  // The till's first life, with the new life's token.
  const auto member = till.journal.AddMember("A", "0900000001", "1000000000000001");
  till.token = life->token;
  desk.Earn(till, member, 3);
  CHECK(desk.Send(till).acked_seq == 2);
  CHECK(desk.PointsOf(member) == 3);
  desk.RequireSound();
}

}  // namespace evertill::test
