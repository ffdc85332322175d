#include <catch2/catch.hpp>

#include "sync/client/sync_engine.h"
#include "tests/unit/client/paper_office.h"
#include "tests/unit/client/rights_till.h"

namespace evertill::test {

using client::ClientErrc;
using client::SyncEngine;
using client::SyncReport;
using loyalty::Rule;
using loyalty::Safeguards;
using Loss = PaperOffice::Loss;

namespace {

/// A till and a head office on paper, with an engine between them.
struct Shop {
  Shop() {
    till.enrolment = office.Enrolment();
    Connect({});
  }
  void Connect(Safeguards safeguards) {
    client::SyncEngineOptions options;
    options.most_events = 4;
    options.safeguards = safeguards;
    options.transport = [this](const checkout::Enrolment&) -> base::Expected<std::unique_ptr<client::Transport>> {
      return std::make_unique<PaperOffice::Line>(office);
    };
    engine = std::make_unique<SyncEngine>(till, till, clock, *random, options);
  }
  SyncReport Round() {
    const auto report = engine->RunOnce();
    INFO((report ? std::string() : report.error().ToString()));
    REQUIRE(report);
    return *report;
  }
  base::Error Fails() {
    const auto report = engine->RunOnce();
    REQUIRE_FALSE(report);
    return report.error();
  }
  /// Head office is taken back to what it had of the till's events up to `seq`, in another epoch.
  void RestoreOffice(int64_t seq, int64_t counter) {
    for (auto& [life, chain] : office.chains) {
      std::erase_if(chain.events, [&](const auto& entry) { return life > 1 || entry.second.seq > seq; });
      chain.tip = std::string(32, '\0');
      chain.tip_seq = 0;
      for (const auto& [hash, event] : chain.events) {
        if (event.seq > chain.tip_seq) {
          chain.tip_seq = event.seq;
          chain.tip = hash;
        }
      }
    }
    office.epoch = {counter, std::string(16, static_cast<char>(0x20 + counter))};
  }
  /// Each event here is at head office, once.
  void RequireSettled() {
    CHECK(till.cursor.acked_seq == till.Head());
    CHECK(office.Posted() >= till.Head());
    for (const auto& event : till.events) {
      CHECK(office.chains[event.incarnation].events.contains(std::string(crypto::AsText(event.hash))));
    }
  }

  std::vector<std::string> calls;
  std::unique_ptr<base::Random> random = base::MakeSeededRandom(5);
  base::ManualClock clock{base::FromUnixMillis(1'790'000'000'000)};
  PaperOffice office{*random, calls};
  RightsTill till{clock, *random, calls};
  std::unique_ptr<SyncEngine> engine;
};

/// Changes a hello and signs it, as if head office had said it; `sign` false leaves the old signature.
void ChangeHello(Shop& shop, const std::function<void(wire::HelloReply&)>& change, bool sign = true) {
  shop.office.spoil = [&shop, change, sign](const std::string& name, client::HttpAnswer& answer) {
    if (name != "hello") return;
    auto hello = wire::DecodeHelloReply(answer.body);
    REQUIRE(hello);
    change(*hello);
    answer.body = wire::Encode(sign ? shop.office.Signed(*hello) : *hello);
  };
}

void LoseAll(Shop& shop) {
  shop.office.lose = [](const std::string&) { return Loss::kRequest; };
}

}  // namespace

TEST_CASE("Round: hello, give back, upload, rights, upload, lost cards, changes", "[client][rights]") {
  Shop shop;
  shop.till.Sell(10);
  shop.office.grants = {"g1", "g2"};
  shop.office.lost_cards_version = 3;
  shop.till.next_lost_cards_version = 3;
  const SyncReport report = shop.Round();
  CHECK(shop.calls == std::vector<std::string>{"hello", "till: hello recorded", "till: give back", "events", "rights",
                                               "events", "revocations", "till: lost cards", "changes"});
  CHECK(report.returned == 1);
  CHECK(report.grants == 2);
  CHECK(report.uploaded == 3);
  CHECK(report.head_seq == 3);
  CHECK(shop.till.kinds == std::vector<std::string>{"sale", "return", "grants_accepted"});
  CHECK(shop.till.secrets == 1);
  shop.RequireSettled();

  const SyncReport again = shop.Round();
  CHECK(again.uploaded == 0);
  CHECK(again.grants == 0);
  CHECK(shop.till.Head() == 3);
}

TEST_CASE("Round: grants that are asked back are returned before the upload", "[client][rights]") {
  Shop shop;
  shop.office.grants = {"g1", "g2"};
  shop.Round();
  shop.office.recall = {"g1"};
  const SyncReport report = shop.Round();
  CHECK(report.returned == 1);
  CHECK(shop.till.held == std::set<std::string>{"g2"});
  CHECK(shop.office.Posted("return") == 1);
}

TEST_CASE("Hello: one that is not head office's word on this request moves nothing", "[client][rights]") {
  Shop shop;
  shop.till.Sell(10);
  SECTION("forged") {
    ChangeHello(
        shop, [](wire::HelloReply& hello) { hello.acked_seq = 1; }, false);
  }
  SECTION("card keys put in on the way") {
    ChangeHello(
        shop, [](wire::HelloReply& hello) { hello.card_keys.push_back("9:AAAA"); }, false);
  }
  SECTION("stale: another nonce") {
    ChangeHello(shop, [](wire::HelloReply& hello) { hello.nonce = "another"; });
  }
  SECTION("another incarnation") {
    ChangeHello(shop, [](wire::HelloReply& hello) { hello.incarnation = 2; });
  }
  SECTION("another till") {
    ChangeHello(shop, [](wire::HelloReply& hello) { hello.terminal = "S01/L04"; });
  }
  SECTION("the twin of this epoch: one backup restored twice") {
    ChangeHello(shop, [](wire::HelloReply& hello) { hello.epoch.random = std::string(16, 'z'); });
  }
  SECTION("more durable than it has") {
    ChangeHello(shop, [](wire::HelloReply& hello) { hello.durable_seq = hello.acked_seq + 1; });
  }
  CHECK(shop.Fails().Is(ClientErrc::kBadAnswer));
  CHECK(shop.till.cursor.acked_seq == 0);
  CHECK(shop.till.local == 10);
  CHECK(shop.till.enrolment->epoch.counter == 1);
  CHECK(shop.calls == std::vector<std::string>{"hello"});
  shop.office.spoil = nullptr;
  shop.Round();
  shop.RequireSettled();
}

TEST_CASE("Hello: one that calls another history durable ends no life", "[client][rights]") {
  Shop shop;
  for (int i = 0; i < 3; ++i) shop.till.Sell(10);
  shop.Round();
  shop.till.local = 5;
  ChangeHello(shop, [](wire::HelloReply& hello) { hello.durable_hash[0] ^= 1; });
  CHECK(shop.Fails().Is(ClientErrc::kBadAnswer));
  CHECK(shop.till.CountOf("life") == 0);
  CHECK(shop.till.local == 5);
}

TEST_CASE("Hello: an earlier epoch is refused for ever, a later one is followed", "[client][rights]") {
  Shop shop;
  for (int i = 0; i < 6; ++i) shop.till.Sell();
  shop.till.lost_cards_version = 2;
  shop.office.lost_cards_version = 2;
  shop.Round();
  shop.RestoreOffice(2, 5);
  shop.office.lost_cards_version = 1;
  shop.calls.clear();
  shop.Round();
  CHECK(shop.till.enrolment->epoch.counter == 5);
  shop.RequireSettled();
  // Cards that were stopped after the backup are told to head office before its new epoch is kept here.
  REQUIRE(shop.office.hellos.size() >= 3);
  CHECK(shop.calls[0] == "hello");
  CHECK(shop.calls[1] == "hello");
  CHECK(shop.calls[2] == "till: epoch 5");
  const auto& handed = shop.office.hellos[2];
  CHECK(handed.epoch.counter == 1);
  CHECK(handed.revocations == shop.till.lost_cards.bytes);

  shop.office.epoch = {4, std::string(16, '\x11')};
  CHECK(shop.Fails().Is(ClientErrc::kBadAnswer));
  CHECK(shop.till.enrolment->epoch.counter == 5);
}

TEST_CASE("Acknowledgement: one of another life or epoch is not believed; without the rule it is",
          "[client][rights][control]") {
  const auto run = [](Safeguards safeguards) {
    Shop shop;
    shop.Connect(safeguards);
    for (int i = 0; i < 3; ++i) shop.till.Sell();
    std::string stale;
    shop.office.spoil = [&](const std::string& name, client::HttpAnswer& answer) {
      if (name == "events") stale = answer.body;
    };
    shop.Round();
    // Head office loses all of it; what it said before comes once more.
    shop.RestoreOffice(0, 2);
    shop.office.spoil = nullptr;
    shop.till.enrolment->epoch = {2, base::ToHex(crypto::AsBytes(shop.office.epoch.random))};
    REQUIRE(shop.till.RewindTo(0));
    shop.office.lose = [](const std::string& name) { return name == "rights" ? Loss::kRequest : Loss::kNone; };
    shop.office.spoil = [&](const std::string& name, client::HttpAnswer& answer) {
      if (name != "events") return;
      shop.office.chains.clear();  // it never got there
      answer.body = stale;
    };
    (void)shop.engine->RunOnce();
    return std::pair(shop.till.cursor.acked_seq, shop.office.Posted());
  };
  CHECK(run({}) == std::pair<int64_t, int64_t>(0, 0));
  const auto without = run(Safeguards::Without(Rule::kAckEpoch));
  CHECK(without.first > without.second);
}

TEST_CASE("Acknowledgement: of another incarnation moves nothing", "[client][rights]") {
  Shop shop;
  shop.till.Sell();
  shop.office.spoil = [&](const std::string& name, client::HttpAnswer& answer) {
    if (name != "events") return;
    auto ack = wire::DecodeAck(answer.body);
    ack->incarnation = 2;
    answer.body = wire::Encode(shop.office.Signed(*ack));
  };
  CHECK(shop.Fails().Is(ClientErrc::kBadAnswer));
  CHECK(shop.till.cursor.acked_seq == 0);
}

TEST_CASE("Give back: only after head office answered in this round; without the rule the points are gone",
          "[client][rights][control]") {
  Shop shop;
  shop.till.Sell(10);
  LoseAll(shop);
  CHECK(shop.Fails().Is(ClientErrc::kUnreachable));
  CHECK(shop.till.local == 10);
  shop.Connect(Safeguards::Without(Rule::kReturnAfterHello));
  CHECK(shop.Fails().Is(ClientErrc::kUnreachable));
  CHECK(shop.till.local == 0);
}

TEST_CASE("Rights: a repeated answer gives nothing twice, and its secrets are not kept", "[client][rights]") {
  Shop shop;
  shop.office.grants = {"g1"};
  std::string first;
  shop.office.spoil = [&](const std::string& name, client::HttpAnswer& answer) {
    if (name == "rights") first = answer.body;
  };
  shop.Round();
  shop.office.spoil = [&](const std::string& name, client::HttpAnswer& answer) {
    if (name == "rights") answer.body = first;
  };
  shop.till.held.clear();  // spent
  CHECK(shop.Fails().Is(ClientErrc::kBadAnswer));
  CHECK(shop.till.held.empty());
  CHECK(shop.till.CountOf("grants_accepted") == 1);
  CHECK(shop.till.secrets == 1);
  shop.office.spoil = nullptr;
  shop.Round();
  shop.RequireSettled();
}

TEST_CASE("Rights: one that is not as it should be is told of, and stops nothing else", "[client][rights]") {
  Shop shop;
  shop.till.Sell();
  shop.office.grants = {"bad", "g2"};
  const base::Error error = shop.Fails();
  CHECK(error.Is(loyalty::LoyaltyErrc::kBadGrant));
  CHECK(shop.till.held == std::set<std::string>{"g2"});
  CHECK(shop.calls.back() == "changes");
  shop.RequireSettled();
  shop.Round();
}

TEST_CASE("Round: whatever is lost at any step, the next round heals", "[client][rights]") {
  const auto play = [](int lose_at, Loss how, bool older_disk) {
    Shop shop;
    for (int i = 0; i < 5; ++i) shop.till.Sell(3);
    shop.Round();
    const auto disk = shop.till.Copy();
    for (int i = 0; i < 3; ++i) shop.till.Sell(3);
    shop.Round();
    if (older_disk) {
      shop.till.Restore(disk);
      shop.till.Sell(3);
    }
    shop.office.grants = {"g7"};
    shop.office.lost_cards_version = shop.till.next_lost_cards_version = 2;
    int asked = 0;
    shop.office.lose = [&](const std::string&) { return asked++ == lose_at ? how : Loss::kNone; };
    const auto report = shop.engine->RunOnce();
    const bool hit = asked > lose_at;
    CHECK(report.has_value() == !hit);
    shop.office.lose = nullptr;
    shop.Round();
    shop.RequireSettled();
    CHECK(shop.till.held == std::set<std::string>{"g7"});
    CHECK(shop.till.CountOf("grants_accepted") == 1);
    CHECK(shop.office.lives.size() == (older_disk ? 1 : 0));
    CHECK(shop.till.CountOf("life") == (older_disk ? 1 : 0));
    CHECK(shop.till.lost_cards_version == 2);
    // The five and three sales, and the one that was made on the older disk.
    CHECK(shop.office.Posted("sale") == (older_disk ? 9 : 8));
    return hit;
  };
  for (const bool older_disk : {false, true}) {
    for (const Loss how : {Loss::kRequest, Loss::kAnswer}) {
      int step = 0;
      while (play(step, how, older_disk)) ++step;
      CHECK(step >= (older_disk ? 8 : 5));
    }
  }
}

TEST_CASE("Life: a till with an older disk sends what differs and goes on as another incarnation", "[client][rights]") {
  Shop shop;
  for (int i = 0; i < 4; ++i) shop.till.Sell();
  shop.Round();
  const auto disk = shop.till.Copy();
  for (int i = 0; i < 6; ++i) shop.till.Sell();
  shop.Round();
  shop.till.Restore(disk);
  shop.till.local = 20;
  shop.till.held = {"g9"};
  SECTION("nothing sold since") {
    const SyncReport report = shop.Round();
    CHECK(report.new_life);
    CHECK(shop.office.Posted("sale") == 10);
  }
  SECTION("sold since: both histories are at head office") {
    for (int i = 0; i < 9; ++i) shop.till.Sell();
    const SyncReport report = shop.Round();
    CHECK(report.new_life);
    CHECK(shop.office.Posted("sale") == 19);
    CHECK(shop.office.chains[1].fenced);
  }
  CHECK(shop.till.identity.terminal.incarnation == 2);
  CHECK(shop.till.enrolment->token == "evt_2");
  CHECK(shop.till.kinds.back() == "life");
  CHECK(shop.till.held.empty());
  CHECK(shop.till.local == 0);
  CHECK(shop.till.CountOf("return") == 0);  // nothing of an older disk is given back: it may be spent already
  shop.RequireSettled();
  shop.till.Sell();
  CHECK_FALSE(shop.Round().new_life);
  shop.RequireSettled();
}

TEST_CASE("Life: a fenced till sends everything first", "[client][rights]") {
  Shop shop;
  for (int i = 0; i < 2; ++i) shop.till.Sell();
  shop.Round();
  shop.office.chains[1].fenced = true;
  for (int i = 0; i < 5; ++i) shop.till.Sell();
  shop.calls.clear();
  CHECK(shop.Round().new_life);
  CHECK(shop.till.kinds.back() == "life");
  const auto life = std::find(shop.calls.begin(), shop.calls.end(), "life");
  CHECK(std::count(shop.calls.begin(), life, "events") == 2);
  CHECK(std::find(shop.calls.begin(), shop.calls.end(), "till: life 2 fenced") != shop.calls.end());
  shop.RequireSettled();
}

TEST_CASE("Life: what does not answer the request for it begins none", "[client][rights]") {
  Shop shop;
  shop.till.Sell();
  shop.Round();
  shop.office.chains[1].fenced = true;
  std::function<void(wire::LifeReply&)> change;
  bool sign = true;
  SECTION("forged") {
    change = [](wire::LifeReply& life) { life.incarnation = 9; };
    sign = false;
  }
  SECTION("another request") {
    change = [](wire::LifeReply& life) { life.request_id = "r-9"; };
  }
  SECTION("another till") {
    change = [](wire::LifeReply& life) { life.terminal = "S01/L04"; };
  }
  SECTION("the life it has") {
    change = [](wire::LifeReply& life) { life.incarnation = 1; };
  }
  SECTION("an earlier epoch") {
    shop.till.enrolment->epoch.counter = 1;
    change = [](wire::LifeReply& life) { life.epoch.random = std::string(16, 'z'); };
  }
  shop.office.spoil = [&](const std::string& name, client::HttpAnswer& answer) {
    if (name != "life") return;
    auto life = wire::DecodeLifeReply(answer.body);
    change(*life);
    answer.body = wire::Encode(sign ? shop.office.Signed(*life) : *life);
  };
  CHECK(shop.Fails().Is(ClientErrc::kBadAnswer));
  CHECK(shop.till.identity.terminal.incarnation == 1);
  CHECK(shop.till.CountOf("life") == 0);
  shop.office.spoil = nullptr;
  shop.Round();
  CHECK(shop.till.identity.terminal.incarnation == 2);
  CHECK(shop.office.lives.size() == 1);
}

TEST_CASE("Life: a restored head office that forgot this life gets all lives once more", "[client][rights]") {
  Shop shop;
  for (int i = 0; i < 9; ++i) shop.till.Sell();
  shop.Round();
  shop.office.chains[1].fenced = true;
  shop.till.Sell();
  shop.Round();
  for (int i = 0; i < 3; ++i) shop.till.Sell();
  shop.Round();
  REQUIRE(shop.till.identity.terminal.incarnation == 2);
  shop.RestoreOffice(2, 2);
  shop.office.chains[1].fenced = false;
  shop.office.tokens.erase("evt_2");
  shop.office.lives.clear();
  CHECK(shop.Round().new_life);
  CHECK(shop.till.identity.terminal.incarnation == 3);
  CHECK(shop.till.enrolment->epoch.counter == 2);
  shop.RequireSettled();
  CHECK(shop.office.Posted("sale") == 13);
}

TEST_CASE("Hello: head office that has less than it said gets it again", "[client][rights]") {
  Shop shop;
  for (int i = 0; i < 7; ++i) shop.till.Sell();
  shop.Round();
  const auto epoch = shop.office.epoch;
  shop.RestoreOffice(3, 2);
  shop.office.epoch = epoch;  // its file was put back behind its back
  shop.Round();
  shop.RequireSettled();
}

TEST_CASE("Round: an older head office gets journal and changes", "[client][rights]") {
  Shop shop;
  shop.office.old = true;
  shop.till.Sell(10);
  const SyncReport report = shop.Round();
  CHECK(report.old_head_office);
  CHECK(report.uploaded == 1);
  CHECK(shop.till.local == 10);  // nobody would give anything for it
  CHECK(shop.calls == std::vector<std::string>{"hello", "events", "changes"});
}

TEST_CASE("Lost cards: handed back to a head office that knows an older list, and a forged list is not kept",
          "[client][rights]") {
  Shop shop;
  SECTION("handed back") {
    shop.till.lost_cards_version = 4;
    shop.till.lost_cards = {"{\"version\":4}", std::string(64, 's')};
    shop.till.next_lost_cards_version = 5;
    shop.Round();
    REQUIRE(shop.office.hellos.size() == 2);
    CHECK(shop.office.hellos[0].revocations.empty());
    CHECK(shop.office.hellos[1].revocations == "{\"version\":4}");
    CHECK(shop.till.lost_cards_version == 5);
  }
  SECTION("forged") {
    shop.office.lost_cards_version = 2;
    shop.office.spoil = [](const std::string& name, client::HttpAnswer& answer) {
      if (name != "revocations") return;
      auto list = wire::DecodeSignedText(answer.body);
      list->bytes.replace(list->bytes.find("[]"), 2, R"(["00112233445566aa"])");
      answer.body = wire::Encode(*list);
    };
    CHECK(shop.Fails().Is(ClientErrc::kBadAnswer));
    CHECK(shop.till.lost_cards.bytes.empty());
  }
}

TEST_CASE("Changes: a member's rights arrive, as of a place in all of this till's lives", "[client][rights]") {
  Shop shop;
  for (int i = 0; i < 4; ++i) shop.till.Sell();
  shop.Round();
  shop.office.chains[1].fenced = true;
  shop.Round();
  REQUIRE(shop.till.identity.terminal.incarnation == 2);
  wire::MemberChange member;
  member.id = "01990000-0000-7000-8000-000000000001";
  member.points = 120;
  member.included_seq = 1;  // of the second life
  member.available = -30;
  member.pending = 20;
  member.merged_into = "01990000-0000-7000-8000-000000000002";
  member.cards = {{"00112233445566aa", 2}};
  shop.office.members = {member};
  shop.till.cursor.changes = "";
  shop.till.members.clear();
  shop.Round();
  REQUIRE(shop.till.members.size() == 1);
  const checkout::MemberChange& got = shop.till.members.front();
  CHECK(got.points_acked_seq == 5);
  CHECK(got.available == -30);
  CHECK(got.pending == 20);
  REQUIRE(got.merged_into);
  CHECK(got.merged_into->ToString() == member.merged_into);
  REQUIRE(got.cards.size() == 1);
  CHECK(got.cards[0].level == 2);
}

}  // namespace evertill::test
