#include "devices/record/control_text.h"

#include <array>
#include <charconv>

#include "devices/record/record_error.h"

namespace evertill::devices::record {
namespace {

/// ISO/IEC 646, columns 0 and 1.
constexpr std::array<std::string_view, 33> kNames = {
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT",  "LF",  "VT", "FF", "CR", "SO", "SI", "DLE",
    "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US", "SP",
};
constexpr char kDelete = 0x7F;

}  // namespace

std::optional<char> ControlByte(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<char>(i);
  }
  if (name == "DEL") return kDelete;
  if (name.size() != 3 || name.front() != 'x') return std::nullopt;
  unsigned value = 0;
  const char* end = name.data() + name.size();
  const auto [stopped, error] = std::from_chars(name.data() + 1, end, value, 16);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return static_cast<char>(value);
}

base::Expected<std::string> ParseControlText(std::string_view text) {
  std::string bytes;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '<') {
      if (c < 0x20 || c > 0x7E) {
        return base::Fail(RecordErrc::kInvalid, "only printable ASCII; other bytes as <x1F> or by name");
      }
      bytes += c;
      continue;
    }
    if (text.substr(at, 2) == "<<") {
      bytes += '<';
      ++at;
      continue;
    }
    const size_t close = text.find('>', at);
    const auto name = text.substr(at + 1, close == std::string_view::npos ? close : close - at - 1);
    const auto byte = close == std::string_view::npos ? std::nullopt : ControlByte(name);
    if (!byte)
      return base::Fail(RecordErrc::kInvalid, "<" + std::string(name) + "> is no byte: <CR>, <x1F>, or << for <");
    bytes += *byte;
    at = close;
  }
  return bytes;
}

std::string ToControlText(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      text += "<" + std::string(kNames[byte]) + ">";
    } else if (byte > 0x7E) {
      text += std::string("<x") + kHex[byte >> 4] + kHex[byte & 0xF] + ">";
    } else {
      text += c == '<' ? "<<" : std::string(1, c);
    }
  }
  return text;
}

}  // namespace evertill::devices::record
