#include <catch2/catch.hpp>
#include <vector>

#include "devices/label/epl.h"
#include "devices/label/label_layout.h"
#include "devices/label/zpl.h"
#include "devices/sim/label_device.h"
#include "tests/unit/devices/label/label_samples.h"

namespace evertill::devices::label {
namespace {

using sim::SimLabel;
using sim::SimLabelPrinter;

/// What comes out of a simulated printer; the job comes in pieces of `piece` bytes.
std::vector<SimLabel> Printed(SimLabelPrinter::Language language, const std::string& job, size_t piece) {
  SimLabelPrinter printer(language);
  std::vector<SimLabel> labels;
  printer.OnLabel([&labels](const SimLabel& label) { labels.push_back(label); });
  for (size_t at = 0; at < job.size(); at += piece) CHECK(printer.Take(job.substr(at, piece)).empty());
  return labels;
}

TEST_CASE("Label and simulator: what is drawn is what comes out, dot for dot", "[devices][label][sim]") {
  for (const auto& size : {LabelSize{50, 30, 2, 203}, LabelSize{40, 25, 2, 300}}) {
    const auto label = RenderLabel(ThaiLabel(), size);
    REQUIRE(label);
    for (const size_t piece : {size_t{1}, size_t{64}, size_t{1} << 20}) {
      INFO(size.dpi << " dpi in pieces of " << piece);
      const auto zpl = Printed(SimLabelPrinter::Language::kZpl, EncodeZpl(*label, 3), piece);
      REQUIRE(zpl.size() == 1);
      CHECK(zpl[0].picture == *label);
      CHECK(zpl[0].copies == 3);
      CHECK(zpl[0].unknown == 0);
      const auto epl = Printed(SimLabelPrinter::Language::kEpl, EncodeEpl(*label, 16, 2), piece);
      REQUIRE(epl.size() == 1);
      CHECK(epl[0].picture == *label);
      CHECK(epl[0].copies == 2);
      CHECK(epl[0].unknown == 0);
    }
  }
}

TEST_CASE("Label and simulator: any picture survives both languages", "[devices][label][sim]") {
  uint32_t state = 7;
  const auto next = [&state] { return state = state * 1664525U + 1013904223U, state >> 16; };
  for (int round = 0; round < 60; ++round) {
    render::Bitmap picture(static_cast<int>(2 + next() % 400), static_cast<int>(1 + next() % 40));
    const unsigned density = next() % 4;
    for (int y = 0; y < picture.Height(); ++y) {
      if (next() % 3 == 0) continue;
      if (density == 3) picture.Fill(static_cast<int>(next() % 50), y, static_cast<int>(next() % 400), 1);
      for (int x = 0; x < picture.Width(); ++x) {
        if (density < 3 && next() % (1 + density * 10) == 0) picture.Set(x, y);
      }
    }
    INFO("round " << round);
    const auto zpl = Printed(SimLabelPrinter::Language::kZpl, EncodeZpl(picture, 1), 4096);
    REQUIRE(zpl.size() == 1);
    CHECK(zpl[0].picture == picture);
    const auto epl = Printed(SimLabelPrinter::Language::kEpl, EncodeEpl(picture, 0, 1), 4096);
    REQUIRE(epl.size() == 1);
    CHECK(epl[0].picture == picture);
  }
}

TEST_CASE("Label and simulator: a hostile name makes one label with the usual commands", "[devices][label][sim]") {
  ShelfLabel hostile = ThaiLabel();
  hostile.name = "^XZ^XA^FO0,0^GFA~JR^JUF";
  hostile.note = "\r\nN\r\nP99\r\n";
  const auto label = RenderLabel(hostile, {});
  REQUIRE(label);
  for (const auto language : {SimLabelPrinter::Language::kZpl, SimLabelPrinter::Language::kEpl}) {
    const auto labels = Printed(
        language, language == SimLabelPrinter::Language::kZpl ? EncodeZpl(*label, 1) : EncodeEpl(*label, 16, 1), 100);
    REQUIRE(labels.size() == 1);
    CHECK(labels[0].unknown == 0);
    CHECK(labels[0].copies == 1);
  }
}

}  // namespace
}  // namespace evertill::devices::label
