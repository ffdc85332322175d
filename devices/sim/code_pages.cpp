#include "devices/sim/code_pages.h"

#include <iconv.h>

#include <memory>
#include <type_traits>

namespace evertill::devices::sim {
namespace {

struct ConverterCloser {
  void operator()(iconv_t converter) const { iconv_close(converter); }
};

const char* PageName(int page) {
  switch (page) {
    case 0:
      return "CP437";
    case 2:
      return "CP850";
    case 3:
      return "CP860";
    case 4:
      return "CP863";
    case 5:
      return "CP865";
    case 16:
      return "CP1252";
    case 17:
      return "CP866";
    case 18:
      return "CP852";
    case 19:
      return "CP858";
    case 20:
    case 21:
    case 26:
      return "CP874";
    case 30:
    case 31:
      return "TCVN";
    case 47:
      return "CP1253";
    case 52:
      return "CP1258";
    default:
      return "ASCII";
  }
}

}  // namespace

std::string DecodeCodePage(std::string_view bytes, int page) {
  const std::unique_ptr<std::remove_pointer_t<iconv_t>, ConverterCloser> converter(iconv_open("UTF-8", PageName(page)));
  std::string text;
  // One at a time: an unknown one must not take its neighbours along, nor wait for a mark that may follow.
  for (char byte : bytes) {
    char* in = &byte;
    size_t in_left = 1;
    char buffer[8];
    char* out = buffer;
    size_t out_left = sizeof buffer;
    const bool opened = converter.get() != reinterpret_cast<iconv_t>(-1);
    const bool read = opened && iconv(converter.get(), &in, &in_left, &out, &out_left) != static_cast<size_t>(-1) &&
                      iconv(converter.get(), nullptr, nullptr, &out, &out_left) != static_cast<size_t>(-1);
    if (read) {
      text.append(buffer, out);
    } else {
      text += "\xEF\xBF\xBD";
    }
  }
  return text;
}

}  // namespace evertill::devices::sim
