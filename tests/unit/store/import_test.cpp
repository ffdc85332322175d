#include "app/store/catalogue_import.h"
#include "app/store/import_mapping.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

ImportReport Import(Till& till, std::string_view text, ImportOptions options = {}) {
  return Must(ImportCatalogue(till->Catalogue(), till.temp.Write("list.csv", text), options));
}

domain::Product Find(Till& till, const char* barcode) {
  auto product = Must(till->Catalogue().FindByBarcode(barcode));
  if (!product) FAIL("not found: " << barcode);
  return *product;
}

TEST_CASE("Import: every wrong row is told with its line and reason, the others are taken", "[store][import]") {
  Till till;
  const auto report = Import(till,
                             "barcode,name,price,currency,tax,unit,min_age\n"  // 1
                             "8850001000015,Milk,12.50,THB,VAT7,each,\n"       // 2
                             ",Nameless,1.00,,,,\n"                            // 3
                             "8850001000022,Bread,-1.00,,,,\n"                 // 4
                             "8850001000039,Rice,1.005,,,,\n"                  // 5
                             "8850001000046,Salt,cheap,,,,\n"                  // 6
                             "8850001000053,Oil,5.00,VND,,,\n"                 // 7
                             "8850001000015,Milk again,13.00,,,,\n"            // 8
                             "8850001000060,,5.00,,,,\n"                       // 9
                             "8850001000077,Fish,5.00,,VAT99,,\n"              // 10
                             "8850001000084,Beans,5.00,,,litre,\n"             // 11
                             "8850001000091,Beer,5.00,,,,old\n"                // 12
                             "8850001000107,Caf\xe9,5.00,,,,\n"                // 13
                             "8850001000114,\"Open,5.00,,,,\n"                 // 14
                             "8850001000121,Gold,99999999999999,,,,\n"         // 15
                             "8850001000138,Whisky,900.00,,,,20\n"             // 16
                             "8850001000145,Pork,189,,EXEMPT,kg,\n");          // 17
  CHECK(report.format == "evertill");
  CHECK(report.rows == 16);
  CHECK(report.added == 3);
  CHECK(report.refused == 13);
  const std::pair<int64_t, const char*> expected[] = {
      {3, "no barcode"},
      {4, "the price \"-1.00\" is negative"},
      {5, "the price \"1.005\" has more decimals than THB has (2)"},
      {6, "the price \"cheap\" is no number"},
      {7, "the currency is \"VND\", this till's is THB"},
      {8, "duplicate barcode 8850001000015, first on line 2"},
      {9, "no name"},
      {10, "the tax code \"VAT99\" is not known"},
      {11, "the unit \"litre\" is neither each nor kg"},
      {12, "the age \"old\" is no number of years"},
      {13, "not valid UTF-8"},
      {14, "a quote is not closed"},
      {15, "the price \"99999999999999\" is too large"},
  };
  REQUIRE(report.issues.size() == std::size(expected));
  for (size_t i = 0; i < report.issues.size(); ++i) {
    CHECK(report.issues[i].line == expected[i].first);
    CHECK(report.issues[i].reason == expected[i].second);
  }
  CHECK(Find(till, "8850001000015").price == till.Amount(1250));
  CHECK(Find(till, "8850001000138").min_age == 20);
  CHECK(Find(till, "8850001000145").unit == domain::SellUnit::kKilogram);
  CHECK(Find(till, "8850001000145").price == till.Amount(18900));
}

TEST_CASE("Import: a file that cannot be read leaves the catalogue as it was", "[store][import]") {
  Till till;
  Import(till, "barcode,name,price\n1,Milk,10.00\n");
  const auto refused = [&](std::string_view text, const char* format = "auto") {
    ImportOptions options;
    options.format = format;
    const auto report = ImportCatalogue(till->Catalogue(), till.temp.Write("bad.csv", text), options);
    REQUIRE_FALSE(report.has_value());
    CHECK(Must(till->Catalogue().Count()) == 1);
    return report.error().ToString();
  };
  CHECK(refused("").find("import_header: ") == 0);
  CHECK(refused("code,title\n2,Bread\n").find("bad.csv: line 1: columns \"barcode\" and \"name\"") !=
        std::string::npos);
  CHECK(refused("barcode,name,name\n2,Bread,Brot\n").find("is there twice") != std::string::npos);
  CHECK(refused("\"barcode,name\n2,Bread\n").find("line 1: a quote is not closed") != std::string::npos);
  CHECK(refused("barcode,name\n2,Bread\n", "shopify").find("unknown_format: format \"shopify\"") == 0);
  CHECK(refused("barcode,name\n2,Bread\n", "loyverse").find("no Loyverse header") != std::string::npos);
  using std::string_view_literals::operator""sv;
  CHECK(refused("\xfd"
                "7zXZ\0 and then no data"sv)
            .find("import_file: ") == 0);
}

TEST_CASE("Import: a packed file that breaks off half-way takes nothing", "[store][import]") {
  Till till;
  std::string rows = "barcode,name,price\n";
  for (int i = 1; i < 5000; ++i) rows += std::to_string(i) + ",Product,1.00\n";
  const auto plain = till.temp.Write("list.csv", rows);
  REQUIRE(std::system(("xz -k " + plain.string()).c_str()) == 0);
  const std::string packed = ReadFile(till.temp.File("list.csv.xz"));
  const auto cut = till.temp.Write("cut.csv.xz", packed.substr(0, packed.size() - 100));
  CHECK_FALSE(ImportCatalogue(till->Catalogue(), cut, {}).has_value());
  CHECK(Must(till->Catalogue().Count()) == 0);
  CHECK(Must(ImportCatalogue(till->Catalogue(), till.temp.File("list.csv.xz"), {})).added == 4999);
}

TEST_CASE("Import: a dry run tells the same and keeps nothing", "[store][import]") {
  Till till;
  ImportOptions options;
  options.dry_run = true;
  const auto report = Import(till, "barcode,name,price\n1,Milk,10.00\n1,Milk,10.00\n", options);
  CHECK(report.dry_run);
  CHECK(report.added == 1);
  CHECK(report.refused == 1);
  CHECK(Must(till->Catalogue().Count()) == 0);
}

TEST_CASE("Import: again changes what changed and keeps what is not in the file", "[store][import]") {
  Till till;
  Import(till, "barcode,name,price\n1,Milk,10.00\n2,Bread,20.00\n3,Rice,30.00\n");
  const auto report = Import(till, "barcode,name,price\n1,Milk,10.00\n2,Brown bread,21.00\n4,Salt,5.00\n");
  CHECK(report.same == 1);
  CHECK(report.changed == 1);
  CHECK(report.added == 1);
  CHECK(Must(till->Catalogue().Count()) == 4);
  CHECK(Find(till, "2").price == till.Amount(2100));
  CHECK(Must(till->Catalogue().Search("brown", 5)).size() == 1);
  CHECK(Must(till->Catalogue().Search("bread", 5)).size() == 1);
  Import(till, "barcode,name,price\n2,Loaf,21.00\n");
  CHECK(Must(till->Catalogue().Search("brown", 5)).empty());
}

TEST_CASE("Import: a missing price is given by the rule, said in the report and in the catalogue", "[store][import]") {
  Till till;
  const auto report = Import(till, "barcode,name,price\n8850001000015,Milk,\n1,Bread,4.00\n");
  CHECK(report.derived_prices == 1);
  // 8850001000015 mod 1980 = 1495
  CHECK(8850001000015 % 1980 == 1495);
  CHECK(Find(till, "8850001000015").price == till.Amount(500 + 25 * 1495));
  CHECK(Find(till, "8850001000015").price_derived);
  CHECK_FALSE(Find(till, "1").price_derived);
  CHECK(DerivedPrice("00000000000000000000001981", Currency("THB")).Minor() == 525);
  CHECK(DerivedPrice("1981", Currency("VND")).Minor() == 5250);

  Till names_only;
  CHECK(Import(names_only, "barcode,name\n1,A\n2,B\n").derived_prices == 2);
}

TEST_CASE("Import: codes are kept as they are written", "[store][import]") {
  Till till;
  Import(till, "barcode,name,price\n0012345,With zeros,1.00\n12345,Without,2.00\n10012345000017,GTIN-14,3.00\n");
  CHECK(Find(till, "0012345").name == "With zeros");
  CHECK(Find(till, "12345").name == "Without");
  CHECK(Find(till, "10012345000017").name == "GTIN-14");
  CHECK_FALSE(Must(till->Catalogue().FindByBarcode("012345")).has_value());
}

TEST_CASE("Import: Loyverse's own export, with variants, weight, tax and prices for each store", "[store][import]") {
  Till till;
  constexpr const char* kHeader =
      "Handle,SKU,Name,Category,Description,Sold by weight,Option 1 name,Option 1 value,Option 2 name,Option 2 value,"
      "Option 3 name,Option 3 value,Cost,Barcode,SKU of included item,Quantity of included item,Track stock,"
      "Available for sale [Main Store],Price [Main Store],In stock [Main Store],Low stock [Main Store],"
      "Available for sale [Branch],Price [Branch],In stock [Branch],Low stock [Branch],\"Tax - \"\"VAT\"\" (7%)\"\n";
  const std::string rows = std::string(kHeader) +
                           "tea,10001,Thai tea,Drinks,,N,Size,Small,,,,,0,8850001000015,,,N,Y,25.00,,,Y,27.00,,,Y\n"
                           "tea,10002,,,,,,Large,,,,,0,8850001000022,,,N,Y,35.00,,,Y,37.00,,,Y\n"
                           "pork,10003,Pork,Meat,,Y,,,,,,,0,,,,N,Y,189.00,,,N,,,,N\n"
                           "gift,10004,Gift,,,N,,,,,,,0,8850001000039,,,N,Y,variable,,,Y,variable,,,N\n"
                           "lost,10005,,,,,,X,,,,,0,8850001000046,,,N,Y,1.00,,,Y,1.00,,,N\n";
  ImportOptions options;
  options.store_name = "Main Store";
  const auto report = Import(till, rows, options);
  CHECK(report.format == "loyverse");
  CHECK(report.added == 3);
  CHECK(report.notes.empty());
  CHECK(Find(till, "8850001000015").name == "Thai tea Small");
  CHECK(Find(till, "8850001000022").name == "Thai tea Large");
  CHECK(Find(till, "8850001000022").category == "Drinks");
  CHECK(Find(till, "8850001000022").price == till.Amount(3500));
  CHECK(Find(till, "8850001000022").tax_code == "VAT7");
  CHECK(Find(till, "8850001000022").sku == "10002");
  CHECK(Find(till, "10003").unit == domain::SellUnit::kKilogram);
  REQUIRE(report.issues.size() == 2);
  CHECK(report.issues[0].reason == "no fixed price");
  CHECK(report.issues[1].reason == "a variant without its item before it");

  Till branch;
  options.store_name = "branch";
  CHECK(Import(branch, rows, options).refused == 3);
  CHECK(Find(branch, "8850001000022").price == till.Amount(3700));
  Till other;
  options.store_name = "S01";
  CHECK(Import(other, rows, options).notes.at(0).find("\"Main Store\", the first in the file") != std::string::npos);
}

TEST_CASE("Import: names are cleaned of what could command a printer", "[store][import]") {
  Till till;
  Import(till,
         "barcode,name,price\n1,\"Tea\x1b"
         "p\x07 ok\",1.00\n2,\"abc\xe2\x80\xae"
         "def\",1.00\n");
  CHECK(Find(till, "1").name == "Teap ok");
  CHECK(Find(till, "2").name == "abcdef");
}

TEST_CASE("Import: what was taken out of a name is told, a line break becomes a space", "[store][import]") {
  Till till;
  const auto report = Import(till,
                             "barcode,name,price\n1,\"Tea\x1bp\",1.00\n2,\"Green\r\ntea\",1.00\n"
                             "3,นม,1.00\n4,\"\x07\x07\",1.00\n");
  CHECK(report.added == 3);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].line == 2);
  CHECK(report.warnings[0].reason == "control characters were taken out of the name");
  CHECK(Find(till, "2").name == "Green tea");
  REQUIRE(report.issues.size() == 1);
  CHECK(report.issues[0].line == 6);
  CHECK(report.issues[0].reason == "no name");
}

TEST_CASE("Import: a row with more fields than the header is refused", "[store][import]") {
  Till till;
  const auto report = Import(till, "barcode,name,price\n1,Nuts, salted,1.00\n2,Milk,2.00,,\n3,Tea\n");
  CHECK(report.added == 2);  // empty fields at the end, as spreadsheets leave them, do no harm
  REQUIRE(report.issues.size() == 1);
  CHECK(report.issues[0].line == 2);
  CHECK(report.issues[0].reason == "4 fields, the header has 3");
}

TEST_CASE("Import: another separator is named", "[store][import]") {
  Till till;
  const std::pair<const char*, const char*> cases[] = {
      {"barcode;name;price\n1;Milk;1.00\n", "the columns are separated by ';', not ','"},
      {"Barcode\tName\n1\tMilk\n", "the columns are separated by tabs, not ','"},
      {"code,title\n", "columns \"barcode\" and \"name\" are needed"},
  };
  for (const auto& [text, told] : cases) {
    const auto refused = ImportCatalogue(till->Catalogue(), till.temp.Write("list.csv", text), {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().Name() == "import_header");
    CHECK(refused.error().Detail().find(told) != std::string::npos);
  }
}

TEST_CASE("Import: progress goes up to the whole file", "[store][import]") {
  Till till;
  std::string rows = "barcode,name\n";
  for (int i = 1; i <= 30'000; ++i) rows += std::to_string(i) + ",Product " + std::to_string(i) + "\n";
  std::vector<ImportProgress> told;
  ImportOptions options;
  options.progress = [&](const ImportProgress& progress) { told.push_back(progress); };
  CHECK(Import(till, rows, options).added == 30'000);
  REQUIRE(told.size() >= 3);
  for (size_t i = 1; i < told.size(); ++i) CHECK(told[i].rows >= told[i - 1].rows);
  CHECK(told.back().bytes_done == rows.size());
  CHECK(told.back().rows == 30'000);
}

}  // namespace
}  // namespace evertill::store
