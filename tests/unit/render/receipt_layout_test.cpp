#include <stdlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "app/render/png.h"
#include "app/render/receipt_page.h"
#include "app/render/receipt_renderer.h"
#include "app/render/receipt_text.h"
#include "app/render/text_painter.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill::render {
namespace {

using namespace std::string_literals;
using domain::ColumnsElement;
using domain::ReceiptDocument;
using domain::TextAlign;
using domain::TextElement;

/// Names as shops have them, each hard in its own way.
const std::vector<std::string> kNames = {
    "ก๋วยเตี๋ยวต้มยำกุ้งน้ำข้นใส่ไข่",                                           // tone marks over vowels, no space at all
    "ที่นี่มีผู้ใหญ่ปู่ย่าซื้อกุ้งแห้งป่นเป็ดน้ำพริกฎีกาญาติฐาน",                            // below and above in one word
    "ข้าวหอมมะลิใหม่ต้นฤดู 100% ตราฉัตร ถุง 5 กิโลกรัม แถมน้ำปลาแท้ตราปลาหมึก",    // Thai, digits, sign
    "Nước mắm Phú Quốc Nhĩ Cá Đệ Nhất 40°N thượng hạng đặc biệt",      // stacked diacritics
    "NƯỚC ẾM Ễ Ộ Ợ Ự Ặ Ẵ ỂN",                                          // … on capitals
    "Cà phê sữa đá กาแฟเย็น iced coffee 3 in 1",                        // all on one line
    "Supercalifragilisticexpialidociousantidisestablishmentarianism",  // one word too long
    "\xFF\xFE broken \x1B@ \u202E bytes",
};

int LeftInk(const Bitmap& bitmap) {
  int left = bitmap.Width();
  for (int y = 0; y < bitmap.Height(); ++y) {
    for (int x = 0; x < left; ++x) {
      if (bitmap.At(x, y)) left = x;
    }
  }
  return left;
}

int RightInk(const Bitmap& bitmap) {
  int right = 0;
  for (int y = 0; y < bitmap.Height(); ++y) {
    for (int x = bitmap.Width() - 1; x >= right; --x) {
      if (bitmap.At(x, y)) right = x + 1;
    }
  }
  return right;
}

Bitmap Draw(const ReceiptDocument& document, int width) {
  auto bitmap = RenderReceipt(document, width);
  REQUIRE(bitmap);
  return *bitmap;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

TEST_CASE("Receipt: whatever a name is made of, amounts end in one column and nothing touches them",
          "[render][layout]") {
  for (const int width : {kDots80mm, kDots58mm}) {
    const int edge = RightInk(Draw(ReceiptDocument{}.Add(ColumnsElement{"", "140.00"}), width));
    CHECK(edge > width - 4);
    const int amount_left = LeftInk(Draw(ReceiptDocument{}.Add(ColumnsElement{"", "140.00"}), width));
    for (const std::string& name : kNames) {
      for (const char* language : {"en", "th", "vi"}) {
        CAPTURE(name, width, language);
        ReceiptDocument document{language, {}};
        const Bitmap row = Draw(document.Add(ColumnsElement{name, "140.00"}), width);
        CHECK(RightInk(row) == edge);
        CHECK(LeftInk(row) < width / 10);
        // The last white column before the amount is white from top to bottom.
        bool white = true;
        for (int y = 0; y < row.Height(); ++y) white = white && !row.At(amount_left - 4, y);
        CHECK(white);
      }
    }
  }
}

TEST_CASE("Receipt: digits are of one width, so that figures stand under each other", "[render][layout]") {
  for (const bool bold : {false, true}) {
    int width = -1;
    for (const char* digits : {"1111.11", "8888.88", "0000.00", "4747.74"}) {
      const auto painted = TextPainter::ForThisThread().Paint({digits, 24, bold});
      REQUIRE(painted);
      if (width < 0) width = painted->bitmap.Width();
      CAPTURE(digits, bold);
      CHECK(painted->bitmap.Width() == width);
    }
  }
}

TEST_CASE("Receipt: no ink of a line is lost at its edges or under its neighbours", "[render][layout]") {
  // A paragraph wrapped into lines has as much ink as its lines drawn alone: nothing is clipped, nothing overlaps.
  for (const char* text : {"ปู่ซื้อกุ้ง\nที่นี่น้ำผึ้ง\nฎุฐูญูป็", "ẾỄỘỢ\nỰẶẴỂ\nyqgpj"}) {
    for (const int size : {19, 22, 24, 34, 84}) {
      const auto ink = [](const Bitmap& bitmap) {
        long dots = 0;
        for (int y = 0; y < bitmap.Height(); ++y) {
          for (int x = 0; x < bitmap.Width(); ++x) dots += bitmap.At(x, y) ? 1 : 0;
        }
        return dots;
      };
      const auto together = TextPainter::ForThisThread().Paint({text, size, false, 570});
      REQUIRE(together);
      long apart = 0;
      for (const std::string& line : LinesOf(text + "\n"s)) {
        const auto alone = TextPainter::ForThisThread().Paint({line, size, false, 570});
        REQUIRE(alone);
        apart += ink(alone->bitmap);
      }
      CAPTURE(text, size);
      CHECK(ink(together->bitmap) == apart);
    }
  }
}

TEST_CASE("Receipt: lines stand as close as their letters allow", "[render][layout]") {
  const auto height = [](const std::string& text) {
    const auto painted = TextPainter::ForThisThread().Paint({text, 24, false, 570});
    REQUIRE(painted);
    return painted->bitmap.Height();
  };
  CHECK(height("noon") <= 31);
  CHECK(height("noon\nnoon\nnoon") == 3 * height("noon"));
  CHECK(height("กุ้งปู่\nกุ้งปู่") >= height("กุ้งปู่"));
  CHECK(height("กุ้งปู่\nกุ้งปู่") <= 2 * height("กุ้งปู่"));
}

TEST_CASE("Receipt text: columns are counted as a terminal shows them", "[render][text]") {
  CHECK(TextColumns("abc") == 3);
  CHECK(TextColumns("กุ้ง") == 2);  // one vowel below and one tone mark above take none
  CHECK(TextColumns("น้ำ") == 2);  // sara am takes one
  CHECK(TextColumns("Đệ Nhất") == 7);
  CHECK(TextColumns("e\u0323\u0302") == 1);  // written with combining marks
  CHECK(TextColumns("牛乳") == 4);
  CHECK(TextColumns("a\x1B[31mb") == 6);  // the escape is dropped, what follows is only text
  CHECK(TextColumns("\xFF") == 1);
}

TEST_CASE("Receipt text: no line is wider than the paper, amounts end at its right edge", "[render][text]") {
  for (const int columns : {kColumns80mm, kColumns58mm}) {
    for (const std::string& name : kNames) {
      const auto lines =
          LinesOf(ReceiptText(ReceiptDocument{"th", {}}.Add(ColumnsElement{name, "฿1,140.00"}), columns));
      CAPTURE(name, columns);
      CHECK(TextColumns(lines.front()) == columns);
      CHECK(lines.front().ends_with("฿1,140.00"));
      for (const std::string& line : lines) CHECK(TextColumns(line) <= columns);
    }
    for (const std::string& line : LinesOf(ReceiptText(test::SampleReceipt(), columns))) {
      CAPTURE(line);
      CHECK(TextColumns(line) <= columns);
      CHECK(line.find('\x1B') == std::string::npos);
    }
  }
}

TEST_CASE("Receipt text: Thai breaks between words, and no line begins with a mark", "[render][text]") {
  const auto lines = LinesOf(ReceiptText(ReceiptDocument{"th", {}}.Add(TextElement{"ขอบคุณที่อุดหนุนสินค้าไทย"}), 16));
  REQUIRE(lines.size() == 2);
  const std::vector<std::string> words{"ขอบคุณ", "ที่", "อุดหนุน", "สินค้า", "ไทย"};
  std::string first;
  bool at_word = false;
  for (const std::string& word : words) {
    first += word;
    at_word = at_word || lines[0] == first;
  }
  CHECK(at_word);
  const auto narrow =
      LinesOf(ReceiptText(ReceiptDocument{"th", {}}.Add(TextElement{std::string(30 * 3, ' ') + kNames[0]}), 16));
  for (const std::string& line : narrow) CHECK((line.empty() || TextColumns(line.substr(0, 3)) > 0));
}

TEST_CASE("Receipt page: PNG and PDF as wide as the paper", "[render][page]") {
  const auto png = ReceiptPng(test::SampleReceipt(), 80);
  REQUIRE(png);
  const auto width = (static_cast<unsigned char>((*png)[18]) << 8) | static_cast<unsigned char>((*png)[19]);
  CHECK(width == 640);  // 80 mm of 8 dots
  const auto pdf = ReceiptPdf(test::SampleReceipt(), 58);
  REQUIRE(pdf);
  CHECK(pdf->find("/MediaBox [ 0 0 164.409449 ") != std::string::npos);  // 58 mm in points
  CHECK(ReceiptPng(test::SampleReceipt(), 70).error().Name() == "render_bad_width");
}

TEST_CASE("Picture: a PNG becomes dots, greys as half of them, wide ones shrink", "[render][picture]") {
  std::string folder = (std::filesystem::temp_directory_path() / "evertill-picture-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  Bitmap box(400, 100);
  box.Fill(0, 0, 200, 100);
  REQUIRE(WritePng(box, folder + "/logo.png"));
  const auto picture = ReadPicture(folder + "/logo.png", 200);
  REQUIRE(picture);
  CHECK(picture->width == 200);
  CHECK(picture->height == 50);
  CHECK(picture->bits.size() == 25 * 50);
  CHECK(static_cast<unsigned char>(picture->bits[0]) == 0xFF);
  CHECK(static_cast<unsigned char>(picture->bits[24]) == 0);
  CHECK(RenderReceipt(ReceiptDocument{}.Add(*picture)));
  std::ofstream(folder + "/bad.png") << "no picture";
  const auto bad = ReadPicture(folder + "/bad.png", 200);
  CHECK(bad.error().Name() == "render_image_unreadable");
  CHECK(ReadPicture(folder + "/none.png", 200).error().Name() == "render_image_unreadable");
  std::filesystem::remove_all(folder);
}

TEST_CASE("Receipt: a barcode that is too wide for the paper is there as text", "[render][codes]") {
  const auto paper = RenderReceipt(ReceiptDocument{}.Add(domain::BarcodeElement{std::string(60, 'W')}), kDots58mm);
  REQUIRE(paper);
  CHECK(RightInk(*paper) > 0);
}

}  // namespace evertill::render
