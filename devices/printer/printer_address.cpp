#include "devices/printer/printer_address.h"

#include <algorithm>
#include <charconv>

#include "devices/printer/printer_error.h"

namespace evertill::devices::printer {
namespace {

base::Error Invalid(std::string_view text, std::string_view why) {
  return {PrinterErrc::kAddressInvalid, "\"" + std::string(text) + "\": " + std::string(why)};
}

base::Expected<PrinterAddress> ParseTcp(std::string_view text, std::string_view rest) {
  if (rest.ends_with('/')) rest.remove_suffix(1);
  TcpAddress address;
  std::string_view port;
  bool has_port = false;
  if (rest.starts_with('[')) {
    const size_t close = rest.find(']');
    if (close == std::string_view::npos) return base::Fail(Invalid(text, "the bracket is not closed"));
    address.host = rest.substr(1, close - 1);
    const std::string_view after = rest.substr(close + 1);
    has_port = after.starts_with(':');
    if (!after.empty() && !has_port) return base::Fail(Invalid(text, "only :PORT may follow the bracket"));
    if (has_port) port = after.substr(1);
  } else {
    const size_t colon = rest.find(':');
    has_port = colon != std::string_view::npos;
    address.host = rest.substr(0, colon);
    if (has_port) port = rest.substr(colon + 1);
  }
  const bool odd = std::any_of(address.host.begin(), address.host.end(),
                               [](unsigned char c) { return c <= ' ' || c == '/' || c == '@' || c == 0x7F; });
  if (address.host.empty() || odd) return base::Fail(Invalid(text, "no host; expected tcp://HOST[:PORT]"));
  if (has_port) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error != std::errc() || end != port.data() + port.size() || address.port == 0) {
      return base::Fail(Invalid(text, "the port must be a number from 1 to 65535"));
    }
  }
  return PrinterAddress(address);
}

}  // namespace

base::Expected<PrinterAddress> ParsePrinterAddress(std::string_view text) {
  if (text.starts_with("tcp://")) return ParseTcp(text, text.substr(6));
  if (text.starts_with("file:")) {
    const std::string_view path = text.substr(5);
    if (path.empty() || path.find('\0') != std::string_view::npos) return base::Fail(Invalid(text, "no file is named"));
    return PrinterAddress(FileAddress{std::string(path)});
  }
  for (const std::string_view kind : {"usb", "serial", "cups"}) {
    if (text.starts_with(std::string(kind) + ":")) {
      return base::Fail(PrinterErrc::kKindUnsupported,
                        std::string(kind) + " printers are not supported by this version");
    }
  }
  return base::Fail(Invalid(text, "expected tcp://HOST[:PORT] or file:PATH"));
}

std::string ToString(const PrinterAddress& address) {
  if (const auto* file = std::get_if<FileAddress>(&address)) return "file:" + file->path;
  const auto& tcp = std::get<TcpAddress>(address);
  const bool v6 = tcp.host.find(':') != std::string::npos;
  return "tcp://" + (v6 ? "[" + tcp.host + "]" : tcp.host) + ":" + std::to_string(tcp.port);
}

}  // namespace evertill::devices::printer
