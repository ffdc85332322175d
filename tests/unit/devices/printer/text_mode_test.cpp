#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "devices/printer/code_page.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/raster_bands.h"
#include "devices/printer/text_mode.h"
#include "devices/sim/escpos_interpreter.h"

namespace evertill::devices {
namespace {

using namespace std::string_literals;
using namespace domain;
using printer::CodePage;

printer::PrinterProfile TextProfile(printer::TextMode mode = printer::TextMode::kAscii) {
  printer::PrinterProfile profile;
  profile.text_mode = mode;
  return profile;
}

std::string Encode(const ReceiptDocument& document, const printer::PrinterProfile& profile) {
  auto bytes = printer::EncodeReceipt(document, profile);
  REQUIRE(bytes);
  return bytes->substr(8);  // without the reset
}

}  // namespace

TEST_CASE("Text mode: an ASCII receipt goes as its letters", "[devices][printer][text]") {
  ReceiptDocument document;
  document.Add(TextElement{"SHOP", {TextSize::kHuge, true}, TextAlign::kCenter})
      .Add(ColumnsElement{"Milk", "49.75"})
      .Add(RuleElement{RuleStyle::kDouble})
      .Add(CutElement{});
  CHECK(Encode(document, TextProfile()) == "\x1B!\x38\x1B\x61\x01SHOP\n\x1B!"s + "\0\x1B\x61\0"s + "Milk" +
                                               std::string(39, ' ') + "49.75\n" + std::string(48, '=') + "\n" +
                                               "\x1DV\x42\0"s);
}

TEST_CASE("Text mode: names wrap by word beside the amount", "[devices][printer][text]") {
  printer::PrinterProfile profile = TextProfile();
  profile.columns = 20;
  const std::string printed =
      Encode(ReceiptDocument{}.Add(ColumnsElement{"Fresh milk, pasteurised, unsweetened", "1.00"}), profile);
  CHECK(printed == "Fresh milk,     1.00\n pasteurised,\n unsweetened\n");
  CHECK(Encode(ReceiptDocument{}.Add(ColumnsElement{std::string(50, 'W'), "1.00"}), profile) ==
        std::string(15, 'W') + " 1.00\n " + std::string(14, 'W') + "\n " + std::string(14, 'W') + "\n " +
            std::string(7, 'W') + "\n");
  CHECK(Encode(ReceiptDocument{}.Add(ColumnsElement{"Total", "1,000,000,000.00"}), profile) ==
        "Total\n\x1B\x61\x02" + "1,000,000,000.00\n\x1B\x61\0"s);
}

TEST_CASE("Text mode: one other letter and all is drawn", "[devices][printer][text]") {
  const auto ascii = ReceiptDocument{}.Add(TextElement{"Milk"}).Add(ColumnsElement{"Tea", "1.00"});
  CHECK(printer::PrintsAsText(ascii, TextProfile()));
  CHECK_FALSE(printer::PrintsAsText(ascii, {}));
  for (const std::string& name : {"นม"s, "Trà"s, "a\x1Bp"s, "a\tb"s, "\x7F"s, "\x80"s, "a\0b"s}) {
    auto document = ascii;
    document.Add(ColumnsElement{name, "1.00"});
    CHECK_FALSE(printer::PrintsAsText(document, TextProfile()));
  }
}

TEST_CASE("Text mode: verified pages print their languages, others do not", "[devices][printer][text]") {
  auto profile = TextProfile(printer::TextMode::kVerified);
  profile.code_pages = {{19, CodePage::kCp858, true}, {21, CodePage::kCp874, false}, {52, CodePage::kCp1258, true}};
  CHECK(Encode(ReceiptDocument{}.Add(TextElement{"Café €2\nb"}), profile) == "\x1Bt\x13"s + "Caf\x82 \xD5" + "2\nb\n");
  CHECK(printer::PrintsAsText(ReceiptDocument{}.Add(TextElement{"cà phê sữa đá"}), profile));
  CHECK_FALSE(printer::PrintsAsText(ReceiptDocument{}.Add(TextElement{"นม"}), profile));
  profile.code_pages[1].verified = true;
  profile.columns = 20;
  // Marks take no room: น้ำ is two cells, as น and ำ are.
  const std::string thai = Encode(ReceiptDocument{}.Add(ColumnsElement{"น้ำ", "9.00"}), profile);
  CHECK(thai.find(std::string(14, ' ') + "9.00\n") != std::string::npos);
  CHECK(thai.find(std::string(15, ' ')) == std::string::npos);
}

TEST_CASE("Code pages: as the tables of their makers", "[devices][printer][text]") {
  CHECK(printer::ToCodePage("é", CodePage::kCp437) == "\x82");
  CHECK(printer::ToCodePage("é€", CodePage::kCp858) == "\x82\xD5");
  CHECK(printer::ToCodePage("€", CodePage::kCp1252) == "\x80");
  CHECK_FALSE(printer::ToCodePage("€", CodePage::kCp437));
  CHECK(printer::ToCodePage("กข฿ำ", CodePage::kCp874) == "\xA1\xA2\xDF\xD3");
  CHECK(printer::ToCodePage("ế", CodePage::kCp1258) == "\xEA\xEC");  // ê and acute
  CHECK(printer::ToCodePage("đ₫", CodePage::kCp1258) == "\xF0\xFE");
  CHECK(printer::ToCodePage("ế", CodePage::kTcvn3) == "\xD5");
  CHECK(printer::CellsOf("\xEA\xEC", CodePage::kCp1258) == 1);
  for (const CodePage page : printer::kCodePages) {
    CHECK(printer::CodePageByName(printer::CodePageName(page)) == page);
    for (const std::string& bad : {"\x1B"s, "\n"s, "\x7F"s, "\0"s, "\xC3"s, "\xE0\xB8"s, "\xED\xA0\x80"s, "\xFF"s,
                                   "\xC2\x85"s, "\xF0\x9F\x98\x80"s, "\xC0\x9B"s}) {
      CHECK_FALSE(printer::ToCodePage(bad, page));
    }
  }
}

TEST_CASE("Text mode and codes: hostile text makes no command", "[devices][printer][security][property]") {
  const unsigned seed = Catch::rngSeed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto pick = [&](const auto& list) { return list[random() % std::size(list)]; };
  const std::string pieces[] = {"\x1B@",
                                "\x1Bp\0\x19\xFA"s,
                                "\x10\x14\x01\0\x01"s,
                                "\x10\x04\x01",
                                "\x1DV\0"s,
                                "\x1Bi",
                                "{B",
                                "{{",
                                "A",
                                "ก้ำ",
                                "ế",
                                "\u202E",
                                "\xC3\x28",
                                "\n",
                                "\0"s,
                                "\x7F",
                                "\u009B",
                                "12345678",
                                "Milk ",
                                std::string(300, 'W')};
  for (int round = 0; round < 300; ++round) {
    ReceiptDocument document;
    const auto text = [&] {
      std::string made;
      for (size_t i = random() % 6; i > 0; --i) made += pick(pieces);
      return made;
    };
    const auto style = [&] { return TextStyle{static_cast<TextSize>(random() % 4), random() % 2 == 0}; };
    for (size_t i = 1 + random() % 4; i > 0; --i) {
      document.Add(ColumnsElement{text(), text(), style(), static_cast<int>(random() % 5)});
      document.Add(TextElement{text(), style(), static_cast<TextAlign>(random() % 3)});
    }
    document.Add(QrCodeElement{"Q{B\x1B" + std::to_string(random()), text()});
    document.Add(BarcodeElement{"{B}" + std::to_string(random() % 1000)});
    const int kicks = static_cast<int>(random() % 2);
    if (kicks == 1) document.Add(DrawerKickElement{});
    document.Add(CutElement{});
    printer::PrinterProfile profile = TextProfile(static_cast<printer::TextMode>(random() % 3));
    profile.native_qr = profile.native_code128 = random() % 2 == 0;
    profile.raster = static_cast<printer::RasterCommand>(random() % 3);
    profile.column_images = random() % 2 == 0;
    profile.justifies_raster = random() % 2 == 0;
    profile.code_pages = {{19, CodePage::kCp858, true}, {21, CodePage::kCp874, true}, {16, CodePage::kCp1258, true}};
    const auto bytes = printer::EncodeReceipt(document, profile);
    REQUIRE(bytes);
    sim::EscPosInterpreter paper(576);
    (void)paper.Take(*bytes);
    paper.Finish();
    REQUIRE(paper.Jobs().size() == 1);
    const auto& job = paper.Jobs().front();
    REQUIRE(job.cuts == 1);
    REQUIRE(job.pulses == kicks);
    REQUIRE(job.real_time_commands == 0);
    REQUIRE(job.unknown_commands.empty());
  }
}

}  // namespace evertill::devices
