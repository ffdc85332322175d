#include "app/presenters/receipt_template.h"

#include <stdlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "app/base/random.h"
#include "app/presenters/receipt_composer.h"
#include "app/presenters/receipt_template_samples.h"

namespace evertill::presenters {
namespace {

/// The document in lines: "left|right", texts, "QR …", "barcode …", "drawer", "cut", "---".
std::string Lines(const domain::ReceiptDocument& document) {
  struct Writer {
    std::string out;
    void operator()(const domain::TextElement& text) { out += text.text + "\n"; }
    void operator()(const domain::ColumnsElement& row) { out += row.left + "|" + row.right + "\n"; }
    void operator()(const domain::RuleElement&) { out += "---\n"; }
    void operator()(const domain::SpaceElement&) {}
    void operator()(const domain::QrCodeElement& code) { out += "QR " + code.data + "\n"; }
    void operator()(const domain::BarcodeElement& code) { out += "barcode " + code.text + "\n"; }
    void operator()(const domain::PictureElement&) { out += "picture\n"; }
    void operator()(const domain::CutElement&) { out += "cut\n"; }
    void operator()(const domain::DrawerKickElement&) { out += "drawer\n"; }
  } writer;
  for (const auto& element : document.elements) std::visit(writer, element);
  return writer.out;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Fields Known() {
  return Fields()
      .Set("name", "Shop")
      .Set("empty", "")
      .Set("yes", true)
      .Set("no", false)
      .Set("code", "8850000000024")
      .Set("logo", domain::PictureElement{8, 1, "x"})
      .Set("items", Fields::List{Fields().Set("what", "tea").Set("price", "20.00"),
                                 Fields().Set("what", "rice {not a field}").Set("price", "")})
      .Set("none", Fields::List{});
}

base::Expected<ReceiptTemplate> Parse(const std::string& text) {
  return ReceiptTemplate::Parse({"shop.toml", text}, Known(), [](const std::string& name) {
    if (name == "head")
      return std::optional(ReceiptTemplate::Source{"head.toml", R"(parts=[{kind="text",text="HEAD {name}"}])"});
    if (name == "loop") return std::optional(ReceiptTemplate::Source{"loop.toml", R"(parts=[{use="loop"}])"});
    return std::optional<ReceiptTemplate::Source>();
  });
}

std::string Composed(const std::string& text, const std::string& language = "en") {
  const auto parsed = Parse(text);
  INFO(text);
  REQUIRE(parsed);
  return Lines(parsed->Compose(Known(), *Words::For(language)));
}

std::string Problem(const std::string& text) {
  const auto parsed = Parse(text);
  INFO(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().Name() == "bad_receipt_template");
  return parsed.error().Detail();
}

/// A folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "evertill-templates-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  void Write(const std::string& file, const std::string& text) const { std::ofstream(path_ / file) << text; }
  [[nodiscard]] const std::filesystem::path& Path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("Template: parts in order, conditions, lists, fields within lists", "[presenters][template]") {
  CHECK(Composed(R"(parts=[{kind="drawer"},{kind="text",text="Hello {name}"},{kind="rule"},{kind="cut"}])") ==
        "drawer\nHello Shop\n---\ncut\n");
  CHECK(Composed(R"(parts=[{kind="text",text="a",if="yes"},{kind="text",text="b",if="no"},
                           {kind="text",text="c",unless="no"},{kind="text",text="d",unless=["no","yes"]},
                           {kind="text",text="e",if=["yes","name","items"]},{kind="text",text="f",if="none"}])") ==
        "a\nc\ne\n");
  CHECK(Composed(R"(parts=[{each="items",parts=[{kind="columns",left="{what} of {name}",right="{price}"},
                                                {kind="text",text="{what}"}]}])") ==
        "tea of Shop|20.00\ntea\nrice {not a field}\n");
  CHECK(Composed(R"(parts=[{use="head"},{kind="picture",field="logo"}])") == "HEAD Shop\npicture\n");
}

TEST_CASE("Template: what speaks only of empty fields is not printed", "[presenters][template]") {
  CHECK(Composed(R"(parts=[{kind="text",text="Tel. {empty}"},{kind="qr",data="{empty}"},{kind="barcode",data="{empty}"},
                           {kind="columns",left="Label",right="{empty}"}])")
            .empty());
  CHECK(Composed(R"(parts=[{kind="text",text="{{{name}}} {empty}"}])") == "{Shop}\n");
}

TEST_CASE("Template: words are translated, fields in them kept", "[presenters][template][words]") {
  CHECK(Composed(R"(parts=[{kind="columns",left="t:Total",right="{name}"}])", "th") == "ยอดรวม|Shop\n");
  CHECK(Composed(R"(parts=[{kind="columns",left="t:Total",right="{name}"}])", "en") == "Total|Shop\n");
}

TEST_CASE("Template: a mistake is told with file, line and reason", "[presenters][template]") {
  CHECK(Has(Problem("parts = [\n {kind=\"text\",text=\"{nmae}\"},\n]"),
            "shop.toml line 2: unknown field {nmae}; known: "));
  CHECK(Has(Problem("\nparts=[{kind=\"txt\",text=\"x\"}]"), "line 2: kind must be one of text, columns,"));
  CHECK(Has(Problem(R"(parts=[{kind="text",text="x",colour="red"}])"),
            "\"colour\" means nothing in a part of kind text"));
  CHECK(Has(Problem(R"(parts=[{kind="text",text="x",size="big"}])"), "size must be one of small, normal,"));
  CHECK(Has(Problem(R"(parts=[{kind="text"}])"), "no text"));
  CHECK(Has(Problem(R"(parts=[{kind="text",text="a } b"}])"), "a brace alone"));
  CHECK(Has(Problem(R"(parts=[{kind="text",text="{yes}"}])"), "{yes} is no text"));
  CHECK(Has(Problem(R"(parts=[{kind="text",text="x",each="name"}])"), "no list is called \"name\""));
  CHECK(Has(Problem(R"(parts=[{kind="text",text="{what}"}])"), "unknown field {what}"));
  CHECK(Has(Problem(R"(parts=[{kind="space",mm=-1}])"), "mm must be"));
  CHECK(Has(Problem(R"(parts=[{kind="picture",field="name"}])"), "{name} is no picture"));
  CHECK(Has(Problem(R"(parts=[{use="foot"}])"), "there is no template \"foot\""));
  CHECK(Has(Problem(R"(parts=[{use="loop"}])"), "loop"));
  CHECK(Has(Problem("parts=[\n{kind=\n]"), "line "));
  CHECK(Has(Problem("language=\"fr\"\nparts=[]"), "line 1: language must be en, th or vi"));
  CHECK(Has(Problem(""), "no parts"));
  std::string deep = "parts=[";
  for (int i = 0; i < 12; ++i) deep += "{parts=[";
  for (int i = 0; i < 12; ++i) deep += "]}";
  CHECK(Has(Problem(deep + "]"), "8 deep"));
}

TEST_CASE("Template: however a file is damaged, it is an error or a template, never more",
          "[presenters][template][security]") {
  const auto random = base::MakeSeededRandom(20261122);
  for (const auto& [name, text] : BuiltInReceiptTexts()) {
    for (int round = 0; round < 60; ++round) {
      std::string damaged(text);
      for (int i = 0; i < 3; ++i) {
        const size_t at = random->Below(damaged.size());
        switch (random->Below(3)) {
          case 0:
            damaged[at] = static_cast<char>(random->Below(256));
            break;
          case 1:
            damaged.erase(at, 1 + random->Below(20));
            break;
          default:
            damaged.insert(at, damaged.substr(random->Below(damaged.size()), 1 + random->Below(20)));
        }
      }
      const Fields known = SampleFields("sale");
      const auto parsed = ReceiptTemplate::Parse({"damaged.toml", damaged}, known, nullptr);
      if (!parsed) {
        CHECK(parsed.error().Detail().find("damaged.toml line ") == 0);
      } else {
        (void)parsed->Compose(known, *Words::For("en"));
      }
    }
  }
}

TEST_CASE("Template: what comes with the program is right, and every paper says what it must",
          "[presenters][template]") {
  CHECK(ReceiptTemplates::BuiltIn().Problems().empty());
  for (const std::string_view name : kPaperNames) {
    for (const std::string& language : Words::Languages()) {
      CAPTURE(std::string(name), language);
      const std::string text = Lines(ComposeSample(std::string(name), language, {}));
      CHECK(text.size() > 80);
      CHECK(Has(text, "cut\n"));
      CHECK_FALSE(Has(text, "{"));
      CHECK(Has("\n" + text, "\ndrawer\n") == (name == "sale" || name == "refund"));
    }
  }
}

TEST_CASE("Template: a sample fills every field that a template may name", "[presenters][template]") {
  // What is empty in the sample could be misspelt in a composer without a test seeing it.
  for (const std::string_view name : kPaperNames) {
    const Fields sample = SampleFields(std::string(name));
    for (const auto& [field, value] : sample.All()) {
      if (const auto* list = std::get_if<Fields::List>(&value)) {
        CAPTURE(field);
        CHECK_FALSE(list->empty());
      }
    }
  }
}

TEST_CASE("Templates: a shop's own go first; a broken one is told and the built-in one is printed",
          "[presenters][template]") {
  const Folder shop;
  const Folder common;
  shop.Write("gift.toml", "parts = [ { kind = \"text\", text = \"FROM {shop.name}\" } ]");
  shop.Write("sale.toml", "parts = [\n\n { kind = \"text\", text = \"{total_amount}\" } ]");
  common.Write("gift.toml", "parts = [ { kind = \"text\", text = \"COMMON\" } ]");
  common.Write("foot.toml", "parts = [ { kind = \"text\", text = \"OUR FOOT\" }, { kind = \"cut\" } ]");
  const auto templates = ReceiptTemplates::Load({shop.Path(), common.Path()});
  REQUIRE(templates.Problems().size() == 1);
  CHECK(Has(templates.Problems()[0].Detail(), "sale.toml line 3: unknown field {total_amount}"));
  CHECK(Lines(ComposeSample("gift", "en", {.templates = &templates})) == "FROM บ้านสวนมินิมาร์ท\n");
  const std::string sale = Lines(ComposeSample("sale", "en", {.templates = &templates}));
  CHECK(Has(sale, "Total|"));
  CHECK(Has(sale, "OUR FOOT\n"));

  shop.Write("foot.toml", "parts = [ { kind = \"cat\" } ]");
  const auto broken_part = ReceiptTemplates::Load({shop.Path()});
  CHECK(Has(Lines(ComposeSample("sale", "en", {.templates = &broken_part})), "Thank you. See you again!\n"));
  CHECK(std::any_of(broken_part.Problems().begin(), broken_part.Problems().end(),
                    [](const auto& problem) { return Has(problem.Detail(), "foot.toml line 1: kind must be"); }));
}

TEST_CASE("Receipt: a Thai abbreviated tax invoice has what section 86/6 wants, in any language",
          "[presenters][template][tax]") {
  for (const char* language : {"en", "th"}) {
    const std::string text = Lines(ComposeSample("sale", language, {}));
    INFO(text);
    CHECK(Has(text, "ใบกำกับภาษีอย่างย่อ"));
    CHECK(Has(text, "บ้านสวนมินิมาร์ท\n"));
    CHECK(Has(text, "0105561234567"));
    CHECK(Has(text, "L03-000123|"));
    CHECK(Has(text, language == std::string("th") ? "/11/2569" : "2026-11-2"));
    CHECK(Has(text, "ราคารวมภาษีมูลค่าเพิ่มแล้ว"));
    CHECK(Has(text, "POS E05120003A0123\n"));
    CHECK(Has(text, "|1,140.00\n"));
  }
}

TEST_CASE("Receipt: who has no tax number issues no tax invoice; empty facts leave no labels",
          "[presenters][template][tax]") {
  const auto till = SampleTill("en");
  const std::string text = Lines(ComposeSaleReceipt(SampleSale("en"), till, {.language = "en"}));
  INFO(text);
  CHECK_FALSE(Has(text, "ใบกำกับภาษี"));
  CHECK_FALSE(Has(text, "Tax ID"));
  CHECK_FALSE(Has(text, "Phone"));
  CHECK_FALSE(Has(text, "POS"));
  CHECK(Has(text, "Receipt\n"));
  CHECK(Has(text, "Thank you. See you again!\n"));
}

TEST_CASE("Receipt: a full Thai tax invoice has what section 86/4 wants, in Thai", "[presenters][template][tax]") {
  const auto document = ComposeSample("tax-invoice", "en", {});
  const std::string text = Lines(document);
  INFO(text);
  CHECK(document.language == "th");
  for (const char* part :
       {"ใบกำกับภาษี / ใบเสร็จรับเงิน\n", "ต้นฉบับ\n", "เลขที่ T03-000007|วันที่ 2", "ออกแทนใบกำกับภาษีอย่างย่อเลขที่ L03-000123\n",
        "ผู้ซื้อ บริษัท สยามเครื่องเขียน จำกัด\n", "199 ถนนพระราม 4", "เลขประจำตัวผู้เสียภาษี 0105559876543 สำนักงานใหญ่\n",
        "0105561234567", "2 × 49.75\n", "มูลค่าสินค้าก่อนภาษี|฿1,653.72\n", "ภาษีมูลค่าเพิ่ม 7%|฿115.78\n",
        "มูลค่าสินค้าที่ยกเว้นภาษี|฿86.45\n", "จำนวนเงินรวมทั้งสิ้น|฿1,855.95\n"}) {
    CAPTURE(part);
    CHECK(Has(text, part));
  }
}

TEST_CASE("Receipt: Vietnamese: its own words, VAT by rate, no decimals, commas in weights",
          "[presenters][template][tax]") {
  const std::string text = Lines(ComposeSample("sale", "vi", {}));
  INFO(text);
  CHECK(Has(text, "PHIẾU BÁN HÀNG\n"));
  CHECK(Has(text, "MST: 0312345678"));
  CHECK(Has(text, "Tổng cộng|721.160 ₫\n"));
  CHECK(Has(text, "Thuế GTGT 8% trong 442.000 ₫|32.741 ₫\n"));
  CHECK(Has(text, "Thuế GTGT 5% trong 69.160 ₫|3.293 ₫\n"));
  CHECK(Has(text, "Thuế GTGT 10% trong 210.000 ₫|19.091 ₫\n"));
  CHECK(Has(text, "0,728 kg × 95.000\n"));
  CHECK(Has(text, "Làm tròn|−160 ₫\n"));
}

TEST_CASE("Receipt: a gift receipt has no amount on it; a copy says so and opens no drawer", "[presenters][template]") {
  const std::string gift = Lines(ComposeSample("gift", "en", {}));
  INFO(gift);
  for (const char* amount : {"99.50", "1,855.95", "฿", "https://"}) CHECK_FALSE(Has(gift, amount));
  CHECK(Has(gift, "barcode L03-000123\n"));
  CHECK(Has(gift, "Coca-Cola Zero Sugar 325 ml|60\n"));
  const std::string copy = Lines(ComposeSample("copy", "en", {}));
  CHECK(Has(copy, "COPY\n"));
  CHECK_FALSE(Has(copy, "drawer\n"));
  const auto refund = ComposeSaleReceipt(SampleRefund("en"), SampleTill("en"), {.copy = true});
  CHECK(Has(Lines(refund), "COPY\n"));
  CHECK(Has(Lines(refund), "Refund of L03-000123\n"));
}

TEST_CASE("Receipt: X and Z reports add up and differ where they must", "[presenters][template]") {
  const std::string z = Lines(ComposeSample("z-report", "en", {}));
  INFO(z);
  CHECK(Has(z, "Z report 214\n"));
  CHECK(Has(z, "Takings|฿46,910.25\n"));
  CHECK(Has(z, "Difference|−฿20.00\n"));
  CHECK(Has(z, "Grand total|฿9,731,460.00\n"));
  const std::string x = Lines(ComposeSample("x-report", "en", {}));
  CHECK(Has(x, "X report\n"));
  CHECK_FALSE(Has(x, "Grand total"));
  domain::ShiftReport running = SampleShiftReport("en", domain::ShiftReport::Kind::kX);
  running.counted_cash.reset();
  const std::string uncounted = Lines(ComposeShiftReport(running, SampleTill("en"), {}));
  CHECK_FALSE(Has(uncounted, "Counted|"));
  CHECK_FALSE(Has(uncounted, "Difference|"));
}

TEST_CASE("Receipt: a shelf label's digits are an EAN where they are one", "[presenters][template]") {
  const auto document = ComposeSample("shelf-label", "th", {});
  const auto found = std::find_if(document.elements.begin(), document.elements.end(), [](const auto& element) {
    return std::holds_alternative<domain::BarcodeElement>(element);
  });
  REQUIRE(found != document.elements.end());
  CHECK(std::get<domain::BarcodeElement>(*found) ==
        domain::BarcodeElement{"8850000000027", domain::BarcodeKind::kEan13});
  CHECK(document.language == "th");
  CHECK(std::holds_alternative<domain::CutElement>(document.elements.back()));
}

TEST_CASE("Receipt: a member card carries its QR code", "[presenters][template]") {
  const auto document = ComposeSample("member-card", "th", {});
  CHECK(std::any_of(document.elements.begin(), document.elements.end(),
                    [](const auto& element) { return std::holds_alternative<domain::QrCodeElement>(element); }));
}

TEST_CASE("Receipt: barcodes that a shop made up do not keep a paper from being printed", "[presenters][template]") {
  domain::ShelfLabel label = SampleShelfLabel("en");
  label.barcode = "รหัส-7";
  const auto till = SampleTill("en");
  CHECK(Has(Lines(ComposeShelfLabel(label, till, {})), "รหัส-7\n"));
  label.barcode = "885000000002";  // 12 digits, wrong check digit: what it says, not what it might mean
  const auto document = ComposeShelfLabel(label, till, {});
  for (const auto& element : document.elements) {
    if (const auto* code = std::get_if<domain::BarcodeElement>(&element)) {
      CHECK(code->kind == domain::BarcodeKind::kCode128);
    }
  }
}

}  // namespace evertill::presenters
