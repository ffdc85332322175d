#include "devices/link/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "devices/link/link_error.h"

namespace evertill::devices::link {
namespace {

constexpr std::string_view kForms =
    "expected tcp://HOST[:PORT], usb:[VENDOR:PRODUCT[/SERIAL]], serial:PATH[?baud=9600&…], cups:QUEUE or file:PATH";
constexpr std::array kBauds{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800};

base::Error Invalid(std::string_view text, std::string_view why) {
  return {LinkErrc::kAddressInvalid, "\"" + std::string(text) + "\": " + std::string(why)};
}

template <typename Number>
std::optional<Number> ReadNumber(std::string_view text, int numeral_base = 10) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, numeral_base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Setting {
  std::string_view key;
  std::string_view value;
};

/// What stands behind the last `?` that begins `key=value&…`; taken off `rest`.
std::vector<Setting> TakeSettings(std::string_view& rest) {
  std::vector<Setting> settings;
  const size_t mark = rest.find('?');
  if (mark == std::string_view::npos) return settings;
  std::string_view list = rest.substr(mark + 1);
  rest = rest.substr(0, mark);
  while (!list.empty()) {
    const size_t end = std::min(list.find('&'), list.size());
    const std::string_view one = list.substr(0, end);
    const size_t equals = std::min(one.find('='), one.size());
    settings.push_back({one.substr(0, equals), one.substr(std::min(equals + 1, one.size()))});
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return settings;
}

bool IsPath(std::string_view path) {
  return !path.empty() && path.find('\0') == std::string_view::npos && path.find('\n') == std::string_view::npos;
}

/// `HOST:PORT` or `[V6]:PORT`: the port, if any, is left in `port`.
base::Status SplitHost(std::string_view text, std::string_view rest, TcpAddress& address,
                       std::optional<std::string_view>& port) {
  if (rest.starts_with('[')) {
    const size_t close = rest.find(']');
    if (close == std::string_view::npos) return base::Fail(Invalid(text, "the bracket is not closed"));
    address.host = rest.substr(1, close - 1);
    const std::string_view after = rest.substr(close + 1);
    if (!after.empty() && !after.starts_with(':'))
      return base::Fail(Invalid(text, "only :PORT may follow the bracket"));
    if (!after.empty()) port = after.substr(1);
    return {};
  }
  const size_t colon = rest.find(':');
  address.host = rest.substr(0, colon);
  if (colon != std::string_view::npos) port = rest.substr(colon + 1);
  return {};
}

base::Expected<Address> ParseTcp(std::string_view text, std::string_view rest) {
  TcpAddress address;
  for (const auto& [key, value] : TakeSettings(rest)) {
    if (key != "shared" || (value != "yes" && value != "no")) {
      return base::Fail(Invalid(text, "only shared=yes or shared=no may follow the question mark"));
    }
    address.shared = value == "yes";
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::optional<std::string_view> port;
  EVERTILL_TRY(SplitHost(text, rest, address, port));
  const bool odd = std::any_of(address.host.begin(), address.host.end(),
                               [](unsigned char c) { return c <= ' ' || c == '/' || c == '@' || c == 0x7F; });
  if (address.host.empty() || odd) return base::Fail(Invalid(text, "no host; expected tcp://HOST[:PORT]"));
  if (port) {
    const auto number = ReadNumber<uint16_t>(*port);
    if (!number || *number == 0) return base::Fail(Invalid(text, "the port must be a number from 1 to 65535"));
    address.port = *number;
  }
  return Address(std::move(address));
}

/// Why a setting is not one, or nothing when it was taken over.
std::string_view SetSerial(SerialAddress& address, const Setting& setting) {
  const auto& [key, value] = setting;
  const auto number = ReadNumber<int>(value);
  if (key == "baud") {
    if (!number || std::find(kBauds.begin(), kBauds.end(), *number) == kBauds.end()) {
      return "baud must be 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400 or 460800";
    }
    address.baud = *number;
  } else if (key == "bits") {
    if (number != 7 && number != 8) return "bits must be 7 or 8";
    address.data_bits = *number;
  } else if (key == "stop") {
    if (number != 1 && number != 2) return "stop must be 1 or 2";
    address.stop_bits = *number;
  } else if (key == "parity") {
    if (value != "none" && value != "even" && value != "odd") return "parity must be none, even or odd";
    address.parity = value == "even" ? Parity::kEven : value == "odd" ? Parity::kOdd : Parity::kNone;
  } else if (key == "flow") {
    if (value != "none" && value != "hardware" && value != "software") {
      return "flow must be none, hardware or software";
    }
    address.flow = value == "hardware"   ? FlowControl::kHardware
                   : value == "software" ? FlowControl::kSoftware
                                         : FlowControl::kNone;
  } else {
    return "known settings are baud, bits, parity, stop and flow";
  }
  return {};
}

base::Expected<Address> ParseSerial(std::string_view text, std::string_view rest) {
  SerialAddress address;
  for (const Setting& setting : TakeSettings(rest)) {
    if (const auto why = SetSerial(address, setting); !why.empty()) return base::Fail(Invalid(text, why));
  }
  if (!IsPath(rest)) return base::Fail(Invalid(text, "no device is named; expected serial:/dev/ttyUSB0"));
  address.path = rest;
  return Address(std::move(address));
}

base::Expected<Address> ParseUsb(std::string_view text, std::string_view rest) {
  UsbAddress address;
  if (rest.empty()) return Address(address);
  const size_t slash = rest.find('/');
  const std::string_view ids = rest.substr(0, slash);
  const bool four = ids.size() == 9 && ids[4] == ':';
  const auto vendor = four ? ReadNumber<uint16_t>(ids.substr(0, 4), 16) : std::nullopt;
  const auto product = four ? ReadNumber<uint16_t>(ids.substr(5), 16) : std::nullopt;
  if (!vendor || !product || *vendor == 0) {
    return base::Fail(Invalid(text, "expected usb:VENDOR:PRODUCT, four hexadecimal digits each, as lsusb shows them"));
  }
  address.vendor = *vendor;
  address.product = *product;
  if (slash != std::string_view::npos) {
    address.serial = rest.substr(slash + 1);
    if (!IsPath(address.serial)) return base::Fail(Invalid(text, "no serial number follows the slash"));
  }
  return Address(std::move(address));
}

base::Expected<Address> ParseCups(std::string_view text, std::string_view rest) {
  const bool odd = std::any_of(rest.begin(), rest.end(), [](unsigned char c) {
    return c <= ' ' || c == '/' || c == '#' || c == '?' || c == 0x7F;
  });
  if (rest.empty() || odd) return base::Fail(Invalid(text, "no queue is named; lpstat -e lists them"));
  return Address(CupsAddress{std::string(rest)});
}

std::string Hex4(uint16_t number) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (int shift = 12; shift >= 0; shift -= 4) hex += kDigits[(number >> shift) & 15];
  return hex;
}

std::string Text(const TcpAddress& tcp) {
  const bool v6 = tcp.host.find(':') != std::string::npos;
  std::string text = "tcp://" + (v6 ? "[" + tcp.host + "]" : tcp.host);
  if (tcp.port != kRawPrintingPort) text += ":" + std::to_string(tcp.port);
  return tcp.shared ? text + "?shared=yes" : text;
}

std::string Text(const FileAddress& file) {
  return "file:" + file.path;
}

std::string Text(const SerialAddress& serial) {
  const SerialAddress usual;
  std::string settings;
  const auto add = [&settings](std::string_view key, std::string_view value) {
    settings += settings.empty() ? '?' : '&';
    settings.append(key).append("=").append(value);
  };
  if (serial.baud != usual.baud) add("baud", std::to_string(serial.baud));
  if (serial.data_bits != usual.data_bits) add("bits", std::to_string(serial.data_bits));
  if (serial.parity != usual.parity) add("parity", serial.parity == Parity::kEven ? "even" : "odd");
  if (serial.stop_bits != usual.stop_bits) add("stop", std::to_string(serial.stop_bits));
  if (serial.flow != usual.flow) add("flow", serial.flow == FlowControl::kHardware ? "hardware" : "software");
  return "serial:" + serial.path + settings;
}

std::string Text(const UsbAddress& usb) {
  if (usb.vendor == 0) return "usb:";
  const std::string text = "usb:" + Hex4(usb.vendor) + ":" + Hex4(usb.product);
  return usb.serial.empty() ? text : text + "/" + usb.serial;
}

std::string Text(const CupsAddress& cups) {
  return "cups:" + cups.queue;
}

}  // namespace

base::Expected<Address> ParseAddress(std::string_view text) {
  if (text.starts_with("tcp://")) return ParseTcp(text, text.substr(6));
  if (text.starts_with("serial:")) return ParseSerial(text, text.substr(7));
  if (text.starts_with("usb:")) return ParseUsb(text, text.substr(4));
  if (text.starts_with("cups:")) return ParseCups(text, text.substr(5));
  if (text.starts_with("file:")) {
    const std::string_view path = text.substr(5);
    if (!IsPath(path)) return base::Fail(Invalid(text, "no file is named"));
    return Address(FileAddress{std::string(path)});
  }
  return base::Fail(Invalid(text, kForms));
}

std::string ToString(const Address& address) {
  return std::visit([](const auto& one) { return Text(one); }, address);
}

}  // namespace evertill::devices::link
