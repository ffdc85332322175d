#include "app/store/sync_table.h"

#include "app/crypto/signing_key.h"
#include "app/loyalty/programme.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

checkout::Enrolment MakeEnrolment() {
  return {"https://hq.example:8443",
          "secret-bearer-token",
          "-----BEGIN CERTIFICATE-----",
          std::string(32, '\x07'),
          {3, std::string(32, 'a')}};
}

TEST_CASE("Outbox: events come in order from after a place, and an acknowledgement moves the cursor", "[store][sync]") {
  Till till;
  for (int i = 0; i < 5; ++i) till.Commit(till.MakeSale());
  Must(till->Sales().CommitEvent(till.Draft("no_sale")));
  CHECK(Must(till->Sync().PendingSales()) == 5);
  const auto two = Must(till->Sync().EventsAfter(2, 2));
  REQUIRE(two.size() == 2);
  CHECK(two[0].seq == 3);
  CHECK(two[1].hash == Must(till->Sync().HashAt(4)));
  CHECK(Must(till->Sync().HashAt(0)) == domain::EventHash{});
  Must(till->Sync().RecordAck(4, 2, till.clock.Now()));
  auto cursor = Must(till->Sync().Cursor());
  CHECK(cursor.head_seq == 6);
  CHECK(cursor.acked_seq == 4);
  CHECK(cursor.durable_seq == 2);
  CHECK(Must(till->Sync().PendingSales()) == 1);

  Must(till->Sync().RecordAck(1, 1, till.clock.Now()));  // a late one
  till.Open();
  cursor = Must(till->Sync().Cursor());
  CHECK(cursor.acked_seq == 4);
  CHECK(cursor.durable_seq == 2);
  CHECK_FALSE(till->Sync().RecordAck(7, 7, till.clock.Now()).has_value());

  Must(till->Sync().RewindTo(1));  // head office came back from an older copy
  CHECK(Must(till->Sync().Cursor()).acked_seq == 1);
  CHECK(Must(till->Sync().Cursor()).durable_seq == 1);
  CHECK(Must(till->Sync().PendingSales()) == 4);
  CHECK(Must(till->Sync().EventsAfter(1, 100)).size() == 5);
}

TEST_CASE("SignHead: verifies with the till's public key and stays the same", "[store][sync]") {
  Till till;
  till.Commit(till.MakeSale());
  const auto key = Must(crypto::VerifyingKey::FromBytes(crypto::AsBytes(Must(till->Sync().PublicKey()))));
  const std::string signature = Must(till->Sync().SignHead(1));
  CHECK(key.Verify(Must(till->Sync().HashAt(1)), crypto::AsBytes(signature)));
  CHECK(Must(till->Sync().SignHead(1)) == signature);
  CHECK_FALSE(till->Sync().SignHead(2).has_value());
  CHECK(Must(till->VerifyJournal()).signatures == 1);
}

TEST_CASE("Enrolment: kept sealed, journalled, and gives the incarnation while the journal is empty", "[store][sync]") {
  Till till;
  CHECK_FALSE(Must(till->Sync().GetEnrolment()).has_value());
  domain::Terminal terminal = Till::Terminal();
  terminal.incarnation = 2;
  Must(till->Sync().SetEnrolment(MakeEnrolment(), terminal, "Corner shop"));
  till.Open();
  const auto kept = Must(till->Sync().GetEnrolment());
  REQUIRE(kept.has_value());
  CHECK(kept->server_url == "https://hq.example:8443");
  CHECK(kept->token == "secret-bearer-token");
  CHECK(kept->server_key == std::string(32, '\x07'));
  CHECK(kept->epoch == MakeEnrolment().epoch);
  CHECK(till->Identity().terminal == terminal);
  CHECK(till->Identity().store_name == "Corner shop");
  const auto events = Must(till->Sync().EventsAfter(0, 10));
  REQUIRE(events.size() == 1);
  CHECK(events[0].body.find("\"incarnation\":2") != std::string::npos);
  CHECK(till.Commit(till.MakeSale()).receipt.Value() == "L03-2-000001");
  CHECK(ReadFile(till.Dir() / "till.db").find("secret-bearer-token") == std::string::npos);
  CHECK(ReadFile(till.Dir() / "till.db-wal").find("secret-bearer-token") == std::string::npos);

  terminal.incarnation = 3;
  const auto fixed = till->Sync().SetEnrolment(MakeEnrolment(), terminal, "");
  REQUIRE_FALSE(fixed.has_value());
  CHECK(fixed.error().Is(StoreErrc::kTerminalFixed));
  CHECK(till->Sync().Identity()->terminal.incarnation == 2);

  Must(till->Sync().SetEpoch({4, std::string(32, 'b')}));
  CHECK(Must(till->Sync().GetEnrolment())->epoch.counter == 4);
}

TEST_CASE("Changes: products, members, programme and cursor come down together", "[store][sync]") {
  Till till;
  CHECK(Must(till->Rules().Programme()).version == loyalty::DefaultProgramme(Currency()).version);
  checkout::ChangeSet changes;
  for (int i = 0; i < 1200; ++i) {
    changes.products.push_back({.barcode = "P" + std::to_string(i),
                                .sku = {},
                                .name = "Product " + std::to_string(i),
                                .names = {},
                                .price = till.Amount(100 + i),
                                .tax_code = {},
                                .category = {}});
    checkout::MemberChange member;
    member.member.id = till.NewId<domain::MemberId>();
    member.member.card = std::to_string(1'000'000'000'000'000 + i);
    member.member.points = i;
    changes.members.push_back(member);
  }
  changes.programme =
      R"({"version":7,"currency":"THB","earn":{"points":2,"per":"10.00"},"worth":{"points":10,"amount":"1.00"}})";
  changes.cursor = "cursor-7";
  Must(till->Sync().ApplyChanges(changes));
  CHECK(Must(till->Catalogue().Count()) == 1200);
  CHECK(Must(till->Members().FindByCard("1000000000001199"))->points == 1199);
  CHECK(Must(till->Rules().Programme()).version == 7);
  CHECK(Must(till->Sync().Cursor()).changes == "cursor-7");

  checkout::ChangeSet removal;
  removal.removed_barcodes = {"P0", "P1"};
  removal.cursor = "cursor-8";
  Must(till->Sync().ApplyChanges(removal));
  CHECK(Must(till->Catalogue().Count()) == 1198);
  CHECK(Must(till->Rules().Programme()).version == 7);

  checkout::ChangeSet bad;
  bad.programme = "{}";
  bad.cursor = "cursor-9";
  CHECK_FALSE(till->Sync().ApplyChanges(bad).has_value());
  CHECK(Must(till->Sync().Cursor()).changes == "cursor-8");
}

}  // namespace
}  // namespace evertill::store
