#include "devices/link/address.h"

#include <catch2/catch.hpp>

namespace evertill::devices::link {

TEST_CASE("Address: what is right is read", "[devices][link]") {
  CHECK(*ParseAddress("tcp://printer.local") == Address(TcpAddress{"printer.local", 9100}));
  CHECK(*ParseAddress("tcp://10.0.0.5:9101/") == Address(TcpAddress{"10.0.0.5", 9101}));
  CHECK(*ParseAddress("tcp://[fe80::1]:9102") == Address(TcpAddress{"fe80::1", 9102}));
  CHECK(*ParseAddress("tcp://[fe80::1]") == Address(TcpAddress{"fe80::1", 9100}));
  CHECK(*ParseAddress("tcp://10.0.0.5?shared=yes") == Address(TcpAddress{"10.0.0.5", 9100, true}));
  CHECK(*ParseAddress("tcp://10.0.0.5?shared=no") == Address(TcpAddress{"10.0.0.5", 9100, false}));
  CHECK(*ParseAddress("file:/var/tmp/r?.bin") == Address(FileAddress{"/var/tmp/r?.bin"}));
  CHECK(*ParseAddress("file:r.bin") == Address(FileAddress{"r.bin"}));
  CHECK(*ParseAddress("serial:/dev/ttyUSB0") == Address(SerialAddress{"/dev/ttyUSB0"}));
  CHECK(*ParseAddress("serial:/dev/ttyS0?baud=19200&bits=7&parity=even&stop=2&flow=hardware") ==
        Address(SerialAddress{"/dev/ttyS0", 19200, 7, Parity::kEven, 2, FlowControl::kHardware}));
  CHECK(*ParseAddress("serial:/dev/ttyS0?baud=460800&parity=odd&flow=software") ==
        Address(SerialAddress{"/dev/ttyS0", 460800, 8, Parity::kOdd, 1, FlowControl::kSoftware}));
  CHECK(*ParseAddress("usb:") == Address(UsbAddress{}));
  CHECK(*ParseAddress("usb:04b8:0E28") == Address(UsbAddress{0x04b8, 0x0e28, ""}));
  CHECK(*ParseAddress("usb:04b8:0e28/J2X3 01/7") == Address(UsbAddress{0x04b8, 0x0e28, "J2X3 01/7"}));
  CHECK(*ParseAddress("cups:Receipts-1") == Address(CupsAddress{"Receipts-1"}));
}

TEST_CASE("Address: what is wrong says why", "[devices][link]") {
  for (const char* bad : {"",
                          "10.0.0.5",
                          "tcp://",
                          "tcp://:9100",
                          "tcp://h:0",
                          "tcp://h:65536",
                          "tcp://h:x",
                          "tcp://h:",
                          "tcp://[::1",
                          "tcp://[::1]9",
                          "tcp://h?shared=maybe",
                          "tcp://h?speed=1",
                          "file:",
                          "http://h",
                          "tcp://a b",
                          "serial:",
                          "serial:?baud=9600",
                          "serial:/dev/ttyS0?baud=9601",
                          "serial:/dev/ttyS0?baud=",
                          "serial:/dev/ttyS0?bits=9",
                          "serial:/dev/ttyS0?parity=mark",
                          "serial:/dev/ttyS0?stop=3",
                          "serial:/dev/ttyS0?flow=xon",
                          "serial:/dev/ttyS0?colour=red",
                          "usb:04b8",
                          "usb:04b8:",
                          "usb:4b8:0e28",
                          "usb:04b8:0e2g",
                          "usb:04b8:0e28/",
                          "usb:0000:0e28",
                          "cups:",
                          "cups:a b",
                          "cups:a/b",
                          "carrier-pigeon:7"}) {
    CAPTURE(bad);
    const auto parsed = ParseAddress(bad);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().Name() == "device_address_invalid");
    CHECK(parsed.error().Detail().find(bad) != std::string::npos);
  }
  CHECK(ParseAddress("serial:/dev/ttyS0?baud=300").error().Detail().find("460800") != std::string::npos);
}

TEST_CASE("Address: written as it is read, usual values left out", "[devices][link]") {
  for (const char* text :
       {"tcp://printer.local", "tcp://10.0.0.5:9101", "tcp://[fe80::1]:9102", "tcp://h?shared=yes",
        "tcp://h:9101?shared=yes", "file:/var/tmp/r.bin", "serial:/dev/ttyUSB0",
        "serial:/dev/ttyS0?baud=19200&bits=7&parity=even&stop=2&flow=hardware",
        "serial:/dev/ttyS0?parity=odd&flow=software", "usb:", "usb:04b8:0e28", "usb:04b8:0e28/J2X3", "cups:Receipts"}) {
    CHECK(ToString(*ParseAddress(text)) == text);
  }
  CHECK(ToString(*ParseAddress("tcp://h:9100/")) == "tcp://h");
  CHECK(ToString(*ParseAddress("serial:/dev/ttyS0?baud=9600&flow=none")) == "serial:/dev/ttyS0");
}

}  // namespace evertill::devices::link
