#include "app/checkout/enrolment.h"

#include <catch2/catch.hpp>

#include "app/checkout/card_number.h"
#include "app/checkout/errors.h"

using namespace evertill;
using checkout::CheckoutErrc;

namespace {

base::Expected<checkout::Enrolled> Prepare(const checkout::EnrolmentForm& form) {
  static const base::ManualClock kClock(base::FromUnixMillis(1'700'000'000'000));
  static const auto random = base::MakeSeededRandom(5);
  return checkout::PrepareEnrolment(form, *domain::Currency::Find("THB"), kClock, *random);
}

}  // namespace

TEST_CASE("Enrolment: three fields, or only a phone, are enough", "[checkout][enrolment]") {
  const auto full = Prepare({"คุณสมชาย ใจดี", "081-234-5678", "th", {"offers"}});
  REQUIRE(full);
  CHECK(full->member.phone == "0812345678");
  CHECK(checkout::IsCardNumber(full->member.card));
  CHECK(full->event.core.kind == "member_enrol");
  CHECK(full->event.core.member == full->member.id);
  CHECK(Prepare({"", "0812345678", "vi", {}}));
  CHECK(Prepare({"Anna", "", "en", {}}));
}

TEST_CASE("Enrolment: name, phone and card stay out of the hashed bytes", "[checkout][enrolment]") {
  const auto enrolled = Prepare({"Somchai", "0812345678", "th", {}});
  CHECK(enrolled->event.ext.find("Somchai") == std::string::npos);
  CHECK(enrolled->event.ext.find("0812345678") == std::string::npos);
  CHECK(enrolled->event.ext.find(enrolled->member.card) == std::string::npos);
  CHECK(enrolled->event.side.find("Somchai") != std::string::npos);
}

TEST_CASE("Enrolment: what is wrong is said", "[checkout][enrolment]") {
  const auto refused = [](const checkout::EnrolmentForm& form) {
    const auto result = Prepare(form);
    REQUIRE_FALSE(result);
    CHECK(result.error().Is(CheckoutErrc::kBadMember));
    return result.error().Detail();
  };
  CHECK(refused({"", "", "th", {}}) == "a name or a phone number is needed");
  CHECK(refused({"A", "12", "th", {}}) == "\"12\" is no phone number");
  CHECK(refused({std::string(81, 'a'), "", "th", {}}) == "a name has at most 80 letters");
  CHECK(refused({"A", "", "fr", {}}) == "language is en, th or vi");
  CHECK(refused({"A", "", "en", {"Robert'); DROP TABLE"}}) == "a consent is a word like \"offers\"");
}

TEST_CASE("Card number: never a GTIN, never a payment card, typing slips are caught", "[checkout][card]") {
  const auto random = base::MakeSeededRandom(9);
  for (int i = 0; i < 500; ++i) {
    std::string card = checkout::NewCardNumber(*random);
    REQUIRE(card.size() == 16);
    REQUIRE(checkout::IsCardNumber(card));
    char& digit = card[random->Below(16)];
    digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
    REQUIRE_FALSE(checkout::IsCardNumber(card));
  }
  CHECK_FALSE(checkout::IsCardNumber("4111111111111111"));
  CHECK_FALSE(checkout::IsCardNumber("8850999320014"));
}
