#include "app/domain/text.h"

#include <catch2/catch.hpp>

using namespace evertill::domain;

TEST_CASE("Text: control and bidirectional characters never survive in a name", "[domain][text]") {
  CHECK(CleanText("a\x1B@b\x07\r\n") == "a@b");
  CHECK(CleanText("a\u202Eb\u2066c\u200F\u2028d\u2029") == "abcd");
  CHECK(CleanText("\u0085x") == "x");
  CHECK(CleanText("ข้าวหอมมะลิ ₫ é") == "ข้าวหอมมะลิ ₫ é");
  CHECK(CleanText("a\xFFz") == "a\uFFFDz");
  CHECK(CleanText("\xE0\x80") == "\uFFFD\uFFFD");
}

TEST_CASE("Text: UTF-8 is checked to the letter", "[domain][text]") {
  CHECK(IsValidUtf8("Nước mắm Phú Quốc"));
  CHECK_FALSE(IsValidUtf8("\xC0\x80"));          // overlong
  CHECK_FALSE(IsValidUtf8("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));  // past U+10FFFF
  CHECK_FALSE(IsValidUtf8("\xE0\xB8"));          // cut
}

TEST_CASE("Text: phone numbers as people write them", "[domain][text]") {
  CHECK(NormalisePhone("081-234 5678") == "0812345678");
  CHECK(NormalisePhone("+66 81 234 5678") == "+66812345678");
  CHECK(NormalisePhone("(028) 3823.4567") == "02838234567");
  CHECK(NormalisePhone("12345").empty());
  CHECK(NormalisePhone("1234567890123456").empty());
  CHECK(NormalisePhone("081-ABC-5678").empty());
}

TEST_CASE("Text: one phone, however it is written, is one member", "[domain][text]") {
  const Currency thb = *Currency::Find("THB");
  for (const auto* text : {"0812345678", "+66812345678", "0066 81 234 5678", "+66 (0)81-234-5678"}) {
    CHECK(LocalPhone(text, thb) == "0812345678");
  }
  CHECK(LocalPhone("+84 91 234 5678", thb) == "+84912345678");
  CHECK(LocalPhone("+84 91 234 5678", *Currency::Find("VND")) == "0912345678");
  CHECK(LocalPhone("abc", thb).empty());
}

TEST_CASE("Text: masked numbers show their tail only", "[domain][text]") {
  CHECK(MaskTail("1234567890124417") == "••• 4417");
  CHECK(MaskTail("12") == "••• 12");
  CHECK(CodePoints("กำ") == 2);
}
