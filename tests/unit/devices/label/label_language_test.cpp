#include <catch2/catch.hpp>
#include <string>

#include "devices/label/epl.h"
#include "devices/label/label_layout.h"
#include "devices/label/zpl.h"
#include "tests/unit/devices/label/label_samples.h"

namespace evertill::devices::label {
namespace {

using render::Bitmap;

TEST_CASE("ZPL: the guide's own run lengths", "[devices][label]") {
  Bitmap label(64, 4);
  label.Fill(0, 0, 64, 1);  // sixteen F
  label.Fill(0, 1, 64, 1);  // the same again
  label.Set(3, 2);          // 1, then zeroes
  label.Fill(60, 3, 4, 1);  // fifteen zeroes, F
  CHECK(EncodeZpl(label, 2) == "^XA\n^LH0,0^PW64^LL4\n^FO0,0^GFA,32,32,8,VF:1,U0F^FS\n^PQ2\n^XZ\n");
  Bitmap wide(3400, 1);
  wide.Fill(0, 0, 3400, 1);  // 850 digits: 419 + 419 + 12
  CHECK(EncodeZpl(wide, 1).find(",zYFzYFRF^FS") != std::string::npos);
}

TEST_CASE("EPL: a nought prints, lines are counted in bytes", "[devices][label]") {
  Bitmap label(10, 3);
  label.Set(0, 1);
  label.Set(9, 1);
  const std::string job = EncodeEpl(label, 16, 3);
  CHECK(job == std::string("\r\nN\r\nq10\r\nQ3,16\r\nGW0,1,2,1,\x7F\xBF\r\nP3\r\n"));
}

TEST_CASE("Label languages: no text reaches a command", "[devices][label]") {
  ShelfLabel label = ThaiLabel();
  label.name = "^XZ^XA^JUF~JR\r\nN\r\nP9\r\n\x1B@";
  label.note = "~JR^MMK";
  const auto hostile = RenderLabel(label, {});
  REQUIRE(hostile);
  const std::string zpl = EncodeZpl(*hostile, 1);
  CHECK(zpl.find('~') == std::string::npos);
  size_t formats = 0;
  for (size_t at = zpl.find("^X"); at != std::string::npos; at = zpl.find("^X", at + 1)) ++formats;
  CHECK(formats == 2);
  for (const char* command : {"^JU", "^MM"}) CHECK(zpl.find(command) == std::string::npos);
}

TEST_CASE("ZPL: the largest label keeps each field within what a printer counts", "[devices][label]") {
  Bitmap label(1299, 2362);
  label.Fill(0, 0, 1299, 2362);
  const std::string zpl = EncodeZpl(label, 1);
  int fields = 0;
  for (size_t at = zpl.find("^GFA,"); at != std::string::npos; at = zpl.find("^GFA,", at + 1)) {
    CHECK(std::stol(zpl.substr(at + 5)) < 99999);
    ++fields;
  }
  CHECK(fields == 5);
  CHECK(zpl.size() < 10000);
}

}  // namespace
}  // namespace evertill::devices::label
