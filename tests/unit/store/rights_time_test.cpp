#include "tests/unit/store/office.h"

// Days, midnights and clocks: when points can be spent.
namespace evertill::store {
namespace {

using checkout::CardLevel;

/// A till enrolled with an office, and one member.
struct Shop {
  Till till;
  Office office{till};
  checkout::MemberRecord nok;

  Shop() {
    office.Enrol();
    nok = till.Enrol("Nok", "0812345678", "1234567890123456");
  }
};

TEST_CASE("Rights: what head office holds counts toward the limit of the day", "[store][rights]") {
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  checkout::ChangeSet changes;
  changes.programme =
      R"({"version":2,"currency":"THB","earn":{"points":1,"per":"25.00"},"worth":{"points":10,"amount":"1.00"},)"
      R"("redeem":{"day_limit":40}})";
  Must(shop.till->Sync().ApplyChanges(changes));
  Spend(shop.till, shop.nok, 15);
  auto& rights = shop.till->Rights();
  const auto sale = shop.till.MakeSale(1, &shop.nok);
  Must(rights.BeginReserve(shop.nok.id, sale.id, 30));
  const auto hold = [&](int64_t points) {
    return checkout::HoldAnswer{true, {{"HOLD", sale.id.ToString(), "", -points}}, 500};
  };
  const auto all = rights.Fund(shop.nok.id, CardLevel::kSigned, sale.id, 30, hold(30), false);
  REQUIRE_FALSE(all);
  CHECK(all.error().Name() == "day_limit");
  CHECK(all.error().Detail() == "25");
  const auto mixed = rights.Fund(shop.nok.id, CardLevel::kSigned, sale.id, 30, hold(20), false);
  REQUIRE_FALSE(mixed);
  CHECK(mixed.error().Name() == "day_limit");
  CHECK(mixed.error().Detail() == "25");
  const auto funding = Must(rights.Fund(shop.nok.id, CardLevel::kSigned, sale.id, 25, hold(20), false));
  (void)Must(TrySpend(shop.till, sale, funding));
  CHECK(LookAt(shop.till, shop.nok.id).here == 0);
  (void)Must(shop.till->VerifyJournal());
}

/// The machine's zone, while it lives.
struct Zone {
  explicit Zone(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~Zone() {
    ::unsetenv("TZ");
    ::tzset();
  }
};

TEST_CASE("Rights: the limit of the day begins anew at the shop's midnight, and the journal is whole in any zone",
          "[store][rights]") {
  const Zone bangkok("<+07>-7");
  Shop shop;
  shop.office.Give("g1", shop.nok.id, 100);
  checkout::ChangeSet changes;
  changes.programme =
      R"({"version":2,"currency":"THB","earn":{"points":1,"per":"25.00"},"worth":{"points":10,"amount":"1.00"},)"
      R"("redeem":{"day_limit":40}})";
  Must(shop.till->Sync().ApplyChanges(changes));
  const auto day = std::chrono::ceil<std::chrono::days>(shop.till.clock.Now()) + std::chrono::days(1);
  const auto go_to = [&](std::chrono::minutes utc) {
    shop.till.clock.Advance(base::Instant(day) + utc - shop.till.clock.Now());
    shop.office.Hello();
  };
  go_to(std::chrono::hours(16) + std::chrono::minutes(50));  // ten to midnight
  Spend(shop.till, shop.nok, 30);
  CHECK(LookAt(shop.till, shop.nok.id).here == 10);
  go_to(std::chrono::hours(17) + std::chrono::minutes(1));
  CHECK(LookAt(shop.till, shop.nok.id).here == 40);
  Spend(shop.till, shop.nok, 25);
  go_to(std::chrono::hours(25));  // another day in London, the same in Bangkok
  CHECK(LookAt(shop.till, shop.nok.id).here == 15);
  const Zone other("UTC0");
  (void)Must(shop.till->VerifyJournal());
}

TEST_CASE("Rights: a clock that runs ahead does not take later events with it", "[store][rights][clock]") {
  Shop shop;
  const auto before = shop.till.clock.Now();
  shop.till.clock.Set(before + std::chrono::hours(24 * 365));
  shop.till.clock.Advance(std::chrono::minutes(3));  // of time that really passes
  const auto sold = shop.till.Commit(shop.till.MakeSale(1, &shop.nok, 5));
  CHECK(sold.at >= before + std::chrono::minutes(3));
  CHECK(sold.at < before + std::chrono::minutes(4));
  CHECK(LookAt(shop.till, shop.nok.id).closed->Name() == "clock_unsafe");
  shop.till.clock.Set(before + std::chrono::minutes(5));  // set right
  shop.till.clock.Advance(std::chrono::minutes(1));
  const auto next = shop.till.Commit(shop.till.MakeSale(1, &shop.nok, 5));
  CHECK(next.at < before + std::chrono::minutes(7));
}

TEST_CASE("Rights: when earned points can be spent, and until when, counts from the time of business",
          "[store][rights][clock]") {
  Shop shop;
  const auto first = shop.till.Commit(shop.till.MakeSale(1, &shop.nok, 5));
  shop.till.clock.Set(first.at - std::chrono::hours(1));  // the wall clock fell back
  auto sale = shop.till.MakeSale(1, &shop.nok, 7);
  sale.at = shop.till.clock.Now();
  sale.points.active_ms = base::ToUnixMillis(sale.at) + 2 * 3'600'000;
  sale.points.expires_ms = base::ToUnixMillis(sale.at) + 24 * 3'600'000;
  const auto kept = shop.till.Commit(sale);
  CHECK(kept.at == first.at);
  CHECK(kept.points.active_ms == base::ToUnixMillis(kept.at) + 2 * 3'600'000);
  CHECK(kept.points.expires_ms == base::ToUnixMillis(kept.at) + 24 * 3'600'000);
  CHECK(shop.till.Count("SELECT active_ms FROM right_lot WHERE left = 7") == kept.points.active_ms);
  CHECK(Must(shop.till->Sales().LastSale())->points.expires_ms == kept.points.expires_ms);
}

}  // namespace
}  // namespace evertill::store
