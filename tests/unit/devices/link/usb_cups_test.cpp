#include <catch2/catch.hpp>
#include <cstdlib>

#include "devices/link/open_link.h"

namespace evertill::devices::link {

TEST_CASE("USB link: a printer that is not plugged in is said", "[devices][link][usb]") {
  const auto link = OpenLink(UsbAddress{0xdead, 0xbeef, ""});
  REQUIRE_FALSE(link);
  CHECK(link.error().Name() == "device_unreachable");
  CHECK(link.error().Detail().find("usb:dead:beef") != std::string::npos);
}

TEST_CASE("CUPS link: no print service, no link", "[devices][link][cups]") {
  setenv("CUPS_SERVER", "127.0.0.1:1", 1);
  const auto link = OpenLink(CupsAddress{"receipts"});
  REQUIRE_FALSE(link);
  const auto name = link.error().Name();
  CHECK((name == "device_unreachable" || name == "device_kind_not_built"));
  CHECK(link.error().Detail().find("cups:receipts") != std::string::npos);
}

}  // namespace evertill::devices::link
