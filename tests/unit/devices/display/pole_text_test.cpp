#include <catch2/catch.hpp>
#include <numeric>

#include "devices/display/display_profile.h"
#include "devices/display/pole_scene.h"
#include "devices/display/pole_text.h"

namespace evertill::devices::display {
namespace {

using checkout::CustomerView;
using printer::CodePage;

DisplayPage Page(std::optional<CodePage> code, Marks marks = Marks::kStacked) {
  return {code, "", marks};
}

std::string Joined(const PoleText& text) {
  return std::accumulate(text.cells.begin(), text.cells.end(), std::string());
}

DisplayProfile Profile(std::string_view name) {
  auto profile = LoadDisplayProfile(name);
  INFO((profile ? "" : profile.error().ToString()));
  REQUIRE(profile);
  return std::move(*profile);
}

TEST_CASE("Display profiles: each one that comes with the program is whole", "[devices][display]") {
  const auto names = record::RecordNames({}, BuiltInDisplays());
  CHECK(names == std::vector<std::string>{"cd5220", "cd5220-thai", "cd5220-viet", "epson-dm-d"});
  for (const std::string& name : names) CHECK(Profile(name).columns == 20);
  const auto broken =
      ParseDisplayProfile({"name = \"x\"\ntop = \"1\"\nbottom = \"2\"\n[[page]]\ncode = \"cp9\"\n", "x.toml"});
  REQUIRE_FALSE(broken);
  CHECK(broken.error().Detail().starts_with("x.toml line 5: code: ascii, cp437"));
}

TEST_CASE("Pole text: Thai marks take no column", "[devices][display]") {
  const auto page = Page(CodePage::kCp874);
  const PoleText text = ToPoleText("ที่นี่", page);  // four marks over two letters
  CHECK(text.cells.size() == 2);
  CHECK(Joined(text) == "\xB7\xD5\xE8\xB9\xD5\xE8");
  CHECK(text.lost + text.simplified == 0);
  CHECK(ToPoleText("น้ำ", page).cells.size() == 2);  // sara am has a column of its own
  CHECK(ToPoleText("ที่", Page(CodePage::kCp874, Marks::kOwn)).cells.size() == 3);
  CHECK(Joined(ToPoleText("ที่", Page(CodePage::kCp874, Marks::kNone))) == "\xB7");
}

TEST_CASE("Pole text: Vietnamese in its own page, and without signs in the others", "[devices][display]") {
  const PoleText whole = ToPoleText("Bánh mì ₫", Page(CodePage::kTcvn3));
  CHECK(whole.lost == 0);
  CHECK(whole.cells.size() == 9);
  CHECK(Joined(ToPoleText("Sữa chua, phở, Đường ₫", Page(std::nullopt))) == "Sua chua, pho, Duong d");
  // Decomposed as some keyboards write it.
  CHECK(Joined(ToPoleText("Pho\xCC\x9B\xCC\x89", Page(std::nullopt))) == "Pho");
  const PoleText windows = ToPoleText("phở", Page(CodePage::kCp1258));
  CHECK(windows.cells.size() == 3);
  CHECK(windows.lost + windows.simplified == 0);
}

TEST_CASE("Pole text: nothing becomes a command", "[devices][display]") {
  for (const auto& code : {std::optional<CodePage>(), std::optional(CodePage::kCp437), std::optional(CodePage::kCp874),
                           std::optional(CodePage::kTcvn3), std::optional(CodePage::kCp1258)}) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    for (int c = 0x80; c < 0x800; ++c) {
      all += static_cast<char>(0xC0 | (c >> 6));
      all += static_cast<char>(0x80 | (c & 0x3F));
    }
    all += "\xE2\x80\xAE\x1B@\x0C\x7F";
    for (const std::string& cell : ToPoleText(all, Page(code)).cells) {
      for (const char c : cell) {
        const auto byte = static_cast<unsigned char>(c);
        CHECK((byte >= 0x20 && byte != 0x7F));
      }
    }
  }
}

/// The text of both lines, commands taken off.
std::pair<std::string, std::string> Shown(const PoleLines& lines, const DisplayProfile& profile) {
  const std::string bytes = EncodePole(lines, profile);
  const size_t top = bytes.find(profile.top) + profile.top.size();
  const size_t bottom = bytes.find(profile.bottom, top) + profile.bottom.size();
  return {bytes.substr(top, profile.columns), bytes.substr(bottom, profile.columns)};
}

CustomerView Selling() {
  CustomerView view;
  view.scene = CustomerView::Scene::kSelling;
  view.store_name = "Corner shop";
  view.lines = {{"Milk", "", "45.00"}, {"Jasmine rice, five kilograms", "", "189.00"}};
  view.total_label = "Total";
  view.total = "234.00";
  return view;
}

TEST_CASE("Pole scenes: shop, last line and total, change", "[devices][display]") {
  const auto profile = Profile("cd5220");
  CustomerView view = Selling();
  CHECK(Shown(ComposePole(view), profile) ==
        std::pair<std::string, std::string>{"Jasmine rice, 189.00", "Total         234.00"});
  view.scene = CustomerView::Scene::kPaid;
  view.change_label = "Change";
  view.change = "66.00";
  CHECK(Shown(ComposePole(view), profile) ==
        std::pair<std::string, std::string>{"Total         234.00", "Change         66.00"});
  view.change.clear();
  view.note = "Thank you";
  CHECK(Shown(ComposePole(view), profile).second == "     Thank you      ");
  view.scene = CustomerView::Scene::kIdle;
  CHECK(Shown(ComposePole(view), profile).first == "    Corner shop     ");
  view.scene = CustomerView::Scene::kPay;
  view.qr_label = "Scan to pay";
  CHECK(Shown(ComposePole(view), profile) ==
        std::pair<std::string, std::string>{"Total         234.00", "    Scan to pay     "});
}

TEST_CASE("Pole scenes: an amount is whole or not there", "[devices][display]") {
  const auto profile = Profile("cd5220");
  CustomerView view = Selling();
  view.total = "1234567890123456789.00";
  CHECK(Shown(ComposePole(view), profile).second == "Total               ");
  view.total = "12345678901234567.00";
  CHECK(Shown(ComposePole(view), profile).second == "12345678901234567.00");
}

TEST_CASE("Pole scenes: a name that the display cannot write is left out", "[devices][display]") {
  CustomerView view = Selling();
  view.lines = {{"น้ำปลาตราเด็กสมบูรณ์", "", "35.00"}};
  view.total_label = "รวม";
  CHECK(Shown(ComposePole(view), Profile("cd5220")) ==
        std::pair<std::string, std::string>{"               35.00", "              234.00"});
  const std::string thai = EncodePole(ComposePole(view), Profile("cd5220-thai"));
  CHECK(thai.find("\xC3\xC7\xC1           234.00") != std::string::npos);
  CHECK(thai.find("?") == std::string::npos);
}

TEST_CASE("Pole scenes: the page that loses the least is chosen", "[devices][display]") {
  const auto profile = Profile("epson-dm-d");
  const auto page_of = [&](const std::string& text) { return EncodePole({{text, ""}, {}}, profile).substr(0, 3); };
  CHECK(page_of("Milk") == std::string("\x1Bt\0", 3));
  CHECK(page_of("Crème") == std::string("\x1Bt\0", 3));
  CHECK(page_of("5 €") == "\x1Bt\x13");
  CHECK(page_of("“Œuf” à 5 €") == "\x1Bt\x10");
}

}  // namespace
}  // namespace evertill::devices::display
