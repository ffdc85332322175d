#include "devices/label/label_layout.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "app/render/png.h"
#include "devices/label/label_error.h"
#include "devices/label/label_text.h"
#include "tests/unit/devices/label/label_samples.h"

namespace evertill::devices::label {
namespace {

using render::Bitmap;

int Ink(const Bitmap& bitmap) {
  int dots = 0;
  for (int y = 0; y < bitmap.Height(); ++y) {
    for (int x = 0; x < bitmap.Width(); ++x) dots += bitmap.At(x, y) ? 1 : 0;
  }
  return dots;
}

/// With EVERTILL_LABEL_PICTURES=DIR the labels of these tests are kept there, to be looked at.
void Keep(const Bitmap& label, const std::string& name) {
  const char* folder = std::getenv("EVERTILL_LABEL_PICTURES");
  if (folder != nullptr) REQUIRE(render::WritePng(label, std::filesystem::path(folder) / (name + ".png"), {8, 8}));
}

TEST_CASE("Label: exactly as large as the stock, with nothing at its edges", "[devices][label]") {
  for (const auto& size : {LabelSize{50, 30, 2, 203}, LabelSize{58, 40, 2, 203}, LabelSize{40, 25, 2, 203},
                           LabelSize{100, 60, 3, 300}, LabelSize{50, 30, 2, 300}}) {
    INFO(size.width_mm << " x " << size.height_mm << " at " << size.dpi);
    for (const auto& [name, label] : {std::pair("th", ThaiLabel()), std::pair("vi", VietnameseLabel())}) {
      const auto drawn = RenderLabel(label, size);
      INFO((drawn ? "" : drawn.error().ToString()));
      REQUIRE(drawn);
      Keep(*drawn, std::string(name) + "-" + std::to_string(size.width_mm) + "x" + std::to_string(size.height_mm) +
                       "-" + std::to_string(size.dpi));
      CHECK(drawn->Width() == ToDots(size.width_mm, size.dpi));
      CHECK(drawn->Height() == ToDots(size.height_mm, size.dpi));
      for (int y = 0; y < drawn->Height(); ++y) {
        for (const int x : {0, 1, 2, 3, drawn->Width() - 4, drawn->Width() - 1}) CHECK_FALSE(drawn->At(x, y));
      }
      CHECK(drawn->RowIsBlank(0));
      CHECK(drawn->RowIsBlank(drawn->Height() - 1));
    }
    const auto card = RenderLabel(MemberLabel(), size);
    REQUIRE(card);
    Keep(*card, "card-" + std::to_string(size.width_mm) + "x" + std::to_string(size.height_mm) + "-" +
                    std::to_string(size.dpi));
  }
  CHECK(ToDots(50, 203) == 400);
  CHECK(ToDots(50, 300) == 591);
}

TEST_CASE("Label: few parts and many parts, long names and short", "[devices][label]") {
  const LabelSize size;
  ShelfLabel label;
  label.price = "฿9";
  label.name = "Egg";
  const auto small = RenderLabel(label, size);
  REQUIRE(small);
  Keep(*small, "bare");
  label.name = std::string(5000, 'W');
  const auto wide = RenderLabel(label, size);
  REQUIRE(wide);
  Keep(*wide, "endless");
  label.name.clear();
  for (int i = 0; i < 60; ++i) label.name += "ขนมปังโฮลวีต";
  label.barcode = "ABC-1234";
  const auto thai = RenderLabel(label, size);
  REQUIRE(thai);
  Keep(*thai, "endless-thai");
  CHECK(Ink(*thai) > 1000);
}

TEST_CASE("Label: a price or a barcode is whole, or the label fails", "[devices][label]") {
  ShelfLabel label = ThaiLabel();
  label.price = std::string(60, '9');
  const auto price = RenderLabel(label, {});
  REQUIRE_FALSE(price);
  CHECK(price.error().Name() == "label_too_small");
  label = ThaiLabel();
  label.barcode = std::string(70, 'A');
  const auto code = RenderLabel(label, {});
  REQUIRE_FALSE(code);
  CHECK(code.error().Name() == "label_too_small");
  const auto size = RenderLabel(ThaiLabel(), {500, 30, 2, 203});
  REQUIRE_FALSE(size);
  CHECK(size.error().Name() == "label_size_invalid");
}

TEST_CASE("Label: a text that is too long is cut between letters, not between a letter and its mark",
          "[devices][label]") {
  BoxText text{"ที่ที่ที่ที่ที่ที่ที่ที่ที่ที่", false, domain::TextAlign::kLeft, "th", 24, 24, true};
  const auto whole = FitText(text, 1000, 100);
  REQUIRE(whole);
  for (int width = 40; width < whole->Width(); width += 7) {
    const auto cut = FitText(text, width, 100);
    REQUIRE(cut);
    CHECK(cut->Width() <= width);
    CHECK(cut->Height() > 20);  // still with the marks above
  }
  CHECK(FitText(text, 3, 100)->Height() == 0);
}

}  // namespace
}  // namespace evertill::devices::label
