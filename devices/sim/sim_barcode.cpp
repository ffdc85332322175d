#include "devices/sim/sim_barcode.h"

#include <algorithm>
#include <array>
#include <vector>

namespace evertill::devices::sim {
namespace {

// Widths of bars and spaces in turn, by symbol value (ISO/IEC 15417, table 1); the last is the stop.
constexpr std::array<std::string_view, 107> kCode128 = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",  "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211",  "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",  "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113",  "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113",  "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",  "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112",  "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112",  "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",  "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};
constexpr int kStartA = 103;
constexpr int kStop = 106;

// ISO/IEC 15420: the left-hand digits of set A; set C is its complement, set B is C backwards.
constexpr std::array<std::string_view, 10> kEanLeft = {"0001101", "0011001", "0010011", "0111101", "0100011",
                                                       "0110001", "0101111", "0111011", "0110111", "0001011"};
// Which of the first six digits are of set B, by the first digit of an EAN-13.
constexpr std::array<std::string_view, 10> kEanSets = {"AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB",
                                                       "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"};

// ISO/IEC 16388: bars and spaces in turn, wide or narrow.
constexpr std::string_view kCode39Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. *$/+%";
constexpr std::array<std::string_view, 44> kCode39 = {
    "nnnwwnwnn", "wnnwnnnnw", "nnwwnnnnw", "wnwwnnnnn", "nnnwwnnnw", "wnnwwnnnn", "nnwwwnnnn", "nnnwnnwnw", "wnnwnnwnn",
    "nnwwnnwnn", "wnnnnwnnw", "nnwnnwnnw", "wnwnnwnnn", "nnnnwwnnw", "wnnnwwnnn", "nnwnwwnnn", "nnnnnwwnw", "wnnnnwwnn",
    "nnwnnwwnn", "nnnnwwwnn", "wnnnnnnww", "nnwnnnnww", "wnwnnnnwn", "nnnnwnnww", "wnnnwnnwn", "nnwnwnnwn", "nnnnnnwww",
    "wnnnnnwwn", "nnwnnnwwn", "nnnnwnwwn", "wwnnnnnnw", "nwwnnnnnw", "wwwnnnnnn", "nwnnwnnnw", "wwnnwnnnn", "nwwnwnnnn",
    "nwnnnnwnw", "wwnnnnwnn", "nwwnnnwnn", "nwnnwnwnn", "nwnwnwnnn", "nwnwnnnwn", "nwnnnwnwn", "nnnwnwnwn",
};

// ISO/IEC 16390: five elements a digit.
constexpr std::array<std::string_view, 10> kItf = {"nnwwn", "wnnnw", "nwnnw", "wwnnn", "nnwnw",
                                                   "wnwnn", "nwwnn", "nnnww", "wnnwn", "nwnwn"};

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Bars and spaces in turn, starting with a bar where `modules` has an even number of elements so far.
void AppendWidths(std::string& modules, std::string_view widths) {
  bool bar = true;
  for (const char width : widths) {
    modules.append(static_cast<size_t>(width - '0'), bar ? '1' : '0');
    bar = !bar;
  }
}

/// Data of GS k m=73: {A, {B or {C chooses the set of what follows; {1 to {4 are function codes, {S shifts.
struct Code128Reader {
  std::vector<int> symbols;
  std::string text;
  char set = 0;

  bool Special(char next) {
    if (next >= 'A' && next <= 'C') {
      symbols.push_back(symbols.empty() ? kStartA + (next - 'A') : next == 'A' ? 101 : next == 'B' ? 100 : 99);
      set = next;
      return true;
    }
    if (set == 0) return false;
    if (next == '1') {
      symbols.push_back(102);
      if (symbols.size() > 2) text += '\x1D';  // between two element strings
      return true;
    }
    if (next == '{' && set == 'B') return Character('{');
    return false;
  }
  bool Character(uint8_t byte) {
    if (set == 'C' && byte < 100) {
      symbols.push_back(byte);
      text += static_cast<char>('0' + byte / 10);
      text += static_cast<char>('0' + byte % 10);
      return true;
    }
    const bool in_a = set == 'A' && byte < 0x60;
    const bool in_b = set == 'B' && byte >= 0x20 && byte < 0x80;
    if (!in_a && !in_b) return false;
    symbols.push_back(byte < 0x20 ? byte + 64 : byte - 0x20);
    text += static_cast<char>(byte);
    return true;
  }
};

std::optional<SimBarcode> Code128(std::string_view data) {
  Code128Reader reader;
  for (size_t at = 0; at < data.size(); ++at) {
    const bool special = data[at] == '{' && at + 1 < data.size();
    if (!(special ? reader.Special(data[++at]) : reader.Character(static_cast<uint8_t>(data[at])))) return std::nullopt;
  }
  if (reader.text.empty()) return std::nullopt;
  int sum = reader.symbols.front();
  for (size_t i = 1; i < reader.symbols.size(); ++i) sum += static_cast<int>(i) * reader.symbols[i];
  reader.symbols.push_back(sum % 103);
  reader.symbols.push_back(kStop);
  SimBarcode barcode{"code128", reader.text, ""};
  for (const int symbol : reader.symbols) AppendWidths(barcode.modules, kCode128[static_cast<size_t>(symbol)]);
  return barcode;
}

std::string EanDigit(char digit, char set) {
  std::string pattern(kEanLeft[static_cast<size_t>(digit - '0')]);
  if (set == 'A') return pattern;
  for (char& module : pattern) module = module == '0' ? '1' : '0';
  if (set == 'B') std::reverse(pattern.begin(), pattern.end());
  return pattern;
}

/// The digits with their check digit; nothing when the one given is wrong.
std::optional<std::string> WithCheckDigit(std::string_view digits, size_t length) {
  if (!AllDigits(digits) || (digits.size() != length && digits.size() != length - 1)) return std::nullopt;
  int sum = 0;
  for (size_t i = 0; i + 1 < length; ++i) sum += (digits[i] - '0') * ((length - i) % 2 == 0 ? 3 : 1);
  const char check = static_cast<char>('0' + (10 - sum % 10) % 10);
  if (digits.size() == length && digits.back() != check) return std::nullopt;
  return std::string(digits.substr(0, length - 1)) + check;
}

std::optional<SimBarcode> Ean(std::string_view data, size_t length, const char* kind) {
  const auto digits = WithCheckDigit(data, length);
  if (!digits) return std::nullopt;
  // UPC-A is EAN-13 with a zero before it; the first of thirteen digits is told by the sets of the next six.
  const std::string thirteen = length == 12 ? "0" + *digits : *digits;
  const std::string drawn = length == 8 ? thirteen : thirteen.substr(1);
  const std::string_view sets = length == 8 ? "AAAA" : kEanSets[static_cast<size_t>(thirteen[0] - '0')];
  std::string modules = "101";
  for (size_t i = 0; i < drawn.size(); ++i) {
    if (i == sets.size()) modules += "01010";
    modules += EanDigit(drawn[i], i < sets.size() ? sets[i] : 'C');
  }
  return SimBarcode{kind, *digits, modules + "101"};
}

/// Narrow elements of one module, wide ones of three.
std::string Elements(std::string_view pattern) {
  std::string widths;
  for (const char element : pattern) widths += element == 'w' ? '3' : '1';
  return widths;
}

std::optional<SimBarcode> Code39(std::string_view data) {
  const std::string text(data.starts_with('*') ? data.substr(1, data.find('*', 1) - 1) : data);
  SimBarcode barcode{"code39", text, ""};
  for (const char c : "*" + text + "*") {
    const size_t at = kCode39Alphabet.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    if (!barcode.modules.empty()) barcode.modules += '0';
    AppendWidths(barcode.modules, Elements(kCode39[at]));
  }
  return barcode;
}

std::optional<SimBarcode> Itf(std::string_view data) {
  if (!AllDigits(data) || data.size() % 2 != 0) return std::nullopt;
  SimBarcode barcode{"itf", std::string(data), "1010"};
  for (size_t i = 0; i < data.size(); i += 2) {
    std::string pair;
    for (size_t element = 0; element < 5; ++element) {
      pair += kItf[static_cast<size_t>(data[i] - '0')][element];
      pair += kItf[static_cast<size_t>(data[i + 1] - '0')][element];
    }
    AppendWidths(barcode.modules, Elements(pair));
  }
  AppendWidths(barcode.modules, "311");
  return barcode;
}

}  // namespace

std::optional<SimBarcode> MakeBarcode(uint8_t system, std::string_view data) {
  switch (system >= 65 ? system - 65 : system) {
    case 0:
      return Ean(data, 12, "upca");
    case 2:
      return Ean(data, 13, "ean13");
    case 3:
      return Ean(data, 8, "ean8");
    case 4:
      return Code39(data);
    case 5:
      return Itf(data);
    case 8:
      return Code128(data);
    default:
      return std::nullopt;
  }
}

render::Bitmap DrawBarcode(const SimBarcode& barcode, int module_dots, int height) {
  render::Bitmap bars(static_cast<int>(barcode.modules.size()) * module_dots, height);
  for (size_t i = 0; i < barcode.modules.size(); ++i) {
    if (barcode.modules[i] == '1') bars.Fill(static_cast<int>(i) * module_dots, 0, module_dots, height);
  }
  return bars;
}

}  // namespace evertill::devices::sim
