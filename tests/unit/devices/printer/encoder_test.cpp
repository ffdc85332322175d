#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "app/render/receipt_renderer.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/raster_bands.h"
#include "devices/sim/escpos_interpreter.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill::devices {
namespace {

using namespace std::string_literals;
using domain::ReceiptDocument;

std::string Encode(const ReceiptDocument& document, printer::PrinterProfile profile = {}) {
  auto bytes = printer::EncodeReceipt(document, profile);
  REQUIRE(bytes);
  return *bytes;
}

sim::SimJob PrintOn(const std::string& bytes, int width_dots = 576) {
  sim::EscPosInterpreter printer(width_dots);
  (void)printer.Take(bytes);
  printer.Finish();
  REQUIRE(printer.Jobs().size() == 1);
  return printer.Jobs().front();
}

bool HoldsRealTimeCommand(const std::string& bytes) {
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (bytes[i] == 0x10 && (bytes[i + 1] == 0x04 || bytes[i + 1] == 0x05 || bytes[i + 1] == 0x14)) return true;
  }
  return false;
}

/// Compares as paper: rows below the shorter picture must be white.
int DifferentDots(const render::Bitmap& one, const render::Bitmap& other) {
  int different = 0;
  for (int y = 0; y < std::max(one.Height(), other.Height()); ++y) {
    for (int x = 0; x < std::max(one.Width(), other.Width()); ++x) different += one.At(x, y) != other.At(x, y) ? 1 : 0;
  }
  return different;
}

}  // namespace

TEST_CASE("Encoder: reset, cut and drawer pulse are the bytes that printers know", "[devices][printer]") {
  const std::string start = "\x1B@\x1C.\x1DP\xCB\xCB"s;
  CHECK(Encode(ReceiptDocument{}) == start);
  CHECK(Encode(ReceiptDocument{}.Add(domain::CutElement{true})) == start + "\x1DV\x42\x00"s);
  CHECK(Encode(ReceiptDocument{}.Add(domain::CutElement{false})) == start + "\x1DV\x41\x00"s);
  CHECK(Encode(ReceiptDocument{}.Add(domain::DrawerKickElement{0})) == start + "\x1Bp\x00\x19\xFA"s);
  CHECK(Encode(ReceiptDocument{}.Add(domain::DrawerKickElement{1})) == start + "\x1Bp\x01\x19\xFA"s);
  CHECK(Encode(ReceiptDocument{}.Add(domain::DrawerKickElement{77})) == start + "\x1Bp\x00\x19\xFA"s);
  printer::PrinterProfile tear;
  tear.has_cutter = false;
  CHECK(Encode(ReceiptDocument{}.Add(domain::CutElement{}), tear) == start + "\x1BJ\x78"s);
}

TEST_CASE("Encoder: white paper is fed, not sent, and bands are as narrow as their ink", "[devices][printer]") {
  render::Bitmap rows(576, 300);
  rows.Fill(0, 280, 12, 2);
  std::string bytes;
  printer::AppendRaster(bytes, rows, {});
  CHECK(bytes == "\x1BJ\xFF\x1BJ\x19"s + "\x1Dv0\x00\x02\x00\x02\x00"s + "\xFF\xF0\xFF\xF0"s + "\x1BJ\x12"s);
}

TEST_CASE("Encoder: no band is longer than the printer takes", "[devices][printer]") {
  render::Bitmap rows(384, 500);
  rows.Fill(0, 0, 384, 500);
  std::string bytes;
  printer::AppendRaster(bytes, rows, {.band_rows = 128});
  CHECK(bytes.size() == 4 * 8 + 500 * 48);
  CHECK(DifferentDots(PrintOn(bytes, 384).paper.Rows(), rows) == 0);
}

TEST_CASE("Encoder: no picture holds a real-time command", "[devices][printer][property]") {
  const unsigned seed = Catch::rngSeed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const uint8_t dangerous[] = {0x10, 0x04, 0x05, 0x14, 0x00, 0x01, 0x10, 0xFF};
  for (int round = 0; round < 200; ++round) {
    render::Bitmap rows(8 * static_cast<int>(1 + random() % 72), static_cast<int>(1 + random() % 60));
    for (int y = 0; y < rows.Height(); ++y) {
      for (uint8_t& byte : rows.Row(y))
        byte = random() % 8 == 0 ? static_cast<uint8_t>(random()) : dangerous[random() % 8];
    }
    std::string bytes;
    printer::AppendRaster(bytes, rows, {.band_rows = static_cast<int>(1 + random() % 256)});
    REQUIRE_FALSE(HoldsRealTimeCommand(bytes));
    const sim::SimJob job = PrintOn(bytes);
    REQUIRE(job.real_time_commands == 0);
    REQUIRE(DifferentDots(job.paper.Rows(), printer::WithoutRealTimeCommands(rows)) == 0);
  }
}

TEST_CASE("Encoder: no way to send a picture makes a real-time command", "[devices][printer][property]") {
  const unsigned seed = Catch::rngSeed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const uint8_t dangerous[] = {0x10, 0x04, 0x05, 0x14, 0x00, 0x00, 0x00, 0x10};
  for (int round = 0; round < 150; ++round) {
    render::Bitmap rows(round % 3 == 0 ? 1040 : 1200, static_cast<int>(1 + random() % 60));
    const bool sparse = random() % 2 == 0;
    for (int y = 0; y < rows.Height(); ++y) {
      for (uint8_t& byte : rows.Row(y)) byte = sparse && random() % 20 != 0 ? 0 : dangerous[random() % 8];
    }
    std::string bytes;
    printer::AppendRaster(bytes, rows,
                          {static_cast<printer::RasterCommand>(random() % 3), static_cast<int>(1 + random() % 2303),
                           random() % 2 == 0, random() % 2 == 0});
    REQUIRE_FALSE(HoldsRealTimeCommand(bytes));
    const sim::SimJob job = PrintOn(bytes, rows.Width());
    REQUIRE(job.unknown_commands.empty());
    REQUIRE(job.paper.Rows().Height() == rows.Height());
  }
}

TEST_CASE("Encoder: sizes that read as commands are sent otherwise", "[devices][printer]") {
  render::Bitmap rows(1040, 1300);
  for (int y = 0; y < rows.Height(); ++y) rows.Fill(0, y, 1040, 1);
  for (const auto command :
       {printer::RasterCommand::kGsV0, printer::RasterCommand::kGsParenL, printer::RasterCommand::kGs8L}) {
    for (const int band_rows : {1040, 1296, 1300}) {
      std::string bytes;
      printer::AppendRaster(bytes, rows, {command, band_rows});
      CHECK_FALSE(HoldsRealTimeCommand(bytes));
    }
  }
}

TEST_CASE("Encoder: a dangerous pattern costs one dot and no more", "[devices][printer]") {
  render::Bitmap rows(16, 3);
  rows.Row(0)[0] = 0x10;
  rows.Row(0)[1] = 0x04;  // within a row: one dot is added
  rows.Row(1)[1] = 0x10;
  rows.Row(2)[0] = 0x14;  // across two rows: the band is split, nothing changes
  CHECK(DifferentDots(rows, printer::WithoutRealTimeCommands(rows)) == 1);
}

TEST_CASE("Encoder: paper shows exactly what was laid out", "[devices][printer][sim]") {
  for (const int width : {render::kDots80mm, render::kDots58mm}) {
    printer::PrinterProfile profile;
    profile.dots = width;
    const std::string bytes = Encode(test::SampleReceipt(), profile);
    const auto laid_out = render::RenderReceipt(test::SampleReceipt(), width);
    REQUIRE(laid_out);
    const sim::SimJob job = PrintOn(bytes, width);
    CHECK(DifferentDots(job.paper.Rows(), printer::WithoutRealTimeCommands(*laid_out)) == 0);
    CHECK(DifferentDots(*laid_out, printer::WithoutRealTimeCommands(*laid_out)) < 10);
    CHECK(job.paper.Rows().Height() == laid_out->Height());
    CHECK(job.cuts == 1);
    CHECK(job.pulses == 1);
    CHECK(job.unknown_commands.empty());
    CHECK_FALSE(HoldsRealTimeCommand(bytes));
  }
}

TEST_CASE("Encoder: less than half of a receipt's dots travel", "[devices][printer]") {
  const auto rows = render::RenderReceipt(test::SampleReceipt());
  REQUIRE(rows);
  const size_t untrimmed = rows->Stride() * static_cast<size_t>(rows->Height());
  CHECK(Encode(test::SampleReceipt()).size() * 2 < untrimmed);
}

TEST_CASE("Encoder: no name becomes a command", "[devices][printer][security]") {
  const std::string names[] = {"\x1Bp\x00\x19\xFA"s,
                               "\x10\x14\x01\x00\x05"s,
                               "\x1DV\x00 \x1DVA\x00"s,
                               "\x1Bi\x1Bm"s,
                               "\x1C.\x1B@\x1D(k"s,
                               "A\u202E9.99\u202C \u2066B\u2069 \u200F\u061C\u200E"s,
                               "\u009B31m\u0085\u0090"s,
                               std::string(10000, '\x1B'),
                               std::string(10000, 'W'),
                               "\xC3\x28 \xFF\xFE \xED\xA0\x80 \xF8\x88\x80\x80\x80 \xE0\xB8"s,
                               std::string(500, '\0'),
                               "\u2028\u2029\n\n\n\r\r\t\v\f"s,
                               [] {
                                 std::string marks = "e";
                                 for (int i = 0; i < 900; ++i) marks += "\u0301";
                                 return marks;
                               }()};
  for (const std::string& name : names) {
    for (const bool native_qr : {false, true}) {
      ReceiptDocument document;
      document.Add(domain::TextElement{name, {domain::TextSize::kHuge, true}, domain::TextAlign::kCenter});
      document.Add(domain::ColumnsElement{name, name}).Add(domain::ColumnsElement{name, "9.75"});
      if (name.find('\0') == std::string::npos && name.size() < 300) {
        document.Add(domain::QrCodeElement{"x" + name, name});
      }
      printer::PrinterProfile profile;
      profile.native_qr = native_qr;
      const sim::SimJob job = PrintOn(Encode(document, profile));
      CHECK(job.cuts == 0);
      CHECK(job.pulses == 0);
      CHECK(job.real_time_commands == 0);
      CHECK(job.unknown_commands.empty());
    }
  }
}

TEST_CASE("Encoder: what cannot be printed is refused, not half printed", "[devices][printer]") {
  const auto too_long =
      printer::EncodeReceipt(ReceiptDocument{}.Add(domain::QrCodeElement{std::string(4000, 'x'), ""}), {});
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().Name() == "render_code_too_long");
  printer::PrinterProfile narrow;
  narrow.dots = 8;
  const auto bad = printer::EncodeReceipt(test::SampleReceipt(), narrow);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().Name() == "render_bad_width");
}

}  // namespace evertill::devices
