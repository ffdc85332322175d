#include "app/domain/barcode.h"

#include <catch2/catch.hpp>

#include "app/domain/errors.h"

using namespace evertill::domain;

TEST_CASE("Barcode: check digits of published examples", "[domain][barcode]") {
  CHECK(CheckDigit("629104150021") == '3');   // GS1's own EAN-13 example
  CHECK(CheckDigit("03600029145") == '2');    // UPC-A
  CHECK(CheckDigit("9638507") == '4');        // EAN-8
  CHECK(CheckDigit("1234567890123") == '1');  // GTIN-14
  CHECK_FALSE(CheckDigit(""));
  CHECK_FALSE(CheckDigit("12a"));
}

TEST_CASE("Barcode: GTINs of every length, and near misses", "[domain][barcode]") {
  for (const auto* good : {"96385074", "036000291452", "6291041500213", "12345678901231"}) CHECK(IsGtin(good));
  for (const auto* bad : {"96385075", "6291041500214", "629104150021", "", "abcdefgh"}) CHECK_FALSE(IsGtin(bad));
}

TEST_CASE("Barcode: AIM identifiers are taken off and believed", "[domain][barcode]") {
  const auto scan = ParseScan("]E06291041500213\r\n");
  CHECK(scan->text == "6291041500213");
  CHECK(scan->symbology == Symbology::kEan13);
  CHECK(ParseScan("]C1ABC")->symbology == Symbology::kCode128);
  CHECK(ParseScan("]Q1EVERTILL")->symbology == Symbology::kQr);
  CHECK(ParseScan("]E496385074")->symbology == Symbology::kEan8);
  CHECK(ParseScan("  96385074 ")->symbology == Symbology::kEan8);
}

TEST_CASE("Barcode: what no scanner sends is refused", "[domain][barcode]") {
  CHECK(ParseScan("").error().Is(DomainErrc::kBadBarcode));
  CHECK(ParseScan("   \r\n").error().Is(DomainErrc::kBadBarcode));
  CHECK(ParseScan("12\x1B@34").error().Is(DomainErrc::kBadBarcode));
  CHECK(ParseScan("12\xFF").error().Is(DomainErrc::kBadBarcode));
  CHECK(ParseScan(std::string(2000, '1')).error().Is(DomainErrc::kBadBarcode));
  CHECK(ParseScan("'; DROP TABLE sale; --"));  // text is text
}

TEST_CASE("Barcode: UPC-E expands by its last digit", "[domain][barcode]") {
  CHECK(ExpandUpcE("04252614") == "042100005264");
  CHECK(ExpandUpcE("01234565") == "012345000065");
  CHECK_FALSE(ExpandUpcE("01234566"));
  CHECK_FALSE(ExpandUpcE("21234565"));
}

TEST_CASE("Barcode: the code as written is always looked up first", "[domain][barcode]") {
  CHECK(LookupCandidates(*ParseScan("036000291452")) == std::vector<std::string>{"036000291452", "0036000291452"});
  CHECK(LookupCandidates(*ParseScan("0036000291452")) ==
        std::vector<std::string>{"0036000291452", "036000291452", "00036000291452"});
  CHECK(LookupCandidates(*ParseScan("04252614")).front() == "04252614");
  CHECK(LookupCandidates(*ParseScan("SKU-7")) == std::vector<std::string>{"SKU-7"});
}

TEST_CASE("Barcode: an EAN code must have its check digit, when the scanner says that it is one", "[domain][barcode]") {
  for (const auto* good : {"]E06291041500213", "]E0036000291452", "]E004252614", "]E496385074", "]E3629104150021312",
                           "]E3629104150021312345", "]E36291041500213"}) {
    CAPTURE(good);
    CHECK(ParseScan(good));
  }
  CHECK(ParseScan("]E3629104150021312345")->text == "6291041500213");
  for (const auto* bad : {"]E06291041500214", "]E062910415002", "]E496385075", "]E36291041500214", "]E0ABC"}) {
    CAPTURE(bad);
    CHECK(ParseScan(bad).error().Is(DomainErrc::kBadBarcode));
  }
  CHECK(ParseScan("6291041500214")->symbology == Symbology::kUnknown);  // a shop's own 13 digits
}

TEST_CASE("Barcode: what scanners mark as GS1", "[domain][barcode]") {
  for (const auto* gs1 : {"]C10109506000134352", "]e00109506000134352", "]d20109506000134352", "]Q30109506000134352",
                          "]J10109506000134352"}) {
    CHECK(ParseScan(gs1)->gs1);
  }
  for (const auto* other : {"]C00109506000134352", "]Q10109506000134352", "]d10109506000134352", "0109506000134352"}) {
    CHECK_FALSE(ParseScan(other)->gs1);
  }
  CHECK(ParseScan("]C00109506000134352")->aim == "]C0");
  CHECK(ParseScan("]-1abc")->text == "]-1abc");
}
