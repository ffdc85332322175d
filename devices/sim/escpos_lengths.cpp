#include "devices/sim/escpos_lengths.h"

#include <cstdint>

namespace evertill::devices::sim {
namespace {

size_t Byte(std::string_view stream, size_t at) {
  return static_cast<uint8_t>(stream[at]);
}
size_t Word(std::string_view stream, size_t at) {
  return Byte(stream, at) + 256 * Byte(stream, at + 1);
}

std::optional<size_t> EscLength(std::string_view stream) {
  switch (stream[1]) {
    case '@':
    case '2':
    case '<':
    case 'L':
    case 'S':
    case 'i':
    case 'm':
    case 'v':
      return 2;
    case 'J':
    case 'd':
    case 'K':
    case 'e':
    case '3':
    case 'a':
    case 'E':
    case 'G':
    case '-':
    case '!':
    case 'M':
    case 't':
    case 'R':
    case ' ':
    case '=':
    case '{':
    case 'V':
    case 'r':
    case 'T':
    case 'U':
    case 'u':
    case '%':
    case '?':
      return 3;
    case '$':
    case '\\':
    case 'c':
      return 4;
    case 'p':
      return 5;
    case 'D': {  // tab stops up to NUL
      const size_t end = stream.find('\0', 2);
      if (end != std::string_view::npos) return end + 1;
      if (stream.size() > 34) return 2;
      return 0;
    }
    case '*': {  // bit image in columns of 1 or 3 bytes
      if (stream.size() < 5) return 0;
      const size_t column = Byte(stream, 2) >= 32 ? 3 : 1;
      return 5 + column * Word(stream, 3);
    }
    default:
      return std::nullopt;
  }
}

std::optional<size_t> FsLength(std::string_view stream) {
  switch (stream[1]) {
    case '.':
    case '&':
      return 2;
    case 'C':
    case '!':
    case '-':
    case 'W':
      return 3;
    case 'S':
      return 4;
    case '(':
      return stream.size() < 5 ? 0 : 5 + Word(stream, 3);
    default:
      return std::nullopt;
  }
}

/// GS k: a barcode, ended by NUL (old form) or with its length told.
std::optional<size_t> BarcodeLength(std::string_view stream) {
  if (stream.size() < 4) return 0;
  if (Byte(stream, 2) >= 65) return 4 + Byte(stream, 3);
  const size_t end = stream.find('\0', 3);
  if (end != std::string_view::npos) return end + 1;
  if (stream.size() > 260) return std::nullopt;
  return 0;
}

std::optional<size_t> GsLength(std::string_view stream) {
  switch (stream[1]) {
    case '!':
    case 'B':
    case 'a':
    case 'r':
    case 'I':
    case 'h':
    case 'w':
    case 'H':
    case 'f':
    case 'b':
      return 3;
    case 'L':
    case 'W':
    case 'P':
    case '$':
    case '\\':
      return 4;
    case 'V': {
      if (stream.size() < 3) return 0;
      const char how = stream[2];
      return how == 0 || how == 1 || how == '0' || how == '1' ? 3 : 4;
    }
    case 'v':
      if (stream.size() < 8) return 0;
      return 8 + Word(stream, 4) * Word(stream, 6);
    case 'k':
      return BarcodeLength(stream);
    case '(':
      return stream.size() < 5 ? 0 : 5 + Word(stream, 3);
    case '8':
      if (stream.size() < 7) return 0;
      return 7 + Word(stream, 3) + 65536 * Word(stream, 5);
    default:
      return std::nullopt;
  }
}

std::optional<size_t> DleLength(std::string_view stream) {
  const char kind = stream[1];
  if (kind != 0x04 && kind != 0x05 && kind != 0x14) return std::nullopt;
  if (stream.size() < 3) return 0;
  const size_t n = Byte(stream, 2);
  if (kind == 0x05) return 3;
  if (kind == 0x04) return n == 7 || n == 8 || n == 18 ? 4 : 3;  // these have a parameter
  switch (n) {
    case 1:  // pulse
    case 2:  // power off
      return 5;
    case 3:  // buzzer
      return 8;
    case 7:  // status in block data
      return 4;
    case 8:  // clear
      return 10;
    default:
      return 3;
  }
}

}  // namespace

std::optional<size_t> CommandLength(std::string_view stream) {
  if (stream.size() < 2) return 0;
  switch (stream[0]) {
    case 0x10:
      return DleLength(stream);
    case 0x1B:
      return EscLength(stream);
    case 0x1C:
      return FsLength(stream);
    case 0x1D:
      return GsLength(stream);
    default:
      return std::nullopt;
  }
}

}  // namespace evertill::devices::sim
