#include "app/render/pdf.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "app/render/code128.h"
#include "app/render/png.h"

namespace evertill::render {

TEST_CASE("Pdf: one page of the size that was asked for, the same bytes each time", "[render][pdf]") {
  const auto code = RenderCode128("8850123456781", 100, 1000);
  REQUIRE(code);
  const auto pdf = EncodePdf(*code, {85.60, 53.98});
  REQUIRE(pdf);
  CHECK(pdf->starts_with("%PDF-"));
  CHECK(pdf->find("%%EOF") != std::string::npos);
  // 85.60 × 53.98 mm in points of 1/72 inch.
  CHECK(pdf->find("/MediaBox [ 0 0 242.645669 153.014173 ]") != std::string::npos);
  CHECK(pdf->find("CreationDate") == std::string::npos);
  CHECK(*EncodePdf(*code, {85.60, 53.98}) == *pdf);
  CHECK(*EncodePdf(*RenderCode128("8850123456782", 100, 1000), {85.60, 53.98}) != *pdf);
}

TEST_CASE("Pdf: nothing without a size; a file that cannot be written is said", "[render][pdf]") {
  CHECK(EncodePdf(Bitmap(10, 10), {0, 10}).error().Name() == "render_bad_width");
  CHECK(EncodePdf(Bitmap(), {10, 10}).error().Name() == "render_bad_width");
  CHECK(WritePdf(Bitmap(8, 8), {10, 10}, "/no/such/folder/card.pdf").error().Name() == "render_image_unwritable");
}

TEST_CASE("PNG: says how large it is on paper", "[render][png]") {
  const auto png = EncodePng(Bitmap(8, 8), {}, 300);
  REQUIRE(png);
  // 300 dots an inch are 11811 a metre; the CRC is that of libpng.
  const std::string chunk("\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01\x78\xa5\x3f\x76", 21);
  CHECK(png->find(chunk) == 33);
  CHECK(EncodePng(Bitmap(8, 8))->find("pHYs") == std::string::npos);
}

}  // namespace evertill::render
