#include "devices/sim/sim_barcode.h"

#include <stdlib.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "app/render/png.h"

namespace evertill::devices::sim {
namespace {

using namespace std::string_literals;

/// What zbarimg reads of a barcode, as "EAN-13:4006381333931".
std::string Scanned(const SimBarcode& barcode) {
  std::string folder = (std::filesystem::temp_directory_path() / "evertill-bars-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::filesystem::path png = std::filesystem::path(folder) / "bars.png";
  REQUIRE(render::WritePng(DrawBarcode(barcode, 3, 100), png, {60, 40}));
  std::string said;
  // UPC-A is a kind of EAN-13 to it unless asked.
  FILE* pipe = popen(("zbarimg -q -Supca.enable " + png.string() + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) said += buffer.data();
  pclose(pipe);
  std::filesystem::remove_all(folder);
  return said;
}

}  // namespace

TEST_CASE("Simulated barcodes: a reader by somebody else reads them", "[devices][sim]") {
  const struct {
    uint8_t system;
    std::string data;
    std::string kind;
    std::string scanned;
  } rows[] = {
      {67, "4006381333931", "ean13", "EAN-13:4006381333931\n"},
      {67, "885099932001", "ean13", "EAN-13:8850999320014\n"},
      {2, "893456313816", "ean13", "EAN-13:8934563138165\n"},
      {68, "96385074", "ean8", "EAN-8:96385074\n"},
      {3, "9638507", "ean8", "EAN-8:96385074\n"},
      {65, "03600029145", "upca", "UPC-A:036000291452\n"},
      {69, "EVERTILL-1", "code39", "CODE-39:EVERTILL-1\n"},
      {70, "12345678901231", "itf", "I2/5:12345678901231\n"},
      {73, "{BS01-L03-000123", "code128", "CODE-128:S01-L03-000123\n"},
      {73, "{C\x14\x0C\"8NZ{B3", "code128", "CODE-128:2012345678903\n"},
      {73, "{AEVERTILL 42", "code128", "CODE-128:EVERTILL 42\n"},
      {73, "{Bcurly {{ one", "code128", "CODE-128:curly { one\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.data);
    const auto barcode = MakeBarcode(row.system, row.data);
    REQUIRE(barcode);
    CHECK(barcode->kind == row.kind);
    CHECK(Scanned(*barcode) == row.scanned);
  }
}

TEST_CASE("Simulated barcodes: what a printer would not draw is refused", "[devices][sim]") {
  CHECK_FALSE(MakeBarcode(67, "4006381333932"));  // check digit
  CHECK_FALSE(MakeBarcode(67, "40063813339"));
  CHECK_FALSE(MakeBarcode(68, "9638507x"));
  CHECK_FALSE(MakeBarcode(70, "123"));
  CHECK_FALSE(MakeBarcode(69, "small"));
  CHECK_FALSE(MakeBarcode(73, "no code set"));
  CHECK_FALSE(MakeBarcode(73, "{B\x01"));
  CHECK_FALSE(MakeBarcode(73, "{B"));
  CHECK_FALSE(MakeBarcode(72, "CODE93"));
  CHECK_FALSE(MakeBarcode(200, "x"));
}

}  // namespace evertill::devices::sim
