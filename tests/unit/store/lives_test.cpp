#include "app/crypto/hash.h"
#include "tests/unit/store/office.h"

namespace evertill::store {
namespace {

constexpr const char* kCard = "1234567890123456";

TEST_CASE("Life: another chain begins, receipts go on, and both verify", "[store][life]") {
  Till till;
  Office office{till};
  office.Enrol();
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  office.Give("g1", nok.id, 100);
  till.Commit(till.MakeSale(1, &nok, 20));
  const auto first = till.Commit(till.MakeSale());

  const auto request = Must(till->RightsSync().LifeRequestId());
  till.Open();
  CHECK(Must(till->RightsSync().LifeRequestId()) == request);
  Must(till->RightsSync().BeginLife({4, "another-token", "behind"}));
  Must(till->RightsSync().BeginLife({4, "another-token", "behind"}));  // the answer was lost
  CHECK(till->RightsSync().BeginLife({3, "x", "behind"}).error().Is(StoreErrc::kTerminalFixed));
  CHECK(Must(till->RightsSync().LifeRequestId()) != request);
  CHECK(LookAt(till, nok.id).here == 0);  // a life begins with no rights
  const auto second = till.Commit(till.MakeSale());
  till.Open();
  const auto third = till.Commit(till.MakeSale());

  CHECK(till->Identity().terminal.incarnation == 4);
  CHECK(Must(till->Sync().GetEnrolment())->token == "another-token");
  CHECK(first.receipt.Value() == "L03-000002");
  CHECK(second.receipt.Value() == "L03-4-000003");
  CHECK(second.seq == 2);
  CHECK(third.seq == 3);
  for (const auto& sale : {first, second, third}) {
    const auto found = Must(till->Sales().FindSale(sale.receipt));
    REQUIRE(found.has_value());
    CHECK(found->id == sale.id);
    CHECK(Must(till->Prints().PrintStateOf(sale.receipt)).has_value());
  }
  CHECK_FALSE(Must(till->Sales().FindSale(domain::ReceiptNumber("L03-4-000002"))).has_value());
  CHECK_FALSE(Must(till->Sales().FindSale(domain::ReceiptNumber("L03-000003"))).has_value());
  CHECK(Must(till->Sales().List(0)).at(3).receipt.Value() == "L03-000001");
  CHECK(Must(till->Prints().Waiting()).at(1).receipt == first.receipt);
}

TEST_CASE("Life: uploads go one life at a time, each from its own first event", "[store][life][sync]") {
  Till till;
  Office office{till};
  office.Enrol();
  for (int i = 0; i < 3; ++i) till.Commit(till.MakeSale());
  const auto before = Must(till->Sync().Cursor()).head_seq;
  const auto end = Must(till->Sync().HashAt(before));
  (void)Must(till->Sync().SignHead(2));
  Must(till->Sync().RecordAck(2, 2, till.clock.Now()));
  Must(till->RightsSync().BeginLife({4, "another-token", "behind"}));
  for (int i = 0; i < 2; ++i) till.Commit(till.MakeSale());
  const auto rest = Must(till->Sync().EventsAfter(2, 100));
  CHECK(rest.size() == static_cast<size_t>(before - 2));
  CHECK(rest.front().seq == 3);
  CHECK(rest.front().incarnation == 1);
  CHECK(rest.back().hash == end);
  const auto next = Must(till->Sync().EventsAfter(before, 100));
  REQUIRE(next.size() == 3);
  CHECK(next[0].seq == 1);
  CHECK(next[0].incarnation == 4);
  const auto event = Must(domain::DecodeEvent(next[0].body));
  CHECK(event.core.kind == "life");
  CHECK(event.ext.find(base::ToHex(end)) != std::string::npos);
  CHECK(next[0].hash == crypto::Sha256({domain::EventHash{}, crypto::AsBytes(next[0].body)}));
  CHECK(Must(till->Sync().PlaceOf(1, 2)) == 2);
  CHECK(Must(till->Sync().PlaceOf(4, 0)) == before);
  CHECK(Must(till->Sync().PlaceOf(4, 2)) == before + 2);
  CHECK_FALSE(till->Sync().PlaceOf(1, before + 1).has_value());
  CHECK_FALSE(till->Sync().PlaceOf(2, 1).has_value());
  const auto key = Must(crypto::VerifyingKey::FromBytes(crypto::AsBytes(Must(till->Sync().PublicKey()))));
  CHECK(key.Verify(next[2].hash, crypto::AsBytes(Must(till->Sync().SignHead(before + 3)))));
  CHECK(Must(till->VerifyJournal()).events == before + 3);
  Must(till->Sync().RecordAck(before + 3, before + 3, till.clock.Now()));
  CHECK(Must(till->Sync().PendingSales()) == 0);

  // An event that was moved into the other life is noticed.
  till.store.reset();
  Must(till.Raw().Execute("UPDATE life SET base_place = base_place - 1 WHERE incarnation = 4"));
  till.Open();
  CHECK(till->VerifyJournal().error().Is(StoreErrc::kJournalBroken));
}

TEST_CASE("Life: without rule new-incarnation the rights of the older copy live on", "[store][life][rights]") {
  Till till;
  till.options.safeguards = loyalty::Safeguards::Without(loyalty::Rule::kNewIncarnation);
  till.Open();
  Office office{till};
  office.Enrol();
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  office.Give("g1", nok.id, 100);
  Must(till->RightsSync().BeginLife({2, "token", "behind"}));
  CHECK(LookAt(till, nok.id).here == 100);
}

TEST_CASE("Life: grants of the life before are refused, those of the new one taken", "[store][life][rights]") {
  Till till;
  Office office{till};
  office.Enrol();
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  const auto old = office.Sign(office.MakeGrant("g1", nok.id, 100));
  Must(till->RightsSync().BeginLife({2, "token", "fenced"}));
  CHECK(till->RightsSync().AcceptGrants({old}).error().Name() == "bad_grant");
  office.incarnation = 2;
  office.Give("g2", nok.id, 60);
  CHECK(LookAt(till, nok.id).here == 60);
  (void)Must(till->VerifyJournal());
}

/// The till's database as the version before this one left it.
void MakeOld(Till& till) {
  till.store.reset();
  auto raw = till.Raw();
  Must(
      raw.Execute("DROP TRIGGER journal_no_delete; CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN "
                  "SELECT raise(ABORT, 'the journal is append-only'); END; DROP INDEX member_merged; DROP INDEX "
                  "member_pseudonym; DROP TABLE life; DROP TABLE right_lot; "
                  "DROP TABLE grant_held; DROP TABLE permit; DROP TABLE stand_in; DROP TABLE reservation; "
                  "DROP TABLE reserve_open; DROP TABLE spent_lately; DROP TABLE refund_line; DROP TABLE member_pin; "
                  "DROP TABLE phone_secret; DROP TABLE card_step; DROP TABLE signed_card; DROP TABLE denied_serial; "
                  "DROP TABLE denied_number; DROP TABLE checkpoint; ALTER TABLE member DROP COLUMN hq_available; "
                  "ALTER TABLE member DROP COLUMN hq_pending; ALTER TABLE member DROP COLUMN hq_epoch; "
                  "ALTER TABLE member DROP COLUMN stand_in_place; ALTER TABLE member DROP COLUMN merged_into; "
                  "ALTER TABLE member DROP COLUMN pseudonym; ALTER TABLE member DROP COLUMN hq_pin; DELETE FROM "
                  "schema_history WHERE number = 2; "
                  "PRAGMA user_version = 1"));
}

TEST_CASE("Life: a till of the version before goes on, and its local points can be spent", "[store][life][rights]") {
  Till till;
  const auto nok = till.Enrol("Nok", "0812345678", kCard);
  till.Commit(till.MakeSale(1, &nok, 45));
  MakeOld(till);
  till.Open();
  CHECK(till.Commit(till.MakeSale()).seq == 3);
  CHECK(LookAt(till, nok.id).here == 45);
  Spend(till, nok, 45);
  CHECK(till.Count("SELECT count(*) FROM member WHERE pseudonym IS NULL") == 0);
  (void)Must(till->VerifyJournal());
}

}  // namespace
}  // namespace evertill::store
