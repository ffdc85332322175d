#include "tests/unit/store/office.h"

namespace evertill::store {
namespace {

using checkout::CardLevel;

constexpr const char* kCard = "1234567890123456";
const std::string kSecret = "12345678901234567890";

struct Shop {
  Till till;
  Office office{till};
  checkout::MemberRecord nok;
  Shop() {
    office.Enrol();
    nok = till.Enrol("Nok", "0812345678", kCard);
  }
  [[nodiscard]] card::Card CardOf(domain::MemberId member, int level = 1, uint8_t serial = 5) const {
    card::Card made;
    made.level = level;
    made.pseudonym = card::PseudonymOf(member);
    made.serial = {0, 1, 2, 3, 4, 5, 6, serial};
    made.issued_day = 19'000;
    return made;
  }
  [[nodiscard]] std::string TextOf(const card::Card& made) const {
    return Must(card::IssueCard(made, office.card_key));
  }
  [[nodiscard]] std::string RefusalOf(const std::string& text) {
    const auto read = till->Rights().ReadCard(text);
    return read ? "none" : std::string(read.error().Name());
  }
};

TEST_CASE("Card: a signed card names its member; forged, altered and lost ones are refused by name", "[store][card]") {
  Shop shop;
  const std::string text = shop.TextOf(shop.CardOf(shop.nok.id));
  const auto read = Must(shop.till->Rights().ReadCard(text));
  CHECK(read.member == shop.nok.id);
  CHECK(read.level == CardLevel::kSigned);
  CHECK(read.serial == "0001020304050605");

  const auto other = Must(crypto::SigningKey::FromSeed(crypto::Bytes(32, 1)));
  CHECK(shop.RefusalOf(Must(card::IssueCard(shop.CardOf(shop.nok.id), other))) == "card_forged");
  std::string altered = text;
  altered[20] = altered[20] == 'A' ? 'B' : 'A';
  CHECK(shop.RefusalOf(altered) == "card_forged");
  CHECK(shop.RefusalOf("EV1") == "card_forged");
  auto unknown_key = shop.CardOf(shop.nok.id);
  unknown_key.key_id = 2;
  CHECK(shop.RefusalOf(shop.TextOf(unknown_key)) == "card_forged");
  CHECK(shop.RefusalOf(shop.TextOf(shop.CardOf(shop.till.NewId<domain::MemberId>()))) == "member_not_found");

  shop.office.Deny(2, R"("serials":["0001020304050605"],"numbers":["1234567890123456"],"erased":[])");
  shop.till.Open();
  CHECK(shop.RefusalOf(text) == "card_denied");
  CHECK(shop.till->Members().FindByCard(kCard).error().Name() == "card_denied");
  CHECK(Must(shop.till->Members().FindByPhone("0812345678"))->id == shop.nok.id);
  shop.office.Deny(1, R"("serials":[],"numbers":[],"erased":[])");  // an old one is passed over
  CHECK(shop.RefusalOf(text) == "card_denied");
  CHECK(Must(shop.till->RightsSync().RevocationsVersion()) == 2);
  CHECK(Must(shop.till->RightsSync().Revocations()).bytes.find("\"version\":2") != std::string::npos);
  shop.office.Deny(3, R"("serials":[],"numbers":[],"erased":[")" + shop.nok.id.ToString() + R"("])");
  CHECK(shop.RefusalOf(text) == "member_not_found");
  CHECK_FALSE(Must(shop.till->Members().FindByPhone("0812345678")).has_value());
}

TEST_CASE("Card: a list of lost cards that head office did not sign changes nothing", "[store][card]") {
  Shop shop;
  const std::string bytes = R"({"version":9,"serials":["0001020304050605"]})";
  CHECK(shop.till->RightsSync().PutRevocations({bytes, std::string(64, 'x')}).error().Name() == "bad_grant");
  CHECK(Must(shop.till->RightsSync().RevocationsVersion()) == 0);
  CHECK(shop.RefusalOf(shop.TextOf(shop.CardOf(shop.nok.id))) == "none");
}

TEST_CASE("Card: a phone's code is good once, also over a restart", "[store][card]") {
  Shop shop;
  const std::string text = shop.TextOf(shop.CardOf(shop.nok.id, 2));
  const auto code = [&](int64_t later) {
    return card::TimeCode(kSecret, base::ToUnixMillis(shop.till.clock.Now()) / 30'000 + later);
  };
  CHECK(Must(shop.till->Rights().ReadCard(text + code(0))).level == CardLevel::kSigned);  // no secret here
  checkout::MemberSecret secret;
  secret.member = shop.nok.id;
  secret.phones = {{"0001020304050605", kSecret}};
  Must(shop.till->RightsSync().PutSecrets({secret}));
  CHECK(Must(shop.till->Rights().ReadCard(text)).level == CardLevel::kSigned);
  CHECK(Must(shop.till->Rights().ReadCard(text + code(0))).level == CardLevel::kPhone);
  shop.till.Open();
  Must(shop.till->RightsSync().PutSecrets({secret}));
  CHECK(shop.RefusalOf(text + code(0)) == "card_code_used");
  CHECK(shop.RefusalOf(text + code(-1)) == "card_code_used");
  CHECK(shop.RefusalOf(text + code(40)) == "card_code_wrong");
  shop.till.clock.Advance(std::chrono::seconds(30));
  CHECK(Must(shop.till->Rights().ReadCard(text + code(0))).level == CardLevel::kPhone);
  CHECK(ReadFile(shop.till.Dir() / "till.db-wal").find(kSecret) == std::string::npos);
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("PIN: three wrong tries lock it here, over restarts, until head office gives another", "[store][pin]") {
  Shop shop;
  CHECK(shop.till->Rights().CheckPin(shop.nok.id, "1234").error().Name() == "pin_unknown_here");
  shop.office.Give("g1", shop.nok.id, 100);
  shop.office.Pin(shop.nok.id, "1234", 1);
  CHECK(LookAt(shop.till, shop.nok.id).pin_needed);
  CHECK(LookAt(shop.till, shop.nok.id).pin_known);
  const auto wrong = [&] { return shop.till->Rights().CheckPin(shop.nok.id, "9999").error(); };
  CHECK(wrong().Detail() == "2");
  Must(shop.till->Rights().CheckPin(shop.nok.id, "1234"));  // clears the count
  CHECK(wrong().Detail() == "2");
  shop.till.Open();
  CHECK(wrong().Name() == "pin_wrong");
  shop.office.Pin(shop.nok.id, "1234", 1);  // told again: nothing is forgiven
  CHECK(wrong().Name() == "pin_locked");
  shop.till.Open();
  CHECK(shop.till->Rights().CheckPin(shop.nok.id, "1234").error().Name() == "pin_locked");
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "pin_locked");
  const auto refused = TryFund(shop.till, shop.nok.id, shop.till.NewId<domain::EventId>(), 1);
  CHECK(refused.error().Name() == "pin_locked");
  CHECK(shop.till.Count("SELECT count(*) FROM journal WHERE body LIKE '%\"pin_failed\"%'") == 4);
  shop.office.Pin(shop.nok.id, "5678", 2);
  CHECK_FALSE(LookAt(shop.till, shop.nok.id).closed.has_value());
  shop.office.Pin(shop.nok.id, "1234", 1);  // a late answer
  Must(shop.till->Rights().CheckPin(shop.nok.id, "5678"));
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("PIN: locked by head office is locked here; always asked for where the policy says so", "[store][pin]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  checkout::ChangeSet changes;
  changes.programme =
      R"({"version":2,"currency":"THB","earn":{"points":1,"per":"25.00"},"worth":{"points":10,"amount":"1.00"},)"
      R"("redeem":{"pin":"always"}})";
  Must(shop.till->Sync().ApplyChanges(changes));
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "pin_unknown_here");
  checkout::MemberSecret secret;
  secret.member = shop.nok.id;
  secret.pin_hash = Must(crypto::HashPin("1234", crypto::AsBytes(shop.office.pepper), *shop.till.random, {64, 1}));
  secret.pin_generation = 1;
  secret.pin_locked = true;
  Must(shop.till->RightsSync().PutSecrets({secret}));
  CHECK(shop.till->Rights().CheckPin(shop.nok.id, "1234").error().Name() == "pin_locked");
}

TEST_CASE("Merge: the one who remains is shown, and spends the grants of all", "[store][member][rights]") {
  Shop shop;
  const auto som = shop.till.Enrol("Som", "0899999999", "2222222222222222");
  shop.office.Give("g1", shop.nok.id, 30);
  shop.office.Give("g2", som.id, 50);
  const auto place = Must(shop.till->Sync().Cursor()).head_seq;
  checkout::MemberChange merged;
  merged.member = som;
  merged.points_acked_seq = place;
  merged.merged_into = shop.nok.id;
  shop.office.Tell(merged);
  shop.office.Tell(shop.nok, 80, 0, place);
  shop.till.Open();
  for (const auto& found :
       {Must(shop.till->Members().FindByCard("2222222222222222")), Must(shop.till->Members().FindByPhone("0899999999")),
        Must(shop.till->Members().Find(som.id)), Must(shop.till->Members().FindByCard(kCard))}) {
    REQUIRE(found.has_value());
    CHECK(found->id == shop.nok.id);
    CHECK(found->name == "Nok");
    CHECK(found->points == 80);
  }
  CHECK(Must(shop.till->Rights().ReadCard(shop.TextOf(shop.CardOf(som.id)))).member == shop.nok.id);
  CHECK(LookAt(shop.till, shop.nok.id).here == 80);
  Spend(shop.till, shop.nok, 70);
  CHECK(LookAt(shop.till, shop.nok.id).here == 10);
  CHECK(Must(shop.till->Members().Find(som.id))->points == 10);
  (void)Must(shop.till->VerifyJournal());
}

}  // namespace
}  // namespace evertill::store
