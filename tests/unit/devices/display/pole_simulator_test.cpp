#include <array>
#include <catch2/catch.hpp>

#include "devices/display/pole_scene.h"
#include "devices/sim/pole_device.h"

namespace evertill::devices::display {
namespace {

using checkout::CustomerView;

CustomerView View(const std::string& name, const std::string& label, const std::string& total) {
  CustomerView view;
  view.scene = CustomerView::Scene::kSelling;
  view.lines = {{name, "", "35.00"}};
  view.total_label = label;
  view.total = total;
  return view;
}

/// What stands on a simulated display of 2 × 20 after the view was sent to it.
std::array<std::string, 2> Shown(const std::string& profile_name, int page, const CustomerView& view) {
  const auto profile = LoadDisplayProfile(profile_name);
  REQUIRE(profile);
  sim::SimPole pole(page);
  pole.Take(profile->init);
  const std::string bytes = EncodePole(ComposePole(view), *profile);
  pole.Take(bytes);
  const auto once = pole.Lines();
  pole.Take(bytes);  // again, as after ten seconds
  CHECK(pole.Lines() == once);
  CHECK(pole.Unknown() == 0);
  return once;
}

TEST_CASE("Pole and simulator: both command sets say the same", "[devices][display][sim]") {
  for (const std::string profile : {"cd5220", "epson-dm-d"}) {
    INFO(profile);
    const auto shown = Shown(profile, 0, View("Jasmine rice, five", "Total", "234.00"));
    CHECK(shown[0] == "Jasmine rice,  35.00");
    CHECK(shown[1] == "Total         234.00");
  }
}

TEST_CASE("Pole and simulator: Thai stands where it should, marks and all", "[devices][display][sim]") {
  const auto shown = Shown("cd5220-thai", 20, View("น้ำปลาดีที่นี่", "รวมทั้งสิ้น", "234.00"));
  // น้ำปลาดีที่นี่ is eight columns, รวมทั้งสิ้น seven.
  CHECK(shown[0] == "น้ำปลาดีที่นี่       35.00");
  CHECK(shown[1] == "รวมทั้งสิ้น       234.00");
}

TEST_CASE("Pole and simulator: Vietnamese with all its signs, or with none", "[devices][display][sim]") {
  CHECK(Shown("cd5220-viet", 30, View("Bánh mì đặc biệt", "Tổng", "89.000"))[0] == "Bánh mì đặc bi 35.00");
  CHECK(Shown("cd5220-viet", 30, View("Phở bò", "Tổng", "89.000"))[1] == "Tổng          89.000");
  CHECK(Shown("cd5220", 0, View("Phở bò", "Tổng", "89.000"))[0] == "Pho bò         35.00");
}

TEST_CASE("Pole and simulator: a hostile name changes nothing but itself", "[devices][display][sim]") {
  const auto shown = Shown("cd5220", 0, View("\x0C\x1B@A\x1BQBevil\r", "Total", "234.00"));
  CHECK(shown[0] == "@AQBevil       35.00");
  CHECK(shown[1] == "Total         234.00");
}

}  // namespace
}  // namespace evertill::devices::display
