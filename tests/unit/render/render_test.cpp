#include <catch2/catch.hpp>
#include <cstdlib>

#include "app/render/png.h"
#include "app/render/receipt_renderer.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill::render {
TEST_CASE("Receipt: Thai, Vietnamese and long names have every glyph", "[render]") {
  const auto layout = LayoutReceipt(test::SampleReceipt(), {});
  REQUIRE(layout);
  CHECK(layout->unknown_glyphs == 0);
  for (const int width : {576, 384}) {
    const auto paper = RenderReceipt(test::SampleReceipt(), width);
    REQUIRE(paper);
    REQUIRE(WritePng(*paper, "/tmp/rcpt-" + std::to_string(width) + ".png", {32, 24}));
  }
}
}  // namespace evertill::render
