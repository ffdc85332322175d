#include "app/store/catalogue.h"

#include <thread>

#include "app/store/search_text.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

domain::Product Product(const Till& till, const char* barcode, const char* name,
                        std::map<std::string, std::string> names = {}) {
  return {.barcode = barcode,
          .sku = {},
          .name = name,
          .names = std::move(names),
          .price = till.Amount(1000),
          .tax_code = {},
          .category = {}};
}

std::vector<std::string> Names(Till& till, const char* typed, int limit = 20) {
  std::vector<std::string> names;
  for (const auto& product : Must(till->Catalogue().Search(typed, limit))) names.push_back(product.name);
  return names;
}

using Strings = std::vector<std::string>;

void Fill(Till& till) {
  const std::vector<domain::Product> products{
      Product(till, "100", "Cà phê sữa đá", {{"en", "Iced milk coffee"}, {"th", "กาแฟเย็น"}}),
      Product(till, "101", "Đậu phộng rang"),
      Product(till, "102", "นมจืด", {{"en", "Plain milk"}}),
      Product(till, "103", "ชานมไข่มุก"),
      Product(till, "104", "น้ำดื่ม 600 มล."),
      Product(till, "105", "Chocolat noir 70%"),
      Product(till, "106", "Noir"),
      Product(till, "107", "50% off \"special\" AND more*"),
  };
  Must(till->Catalogue().Apply(products, {}));
}

TEST_CASE("Search: Vietnamese without its diacritics and Thai without spaces", "[store][search]") {
  Till till;
  Fill(till);
  CHECK(Names(till, "ca phe") == Strings{"Cà phê sữa đá"});
  CHECK(Names(till, "CÀ PHÊ") == Strings{"Cà phê sữa đá"});
  CHECK(Names(till, "sua da") == Strings{"Cà phê sữa đá"});
  CHECK(Names(till, "dau phong") == Strings{"Đậu phộng rang"});
  CHECK(Names(till, "đậu") == Strings{"Đậu phộng rang"});
  const auto milk = Names(till, "นม");
  CHECK(milk.size() == 2);
  CHECK(milk.at(0) == "นมจืด");
  CHECK(Names(till, "ไข่มุก") == Strings{"ชานมไข่มุก"});
  CHECK(Names(till, "กาแฟ") == Strings{"Cà phê sữa đá"});
  CHECK(Names(till, "กาแ") == Strings{"Cà phê sữa đá"});
}

TEST_CASE("Search: starts of words in any order, best first, in every language of a product", "[store][search]") {
  Till till;
  Fill(till);
  CHECK(Names(till, "choc") == Strings{"Chocolat noir 70%"});
  CHECK(Names(till, "noir choc") == Strings{"Chocolat noir 70%"});
  CHECK(Names(till, "noir") == Strings{"Noir", "Chocolat noir 70%"});
  CHECK(Names(till, "noir", 1) == Strings{"Noir"});
  CHECK(Names(till, "iced cof") == Strings{"Cà phê sữa đá"});
  CHECK(Names(till, "colat").empty());
  CHECK(Names(till, "10").size() == 8);
  CHECK(Names(till, "103") == Strings{"ชานมไข่มุก"});
}

TEST_CASE("Search: nothing that is typed is a command", "[store][search]") {
  Till till;
  Fill(till);
  for (const char* typed : {"", " ", "\"", "*", "AND", "OR NOT", "NEAR(", "words:x", "-", "^a", "a AND",
                            "'; DROP TABLE product; --", "50%", "\xff\xfe", "())(", "นม\"*"}) {
    INFO(typed);
    CHECK(till->Catalogue().Search(typed, 20).has_value());
  }
  CHECK(Names(till, "\"special\" AND") == Strings{"50% off \"special\" AND more*"});
  CHECK(Must(till->Catalogue().Count()) == 8);
}

TEST_CASE("Catalogue: by barcode exactly; changes and removals reach look-up and search", "[store][catalogue]") {
  Till till;
  Fill(till);
  CHECK(Must(till->Catalogue().FindByBarcode("102"))->NameIn("en") == "Plain milk");
  CHECK_FALSE(Must(till->Catalogue().FindByBarcode("' OR 1=1 --")).has_value());
  const std::vector<domain::Product> changed{Product(till, "102", "Oat drink")};
  const std::vector<std::string> removed{"106", "no such"};
  Must(till->Catalogue().Apply(changed, removed));
  CHECK(Must(till->Catalogue().FindByBarcode("102"))->name == "Oat drink");
  CHECK_FALSE(Must(till->Catalogue().FindByBarcode("106")).has_value());
  CHECK(Names(till, "oat") == Strings{"Oat drink"});
  CHECK(Names(till, "milk") == Strings{"Cà phê sữa đá"});
  CHECK(Names(till, "noir") == Strings{"Chocolat noir 70%"});
}

TEST_CASE("Catalogue: a product keeps everything that the file said", "[store][catalogue]") {
  Till till;
  domain::Product product = Product(till, "200", "Bia", {{"en", "Beer"}, {"th", "เบียร์"}, {"vi", "Bia"}});
  product.sku = "BR-1";
  product.tax_code = "VAT7";
  product.category = "Drinks";
  product.unit = domain::SellUnit::kKilogram;
  product.min_age = 20;
  product.price_derived = true;
  Must(till->Catalogue().Apply(std::vector{product}, {}));
  const auto found = Must(till->Catalogue().FindByBarcode("200"));
  REQUIRE(found.has_value());
  CHECK(found->sku == "BR-1");
  CHECK(found->names == product.names);
  CHECK(found->tax_code == "VAT7");
  CHECK(found->category == "Drinks");
  CHECK(found->unit == domain::SellUnit::kKilogram);
  CHECK(found->min_age == 20);
  CHECK(found->price_derived);
  CHECK(found->price == till.Amount(1000));
  CHECK(Names(till, "BR-1") == Strings{"Bia"});
}

TEST_CASE("Catalogue: an index cut by another ICU is made anew at the next start", "[store][catalogue]") {
  Till till;
  Fill(till);
  {
    auto raw = till.Raw("catalogue.db");
    Must(raw.Execute("UPDATE meta SET value = 'another'; INSERT INTO search(search) VALUES ('delete-all')"));
  }
  CHECK(Names(till, "noir").empty());
  till.Open();
  CHECK(Names(till, "noir").size() == 2);
}

TEST_CASE("Catalogue: look-ups go on while an import is being written", "[store][catalogue]") {
  Till till;
  Fill(till);
  const auto session = Must(till->Catalogue().BeginImport());
  ProductWriter writer(session->Db(), Currency(), false);
  const auto product = Product(till, "300", "Fresh");
  Must(writer.Put(product, ProductWords(product)));
  CHECK(Must(till->Catalogue().FindByBarcode("102")).has_value());
  CHECK_FALSE(Must(till->Catalogue().FindByBarcode("300")).has_value());
  Must(session->Commit());
  CHECK(Must(till->Catalogue().FindByBarcode("300")).has_value());
}

}  // namespace
}  // namespace evertill::store
