#include <unistd.h>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>

#include "devices/printer/escpos_encoder.h"
#include "devices/sim/escpos_interpreter.h"
#include "devices/sim/job_writer.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill::devices {
namespace {

using namespace std::string_literals;

std::string Shell(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) out += buffer;
  pclose(pipe);
  return out;
}

/// A folder of its own, gone afterwards.
struct TempFolder {
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "evertill-sim-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("Simulator: the QR code on its paper can be scanned", "[devices][sim]") {
  const TempFolder folder;
  for (const int width : {576, 384}) {
    for (const bool native_qr : {false, true}) {
      printer::PrinterProfile profile;
      profile.dots = width;
      profile.native_qr = native_qr;
      profile.native_qr_module = 5;
      const auto bytes = printer::EncodeReceipt(test::SampleReceipt(), profile);
      REQUIRE(bytes);
      sim::EscPosInterpreter printer(width);
      (void)printer.Take(*bytes);
      const auto png = folder.path / "receipt.png";
      REQUIRE(sim::WritePaper(printer.Jobs().front(), png));
      CHECK(Shell("zbarimg -q --raw " + png.string() + " 2>/dev/null") == test::kSampleQr + "\n"s);
    }
  }
}

TEST_CASE("Simulator: bytes may come in any portions", "[devices][sim]") {
  const auto bytes = printer::EncodeReceipt(test::SampleReceipt(), {});
  REQUIRE(bytes);
  sim::EscPosInterpreter whole(576);
  (void)whole.Take(*bytes);
  sim::EscPosInterpreter drops(576);
  for (size_t at = 0; at < bytes->size(); at += 7) (void)drops.Take(std::string_view(*bytes).substr(at, 7));
  REQUIRE(drops.Jobs().size() == 1);
  CHECK(drops.Jobs().front().paper.Rows() == whole.Jobs().front().paper.Rows());
  CHECK(drops.Jobs().front().bytes == *bytes);
}

TEST_CASE("Simulator: a cut ends a job, what prints next starts another", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  (void)printer.Take("\x1B@first\n\x1DV\x42\x00\x1Bp\x00\x19\xFA\x1B@second\n\x1DV\x00"s);
  REQUIRE(printer.Jobs().size() == 2);
  CHECK(printer.Jobs()[0].cuts == 1);
  CHECK(printer.Jobs()[0].pulses == 1);
  CHECK(printer.Jobs()[1].cuts == 1);
  CHECK(printer.Jobs()[1].pulses == 0);
  CHECK_FALSE(printer.Jobs()[1].paper.IsBlank());
}

TEST_CASE("Simulator: answers status requests as a healthy printer", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  for (char n = 1; n <= 4; ++n) CHECK(printer.Take("\x10\x04"s + n) == "\x12");
  CHECK(printer.Take("\x1Dr\x01"s) == "\x00"s);
  CHECK(printer.Take("\x1D\x61\xFF"s) == "\x10\x00\x00\x0F"s);
  CHECK(printer.Take("\x1D(H\x06\x00\x30\x30"s + "1234") == "\x37\x22"s + "1234\x00"s);
}

TEST_CASE("Simulator: obeys a real-time command amid a picture, as Epson printers do", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  (void)printer.Take("\x1Dv0\x00\x05\x00\x01\x00\x10\x14\x01\x00\x05"s);
  REQUIRE(printer.Jobs().size() == 1);
  CHECK(printer.Jobs().front().pulses == 1);
  CHECK(printer.Jobs().front().real_time_commands == 1);
}

TEST_CASE("Simulator: draws barcodes of a foreign program", "[devices][sim]") {
  // As receiptio sends "2012345678903": sets C and B, 72 dots high, text beneath.
  const TempFolder folder;
  sim::EscPosInterpreter printer(576);
  (void)printer.Take("\x1B\x61\x01\x1Dw\x02\x1DhH\x1DH\x02\x1DkI\x0B{C\x14\x0C\"8NZ{B3\n"s);
  CHECK(printer.Jobs().front().unknown_commands.empty());
  const auto png = folder.path / "code.png";
  REQUIRE(sim::WritePaper(printer.Jobs().front(), png));
  CHECK(Shell("zbarimg -q --raw " + png.string() + " 2>/dev/null") == "2012345678903\n");
}

TEST_CASE("Simulator: real-time commands that it has nothing for are whole and silent", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  CHECK(printer.Take("\x10\x04\x07\x01\x10\x04\x08\x03\x10\x14\x03\x01\x01\x01\x01\x01\x10\x14\x07\x01ok\n"s).empty());
  CHECK(printer.Jobs().front().text == std::vector<std::string>{"ok"});
  CHECK(printer.Jobs().front().unknown_commands.empty());
}

TEST_CASE("Simulator: says which commands it does not know", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  (void)printer.Take("\x1B\x7Ahello\n\x1D\x01\x02"s);
  printer.Finish();
  REQUIRE(printer.Jobs().size() == 1);
  CHECK(printer.Jobs().front().unknown_commands == std::vector<std::string>{"1B 7A", "1D 01", "02"});
  CHECK_FALSE(printer.Jobs().front().paper.IsBlank());
}

TEST_CASE("Simulator: text of the built-in font, bold and double, stands in its cells", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  (void)printer.Take("\x1B@TOTAL\n\x1D!\x11TOTAL\n"s);
  const render::Bitmap& paper = printer.Jobs().front().paper.Rows();
  CHECK(paper.Height() == 30 + 48);
  int small_right = 0;
  int large_right = 0;
  for (int x = 0; x < 576; ++x) {
    for (int y = 0; y < 78; ++y) {
      if (paper.At(x, y)) (y < 30 ? small_right : large_right) = x;
    }
  }
  CHECK(small_right < 5 * 12);
  CHECK(small_right > 4 * 12);
  CHECK(large_right < 5 * 24);
  CHECK(large_right > 4 * 24);
}

TEST_CASE("Simulator: code pages by Epson's numbers, a mark takes no cell", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  (void)printer.Take(
      "caf\x82\n\x1Bt\x10"
      "caf\xE9\n\x1Bt\x1A\xB9\xE9\xD3\n\x1Bt\x34"
      "Ti\xEA\xCCn\n\x1Bt\x63\xE9\n"s);
  CHECK(printer.Jobs().front().text == std::vector<std::string>{"café", "café", "น้ำ", "Ti\u00EA\u0300n", "\uFFFD"});
  const render::Bitmap& paper = printer.Jobs().front().paper.Rows();
  int right = 0;
  for (int x = 0; x < 576; ++x) {
    for (int y = 60; y < 90; ++y) right = paper.At(x, y) ? x : right;
  }
  CHECK(right > 12);  // two cells: the tone stands above the consonant
  CHECK(right < 24);
}

TEST_CASE("Simulator: margins and print area move pictures and text", "[devices][sim]") {
  sim::EscPosInterpreter printer(576);
  const std::string box = "\x1Dv0\x00\x01\x00\x08\x00"s + std::string(8, '\xFF');
  (void)printer.Take("\x1DL\x40\x00\x1DW\x80\x00"s + box + "\x1B\x61\x02" + box + "\x1B\x61\x01" + box);
  const render::Bitmap& paper = printer.Jobs().front().paper.Rows();
  CHECK(paper.At(64, 0));
  CHECK_FALSE(paper.At(63, 0));
  CHECK(paper.At(64 + 127, 8));
  CHECK_FALSE(paper.At(64 + 128, 8));
  CHECK(paper.At(64 + 60, 16));
  // They outlive a cut, and end with ESC @.
  (void)printer.Take("\x1DV\x00"s + box);
  CHECK(printer.Jobs().back().paper.Rows().At(64 + 60, 0));
  (void)printer.Take("\x1DV\x00\x1B@"s + box);
  CHECK(printer.Jobs().back().paper.Rows().At(0, 0));
}

TEST_CASE("Simulator: whatever the bytes, it stands", "[devices][sim][property]") {
  std::mt19937 random(Catch::rngSeed());
  CAPTURE(Catch::rngSeed());
  const char starts[] = {0x1B, 0x1C, 0x1D, 0x10, 'v', '(', 'k', 'L', '8', '*', 'V', 0, 1, 2, '0', '1'};
  for (int round = 0; round < 300; ++round) {
    std::string noise;
    for (int i = 0; i < 200; ++i) noise += random() % 2 == 0 ? starts[random() % 16] : static_cast<char>(random());
    sim::EscPosInterpreter printer(384);
    (void)printer.Take(noise);
    printer.Finish();
    size_t seen = printer.BetweenJobs();
    for (const sim::SimJob& job : printer.Jobs()) seen += job.bytes.size();
    REQUIRE(seen == noise.size());
  }
}

TEST_CASE("Simulator: a job is written as bytes, picture and JSON, numbered on", "[devices][sim]") {
  const TempFolder folder;
  sim::EscPosInterpreter printer(576);
  (void)printer.Take("hello\n\x1DV\x00"s);
  auto writer = sim::JobWriter::Open(folder.path / "out");
  REQUIRE(writer);
  REQUIRE(writer->Write(writer->NextNumber(), printer.Jobs().front()));
  CHECK(std::filesystem::file_size(folder.path / "out" / "job-0001.bin") == 9);
  CHECK(std::filesystem::exists(folder.path / "out" / "job-0001.png"));
  CHECK(std::filesystem::exists(folder.path / "out" / "job-0001.json"));
  CHECK(sim::DescribeJob(printer.Jobs().front()).starts_with(R"({"bytes":9,"cuts":1,"pulses":0,)"));
  auto later = sim::JobWriter::Open(folder.path / "out");
  REQUIRE(later);
  CHECK(later->NextNumber() == 2);
}

}  // namespace evertill::devices
