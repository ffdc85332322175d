#include "app/loyalty/programme.h"
#include "sync/server/office_periods.h"
#include "tests/unit/server/desk.h"

// What a till is answered, by the function that the service and the simulator share.
namespace evertill::test {

using Catch::Matchers::VectorContains;

namespace {

/// One member with 100 points in AVAIL, earned at the till that asks.
struct Bench : Desk {
  Bench() {
    LetIn(till);
    member = till.journal.AddMember("A", "0900000001", "1000000000000001");
    lot = Earn(till, member, 100);
    ReturnLocal(till, member, lot, 100);
    Send(till);
  }
  Till till{"L03", 7};
  domain::MemberId member;
  std::string lot;
};

}  // namespace

TEST_CASE("Till desk: hello says where head office stands, signed, and what it wants back", "[server][desk]") {
  Bench b;
  auto hello = b.Hello(b.till);
  CHECK(hello.acked_seq == 3);
  CHECK(hello.head == std::string(crypto::AsText(*b.till.journal.HashAt(3))));
  CHECK(hello.durable_seq == 3);
  CHECK_FALSE(hello.behind);
  CHECK_FALSE(hello.fenced);
  CHECK(hello.epoch == b.epoch);
  CHECK(hello.pepper == b.keys->pepper);
  CHECK(hello.card_keys == b.keys->card_keys);
  CHECK(hello.recall.empty());

  const auto grants = b.Accept(b.till, b.Rights(b.till));
  REQUIRE(grants.size() == 1);
  b.Change([&] { return b.store->RecallGrant(grants[0].id); });
  hello = b.Hello(b.till);
  CHECK(hello.recall == std::vector<std::string>{grants[0].id});
  CHECK(hello.acked_seq == 3);  // what was accepted is not sent yet

  b.Send(b.till);
  b.till.journal.RestoreTo(2);
  hello = b.Hello(b.till);
  CHECK(hello.behind);
  CHECK(hello.acked_seq == 2);
}

TEST_CASE("Till desk: a token is good for its own life only", "[server][desk]") {
  Bench b;
  Desk::Till other("L04", 8);
  b.LetIn(other);
  CHECK(b.Ask("POST", "hello", other.token, wire::Encode(b.HelloOf(b.till))).status == 403);
  CHECK(b.Ask("POST", "hello", "", wire::Encode(b.HelloOf(b.till))).status == 401);
  CHECK(b.Ask("POST", "hello", b.till.token, "{}").status == 400);
  CHECK(b.Ask("GET", "nothing", b.till.token).status == 404);
}

TEST_CASE("Till desk: half of a member's points stand ready where they shop, and are offered until they are accepted",
          "[server][desk]") {
  Bench b;
  const auto first = b.Rights(b.till);
  REQUIRE(first.grants.size() == 1);
  const auto grant = loyalty::DecodeGrant(first.grants[0].bytes);
  REQUIRE(grant);
  CHECK(grant->Cap() == 50);
  CHECK(grant->member == b.member);
  CHECK(grant->terminal == "S01/L03");
  CHECK(grant->lots[0].lot == b.lot);
  const auto key = crypto::VerifyingKey::FromBytes(b.keys->signing.PublicKey());
  CHECK(key->Verify(crypto::AsBytes(loyalty::GrantSignedBytes(first.grants[0].bytes)),
                    crypto::AsBytes(first.grants[0].signature)));
  CHECK(b.Figures(b.member).avail == 50);
  CHECK(b.Figures(b.member).escrow == 50);

  const auto again = b.Rights(b.till);  // the answer was lost
  REQUIRE(again.grants.size() == 1);
  CHECK(again.grants[0].bytes == first.grants[0].bytes);
  b.Accept(b.till, again);
  b.Send(b.till);
  CHECK(b.Rights(b.till).grants.empty());
  CHECK(b.Figures(b.member).escrow == 50);
  b.RequireSound();
}

TEST_CASE("Till desk: an event that spends a grant takes it from there, and what comes back whole is free again",
          "[server][desk]") {
  Bench b;
  const auto grants = b.Accept(b.till, b.Rights(b.till));
  REQUIRE(grants.size() == 1);
  b.Spend(b.till, b.member, {"ESCROW", grants[0].id, b.lot, -20});
  b.Send(b.till);
  CHECK(b.Figures(b.member).escrow == 30);
  CHECK(b.PointsOf(b.member) == 80);
  b.till.journal.Append({"return", b.member, {{"ESCROW", grants[0].id, b.lot, -30}, {"AVAIL", "", b.lot, 30}}},
                        R"({"grants":[")" + grants[0].id + R"("]})", "");
  b.Send(b.till);
  CHECK(b.Figures(b.member).escrow == 0);
  CHECK(b.Figures(b.member).avail == 80);
  CHECK(b.store->FindGrant(grants[0].id).value()->state == server::GrantState::kReturned);
  b.RequireSound();
}

TEST_CASE("Till desk: permits only where the policy has stand-in, and called back from who owes", "[server][desk]") {
  Bench b;
  CHECK(b.Rights(b.till).permits.empty());
  auto programme = loyalty::DefaultProgramme(*domain::Currency::Find("THB"));
  programme.version = 5;
  programme.redeem.stand_in_member = 40;
  programme.redeem.stand_in_till = 200;
  b.Change([&] { return b.store->SetProgramme("THB", loyalty::FormatProgramme(programme)); });
  b.Change([&] { return b.store->MarkRightsDue(b.member.ToString()); });
  const auto rights = b.Rights(b.till);
  REQUIRE(rights.permits.size() == 1);
  const auto permit = loyalty::DecodePermit(rights.permits[0].bytes);
  REQUIRE(permit);
  CHECK(permit->cap == 40);
  CHECK(permit->till_cap == 200);
  CHECK(b.Hello(b.till).recall_permits.empty());

  b.Spend(b.till, b.member, {"AVAIL", "standin", "", -90});
  b.Send(b.till);
  CHECK(b.Figures(b.member).avail == -40);
  b.Rights(b.till);
  CHECK(b.Hello(b.till).recall_permits == std::vector<std::string>{permit->id});
  b.till.journal.Append({"permit_returned", std::nullopt, {}}, R"({"permits":[")" + permit->id + R"("]})", "");
  b.Send(b.till);
  CHECK(b.Hello(b.till).recall_permits.empty());
  CHECK(b.Rights(b.till).permits.empty());
  b.RequireSound();
}

TEST_CASE("Till desk: the programme goes to tills once it is set, and again when it changes", "[server][desk]") {
  Bench b;
  const auto changes = [&](const std::string& cursor) {
    server::HttpRequest request;
    request.method = "GET";
    request.path = "/api/v1/till/changes";
    request.query["after"] = cursor;
    request.headers["authorization"] = "Bearer " + b.till.token;
    const auto answer = server::AnswerNow(*b.store, b.Desk_(), request);
    REQUIRE(answer.status == 200);
    return *wire::DecodeChanges(answer.body);
  };
  auto got = changes("");
  CHECK(got.programme.empty());
  REQUIRE(got.members.size() == 1);
  CHECK(got.members[0].points == 100);
  CHECK(got.members[0].available == 100);
  CHECK(got.members[0].included_seq == 3);
  const auto programme = loyalty::FormatProgramme(loyalty::DefaultProgramme(*domain::Currency::Find("THB")));
  b.Change([&] { return b.store->SetProgramme("THB", programme); });
  got = changes(got.cursor);
  CHECK(got.programme == programme);
  CHECK(changes(got.cursor).programme.empty());
}

TEST_CASE("Till desk: a hold is given once, for these points, and ends with its event", "[server][desk]") {
  Bench b;
  const auto event = b.NewId();
  const auto hold = b.Reserve(b.till, Hex(event), b.member, 60);
  CHECK(hold.given);
  CHECK(hold.available == 40);
  REQUIRE(hold.lots.size() == 1);
  CHECK(hold.lots[0] == std::pair(b.lot, int64_t{60}));
  const auto same = b.Reserve(b.till, Hex(event), b.member, 60);
  CHECK(same.given);
  CHECK(same.lots == hold.lots);
  CHECK(b.Figures(b.member).hold == 60);
  CHECK(b.Reserve(b.till, Hex(event), b.member, 61).reason == "hold_differs");
  const auto other = b.Reserve(b.till, Hex(b.NewId()), b.member, 41);
  CHECK(other.reason == "not_enough_points");
  CHECK(other.available == 40);

  b.Spend(b.till, b.member, {"HOLD", Hex(event), b.lot, -45}, event);
  b.Send(b.till);
  CHECK(b.Figures(b.member).hold == 0);
  CHECK(b.Figures(b.member).avail == 55);
  CHECK(b.Reserve(b.till, Hex(event), b.member, 45).reason == "hold_closed");
  CHECK(b.Reserve(b.till, Hex(b.NewId()), domain::MemberId(b.NewId().Value()), 1).reason == "member_unknown");
  b.RequireSound();
}

TEST_CASE("Till desk: a request for a hold that comes after ABANDON is refused, and only by that rule",
          "[server][desk]") {
  Bench b;
  const auto event = b.NewId();
  const bool held_before = GENERATE(false, true);
  const bool rule = GENERATE(true, false);
  if (!rule) b.safeguards = loyalty::Safeguards::Without(loyalty::Rule::kHoldTombstone);
  if (held_before) CHECK(b.Reserve(b.till, Hex(event), b.member, 60).given);
  b.till.journal.Append({"abandon", b.member, {}}, R"({"event":")" + Hex(event) + R"("})", "");
  b.Send(b.till);
  CHECK(b.Figures(b.member).hold == 0);
  CHECK(b.Figures(b.member).avail == 100);
  const auto late = b.Reserve(b.till, Hex(event), b.member, 60);
  CHECK(late.given == !rule);
  if (!rule) return;
  CHECK(late.reason == "hold_closed");
  b.RequireSound();
}

TEST_CASE("Till desk: one request for a life makes one life, and the life that ends gets no rights", "[server][desk]") {
  Bench b;
  wire::LifeRequest request;
  request.terminal = "S01/L03";
  request.incarnation = 1;
  request.request_id = "r-1";
  request.head_seq = 3;
  request.head_hash = std::string(crypto::AsText(*b.till.journal.HashAt(3)));
  request.signature = *b.till.journal.SignLife(request.SignedBytes());
  const auto first = b.Ask("POST", "life", b.till.token, wire::Encode(request));
  REQUIRE(first.status == 200);
  const auto life = wire::DecodeLifeReply(first.body);
  REQUIRE(life);
  CHECK(life->incarnation == 2);
  const auto again = wire::DecodeLifeReply(b.Ask("POST", "life", "", wire::Encode(request)).body);
  REQUIRE(again);
  CHECK(again->incarnation == 2);
  CHECK(again->token == life->token);
  CHECK(b.store->LivesOf("S01/L03")->size() == 2);

  // The life has begun; a copy of the disk that still has the request open is not the one who lives it.
  b.Change([&] { return b.store->AdvanceHead("S01/L03", 2, 1, wire::Digest(32, 'x'), b.clock.Now()); });
  const auto copy = wire::DecodeLifeReply(b.Ask("POST", "life", "", wire::Encode(request)).body);
  REQUIRE(copy);
  CHECK(copy->incarnation == 3);
  CHECK(copy->token != life->token);
  CHECK(wire::DecodeLifeReply(b.Ask("POST", "life", "", wire::Encode(request)).body)->incarnation == 3);

  CHECK(b.Hello(b.till).fenced);
  CHECK(b.Rights(b.till).grants.empty());
  CHECK(b.Reserve(b.till, Hex(b.NewId()), b.member, 1).reason == "fenced");
  b.Earn(b.till, b.member, 1);
  b.Send(b.till);  // its uploads are taken all the same
  CHECK(b.PointsOf(b.member) == 101);
  auto hello = b.HelloOf(b.till);
  hello.incarnation = 2;
  hello.head_seq = 0;
  hello.head_hash = wire::Digest(32, '\0');
  const auto fresh = b.Ask("POST", "hello", life->token, wire::Encode(hello));
  REQUIRE(fresh.status == 200);
  CHECK_FALSE(wire::DecodeHelloReply(fresh.body)->fenced);

  request.request_id = "r-2";
  CHECK(b.Ask("POST", "life", b.till.token, wire::Encode(request)).status == 401);  // not signed for this id
  FakeTill stranger("S01", "L03", 99);
  request.signature = *stranger.SignLife(request.SignedBytes());
  CHECK(b.Ask("POST", "life", b.till.token, wire::Encode(request)).status == 401);
}

TEST_CASE("Till desk: a till of another epoch is told so and gets nothing", "[server][desk]") {
  Bench b;
  wire::RightsRequest request;
  request.terminal = "S01/L03";
  request.epoch = {2, std::string(16, 'x')};
  request.nonce = "n";
  const auto answer = b.Ask("POST", "rights", b.till.token, wire::Encode(request));
  CHECK(answer.status == 409);
  CHECK(answer.body.find("other_epoch") != std::string::npos);
  CHECK(b.Figures(b.member).escrow == 0);
}

TEST_CASE("Till desk: lost cards that a till hands back after a restore are lost again", "[server][desk]") {
  Bench b;
  const auto before = b.Hello(b.till).revocations_version;
  wire::Revocations list;
  list.version = 40;
  list.epoch = b.epoch.ToString();
  list.serials = {"00112233445566aa"};
  list.numbers = {"1000000000000001"};
  list.erased = {b.member.ToString()};
  auto hello = b.HelloOf(b.till);
  hello.revocations = wire::EncodeRevocations(list);
  hello.revocations_signature = std::string(64, 'x');
  CHECK(b.Ask("POST", "hello", b.till.token, wire::Encode(hello)).status == 400);
  CHECK(b.Hello(b.till).revocations_version == before);
  hello.revocations_signature =
      crypto::AsText(*b.keys->signing.Sign(crypto::AsBytes(wire::RevocationsSignedBytes(hello.revocations))));
  REQUIRE(b.Ask("POST", "hello", b.till.token, wire::Encode(hello)).status == 200);
  CHECK(b.Hello(b.till).revocations_version >= 40);
  const auto answer = b.Ask("GET", "revocations", b.till.token);
  REQUIRE(answer.status == 200);
  const auto now = wire::DecodeRevocations(wire::DecodeSignedText(answer.body)->bytes);
  CHECK(now->serials == list.serials);
  CHECK(now->numbers == list.numbers);
  CHECK(now->erased == list.erased);
  const auto person = b.store->FindMember(b.member.ToString());
  CHECK(person.value()->name.empty());
  CHECK(person.value()->points == 100);
  b.RequireSound();
}

TEST_CASE("Till desk: PINs and phones go to tills of stores where the member was", "[server][desk]") {
  Bench b;
  b.Change([&] { return b.store->PutPin({.member = b.member.ToString(), .hash = "argon", .generation = 3}); });
  b.Change([&] { return b.store->PutCard({.serial = "00112233445566aa", .member = b.member.ToString(), .level = 2}); });
  const auto rights = b.Rights(b.till);
  REQUIRE(rights.secrets.size() == 1);
  CHECK(rights.secrets[0].pin_hash == "argon");
  CHECK(rights.secrets[0].pin_generation == 3);
  REQUIRE(rights.secrets[0].phones.size() == 1);
  CHECK(rights.secrets[0].phones[0].second.size() == 20);

  Desk::Till far("L09", 9, "S02");
  b.Change([&] { return b.store->AddStore({"S02", "Silom", ""}, b.clock.Now()); });
  b.LetIn(far);
  CHECK(b.Rights(far).secrets.empty());
  for (int i = 0; i < 10; ++i) {
    far.journal.Append({"pin_failed", b.member, {}}, R"({"generation":3})", "");
  }
  b.Send(far);
  CHECK(b.store->FindPin(b.member.ToString()).value()->locked);
  CHECK_THAT(b.InboxKinds(), VectorContains(std::string("pin_locked")));
  CHECK(b.Rights(b.till).secrets.at(0).pin_locked);

  // The third store of a member holds nothing for them: the second visit there is paid online, with the PIN.
  Desk::Till third("L05", 10, "S03");
  b.Change([&] { return b.store->AddStore({"S03", "Ari", ""}, b.clock.Now()); });
  b.LetIn(third);
  b.Earn(far, b.member, 1);
  b.Send(far);
  CHECK(b.Rights(third).secrets.empty());
  b.Earn(third, b.member, 1);
  b.Send(third);
  const auto told = b.Rights(third);
  CHECK(told.grants.empty());
  REQUIRE(told.secrets.size() == 1);
  CHECK(told.secrets[0].pin_hash == "argon");
}

TEST_CASE("Till desk: a till may forget only what every copy has", "[server][desk]") {
  Bench b;
  CHECK(b.Hello(b.till).durable_seq == 3);
  b.Change([&] { return b.store->RecordCopy("monday", b.clock.Now()); });
  b.Earn(b.till, b.member, 5);
  const auto ack = b.Send(b.till);
  CHECK(ack.acked_seq == 4);
  CHECK(ack.durable_seq == 3);
  CHECK(ack.durable_hash == std::string(crypto::AsText(*b.till.journal.HashAt(3))));
  b.Change([&] { return b.store->RecordCopy("tuesday", b.clock.Now()); });
  CHECK(b.Hello(b.till).durable_seq == 3);
  b.Change([&] { return b.store->ForgetCopy("monday"); });
  CHECK(b.Hello(b.till).durable_seq == 4);
}

}  // namespace evertill::test
