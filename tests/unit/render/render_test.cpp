#include <stdlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "app/render/clean_text.h"
#include "app/render/code128.h"
#include "app/render/png.h"
#include "app/render/qr_code.h"
#include "app/render/receipt_renderer.h"
#include "app/render/text_painter.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill::render {
namespace {

using namespace std::string_literals;
using domain::ColumnsElement;
using domain::ReceiptDocument;
using domain::TextAlign;
using domain::TextElement;
using domain::TextSize;

/// First and last dot (exclusive) with ink, across and down.
struct InkBox {
  int left = 0, top = 0, right = 0, bottom = 0;
};

InkBox FindInk(const Bitmap& bitmap, int from_row = 0, int to_row = -1) {
  InkBox box{bitmap.Width(), bitmap.Height(), 0, 0};
  for (int y = from_row; y < (to_row < 0 ? bitmap.Height() : to_row); ++y) {
    for (int x = 0; x < bitmap.Width(); ++x) {
      if (!bitmap.At(x, y)) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1), std::max(box.bottom, y + 1)};
    }
  }
  return box;
}

Bitmap Draw(const ReceiptDocument& document, int width = kDots80mm) {
  auto bitmap = RenderReceipt(document, width);
  REQUIRE(bitmap);
  return *bitmap;
}

PaintedText Paint(const Paragraph& paragraph) {
  auto painted = TextPainter::ForThisThread().Paint(paragraph);
  REQUIRE(painted);
  return *painted;
}

std::string ScanPicture(const Bitmap& bitmap) {
  std::string folder = (std::filesystem::temp_directory_path() / "evertill-render-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string png = folder + "/code.png";
  REQUIRE(WritePng(bitmap, png, {32, 24}));
  std::string out;
  FILE* pipe = popen(("zbarimg -q --raw " + png + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) out += buffer;
  pclose(pipe);
  std::filesystem::remove_all(folder);
  return out;
}

}  // namespace

TEST_CASE("Receipt: Thai, Vietnamese and English have every glyph", "[render]") {
  const auto layout = LayoutReceipt(test::SampleReceipt(), {});
  REQUIRE(layout);
  CHECK(layout->unknown_glyphs == 0);
  const auto money = LayoutReceipt(ReceiptDocument{}.Add(TextElement{"฿1,234.00 15.000 ₫ − × · … • ★ ñ € £ ¥"}), {});
  REQUIRE(money);
  CHECK(money->unknown_glyphs == 0);
}

TEST_CASE("Receipt: a character that no font has is counted, not an error", "[render]") {
  const auto layout = LayoutReceipt(ReceiptDocument{}.Add(TextElement{"\U0010FFF0"}), {});
  REQUIRE(layout);
  CHECK(layout->unknown_glyphs == 1);
}

TEST_CASE("Receipt: amounts end at the right margin, whole, on the name's first line", "[render]") {
  for (const int width : {kDots80mm, kDots58mm}) {
    const std::string name = "ข้าวหอมมะลิใหม่ต้นฤดู 100% ตราฉัตร ถุง 5 กิโลกรัม แถมฟรีน้ำปลาแท้ตราปลาหมึก 700 มล.";
    const Bitmap wrapped = Draw(ReceiptDocument{"th", {}}.Add(ColumnsElement{name, "1,239.00"}), width);
    const Bitmap amount = Draw(ReceiptDocument{"th", {}}.Add(ColumnsElement{"", "1,239.00"}), width);
    CHECK(wrapped.Height() > 2 * amount.Height() - 8);
    const InkBox alone = FindInk(amount);
    CHECK(alone.right > width - 5);
    // The amount's own columns hold the amount and nothing else, in the first line only.
    int ink_at_amount = 0;
    int ink_of_amount = 0;
    for (int x = alone.left; x < width; ++x) {
      for (int y = 0; y < wrapped.Height(); ++y) ink_at_amount += wrapped.At(x, y) ? 1 : 0;
      for (int y = 0; y < amount.Height(); ++y) ink_of_amount += amount.At(x, y) ? 1 : 0;
    }
    CHECK(ink_at_amount == ink_of_amount);
    CHECK(FindInk(wrapped).left < 4);
  }
}

TEST_CASE("Receipt: an amount too wide to stand beside goes beneath, nothing is lost", "[render]") {
  const std::string amount = "123,456,789,012,345.00 ₫ + VAT 8%";
  const Bitmap both = Draw(ReceiptDocument{}.Add(ColumnsElement{"Tổng", amount}), kDots58mm);
  const Bitmap alone = Draw(ReceiptDocument{}.Add(TextElement{amount, {}, TextAlign::kRight}), kDots58mm);
  CHECK(FindInk(both).right == FindInk(alone).right);
  CHECK(both.Height() > alone.Height());
}

TEST_CASE("Receipt: stacked Thai and Vietnamese marks are not cut off", "[render]") {
  // Drawn far from any edge, the ink is what it is; drawn as a line of its own, all of it must be there.
  for (const char* text : {"ปู่ ที่ นี้ กุ้ง ฎุ ฐู ป็ น้ำ", "Ế Ễ Ộ ợ Ự ỵ Ẳ", "กี้", "ญู"}) {
    for (const int size : {19, 25, 46}) {
      CAPTURE(text, size);
      const Bitmap tight = Paint({text, size, true, -1, TextAlign::kLeft, 0, "th"}).bitmap;
      const std::string spaced = "\n"s + text + "\n ";
      const Bitmap between = Paint({spaced, size, true, -1, TextAlign::kLeft, 0, "th"}).bitmap;
      const InkBox own = FindInk(tight);
      const InkBox free = FindInk(between);
      CHECK(own.bottom - own.top == free.bottom - free.top);
      CHECK(own.right - own.left == free.right - free.left);
    }
  }
}

TEST_CASE("Receipt: Thai wraps between words, Vietnamese between syllables", "[render]") {
  // Where the words end the text must break: each line equals the word drawn alone.
  const Paragraph thai{"ขอบคุณ\u200Bที่อุดหนุน", 25, false, -1, TextAlign::kLeft, 0, "th"};
  const int whole = Paint(thai).bitmap.Width();
  const Paragraph plain{"ขอบคุณที่อุดหนุน", 25, false, whole - 10, TextAlign::kLeft, 0, "th"};
  const Bitmap wrapped = Paint(plain).bitmap;
  const Bitmap first = Paint({"ขอบคุณที่", 25, false, -1, TextAlign::kLeft, 0, "th"}).bitmap;
  const Bitmap shorter = Paint({"ขอบคุณ", 25, false, -1, TextAlign::kLeft, 0, "th"}).bitmap;
  const int line = wrapped.Height() / 2;
  const InkBox top = FindInk(wrapped, 0, line);
  const bool at_word =
      std::abs(top.right - FindInk(first).right) <= 1 || std::abs(top.right - FindInk(shorter).right) <= 1;
  CHECK(at_word);
  CHECK(FindInk(wrapped, line).bottom > line);
}

TEST_CASE("Receipt: a centred paragraph of two lines leaves no single word alone", "[render]") {
  const Bitmap paper = Draw(ReceiptDocument{"th", {}}.Add(
      TextElement{"ขอบคุณที่อุดหนุน · Cảm ơn quý khách · Thank you", {TextSize::kNormal, true}, TextAlign::kCenter}));
  const int line = paper.Height() / 2;
  const InkBox first = FindInk(paper, 0, line);
  const InkBox second = FindInk(paper, line);
  CHECK((second.right - second.left) * 3 > first.right - first.left);
  CHECK(std::abs((first.left + first.right) / 2 - kDots80mm / 2) < 6);
  CHECK(std::abs((second.left + second.right) / 2 - kDots80mm / 2) < 6);
}

TEST_CASE("Receipt: long, broken or hostile names fit the paper", "[render][security]") {
  for (const std::string& name : {std::string(10000, 'W'), std::string(3000, '\n'), "\xFF\xFE\x80"s, ""s,
                                  "\u202Eevil\u202C"s, std::string(10000, ' ')}) {
    for (const int width : {kDots80mm, kDots58mm}) {
      const auto paper = RenderReceipt(ReceiptDocument{}
                                           .Add(ColumnsElement{name, name, {TextSize::kHuge, true}})
                                           .Add(TextElement{name, {TextSize::kHuge, true}}),
                                       width);
      REQUIRE(paper);
      CHECK(paper->Width() == width);
    }
  }
  ReceiptDocument endless;
  for (int i = 0; i < 5000; ++i) endless.Add(domain::SpaceElement{500});
  const auto refused = RenderReceipt(endless);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().Name() == "render_receipt_too_long");
}

TEST_CASE("Receipt: the same whichever thread draws it", "[render]") {
  const Bitmap here = Draw(test::SampleReceipt());
  std::vector<Bitmap> others(3);
  std::vector<std::thread> threads;
  for (Bitmap& other : others) {
    threads.emplace_back([&other] {
      if (auto drawn = RenderReceipt(test::SampleReceipt())) other = *drawn;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Bitmap& other : others) CHECK(other == here);
}

TEST_CASE("CleanText: nothing that a printer or a reader could obey is left", "[render][security]") {
  CHECK(CleanText("a\x1B@b\x00\x7F"s + "c") == "a@bc");
  CHECK(CleanText("tab\there\nline\r") == "tab here\nline");
  CHECK(CleanText("\u0085\u009B\u200E\u200F\u061C\u202A\u202E\u2066\u2069\u2028\uFEFFx") == "x");
  CHECK(CleanText("ok \xFF\xFE\xC0\xAF z") == "ok \uFFFD z");
  CHECK(CleanText("\xED\xA0\x80|\xF4\x90\x80\x80|\xE0\xB8") == "\uFFFD|\uFFFD|\uFFFD");
  CHECK(CleanText("น้ำปลา Đệ Nhất ฿ ₫ \u200B") == "น้ำปลา Đệ Nhất ฿ ₫ \u200B");
  CHECK(CleanText("abcdef", 3) == "abc…");
  CHECK(CleanText("abc", 3) == "abc");
}

TEST_CASE("QR code: scans, with its quiet zone, on both widths", "[render][codes]") {
  for (const int width : {kDots80mm, kDots58mm}) {
    const Bitmap paper = Draw(ReceiptDocument{}.Add(domain::QrCodeElement{test::kSampleQr, "L03-000123"}), width);
    CHECK(ScanPicture(paper) == test::kSampleQr + "\n"s);
  }
  const std::string long_data = "https://hq.example/r#" + std::string(900, 'k');
  CHECK(ScanPicture(Draw(ReceiptDocument{}.Add(domain::QrCodeElement{long_data, ""}))) == long_data + "\n");
  const auto symbol = RenderQrCode("L03-000123", 240, 576);
  REQUIRE(symbol);
  const InkBox ink = FindInk(*symbol);
  const int module = (ink.right - ink.left) / 21;
  CHECK(ink.left == 4 * module);
  CHECK(ink.top == 4 * module);
  CHECK(symbol->Width() - ink.right == 4 * module);
}

TEST_CASE("QR code: too much data, none, or a NUL are refused", "[render][codes]") {
  CHECK(RenderQrCode(std::string(3000, 'x'), 240, 576).error().Name() == "render_code_too_long");
  CHECK(RenderQrCode(std::string(2000, 'x'), 240, 200).error().Name() == "render_code_too_long");
  CHECK(RenderQrCode("", 240, 576).error().Name() == "render_code_unsupported");
  CHECK(RenderQrCode("a\0b"s, 240, 576).error().Name() == "render_code_unsupported");
}

TEST_CASE("Code 128: symbols as the standard gives them", "[render][codes]") {
  // Check symbol of "PJJ123C" is 55 in the usual worked example (code set B throughout: its digits are too few for C).
  CHECK(*EncodeCode128("PJJ123C") == std::vector<int>{104, 48, 42, 42, 17, 18, 19, 35, 55, 106});
  CHECK(EncodeCode128("123456")->size() == 1 + 3 + 2);
  CHECK(EncodeCode128("123456")->front() == 105);
  CHECK_FALSE(EncodeCode128("ไทย"));
  CHECK_FALSE(EncodeCode128(""));
  CHECK(RenderCode128(std::string(79, 'W'), 60, 576).error().Name() == "render_code_too_long");
}

TEST_CASE("Code 128: scans", "[render][codes]") {
  for (const char* text : {"L03-000123", "8850123456789", "PARK-0042", "12345", "~ A z 99"}) {
    CAPTURE(text);
    CHECK(ScanPicture(Draw(ReceiptDocument{}.Add(domain::BarcodeElement{text}))) == text + "\n"s);
  }
}

TEST_CASE("PNG: a folder that is not there is a clear error and leaves nothing", "[render]") {
  const auto written = WritePng(Bitmap(8, 8), "/nonexistent/folder/x.png");
  REQUIRE_FALSE(written);
  CHECK(written.error().Name() == "render_image_unwritable");
  CHECK(written.error().Detail().find("/nonexistent/folder/x.png") != std::string::npos);
}

TEST_CASE("Bitmap: drawing outside is cut off, blending keeps the padding white", "[render]") {
  Bitmap bitmap(10, 4);
  bitmap.Fill(-5, -5, 100, 7);
  CHECK(bitmap.At(9, 1));
  CHECK_FALSE(bitmap.At(0, 2));
  CHECK(bitmap.Row(0)[1] == 0xC0);
  Bitmap wide(24, 1);
  wide.Fill(0, 0, 24, 1);
  bitmap.Blend(wide, 0, 3);
  CHECK(bitmap.Row(3)[1] == 0xC0);
  bitmap.Blend(wide, -3, 2);
  CHECK(bitmap.Row(2)[0] == 0xFF);
}

}  // namespace evertill::render
