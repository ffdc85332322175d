#include "app/domain/gs1.h"

#include <catch2/catch.hpp>

#include "app/base/random.h"
#include "app/domain/barcode.h"
#include "app/domain/errors.h"
#include "app/domain/gs1_table.h"

using namespace evertill;
using domain::DomainErrc;
using domain::Gs1Date;
using domain::ParseDigitalLink;
using domain::ParseGs1Bracketed;
using domain::ParseGs1ElementString;

namespace {

constexpr int kYear = 2026;

std::string Why(const base::Expected<domain::Gs1Data>& refused) {
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().Is(DomainErrc::kBadGs1));
  return refused.error().Detail();
}

}  // namespace

TEST_CASE("GS1: GTIN, date, lot and serial of one element string", "[domain][gs1]") {
  const auto data = ParseGs1ElementString(
      "0109506000134352172612311"
      "0AB-123\x1D"
      "21"
      "12345678p901",
      kYear);
  REQUIRE(data);
  CHECK(data->gtin == "09506000134352");
  CHECK(data->expiry == Gs1Date{2026, 12, 31});
  CHECK(data->lot == "AB-123");
  CHECK(data->serial == "12345678p901");
  CHECK(data->elements.size() == 4);
  // The same in another order, and with separators where none is needed.
  CHECK(ParseGs1ElementString("\x1D"
                              "2112345678p901\x1D"
                              "0109506000134352\x1D"
                              "10AB-123\x1D"
                              "17261231",
                              kYear)
            ->serial == "12345678p901");
}

TEST_CASE("GS1: values of predefined length need no separator, others end with one", "[domain][gs1]") {
  const auto data = ParseGs1ElementString(
      "01095060001343523103001250392210050\x1D"
      "15261130",
      kYear);
  REQUIRE(data);
  CHECK(data->net_weight->ToString() == "1.25");
  REQUIRE(data->price);
  CHECK(data->price->value == 10050);
  CHECK(data->price->decimals == 2);
  CHECK(data->best_before == Gs1Date{2026, 11, 30});
  // Without the separator the price would swallow the date: 15 digits at most, and that is said.
  CHECK(Why(ParseGs1ElementString("0109506000134352392210050152611301234", kYear)).find("(3922) PRICE is too long") !=
        std::string::npos);
}

TEST_CASE("GS1: the decimal point of a weight is the AI's last digit", "[domain][gs1]") {
  const std::string gtin = "0109506000134352";
  CHECK(ParseGs1ElementString(gtin + "3100000012", kYear)->net_weight->ToString() == "12");
  CHECK(ParseGs1ElementString(gtin + "3102001234", kYear)->net_weight->ToString() == "12.34");
  CHECK(ParseGs1ElementString(gtin + "3105012345", kYear)->net_weight->ToString() == "0.12345");
  // One pound is 0.45359237 kg, a troy ounce 31.1034768 g.
  CHECK(ParseGs1ElementString(gtin + "3201000010", kYear)->net_weight->ToString() == "0.453592");
  CHECK(ParseGs1ElementString(gtin + "3200000100", kYear)->net_weight->ToString() == "45.359237");
  CHECK(ParseGs1ElementString(gtin + "3560000010", kYear)->net_weight->ToString() == "0.311035");
  CHECK(Why(ParseGs1ElementString(gtin + "3106000012", kYear)).find("no AI begins with 3106") != std::string::npos);
  CHECK(Why(ParseGs1ElementString(gtin + "31030012503101000012", kYear)) == "the code has two net weights");
}

TEST_CASE("GS1: counts, prices with currency, prices per unit", "[domain][gs1]") {
  const auto carton = ParseGs1Bracketed("(02)09506000134352(37)24", kYear);
  REQUIRE(carton);
  CHECK(carton->content_gtin == "09506000134352");
  CHECK(carton->gtin.empty());
  CHECK(carton->count == 24);
  CHECK(ParseGs1Bracketed("(01)99506000134355(30)6", kYear)->count == 6);
  const auto baht = ParseGs1Bracketed("(01)99506000134355(3932)7641250(8005)002999", kYear);
  REQUIRE(baht);
  CHECK(baht->price->currency == "THB");
  CHECK(baht->price->value == 1250);
  CHECK(baht->Find("8005") == "002999");
  CHECK(Why(ParseGs1Bracketed("(01)99506000134355(3932)0001250", kYear)).find("no currency") != std::string::npos);
  CHECK(Why(ParseGs1Bracketed("(01)99506000134355(3920)10(3932)7641250", kYear)) == "the code has two prices");
}

TEST_CASE("GS1: a wrong check digit is refused wherever there is one", "[domain][gs1]") {
  CHECK(ParseGs1Bracketed("(00)106141412345678908", kYear));
  CHECK(Why(ParseGs1Bracketed("(00)106141412345678907", kYear)) ==
        "(00) SSCC ends with the check digit 7, which should be 8");
  CHECK(Why(ParseGs1Bracketed("(01)09506000134353", kYear)) ==
        "(01) GTIN ends with the check digit 3, which should be 2");
  CHECK_FALSE(ParseGs1Bracketed("(02)09506000134353(37)1", kYear));
  CHECK(ParseGs1Bracketed("(414)9506000134352", kYear));
  CHECK_FALSE(ParseGs1Bracketed("(414)9506000134351", kYear));
  CHECK(ParseGs1Bracketed("(8003)09506000134352ABC", kYear));
  CHECK_FALSE(ParseGs1Bracketed("(8003)09506000134351ABC", kYear));
  CHECK(ParseGs1Bracketed("(8006)095060001343520102", kYear)->gtin == "09506000134352");
  CHECK_FALSE(ParseGs1Bracketed("(8006)095060001343530102", kYear));
}

TEST_CASE("GS1: the century of a date, and the last day of a month", "[domain][gs1]") {
  const auto read = [](const char* digits, int year) { return domain::ReadDate(digits, year, true); };
  CHECK(read("261231", 2026) == Gs1Date{2026, 12, 31});
  CHECK(read("760101", 2026) == Gs1Date{2076, 1, 1});  // 50 ahead: this century
  CHECK(read("770101", 2026) == Gs1Date{1977, 1, 1});  // 51 ahead: the last one
  CHECK(read("490101", 2099) == Gs1Date{2149, 1, 1});  // 50 behind: the next one
  CHECK(read("500101", 2099) == Gs1Date{2050, 1, 1});  // 49 behind: this century
  CHECK(read("260200", 2026) == Gs1Date{2026, 2, 28});
  CHECK(read("280200", 2026) == Gs1Date{2028, 2, 29});
  CHECK(read("000200", 2026) == Gs1Date{2000, 2, 29});
  CHECK_FALSE(domain::ReadDate("260200", 2026, false));
  CHECK_FALSE(read("260229", 2026));
  CHECK_FALSE(read("261301", 2026));
  CHECK_FALSE(read("260431", 2026));
  CHECK(Why(ParseGs1Bracketed("(01)09506000134352(17)261332", kYear)) == "(17) USE BY OR EXPIRY 261332 is no date");
  const auto exact = ParseGs1Bracketed("(17)261231(7003)2612301430", kYear);
  CHECK(exact->expiry == Gs1Date{2026, 12, 30});
  CHECK(exact->expiry_minute == 14 * 60 + 30);
  CHECK(ParseGs1Bracketed("(7003)2612301430(17)261231", kYear)->expiry == Gs1Date{2026, 12, 30});
  CHECK_FALSE(ParseGs1Bracketed("(7003)2612302460", kYear));
}

TEST_CASE("GS1: what contradicts itself or the specifications is refused with the reason", "[domain][gs1]") {
  CHECK(Why(ParseGs1ElementString("", kYear)) == "nothing is in the code");
  CHECK(Why(ParseGs1ElementString("\x1D\x1D", kYear)) == "nothing is in the code");
  CHECK(Why(ParseGs1ElementString("0509506000134352", kYear)) == "no AI begins with 0509");
  CHECK(Why(ParseGs1ElementString("010950600013435", kYear)).find("too short") != std::string::npos);
  CHECK(Why(ParseGs1ElementString("10", kYear)).find("has no value") != std::string::npos);
  CHECK(Why(ParseGs1ElementString("10" + std::string(21, 'A'), kYear)).find("too long") != std::string::npos);
  CHECK(Why(ParseGs1ElementString("10A B", kYear)).find("outside of set 82") != std::string::npos);
  CHECK(Why(ParseGs1ElementString("30"
                                  "12a",
                                  kYear))
            .find("no digits") != std::string::npos);
  CHECK(Why(ParseGs1Bracketed("(10)A(10)B", kYear)).find("twice") != std::string::npos);
  CHECK(ParseGs1Bracketed("(10)A(10)A", kYear)->elements.size() == 1);
  CHECK(Why(ParseGs1Bracketed("(01)09506000134352(02)09506000134352", kYear)) == "(01) and (02) exclude each other");
  CHECK(ParseGs1Bracketed("(10)A\\(1)(21)x", kYear)->lot == "A(1)");
  for (const auto* broken : {"(", "(01", "01)", "()", "(01)", "(1)1", "(01)09506000134352x(", "((01)"}) {
    CAPTURE(broken);
    CHECK_FALSE(ParseGs1Bracketed(broken, kYear));
  }
}

TEST_CASE("GS1: Digital Links say the same as element strings", "[domain][gs1]") {
  const auto plain = ParseDigitalLink("https://id.gs1.org/01/09520123456788", kYear);
  REQUIRE(plain);
  CHECK(plain->gtin == "09520123456788");
  const auto full =
      ParseDigitalLink("https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=280426&linkType=gs1:pip", kYear);
  REQUIRE(full);
  CHECK(full->lot == "ABC1");
  CHECK(full->serial == "12345");
  CHECK(full->expiry == Gs1Date{2028, 4, 26});
  const auto weighed =
      ParseDigitalLink("HTTPS://shop.example:8443/some/path/01/09520123456788?3103=000195&3922=0299#x", kYear);
  REQUIRE(weighed);
  CHECK(weighed->net_weight->ToString() == "0.195");
  CHECK(weighed->price->value == 299);
  CHECK(ParseDigitalLink("http://a.example/01/9506000134352", kYear)->gtin == "09506000134352");
  CHECK(ParseDigitalLink("http://a.example/01/96385074/", kYear)->gtin == "00000096385074");
  CHECK(ParseDigitalLink("https://a.example/01/09520123456788/10/A%2FB%26", kYear)->lot == "A/B&");
  CHECK(ParseDigitalLink("https://a.example/414/9506000134352/254/x", kYear)->Find("254") == "x");
}

TEST_CASE("GS1: web addresses that are no Digital Links are left alone", "[domain][gs1]") {
  for (const auto* other :
       {"https://hq.example/r#L03-000001", "https://hq.example/", "https://hq.example", "ftp://a/01/09520123456788",
        "01/09520123456788", "https:///01/09520123456788", "https://a.example/01/09520123456788/xx/1",
        "https://a.example/01/09520123456788/21/1/10/A", "https://a.example/10/A", "https://a.example/01"}) {
    CAPTURE(other);
    CHECK_FALSE(domain::IsDigitalLink(other));
    CHECK_FALSE(ParseDigitalLink(other, kYear));
  }
  CHECK(domain::IsDigitalLink("https://a.example/01/09520123456789"));
  CHECK(Why(ParseDigitalLink("https://a.example/01/09520123456789", kYear)).find("check digit") != std::string::npos);
  CHECK_FALSE(ParseDigitalLink("https://a.example/01/09520123456788/10/A%1Db", kYear));
}

TEST_CASE("GS1: no change of one digit of a GTIN is accepted, whatever is made of the rest", "[domain][gs1]") {
  const uint64_t seed = base::MakeSystemRandom()->Below(1'000'000);
  CAPTURE(seed);
  const auto random = base::MakeSeededRandom(seed);
  for (int round = 0; round < 2'000; ++round) {
    std::string gtin;
    for (int i = 0; i < 13; ++i) gtin += static_cast<char>('0' + random->Below(10));
    gtin += *domain::CheckDigit(gtin);
    CHECK(ParseGs1ElementString("01" + gtin, kYear)->gtin == gtin);
    CHECK(ParseDigitalLink("https://a.example/01/" + gtin, kYear));
    const size_t at = random->Below(14);
    gtin[at] = static_cast<char>('0' + (gtin[at] - '0' + 1 + static_cast<int>(random->Below(9))) % 10);
    CHECK_FALSE(ParseGs1ElementString("01" + gtin, kYear));
    CHECK_FALSE(ParseGs1Bracketed("(01)" + gtin, kYear));
    CHECK_FALSE(ParseDigitalLink("https://a.example/01/" + gtin, kYear));
  }
}
