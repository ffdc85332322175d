#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "devices/printer/profile_toml.h"
#include "devices/printer/profiles.h"

namespace evertill::devices::printer {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone afterwards.
struct Folder {
  Folder() : path(fs::temp_directory_path() / ("evertill-profiles-" + std::to_string(std::random_device{}()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void Write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
  fs::path path;
};

const fs::path kAssets = fs::path(EVERTILL_SOURCE) / "assets" / "printers";

std::string ComplaintAbout(const std::string& toml) {
  const auto profile = ParseProfile(toml, "my.toml", "my", [](std::string_view) { return PrinterProfile{}; });
  REQUIRE_FALSE(profile);
  CHECK(profile.error().Name() == "printer_profile_invalid");
  return profile.error().Detail();
}

}  // namespace

TEST_CASE("Profiles: every profile that comes with the program is whole", "[devices][printer][profiles]") {
  const Profiles profiles(kAssets, {});
  const auto names = profiles.Names();
  for (const char* wanted : {"generic-80", "generic-58", "epson-tm-t88", "epson-tm-t20", "epson-tm-m30",
                             "xprinter-xp-58", "xprinter-xp-80", "star-escpos"}) {
    CHECK(std::count(names.begin(), names.end(), wanted) == 1);
  }
  for (const std::string& name : names) {
    CAPTURE(name);
    const auto profile = profiles.Find(name);
    REQUIRE(profile);
    CHECK(profile->name == name);
    CHECK(profile->dots % 8 == 0);
    CHECK((profile->paper_mm < 70) == (profile->dots < 480));
    CHECK(profile->columns * 12 <= profile->dots);
  }
  CHECK(profiles.Find("epson-tm-t20")->native_qr);  // like the TM-T88
  CHECK(profiles.Find("epson-tm-t20")->dots == 576);
  CHECK(profiles.Find("epson-tm-t88")->dots_per_inch == 180);
}

TEST_CASE("Profiles: the generic ones need no file", "[devices][printer][profiles]") {
  const Profiles none("/nonexistent", "/nonexistent");
  const Profiles some(kAssets, {});
  for (const auto& [name, paper] : {std::pair{"generic-80", 80}, std::pair{"generic-58", 58}}) {
    REQUIRE(none.Find(name));
    CHECK(*none.Find(name) == *some.Find(name));
    CHECK(*none.Find("", paper) == *none.Find(name));
  }
}

TEST_CASE("Profiles: an unknown name is told with those there are", "[devices][printer][profiles]") {
  for (const char* name : {"epson-tm-t99", "../till", "a/b", ""}) {
    if (*name == '\0') continue;
    const auto missing = Profiles(kAssets, {}).Find(name);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().Name() == "printer_profile_unknown");
    CHECK(missing.error().Detail().find("epson-tm-t88, generic-58") != std::string::npos);
  }
}

TEST_CASE("Profiles: a shop's own goes first and may be like the original", "[devices][printer][profiles]") {
  const Folder shop;
  shop.Write("xprinter-xp-80.toml", "like = \"xprinter-xp-80\"\n[cutter]\npresent = false\n");
  shop.Write("counter.toml", "like = \"xprinter-xp-80\"\ntitle = \"Counter\"\n");
  shop.Write("a.toml", "like = \"b\"\n");
  shop.Write("b.toml", "like = \"a\"\n");
  const Profiles profiles(kAssets, shop.path);
  REQUIRE(profiles.Find("xprinter-xp-80"));
  CHECK_FALSE(profiles.Find("xprinter-xp-80")->has_cutter);
  CHECK(profiles.Find("xprinter-xp-80")->native_qr);
  REQUIRE(profiles.Find("counter"));
  CHECK_FALSE(profiles.Find("counter")->has_cutter);
  const auto circle = profiles.Find("a");
  REQUIRE_FALSE(circle);
  CHECK(circle.error().Detail().find("circle") != std::string::npos);
}

TEST_CASE("Profiles: a mistake is told by file, line and reason", "[devices][printer][profiles]") {
  CHECK(ComplaintAbout("[paper]\n\ndots = 99999\n") == "my.toml line 3: dots must be a whole number from 200 to 1200");
  CHECK(ComplaintAbout("[paper]\ndotts = 576\n") == "my.toml line 2: unknown key \"dotts\"");
  CHECK(ComplaintAbout("colour = true\n") == "my.toml line 1: unknown key \"colour\"");
  CHECK(ComplaintAbout("paper = 80\n") == "my.toml line 1: paper must be a table: [paper]");
  CHECK(ComplaintAbout("[cutter]\npresent = \"yes\"\n") == "my.toml line 2: present must be true or false");
  CHECK(ComplaintAbout("[raster]\ncommand = \"fax\"\n") ==
        "my.toml line 2: command must be one of \"gs_v_0\", \"gs_paren_l\", \"gs_8_l\"");
  CHECK(
      ComplaintAbout("[[code_page]]\nnumber = 3\nname = \"cp999\"\n").find("line 1: code_page \"cp999\" is none of") !=
      std::string::npos);
  CHECK(ComplaintAbout("title = \"x\n").find("my.toml line 1: ") == 0);
}

TEST_CASE("Profiles: what is written is what is read", "[devices][printer][profiles]") {
  const Folder shop;
  const Profiles profiles(kAssets, shop.path / "printers");
  for (const std::string& name : profiles.Names()) {
    PrinterProfile profile = *profiles.Find(name);
    profile.name = "my-" + name;
    profile.title = "Quote \" and back\\slash, ไทย";
    profile.column_images = !profile.column_images;
    profile.text_mode = TextMode::kVerified;
    profile.completion = Completion::kGsR;
    REQUIRE(profiles.Save(profile));
    const auto read = profiles.Find(profile.name);
    REQUIRE(read);
    CHECK(*read == profile);
  }
  PrinterProfile outside;
  outside.name = "../evil";
  CHECK(profiles.Save(outside).error().Name() == "printer_profile_invalid");
}

}  // namespace evertill::devices::printer
