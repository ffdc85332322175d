#include "devices/setup/till_config.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

using namespace evertill;
using devices::setup::LoadTillConfig;
using devices::setup::TillConfig;
using devices::setup::WriteTillConfig;

namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "evertill-setup-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  base::Expected<TillConfig> Load(const std::string& text) const {
    std::ofstream(path / "till.toml", std::ios::trunc) << text;
    return LoadTillConfig(path);
  }
  std::string Problem(const std::string& text) const {
    const auto loaded = Load(text);
    return loaded ? "" : loaded.error().ToString();
  }
};

}  // namespace

TEST_CASE("TillConfig: without a file everything is as usual", "[devices][setup]") {
  const Folder folder;
  const auto config = LoadTillConfig(folder.path);
  REQUIRE(config);
  CHECK(config->printer.empty());
  CHECK(config->paper_mm == 80);
  CHECK(config->drawer.where == devices::setup::DrawerConfig::Where::kPrinter);
  CHECK(config->customer_screen.on);
  CHECK(config->scanners.empty());
}

TEST_CASE("TillConfig: what is written can be read, is its owner's alone, and is never overwritten",
          "[devices][setup]") {
  const Folder folder;
  TillConfig config;
  config.printer = "file:/tmp/a \"quoted\" name";
  config.paper_mm = 58;
  config.theme = "dark";
  REQUIRE(WriteTillConfig(folder.path, config));
  const auto read = LoadTillConfig(folder.path);
  REQUIRE(read);
  CHECK(read->printer == config.printer);
  CHECK(read->paper_mm == 58);
  CHECK(read->theme == "dark");
  const auto mode = std::filesystem::status(folder.path / "till.toml").permissions();
  CHECK((mode & std::filesystem::perms(077)) == std::filesystem::perms::none);
  REQUIRE(WriteTillConfig(folder.path, {}));
  CHECK(LoadTillConfig(folder.path)->paper_mm == 58);
}

TEST_CASE("TillConfig: each device of a counter", "[devices][setup]") {
  const Folder folder;
  const auto config = folder.Load(R"(
[printer]
address = "serial:/dev/ttyUSB0?baud=115200&flow=hardware"
profile = "epson-tm-t88"
[drawer]
connector = 1
[scale]
address = "serial:/dev/ttyS1"
protocol = "toledo-8217"
[pole_display]
address = "serial:/dev/ttyS2"
[label_printer]
address = "tcp://10.0.0.9"
language = "epl"
dpi = 300
[customer_screen]
monitor = 2
[[scanner]]
kind = "evdev"
path = "/dev/input/by-id/usb-Newland-event-kbd"
suffix = "\r"
[[scanner]]
kind = "serial"
path = "serial:/dev/ttyACM0?baud=9600"
duplicate_ms = 300
[[shop_barcode]]
pattern = "21.....{NNDDD}"
meaning = "weight"
[[shop_barcode]]
pattern = "23.....{NNNDD}"
meaning = "price"
[shop]
tax_id = "0105551234567"
address = "1 ถนนสีลม\nกรุงเทพฯ"
)");
  REQUIRE(config);
  CHECK(config->printer_profile == "epson-tm-t88");
  CHECK(config->drawer.connector == 1);
  CHECK(config->scale.protocol == "toledo-8217");
  CHECK(config->pole.address == "serial:/dev/ttyS2");
  CHECK(config->label_printer.language == devices::label::LabelLanguage::kEpl);
  CHECK(config->label_printer.size.dpi == 300);
  CHECK(config->customer_screen.monitor == 2);
  REQUIRE(config->scanners.size() == 2);
  CHECK(config->scanners[0].suffix == "\r");
  CHECK(config->scanners[1].duplicate_ms == 300);
  REQUIRE(config->patterns.size() == 2);
  CHECK(config->patterns[1].meaning == domain::ScanPattern::Meaning::kPrice);
  CHECK(config->shop.address == "1 ถนนสีลม\nกรุงเทพฯ");
}

TEST_CASE("TillConfig: what is wrong is told with its line, and nothing is guessed", "[devices][setup]") {
  const Folder folder;
  const auto [text, line, words] = GENERATE(table<std::string, std::string, std::string>({
      {"[printer]\nadress = \"tcp://a\"", "line 2", "adress"},
      {"[printer]\naddress = 3", "line 2", "must be text"},
      {"[printer]\naddress = \"lpt1\"", "line 2", "lpt1"},
      {"[printer]\npaper_mm = 70", "line 2", "80 or 58"},
      {"\n[sceen]", "line 2", "sceen"},
      {"printer = \"tcp://a\"", "line 1", "must be a table"},
      {"[screen]\ntheme = \"blue\"", "line 2", "high-contrast"},
      {"[drawer]\nconnector = 2", "line 2", "from 0 to 1"},
      {"[customer_screen]\non = \"yes\"", "line 2", "true or false"},
      {"[[scanner]]\nkind = \"laser\"", "line 2", "evdev"},
      {"[[scanner]]\nkind = \"evdev\"", "line 1", "path"},
      {"[scanner]\nkind = \"wedge\"", "line 1", "list of tables"},
      {"[[shop_barcode]]\npattern = \"99.....{NNDDD}\"", "line 2", ""},
      {"[label_printer]\nlanguage = \"pcl\"", "line 2", "zpl"},
      {"[shop]\ntax_id = 105551234567", "line 2", "must be text"},
      {"[printer\n", "line 1", ""},
  }));
  const std::string problem = folder.Problem(text);
  INFO(text << " -> " << problem);
  CHECK(problem.find("bad_config") == 0);
  CHECK(problem.find(line) != std::string::npos);
  CHECK(problem.find(words) != std::string::npos);
}
