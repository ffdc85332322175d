#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "app/base/expected.h"

namespace evertill::devices::link {

inline constexpr uint16_t kRawPrintingPort = 9100;

/// `tcp://HOST[:PORT][?shared=yes]`: raw printing, or a serial device behind a converter. IPv6 stands in brackets.
struct TcpAddress {
  std::string host;  ///< Name, IPv4, or IPv6 without brackets.
  uint16_t port = kRawPrintingPort;
  bool shared = false;  ///< Several tills use it: connected for each job, not kept.
  bool operator==(const TcpAddress&) const = default;
};

/// `file:PATH`: jobs are appended to a file, or written to a device node.
struct FileAddress {
  std::string path;
  bool operator==(const FileAddress&) const = default;
};

enum class Parity { kNone, kEven, kOdd };
enum class FlowControl { kNone, kHardware, kSoftware };  ///< RTS/CTS; XON/XOFF

/// `serial:PATH[?baud=9600&bits=8&parity=none&stop=1&flow=none]`; parity none, even or odd; flow none, hardware or
/// software.
struct SerialAddress {
  std::string path;
  int baud = 9600;
  int data_bits = 8;  ///< 7 or 8
  Parity parity = Parity::kNone;
  int stop_bits = 1;  ///< 1 or 2
  FlowControl flow = FlowControl::kNone;
  bool operator==(const SerialAddress&) const = default;
};

/// `usb:[VENDOR:PRODUCT[/SERIAL]]`, numbers in four hexadecimal digits: a device of the USB printer class; the first
/// one that is there when none is named.
struct UsbAddress {
  uint16_t vendor = 0;  ///< 0: any
  uint16_t product = 0;
  std::string serial;  ///< Empty: any.
  bool operator==(const UsbAddress&) const = default;
};

/// `cups:QUEUE`: raw jobs through the system's print service, which never tells whether paper came out.
struct CupsAddress {
  std::string queue;
  bool operator==(const CupsAddress&) const = default;
};

using Address = std::variant<TcpAddress, FileAddress, SerialAddress, UsbAddress, CupsAddress>;

/// Reads the forms above. Errors: device_address_invalid.
[[nodiscard]] base::Expected<Address> ParseAddress(std::string_view text);

/// The form that ParseAddress() reads; defaults are left out.
[[nodiscard]] std::string ToString(const Address& address);

}  // namespace evertill::devices::link
