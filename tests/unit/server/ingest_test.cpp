#include <algorithm>
#include <random>

#include "app/sqlite/connection.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

using server::IngestOutcome;
using server::ServerErrc;

TEST_CASE("Ingest: each batch three times in any order gives the same totals once", "[server][ingest]") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u);
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("สมชาย ใจดี", "0812345678", "1000000000004417");
  for (int i = 1; i <= 40; ++i) till.AddSale(member, i, 100 * i);

  std::vector<wire::Batch> batches;
  for (int64_t first = 1; first <= 41; first += 5) {
    for (int copy = 0; copy < 3; ++copy) {
      batches.push_back(till.MakeBatch(first, std::min<int64_t>(5, 42 - first), office.epoch));
    }
  }
  std::shuffle(batches.begin(), batches.end(), std::mt19937(seed));
  // What came too early is answered with a gap and sent again later, as a till does.
  for (int round = 0; round < 20 && !batches.empty(); ++round) {
    std::vector<wire::Batch> again;
    for (const wire::Batch& batch : batches) {
      const auto result = office.Take(batch);
      REQUIRE(result);
      REQUIRE(result->outcome != IngestOutcome::kFork);
      if (result->outcome == IngestOutcome::kGap) again.push_back(batch);
    }
    batches = std::move(again);
  }
  CHECK(batches.empty());
  CHECK(office.PointsOf(member) == 40 * 41 / 2);
  CHECK(office.store->CountAll()->events == 41);
  CHECK(office.store->CountAll()->sales == 40);
  office.RequireSound();
}

TEST_CASE("Ingest: overlapping batches post what is new and nothing twice", "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("Nguyễn", "0900000001", "1000000000000001");
  for (int i = 0; i < 9; ++i) till.AddSale(member, 10, 500);
  REQUIRE(office.Take(till.MakeBatch(1, 6, office.epoch))->posted == 6);
  const auto result = office.Take(till.MakeBatch(3, 8, office.epoch));
  REQUIRE(result);
  CHECK(result->posted == 4);
  CHECK(result->head.seq == 10);
  CHECK(office.PointsOf(member) == 90);
  office.RequireSound();
}

TEST_CASE("Ingest: a second history is kept as a branch, its sales count, and the life gets no more rights",
          "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  for (int i = 0; i < 5; ++i) till.AddSale(member, 10, 500);
  REQUIRE(office.Take(till.MakeBatch(1, 6, office.epoch)));
  CHECK(office.store->FindTerminal("S01/L03", 1).value()->fenced.empty());
  till.RestoreTo(4);  // a snapshot from before the last two sales
  till.AddSale(member, 1000, 900);
  till.AddSale(member, 1000, 900);
  till.AddSale(member, 1000, 900);
  const auto result = office.Take(till.MakeBatch(5, 3, office.epoch));
  REQUIRE(result);
  CHECK(result->outcome == IngestOutcome::kFork);
  CHECK(result->fork_seq == 5);
  CHECK(result->posted == 3);
  CHECK(result->head.seq == 7);
  CHECK(result->head.branch == 1);
  CHECK(office.PointsOf(member) == 3050);
  CHECK(office.store->CountAll()->branches == 3);
  CHECK(office.store->FindTerminal("S01/L03", 1).value()->fenced == "fork");
  const auto again = office.Take(till.MakeBatch(5, 3, office.epoch));
  REQUIRE(again);
  CHECK(again->posted == 0);
  CHECK(again->head.seq == 7);
  CHECK(office.PointsOf(member) == 3050);
  till.AddSale(member, 1, 100);
  const auto more = office.Take(till.MakeBatch(7, 2, office.epoch));
  REQUIRE(more);
  CHECK(more->head.seq == 8);
  CHECK(more->head.branch == 1);
  CHECK(office.store->BranchesOf("S01/L03", 1)->size() == 1);
  const auto inbox = office.store->Inbox(false, 10);
  REQUIRE(inbox->size() == 1);
  CHECK(inbox->front().kind == "fork");
  office.RequireSound();
}

TEST_CASE("Ingest: a gap is answered with what is known and changes nothing", "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  for (int i = 0; i < 6; ++i) till.AddSale(std::nullopt, 0, 500);
  REQUIRE(office.Take(till.MakeBatch(1, 2, office.epoch)));
  const auto result = office.Take(till.MakeBatch(5, 2, office.epoch));
  REQUIRE(result);
  CHECK(result->outcome == IngestOutcome::kGap);
  CHECK(result->head.seq == 2);
  CHECK(office.store->CountAll()->events == 2);
}

TEST_CASE("Ingest: tampering is refused and nothing of the batch is kept", "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  for (int i = 0; i < 4; ++i) till.AddSale(member, 10, 500);
  wire::Batch batch = till.MakeBatch(1, 5, office.epoch);
  const auto flip = [](std::string& text) { text[text.find("\"seq\":") + 6] ^= 1; };

  SECTION("a body in the middle") {
    flip(batch.events[2].body);
  }
  SECTION("the first body") {
    flip(batch.events[0].body);
  }
  SECTION("the last body") {
    flip(batch.events[4].body);
  }
  SECTION("a body and its hash, so that only the chain tells") {
    batch.events[4].body.replace(batch.events[4].body.find("\"amount\":10"), 11, "\"amount\":99");
    batch.events[4].hash = std::string(32, 'x');
  }
  SECTION("the text beside an event") {
    batch.events[0].side = R"({"name":"B","phone":"","card":""})";
  }
  SECTION("an event left out") {
    batch.events.erase(batch.events.begin() + 1);
  }
  SECTION("another till's signature") {
    FakeTill other("S01", "L04", 8);
    other.Sign(batch);
  }
  const auto result = office.Take(batch);
  REQUIRE_FALSE(result);
  CHECK((result.error().Is(ServerErrc::kChainBroken) || result.error().Is(ServerErrc::kBadSignature)));
  CHECK(office.store->CountAll()->events == 0);
}

TEST_CASE("Ingest: an event that says another place is refused although its hash is right", "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  FakeTill other("S01", "L04", 8);
  office.Enrol(till);
  other.AddSale(std::nullopt, 0, 500);
  wire::Batch batch = other.MakeBatch(1, 1, office.epoch);
  batch.terminal = "S01/L03";
  till.Sign(batch);
  const auto result = office.Take(batch);
  REQUIRE_FALSE(result);
  CHECK(result.error().Is(ServerErrc::kChainBroken));
}

TEST_CASE("Ingest: what cannot be posted is kept and marked, and the chain goes on", "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  till.Append({"sale", member, {{"ISSUED", "", "", -10}, {"LOCAL", "", "x", 11}}}, "{}", "");
  till.Append({"sale", member, {{"GOLD", "", "", -10}, {"LOCAL", "", "x", 10}}}, "{}", "");
  till.AppendBody("{\"schema\":9,\"a newer core\":true}");
  till.AppendBody("not even JSON");
  till.AddSale(member, 5, 100);
  const auto result = office.Take(till.MakeBatch(1, 6, office.epoch));
  REQUIRE(result);
  CHECK(result->posted == 6);
  CHECK(result->parked == 4);
  CHECK(office.PointsOf(member) == 5);
  const auto rows = office.store->Log({});
  CHECK(rows->at(1).parked.find("add up to 1") != std::string::npos);
  CHECK(rows->at(4).kind == "unreadable");
  CHECK(rows->at(4).body == "not even JSON");
  office.RequireSound();
}

TEST_CASE("Ingest: an unknown kind moves its points and keeps the rest", "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  till.Append({"gift_of_tomorrow", member, {{"ADJUST", "", "", -3}, {"AVAIL", "", "y", 3}}}, R"({"why":7})", "");
  REQUIRE(office.Take(till.MakeBatch(1, 2, office.epoch)));
  CHECK(office.PointsOf(member) == 3);
  CHECK(office.store->Log({})->at(1).body.find("\"why\":7") != std::string::npos);
}

TEST_CASE("Ingest: one event id is posted once, whichever chains bring it", "[server][ingest]") {
  Office office;
  FakeTill one("S01", "L03", 7);
  FakeTill two("S01", "L04", 8);
  office.Enrol(one);
  office.Enrol(two);
  const auto member = one.AddMember("A", "0900000001", "1000000000000001");
  const domain::EventId id(*base::Uuid::Parse("01990000-0000-7000-8000-000000000001"));
  one.Append({"sale", member, loyalty::EarnPostings(id, 10)}, "{}", "", id);
  two.Append({"sale", member, loyalty::EarnPostings(id, 10)}, "{}", "", id);
  REQUIRE(office.Take(one.MakeBatch(1, 2, office.epoch)));
  REQUIRE(office.Take(two.MakeBatch(1, 1, office.epoch))->parked == 1);
  CHECK(office.PointsOf(member) == 10);
}

TEST_CASE("Verify: finds a changed balance and a lost entry", "[server][verify]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  till.AddSale(member, 10, 500);
  REQUIRE(office.Take(till.MakeBatch(1, 2, office.epoch)));
  office.RequireSound();
  auto db = sqlite::Connection::Open(office.file);
  REQUIRE(db);
  std::string expected;
  SECTION("balance") {
    REQUIRE(db->Execute("UPDATE balances SET points = 11"));
    expected = "balance kept is 11";
  }
  SECTION("entry") {
    REQUIRE(db->Execute("DROP TRIGGER entries_same; UPDATE entries SET amount = 12 WHERE amount = 10"));
    expected = "do not add up";
  }
  SECTION("event") {
    REQUIRE(db->Execute("DROP TRIGGER events_same; UPDATE events SET body = replace(body, '500', '400')"));
    expected = "its hash does not follow";
  }
  SECTION("side") {
    REQUIRE(db->Execute("UPDATE sides SET side = '{}' WHERE commit_seq = 1"));
    expected = "text beside it was changed";
  }
  SECTION("head") {
    REQUIRE(db->Execute("UPDATE terminals SET head_seq = 3"));
    expected = "its head says event 3";
  }
  const auto report = server::Verify(*office.store);
  REQUIRE(report);
  std::string all;
  for (const auto& problem : report->problems) all += problem + "\n";
  CHECK(all.find(expected) != std::string::npos);
}

TEST_CASE("Verify: a column that the log gives out must say what the hashed text says", "[server][verify]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  till.AddSale(member, 10, 500);
  till.AppendBody("not even JSON");
  REQUIRE(office.Take(till.MakeBatch(1, 3, office.epoch)));
  office.RequireSound();
  const auto [change, column] = GENERATE(table<std::string, std::string>({
      {"total = 400 WHERE commit_seq = 2", "total"},
      {"total = NULL WHERE commit_seq = 2", "total"},
      {"currency = 'VND' WHERE commit_seq = 2", "currency"},
      {"kind = 'refund' WHERE commit_seq = 2", "kind"},
      {"receipt = 'L03-9' WHERE commit_seq = 2", "receipt"},
      {"store = 'S02' WHERE commit_seq = 2", "store"},
      {"till = 'L04' WHERE commit_seq = 2", "till"},
      {"member = '' WHERE commit_seq = 2", "member"},
      {"event_id = '01990000-0000-7000-8000-000000000001' WHERE commit_seq = 2", "event"},
      {"t_business = t_business + 1000 WHERE commit_seq = 2", "t_business"},
      {"parked = 'bad_event: x' WHERE commit_seq = 2", "parked"},
      {"kind = 'sale' WHERE commit_seq = 3", "kind"},
      {"total = 400, currency = 'THB' WHERE commit_seq = 3", "total"},
      {"parked = '' WHERE commit_seq = 3", "parked"},
  }));
  auto db = sqlite::Connection::Open(office.file);
  REQUIRE(db);
  REQUIRE(db->Execute("DROP TRIGGER events_same; UPDATE events SET " + change));
  const auto report = server::Verify(*office.store);
  REQUIRE(report);
  std::string all;
  for (const auto& problem : report->problems) all += problem + "\n";
  INFO(change << "\n" << all);
  const std::string commit = change.ends_with('3') ? "(commit 3)" : "(commit 2)";
  CHECK(all.find(commit + ": the log's " + column + " is not what its text says") != std::string::npos);
}

TEST_CASE("Ingest: a batch that follows an unknown event is told where to begin, and then is a branch",
          "[server][ingest]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  for (int i = 0; i < 6; ++i) till.AddSale(std::nullopt, 0, 500);
  REQUIRE(office.Take(till.MakeBatch(1, 6, office.epoch)));
  till.RestoreTo(3);
  for (int i = 0; i < 6; ++i) till.AddSale(std::nullopt, 0, 900);
  const int64_t first = GENERATE(5, 7);
  const auto early = office.Take(till.MakeBatch(first, 2, office.epoch));
  REQUIRE(early);
  CHECK(early->outcome == IngestOutcome::kGap);
  CHECK(early->head.seq == 6);
  CHECK(office.store->CountAll()->events == 6);
  const auto whole = office.Take(till.MakeBatch(1, 9, office.epoch));
  REQUIRE(whole);
  CHECK(whole->outcome == IngestOutcome::kFork);
  CHECK(whole->fork_seq == 4);
  CHECK(whole->posted == 6);
  CHECK(office.store->CountAll()->sales == 12);
  office.RequireSound();
}

TEST_CASE("Events are append-only, whoever writes", "[server][store]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  till.AddSale(std::nullopt, 0, 500);
  REQUIRE(office.Take(till.MakeBatch(1, 1, office.epoch)));
  auto db = sqlite::Connection::Open(office.file);
  REQUIRE(db);
  CHECK_FALSE(db->Execute("DELETE FROM events"));
  CHECK_FALSE(db->Execute("UPDATE events SET total = 1"));
  CHECK_FALSE(db->Execute("DELETE FROM audit"));
}

}  // namespace evertill::test
