#include "devices/printer/printer_status.h"

#include <catch2/catch.hpp>

namespace evertill::devices::printer {
namespace {

using checkout::DeviceNote;
using Notes = std::vector<DeviceNote>;

PrinterStatus After(uint8_t one, uint8_t two, uint8_t three) {
  PrinterStatus status;
  status.Take(AsbEvent{{one, two, three, 0x0F}});
  return status;
}

PrinterStatus AfterRealTime(int n, uint8_t byte) {
  PrinterStatus status;
  status.TakeRealTime(n, byte);
  return status;
}

}  // namespace

TEST_CASE("Printer status: automatic status, bit by bit", "[devices][printer]") {
  CHECK(After(0x10, 0, 0).CanPrint());
  CHECK(After(0x10, 0, 0).Notes().empty());
  CHECK(After(0x18, 0, 0x0C).Notes() == Notes{DeviceNote::kPaperOut});
  CHECK(After(0x38, 0, 0).Notes() == Notes{DeviceNote::kCoverOpen});
  CHECK(After(0x38, 0, 0x0C).Notes() == Notes{DeviceNote::kCoverOpen});  // no paper under an open cover is no news
  CHECK(After(0x18, 0x08, 0).Notes() == Notes{DeviceNote::kCutterError});
  CHECK(After(0x18, 0x20, 0).Notes() == Notes{DeviceNote::kUnrecoverable});
  CHECK(After(0x18, 0x40, 0).Notes() == Notes{DeviceNote::kOverheated});
  CHECK(After(0x58, 0, 0).Notes() == Notes{DeviceNote::kPaperFeeding});
  CHECK(After(0x18, 0, 0).Notes() == Notes{DeviceNote::kOffline});
  for (const auto& stopped : {After(0x18, 0, 0x0C), After(0x38, 0, 0), After(0x18, 0x08, 0), After(0x18, 0x20, 0)}) {
    CHECK_FALSE(stopped.CanPrint());
  }
  const PrinterStatus near_end = After(0x10, 0, 0x03);
  CHECK(near_end.CanPrint());
  CHECK(near_end.Notes() == Notes{DeviceNote::kPaperNearEnd});
}

TEST_CASE("Printer status: DLE EOT, bit by bit", "[devices][printer]") {
  CHECK_FALSE(PrinterStatus().Known());
  CHECK(PrinterStatus().CanPrint());
  for (int n = 1; n <= 4; ++n) CHECK(AfterRealTime(n, 0x12).CanPrint());
  CHECK(AfterRealTime(1, 0x1A).Notes() == Notes{DeviceNote::kOffline});
  CHECK(AfterRealTime(2, 0x16).Notes() == Notes{DeviceNote::kCoverOpen});
  CHECK(AfterRealTime(2, 0x1A).Notes() == Notes{DeviceNote::kPaperFeeding});
  CHECK(AfterRealTime(2, 0x32).Notes() == Notes{DeviceNote::kPaperOut});
  CHECK(AfterRealTime(3, 0x1A).Notes() == Notes{DeviceNote::kCutterError});
  CHECK(AfterRealTime(3, 0x32).Notes() == Notes{DeviceNote::kUnrecoverable});
  CHECK(AfterRealTime(3, 0x52).Notes() == Notes{DeviceNote::kOverheated});
  CHECK(AfterRealTime(4, 0x1E).Notes() == Notes{DeviceNote::kPaperNearEnd});
  CHECK(AfterRealTime(4, 0x72).Notes() == Notes{DeviceNote::kPaperOut});
}

TEST_CASE("Printer status: the most urgent comes first", "[devices][printer]") {
  CHECK(After(0x3C, 0x28, 0x03).Notes() ==
        Notes{DeviceNote::kUnrecoverable, DeviceNote::kCutterError, DeviceNote::kCoverOpen, DeviceNote::kPaperNearEnd});
}

TEST_CASE("Printer status: a drawer is believed once its switch has been seen to close", "[devices][printer]") {
  PrinterStatus status;
  status.TakeRealTime(1, 0x16);  // high: open, or none there
  CHECK_FALSE(status.DrawerOpen());
  status.TakeRealTime(1, 0x12);
  CHECK(status.DrawerOpen() == false);
  status.Take(AsbEvent{{0x14, 0, 0, 0x0F}});
  CHECK(status.DrawerOpen() == true);
  CHECK(status.Notes() == Notes{DeviceNote::kDrawerOpen});
  CHECK(status.CanPrint());
}

}  // namespace evertill::devices::printer
