#include "tests/unit/store/office.h"

namespace evertill::store {
namespace {

using checkout::CardLevel;
using loyalty::Rule;
using loyalty::Safeguards;

constexpr const char* kCard = "1234567890123456";

/// A till enrolled with an office, and one member.
struct Shop {
  Till till;
  Office office{till};
  checkout::MemberRecord nok;

  explicit Shop(const Safeguards& safeguards = {}) {
    till.options.safeguards = safeguards;
    till.Open();
    office.Enrol();
    nok = till.Enrol("Nok", "0812345678", kCard);
  }
};

TEST_CASE("Rights: a grant is spent down to nothing, also over a restart, and never past it", "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  CHECK(LookAt(shop.till, shop.nok.id).here == 100);
  Spend(shop.till, shop.nok, 30);
  shop.till.Open();
  CHECK(LookAt(shop.till, shop.nok.id).here == 70);
  const auto sale = shop.till.MakeSale(1, &shop.nok);
  const auto over = TryFund(shop.till, shop.nok.id, sale.id, 71);
  REQUIRE_FALSE(over.has_value());
  CHECK(over.error().Name() == "not_enough_points_here");
  CHECK(over.error().Detail() == "70");
  CHECK(TryFund(shop.till, shop.nok.id, sale.id, 0).error().Name() == "bad_points");
  CHECK(TryFund(shop.till, shop.nok.id, sale.id, -5).error().Name() == "bad_points");
  CHECK(TryFund(shop.till, shop.nok.id, sale.id, INT64_MAX).error().Name() == "bad_points");
  Spend(shop.till, shop.nok, 70);
  CHECK(LookAt(shop.till, shop.nok.id).here == 0);
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("Rights: without rule gate one point too many goes out", "[store][rights]") {
  Shop shop(Safeguards::Without(Rule::kGate));
  shop.office.Give("g1", shop.nok.id, 100);
  CHECK(TryFund(shop.till, shop.nok.id, shop.till.NewId<domain::EventId>(), 101).has_value());
}

TEST_CASE("Rights: what one basket has reserved another cannot have; letting go frees it", "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  const auto first = shop.till.NewId<domain::EventId>();
  const auto second = shop.till.NewId<domain::EventId>();
  CHECK(Must(TryFund(shop.till, shop.nok.id, first, 80)).points == 80);
  CHECK(Must(TryFund(shop.till, shop.nok.id, first, 60)).points == 60);  // changed: in its place
  CHECK(Must(shop.till->Rights().Look(shop.nok.id, CardLevel::kSigned, first)).here == 100);
  CHECK(Must(shop.till->Rights().Look(shop.nok.id, CardLevel::kSigned, second)).here == 40);
  shop.till.Open();
  CHECK_FALSE(TryFund(shop.till, shop.nok.id, second, 41).has_value());
  CHECK(TryFund(shop.till, shop.nok.id, second, 40).has_value());
  Must(shop.till->Rights().Release(first));
  CHECK(TryFund(shop.till, shop.nok.id, second, 100).has_value());
  Must(shop.till->Rights().ReleaseAllBut(second));
  CHECK_FALSE(TryFund(shop.till, shop.nok.id, first, 1).has_value());
  Must(shop.till->Rights().ReleaseAllBut(first));
  CHECK(TryFund(shop.till, shop.nok.id, first, 100).has_value());
}

TEST_CASE("Rights: a grant is accepted once, whatever became of it", "[store][rights]") {
  Shop shop;
  const auto text = shop.office.Give("g1", shop.nok.id, 100);
  Spend(shop.till, shop.nok, 100);
  CHECK(Must(shop.till->RightsSync().AcceptGrants({text, text})) == 0);
  CHECK(LookAt(shop.till, shop.nok.id).here == 0);
  CHECK(Must(shop.till->RightsSync().GiveBack({shop.office.MakeGrant("g1", shop.nok.id, 1).id})) == 1);
  shop.till.Open();
  CHECK(Must(shop.till->RightsSync().AcceptGrants({text})) == 0);
  CHECK(LookAt(shop.till, shop.nok.id).here == 0);
}

TEST_CASE("Rights: without rule grant-once a repeated answer arms a spent grant again", "[store][rights]") {
  Shop shop(Safeguards::Without(Rule::kGrantOnce));
  const auto text = shop.office.Give("g1", shop.nok.id, 100);
  Spend(shop.till, shop.nok, 100);
  (void)shop.till->RightsSync().AcceptGrants({text});
  CHECK(LookAt(shop.till, shop.nok.id).here == 100);
}

TEST_CASE("Rights: what is forged, altered, another till's or another life's is refused, the rest is taken",
          "[store][rights]") {
  Shop shop;
  auto& sync = shop.till->RightsSync();
  auto forged = shop.office.Sign(shop.office.MakeGrant("g1", shop.nok.id, 100));
  forged.signature[3] = static_cast<char>(forged.signature[3] ^ 1);
  auto altered = shop.office.Sign(shop.office.MakeGrant("g2", shop.nok.id, 100));
  altered.bytes.replace(altered.bytes.find("100"), 3, "900");
  auto foreign = shop.office.MakeGrant("g3", shop.nok.id, 100);
  foreign.terminal = "S01/L04";
  auto other_life = shop.office.MakeGrant("g4", shop.nok.id, 100);
  other_life.incarnation = 2;
  const std::vector<checkout::SignedText> bad{
      forged, altered, shop.office.Sign(foreign), shop.office.Sign(other_life), {"{}", "x"}};
  for (const auto& text : bad) {
    const auto refused = sync.AcceptGrants({text});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().Name() == "bad_grant");
  }
  auto old_epoch = shop.office.MakeGrant("g5", shop.nok.id, 100);
  old_epoch.epoch = "0-" + std::string(32, 'b');
  CHECK(Must(sync.AcceptGrants({shop.office.Sign(old_epoch)})) == 0);
  CHECK(LookAt(shop.till, shop.nok.id).here == 0);
  CHECK_FALSE(sync.AcceptGrants({forged, shop.office.Sign(shop.office.MakeGrant("g6", shop.nok.id, 40))}).has_value());
  CHECK(LookAt(shop.till, shop.nok.id).here == 40);
}

TEST_CASE("Rights: a return takes local points and recalled grants away before anything is uploaded",
          "[store][rights]") {
  Shop shop;
  shop.till.Commit(shop.till.MakeSale(1, &shop.nok, 25));
  shop.office.Give("g1", shop.nok.id, 100);
  shop.office.Give("g2", shop.nok.id, 10);
  CHECK(LookAt(shop.till, shop.nok.id).here == 135);
  CHECK(Must(shop.till->RightsSync().GiveBack({shop.office.EpochName() + ":g1", "1-x:unknown"})) == 1);
  CHECK(LookAt(shop.till, shop.nok.id).here == 10);
  const auto events = Must(shop.till->Sync().EventsAfter(Must(shop.till->Sync().Cursor()).head_seq - 1, 1));
  const auto event = Must(domain::DecodeEvent(events.at(0).body));
  CHECK(event.core.kind == "return");
  CHECK(event.core.member == shop.nok.id);
  Must(loyalty::CheckPostings(event.core));
  CHECK(loyalty::MemberDelta(event.core.postings) == 0);
  CHECK(event.ext == R"({"grants":[")" + shop.office.EpochName() + R"(:g1"]})");
  CHECK(Must(shop.till->RightsSync().GiveBack({shop.office.EpochName() + ":g1"})) == 0);
  shop.till.Open();
  CHECK(LookAt(shop.till, shop.nok.id).here == 10);
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("Rights: without rule return the till keeps what it says it gave back", "[store][rights]") {
  Shop shop(Safeguards::Without(Rule::kReturn));
  shop.office.Give("g1", shop.nok.id, 100);
  CHECK(Must(shop.till->RightsSync().GiveBack({shop.office.EpochName() + ":g1"})) == 1);
  CHECK(LookAt(shop.till, shop.nok.id).here == 100);
}

TEST_CASE("Rights: a return leaves out what an open basket has reserved", "[store][rights]") {
  Shop shop;
  shop.till.Commit(shop.till.MakeSale(1, &shop.nok, 25));
  shop.office.Give("g1", shop.nok.id, 100);
  const auto sale = shop.till.MakeSale(1, &shop.nok);
  const auto funding = Must(TryFund(shop.till, shop.nok.id, sale.id, 90));
  CHECK(Must(shop.till->RightsSync().GiveBack({shop.office.EpochName() + ":g1"})) == 1);
  CHECK(LookAt(shop.till, shop.nok.id).here == 0);  // another basket
  (void)Must(TrySpend(shop.till, sale, funding));
  // What is left of the grant, nothing, is told as given back whole in the next round.
  CHECK(Must(shop.till->RightsSync().GiveBack({shop.office.EpochName() + ":g1"})) == 1);
  CHECK(Must(shop.till->RightsSync().GiveBack({shop.office.EpochName() + ":g1"})) == 0);
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("Rights: a grant past its time is no more and is given back; local points wait for their activation",
          "[store][rights]") {
  Shop shop;
  auto grant = shop.office.MakeGrant("g1", shop.nok.id, 100);
  grant.not_after_ms = base::ToUnixMillis(shop.till.clock.Now()) + 3'600'000;
  CHECK(Must(shop.till->RightsSync().AcceptGrants({shop.office.Sign(grant)})) == 1);
  auto sale = shop.till.MakeSale(1, &shop.nok, 25);
  sale.at = shop.till.clock.Now();
  sale.points.active_ms = base::ToUnixMillis(sale.at) + 24 * 3'600'000;
  shop.till.Commit(sale);
  CHECK(LookAt(shop.till, shop.nok.id).here == 100);
  CHECK(LookAt(shop.till, shop.nok.id).not_active == 25);
  shop.till.clock.Advance(std::chrono::hours(2));
  CHECK(LookAt(shop.till, shop.nok.id).here == 0);
  CHECK(Must(shop.till->RightsSync().GiveBack({})) == 1);
  const auto head = Must(shop.till->Sync().Cursor()).head_seq;
  const auto body = Must(shop.till->Sync().EventsAfter(head - 1, 1)).at(0).body;
  CHECK(body.find(R"({"account":"PENDING","source":"","lot":")" + sale.id.ToString()) != std::string::npos);
  CHECK(body.find(R"({"account":"AVAIL","source":"","lot":"lot-g1","amount":100})") != std::string::npos);
}

TEST_CASE("Rights: the commit looks again, so that what is gone is not spent", "[store][rights]") {
  for (const bool checks : {true, false}) {
    Shop shop(checks ? Safeguards() : Safeguards::Without(Rule::kCommitRecheck));
    shop.office.Give("g1", shop.nok.id, 100);
    const auto sale = shop.till.MakeSale(1, &shop.nok);
    const auto funding = Must(TryFund(shop.till, shop.nok.id, sale.id, 90));
    Must(shop.till->RightsSync().BeginLife({2, "token-2", "behind"}));
    const auto answer = TrySpend(shop.till, sale, funding);
    CHECK(answer.has_value() == !checks);
    if (checks) {
      CHECK(answer.error().Name() == "rights_gone");
      CHECK_FALSE(Must(shop.till->Sales().LastSale()).has_value());
      (void)Must(shop.till->VerifyJournal());
    }
  }
}

TEST_CASE("Rights: a hold pays its own sale exactly, and is asked for once", "[store][rights]") {
  Shop shop;
  const auto sale = shop.till.MakeSale(1, &shop.nok);
  auto& rights = shop.till->Rights();
  Must(rights.BeginReserve(shop.nok.id, sale.id, 50));
  const auto head = Must(shop.till->Sync().Cursor()).head_seq;
  Must(rights.BeginReserve(shop.nok.id, sale.id, 50));  // the answer was lost
  CHECK(Must(shop.till->Sync().Cursor()).head_seq == head);
  checkout::HoldAnswer hold{
      true, {{"HOLD", sale.id.ToString(), "lot-a", -30}, {"HOLD", sale.id.ToString(), "", -20}}, 0};
  const auto funding = Must(rights.Fund(shop.nok.id, CardLevel::kSigned, sale.id, 50, hold, false));
  CHECK(funding.from_hold);
  CHECK(rights.Fund(shop.nok.id, CardLevel::kSigned, sale.id, 49, hold, false).error().Name() == "rights_gone");
  const auto other = shop.till.NewId<domain::EventId>();
  CHECK_FALSE(rights.Fund(shop.nok.id, CardLevel::kSigned, other, 50, hold, false).has_value());
  (void)Must(TrySpend(shop.till, sale, funding));
  const auto done = Must(shop.till->Sync().Cursor()).head_seq;
  Must(rights.Release(sale.id));  // committed: nothing is open
  CHECK(Must(shop.till->Sync().Cursor()).head_seq == done);

  Must(rights.BeginReserve(shop.nok.id, other, 10));
  shop.till.Open();
  Must(shop.till->Rights().ReleaseAllBut(sale.id));  // at the start: the basket is gone
  const auto body = Must(shop.till->Sync().EventsAfter(done + 1, 1)).at(0).body;
  CHECK(body.find("\"kind\":\"abandon\"") != std::string::npos);
  CHECK(body.find(other.ToString()) != std::string::npos);
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("Rights: a till that was never enrolled spends what it has written", "[store][rights]") {
  Till till;
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  till.Commit(till.MakeSale(1, &nok, 60));
  CHECK(LookAt(till, nok.id, CardLevel::kNone).here == 60);
  Spend(till, nok, 60, CardLevel::kNumber);
  CHECK(LookAt(till, nok.id, CardLevel::kNone).here == 0);
  CHECK(LookAt(till, nok.id, CardLevel::kNone).elsewhere == 0);
  (void)Must(till->VerifyJournal());
}

TEST_CASE("Rights: what is elsewhere is told, and a debt", "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  shop.office.Tell(shop.nok, 220, 120, Must(shop.till->Sync().Cursor()).head_seq);
  CHECK(LookAt(shop.till, shop.nok.id).here == 100);
  CHECK(LookAt(shop.till, shop.nok.id).elsewhere == 120);
  Spend(shop.till, shop.nok, 100);
  CHECK(LookAt(shop.till, shop.nok.id).elsewhere == 120);
  shop.office.Tell(shop.nok, -15, -15, Must(shop.till->Sync().Cursor()).head_seq);
  CHECK(LookAt(shop.till, shop.nok.id).debt == 15);
  CHECK(LookAt(shop.till, shop.nok.id).elsewhere == 0);
}

TEST_CASE("Rights: nothing goes without a signed card, with an old list of lost cards, or past the day's limit",
          "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  for (const CardLevel level : {CardLevel::kNone, CardLevel::kNumber}) {
    CHECK(LookAt(shop.till, shop.nok.id, level).closed->Name() == "card_needed");
    const auto refused = TryFund(shop.till, shop.nok.id, shop.till.NewId<domain::EventId>(), 1, level);
    CHECK(refused.error().Name() == "card_needed");
  }
  checkout::ChangeSet changes;
  changes.programme =
      R"({"version":2,"currency":"THB","earn":{"points":1,"per":"25.00"},"worth":{"points":10,"amount":"1.00"},)"
      R"("redeem":{"day_limit":40,"denylist_hours":5}})";
  Must(shop.till->Sync().ApplyChanges(changes));
  Spend(shop.till, shop.nok, 30);
  CHECK(LookAt(shop.till, shop.nok.id).here == 10);
  CHECK(TryFund(shop.till, shop.nok.id, shop.till.NewId<domain::EventId>(), 11).error().Name() == "day_limit");
  shop.till.clock.Advance(std::chrono::hours(6));
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "denylist_old");
  shop.office.Hello(3);  // there is a newer list, which is not here yet
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "denylist_old");
  shop.office.Deny(3, R"("serials":[],"numbers":[],"erased":[])");
  CHECK_FALSE(LookAt(shop.till, shop.nok.id).closed.has_value());
  shop.till.clock.Advance(std::chrono::hours(24));
  shop.office.Hello(3);
  CHECK(LookAt(shop.till, shop.nok.id).here == 40);  // another day
}

TEST_CASE("Rights: a clock set back closes redeeming, not selling, until head office has told the time",
          "[store][rights][clock]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  const auto before = shop.till.clock.Now();
  shop.till.clock.Set(before - std::chrono::hours(24));
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "clock_unsafe");
  const auto refused = TryFund(shop.till, shop.nok.id, shop.till.NewId<domain::EventId>(), 1);
  CHECK(refused.error().Name() == "clock_unsafe");
  const auto sold = shop.till.Commit(shop.till.MakeSale(1, &shop.nok, 5));
  CHECK(sold.at >= before);
  shop.till.clock.Set(before + std::chrono::minutes(1));  // set right by hand, and started anew
  shop.till.Open();
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "clock_unsafe");
  shop.office.Hello();
  CHECK_FALSE(LookAt(shop.till, shop.nok.id).closed.has_value());
  shop.till.clock.Set(before + std::chrono::hours(24 * 365));  // a year ahead, within one run
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "clock_unsafe");
}

TEST_CASE("Rights: without rule business-clock time goes back and nobody minds", "[store][rights][clock]") {
  Shop shop(Safeguards::Without(Rule::kBusinessClock));
  shop.office.Give("g1", shop.nok.id, 100);
  const auto before = shop.till.clock.Now();
  shop.till.clock.Set(before - std::chrono::hours(24));
  CHECK_FALSE(LookAt(shop.till, shop.nok.id).closed.has_value());
  CHECK(shop.till.Commit(shop.till.MakeSale()).at < before);
}

TEST_CASE("Rights: head office's clock corrects the time of business", "[store][rights][clock]") {
  Shop shop;
  checkout::HelloFacts facts;
  facts.server_ms = base::ToUnixMillis(shop.till.clock.Now()) + 90'000;
  Must(shop.till->RightsSync().RecordHello(facts));
  shop.till.Open();
  CHECK(shop.till.Commit(shop.till.MakeSale()).at == shop.till.clock.Now() + std::chrono::seconds(90));
}

TEST_CASE("Rights: a fenced till spends nothing until its new life has begun", "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  CHECK(LookAt(shop.till, shop.nok.id).here == 100);
  checkout::HelloFacts facts;
  facts.server_ms = base::ToUnixMillis(shop.till.clock.Now());
  facts.fenced = true;
  Must(shop.till->RightsSync().RecordHello(facts));
  const auto look = LookAt(shop.till, shop.nok.id);
  CHECK(look.here == 0);
  REQUIRE(look.closed.has_value());
  CHECK(look.closed->Name() == "rights_gone");
  CHECK(shop.till.Commit(shop.till.MakeSale()).seq > 0);  // selling goes on
}

TEST_CASE("Stand-in: up to C and G, only with a phone, and a stale figure does not open it again",
          "[store][rights][stand-in]") {
  for (const bool guarded : {true, false}) {
    Shop shop(guarded ? Safeguards() : Safeguards::Without(Rule::kStandInUsed));
    const auto place = Must(shop.till->Sync().Cursor()).head_seq;
    shop.office.Tell(shop.nok, 500, 500, place);
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 0);  // no permit: the default
    shop.office.Permit(shop.nok.id, 40, 60);
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 40);
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kSigned).here == 0);
    const auto refused = shop.till->Rights().Fund(shop.nok.id, CardLevel::kPhone, domain::EventId(), 1, {}, true);
    CHECK(refused.error().Name() == "not_enough_points_here");
    Spend(shop.till, shop.nok, 30, CardLevel::kPhone);
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 10);
    shop.office.Tell(shop.nok, 500, 500, place);  // the same answer again
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == (guarded ? 10 : 30));
    if (!guarded) continue;
    const auto after = Must(shop.till->Sync().Cursor()).head_seq;
    shop.office.Tell(shop.nok, -5, -5, after);  // posted, and there was not enough
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 0);
    shop.office.Tell(shop.nok, 470, 470, after);
    shop.office.Tell(shop.nok, 500, 500, place);                          // late
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 30);  // G: 60 less 30
    shop.office.Hello();
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 30);  // hello alone is no sync
    const auto head = Must(shop.till->Sync().Cursor()).head_seq;
    Must(shop.till->Sync().SignHead(head));
    Must(shop.till->Sync().RecordAck(head, head, shop.till.clock.Now()));
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 40);
    Must(shop.till->RightsSync().ReturnPermits({shop.office.EpochName() + ":p"}));
    CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 0);
    (void)Must(shop.till->VerifyJournal());
  }
}

TEST_CASE("Stand-in: what a restored head office does not know of any more is not settled",
          "[store][rights][stand-in]") {
  Shop shop;
  shop.office.Tell(shop.nok, 500, 500, 1);
  shop.office.Permit(shop.nok.id, 40, 100);
  Spend(shop.till, shop.nok, 30, CardLevel::kPhone);
  const auto head = Must(shop.till->Sync().Cursor()).head_seq;
  Must(shop.till->Sync().RecordAck(head, 1, shop.till.clock.Now()));
  shop.office.Tell(shop.nok, 470, 470, head);
  CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 40);
  Must(shop.till->Sync().SetEpoch({2, std::string(32, 'b')}));
  Must(shop.till->Sync().RewindTo(1));
  CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 10);
  shop.office.Tell(shop.nok, 500, 500, 1);
  CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 10);
  shop.office.Tell(shop.nok, 470, 470, head);
  CHECK(LookAt(shop.till, shop.nok.id, CardLevel::kPhone).here == 40);
}

TEST_CASE("Rights: verification makes them anew from the journal and finds a right that was written in",
          "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  shop.office.Permit(shop.nok.id, 40, 60);
  shop.till.Commit(shop.till.MakeSale(1, &shop.nok, 25));
  Spend(shop.till, shop.nok, 110);
  for (const char* change :
       {"UPDATE right_lot SET left = left + 1", "UPDATE grant_held SET closed = 1", "UPDATE permit SET cap = 900",
        "DELETE FROM spent_lately", "INSERT INTO card_step VALUES (x'0001020304050607', 9)",
        "INSERT INTO stand_in SELECT 2, row, 5 FROM member",
        "INSERT INTO right_lot SELECT row, 'LOCAL', '', 'mine', 500, 0, 0 FROM member"}) {
    const auto whole = shop.till.temp.File("whole.db");
    std::filesystem::remove(whole);
    Must(shop.till->BackupTo(whole));
    (void)Must(shop.till->VerifyJournal());
    shop.till.store.reset();
    Must(shop.till.Raw().Execute(change));
    shop.till.Open();
    INFO(change);
    CHECK(shop.till->VerifyJournal().error().Is(StoreErrc::kJournalBroken));
    shop.till.store.reset();
    std::filesystem::copy_file(whole, shop.till.Dir() / "till.db", std::filesystem::copy_options::overwrite_existing);
    shop.till.Open();
  }
}

TEST_CASE("Refund: what was taken back so far is known by line, and what is left of the lot", "[store][rights]") {
  Shop shop;
  const auto sale = shop.till.Commit(shop.till.MakeSale(2, &shop.nok, 20));
  CHECK(Must(shop.till->Rights().Refunded(sale.id)).local_left == 20);
  auto refund = shop.till.MakeSale(1, &shop.nok, -8);
  refund.refund = domain::RefundOf{sale.id, sale.receipt, {{2, 1'000'000, 8, 0}}};
  const std::vector<domain::Posting> postings{{"LOCAL", "", sale.id.ToString(), -8}, {"ISSUED", "", "", 8}};
  const auto done = Must(shop.till->Sales().CommitSale(refund, postings, 1, true));
  CHECK(done.receipt != sale.receipt);
  shop.till.Open();
  const auto so_far = Must(shop.till->Rights().Refunded(sale.id));
  CHECK(so_far.local_left == 12);
  CHECK(so_far.quantity_micro.at(0) == 0);
  CHECK(so_far.quantity_micro.at(1) == 1'000'000);
  const std::vector<domain::Posting> more{{"LOCAL", "", sale.id.ToString(), -13}, {"ISSUED", "", "", 13}};
  refund.id = shop.till.NewId<domain::EventId>();
  CHECK(shop.till->Sales().CommitSale(refund, more, 1, true).error().Name() == "rights_gone");
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("Refund: what it gave back waits, and is not elsewhere", "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  shop.office.Tell(shop.nok, 100, 0, Must(shop.till->Sync().Cursor()).head_seq);
  auto refund = shop.till.MakeSale(1, &shop.nok);
  refund.refund = domain::RefundOf{shop.till.NewId<domain::EventId>(), {}, {{1, 1'000'000, 0, 30}}};
  const std::vector<domain::Posting> postings{{"REDEEMED", "", "", -30}, {"PENDING", refund.id.ToString(), "", 30}};
  (void)Must(shop.till->Sales().CommitSale(refund, postings, 1, true));
  const auto here = LookAt(shop.till, shop.nok.id);
  CHECK(here.here == 100);
  CHECK(here.not_active == 30);
  CHECK(here.elsewhere == 0);
}

TEST_CASE("Refund: only a till without head office is the only ledger, and spends what it gave back",
          "[store][rights]") {
  Till till;
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  const auto lot = till.Commit(till.MakeSale(1, &nok, 60)).id;
  Spend(till, nok, 60, CardLevel::kNumber);
  const auto spent = Must(till->Sales().LastSale());
  CHECK(Must(till->Rights().Refunded(spent->id)).only_ledger);
  auto refund = till.MakeSale(1, &nok);
  refund.refund = domain::RefundOf{spent->id, spent->receipt, {{1, 1'000'000, 0, 60}}};
  const std::vector<domain::Posting> postings{{"REDEEMED", "", "", -60}, {"LOCAL", "", lot.ToString(), 60}};
  (void)Must(till->Sales().CommitSale(refund, postings, 1, true));
  CHECK(LookAt(till, nok.id, CardLevel::kNumber).here == 60);
  Spend(till, nok, 60, CardLevel::kNumber);
  (void)Must(till->VerifyJournal());
  Office office{till};
  office.Enrol();
  CHECK_FALSE(Must(till->Rights().Refunded(spent->id)).only_ledger);
}

TEST_CASE("Rights: a member with a PIN spends nothing where its hash was not given, neither online",
          "[store][rights][pin]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  checkout::MemberChange change;
  change.member = shop.nok;
  change.member.points = 400;
  change.points_acked_seq = Must(shop.till->Sync().Cursor()).head_seq;
  change.available = 300;
  change.has_pin = true;
  shop.office.Tell(change);
  const auto here = LookAt(shop.till, shop.nok.id);
  CHECK(here.pin_needed);
  CHECK_FALSE(here.pin_known);
  CHECK(here.closed->Name() == "pin_unknown_here");
  const auto sale = shop.till.NewId<domain::EventId>();
  CHECK(TryFund(shop.till, shop.nok.id, sale, 10).error().Name() == "pin_unknown_here");
  Must(shop.till->Rights().BeginReserve(shop.nok.id, sale, 10));
  const checkout::HoldAnswer hold{true, {{"HOLD", sale.ToString(), "", -10}}, 290};
  const auto refused = shop.till->Rights().Fund(shop.nok.id, CardLevel::kSigned, sale, 10, hold, false);
  CHECK(refused.error().Name() == "pin_unknown_here");
  shop.office.Pin(shop.nok.id, "2468", 1);
  CHECK(LookAt(shop.till, shop.nok.id).pin_known);
  CHECK(LookAt(shop.till, shop.nok.id).pin_needed);
  CHECK(LookAt(shop.till, shop.nok.id).here == 100);
  // Taken away at head office: no hash, and nobody asks for one.
  change.has_pin = false;
  shop.office.Tell(change);
  checkout::MemberSecret none;
  none.member = shop.nok.id;
  none.pin_generation = 2;
  Must(shop.till->RightsSync().PutSecrets({none}));
  CHECK_FALSE(LookAt(shop.till, shop.nok.id).pin_needed);
}

}  // namespace
}  // namespace evertill::store
