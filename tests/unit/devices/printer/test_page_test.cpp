#include <catch2/catch.hpp>

#include "devices/printer/profiles.h"
#include "devices/printer/test_page.h"
#include "devices/sim/escpos_interpreter.h"

namespace evertill::devices::printer {

TEST_CASE("Test page: every profile prints one, with one cut and no pulse", "[devices][printer][test_page]") {
  const Profiles profiles(std::string(EVERTILL_SOURCE) + "/assets/printers", {});
  for (const std::string& name : profiles.Names()) {
    CAPTURE(name);
    const auto profile = profiles.Find(name);
    REQUIRE(profile);
    const auto page = EncodeTestPage(*profile);
    REQUIRE(page);
    sim::EscPosInterpreter printer(profile->dots);
    (void)printer.Take(*page);
    printer.Finish();
    REQUIRE(printer.Jobs().size() == 1);
    CHECK(printer.Jobs().front().cuts == 1);
    CHECK(printer.Jobs().front().pulses == 0);
    CHECK(printer.Jobs().front().real_time_commands == 0);
    CHECK(printer.Jobs().front().unknown_commands.empty());
  }
}

TEST_CASE("Test page: what was seen becomes the profile", "[devices][printer][test_page]") {
  PrinterProfile start;
  start.code_pages = {{0, CodePage::kCp437}, {21, CodePage::kCp874}, {52, CodePage::kCp1258}};
  const auto seen = ApplyAnswers(start, {{"width", "384"},
                                         {"length_mm", "45"},
                                         {"pictures", "2, 3"},
                                         {"centred", "n"},
                                         {"qr", "y"},
                                         {"code128", "yes"},
                                         {"ean", "no"},
                                         {"columns", "32"},
                                         {"small_columns", "42"},
                                         {"code_pages", "0 52"},
                                         {"fast_text", "y"},
                                         {"cut", "n"}});
  REQUIRE(seen);
  CHECK(seen->dots == 384);
  CHECK(seen->paper_mm == 58);
  CHECK(seen->dots_per_inch == 180);
  CHECK(seen->raster == RasterCommand::kGs8L);
  CHECK_FALSE(seen->column_images);
  CHECK_FALSE(seen->justifies_raster);
  CHECK(seen->native_qr);
  CHECK(seen->native_code128);
  CHECK_FALSE(seen->native_ean);
  CHECK(seen->columns == 32);
  CHECK(seen->code_pages[0].verified);
  CHECK_FALSE(seen->code_pages[1].verified);
  CHECK(seen->code_pages[2].verified);
  CHECK(seen->text_mode == TextMode::kVerified);
  CHECK_FALSE(seen->has_cutter);
}

TEST_CASE("Test page: no answers change nothing, wrong ones are told", "[devices][printer][test_page]") {
  const PrinterProfile start;
  CHECK(*ApplyAnswers(start, {}) == start);
  for (const auto& [key, value] : {std::pair{"width", "wide"}, std::pair{"width", "12"}, std::pair{"qr", "maybe"},
                                   std::pair{"pictures", "4"}, std::pair{"colour", "y"}}) {
    const auto wrong = ApplyAnswers(start, {{key, value}});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().Name() == "printer_answer_invalid");
    CHECK(wrong.error().Detail().find(key) != std::string::npos);
  }
}

}  // namespace evertill::devices::printer
