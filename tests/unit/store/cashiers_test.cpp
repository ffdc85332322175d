#include "app/store/cashiers.h"

#include "app/checkout/errors.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

using checkout::CheckoutErrc;

void Add(Till& till, const char* name, const char* pin, checkout::Role role = checkout::Role::kCashier) {
  Must(till->Cashiers().Add({till.NewId<domain::CashierId>(), name, role}, pin));
}

TEST_CASE("Cashiers: the right PIN signs in, in any case of the name; adding is journalled", "[store][cashier]") {
  Till till;
  Add(till, "Nok", "2468", checkout::Role::kSupervisor);
  const auto signed_in = Must(till->Cashiers().CheckPin("nok", "2468"));
  CHECK(signed_in.name == "Nok");
  CHECK(signed_in.role == checkout::Role::kSupervisor);
  CHECK(till->Cashiers().CheckPin("Nok", "2469").error().Is(CheckoutErrc::kWrongPin));
  CHECK(till->Cashiers().CheckPin("Nobody", "2468").error().Is(CheckoutErrc::kWrongPin));
  CHECK(till->Cashiers()
            .Add({till.NewId<domain::CashierId>(), "NOK", {}}, "1357")
            .error()
            .Is(CheckoutErrc::kCashierTaken));
  CHECK(till->Cashiers().Add({till.NewId<domain::CashierId>(), "", {}}, "1357").error().Is(CheckoutErrc::kBadCashier));
  CHECK(till->Cashiers().Add({till.NewId<domain::CashierId>(), "A", {}}, "123").error().Is(CheckoutErrc::kBadCashier));
  CHECK(Must(till->Cashiers().List()).size() == 1);
  const auto events = Must(till->Sync().EventsAfter(0, 10));
  REQUIRE(events.size() == 1);
  CHECK(events[0].body.find("\"kind\":\"cashier_add\"") != std::string::npos);
  CHECK(events[0].body.find("Nok") == std::string::npos);
  CHECK(events[0].side == R"({"name":"Nok"})");
}

TEST_CASE("Cashiers: ten thousand PINs across restarts get at most five tries", "[store][cashier]") {
  Till till;
  Add(till, "Nok", "7777");
  int tried = 0;
  for (int pin = 0; pin < 10'000; pin += 7) {
    if (pin % 700 == 0) till.Open();
    const auto answer = till->Cashiers().CheckPin("Nok", std::to_string(10'000 + pin));
    REQUIRE_FALSE(answer.has_value());
    if (answer.error().Is(CheckoutErrc::kWrongPin)) ++tried;
  }
  CHECK(tried == 5);
  CHECK(till->Cashiers().CheckPin("Nok", "7777").error().Is(CheckoutErrc::kLockedOut));
}

TEST_CASE("Cashiers: the lock ends after a quarter of an hour and doubles with each further slip", "[store][cashier]") {
  Till till;
  Add(till, "Nok", "7777");
  const auto wrong = [&] { return till->Cashiers().CheckPin("Nok", "0000").error(); };
  for (int i = 0; i < 5; ++i) CHECK(wrong().Is(CheckoutErrc::kWrongPin));
  till.clock.Advance(std::chrono::minutes(14));
  CHECK(wrong().Is(CheckoutErrc::kLockedOut));
  till.clock.Advance(std::chrono::minutes(2));
  CHECK(wrong().Is(CheckoutErrc::kWrongPin));
  till.clock.Advance(std::chrono::minutes(16));
  CHECK(wrong().Is(CheckoutErrc::kLockedOut));
  till.clock.Advance(std::chrono::minutes(15));
  CHECK(till->Cashiers().CheckPin("Nok", "7777").has_value());
  for (int i = 0; i < 4; ++i) CHECK(wrong().Is(CheckoutErrc::kWrongPin));
  CHECK(till->Cashiers().CheckPin("Nok", "7777").has_value());
}

TEST_CASE("Cashiers: a copied database without its keys opens for nobody and verifies no PIN", "[store][cashier]") {
  Till till;
  Add(till, "Nok", "7777");
  till.store.reset();
  std::filesystem::remove(till.Dir() / "keys" / "data.key");
  const auto without = TillStore::Open(till.Dir(), till.clock, *till.random, till.options);
  REQUIRE_FALSE(without.has_value());
  CHECK(without.error().Name() == "key_file");
  CHECK(without.error().Detail().find("data.key") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(till.Dir() / "keys" / "data.key"));

  std::string hash;
  {
    auto raw = till.Raw();
    auto query = Must(raw.Prepare("SELECT pin_hash FROM cashier"));
    REQUIRE(Must(query.Step()));
    hash = query.Text(0);
  }
  CHECK_FALSE(Must(crypto::VerifyPin("7777", hash, {})));
}

}  // namespace
}  // namespace evertill::store
