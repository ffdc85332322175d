#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "app/base/expected.h"

namespace evertill::devices::printer {

inline constexpr uint16_t kRawPrintingPort = 9100;

struct TcpAddress {
  std::string host;  ///< Name, IPv4, or IPv6 without brackets.
  uint16_t port = kRawPrintingPort;
  bool operator==(const TcpAddress&) const = default;
};

struct FileAddress {
  std::string path;
  bool operator==(const FileAddress&) const = default;
};

using PrinterAddress = std::variant<TcpAddress, FileAddress>;

/// Reads `tcp://HOST[:PORT]` (IPv6 in brackets) or `file:PATH`.
/// Errors: printer_address_invalid, printer_kind_unsupported (`usb:`, `serial:`, `cups:`).
[[nodiscard]] base::Expected<PrinterAddress> ParsePrinterAddress(std::string_view text);

/// The form that ParsePrinterAddress() reads.
[[nodiscard]] std::string ToString(const PrinterAddress& address);

}  // namespace evertill::devices::printer
