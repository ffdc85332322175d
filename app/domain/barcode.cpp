#include "app/domain/barcode.h"

#include <algorithm>

#include "app/domain/errors.h"
#include "app/domain/text.h"

namespace evertill::domain {
namespace {

constexpr char kGroupSeparator = 29;  // FNC1 as scanners send it inside GS1 codes

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// ISO/IEC 15424: "]", the symbology's letter, a modifier.
bool HasAim(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return text.size() > 3 && text[0] == ']' && letter(text[1]) &&
         (letter(text[2]) || (text[2] >= '0' && text[2] <= '9'));
}

Symbology FromAim(std::string_view id) {
  switch (id[1]) {
    case 'A':
      return Symbology::kCode39;
    case 'E':
      return id[2] == '4' ? Symbology::kEan8 : Symbology::kEan13;
    case 'C':
      return Symbology::kCode128;
    case 'I':
      return Symbology::kItf;
    case 'J':
      return Symbology::kDotCode;
    case 'L':
      return Symbology::kPdf417;
    case 'Q':
      return Symbology::kQr;
    case 'd':
      return Symbology::kDataMatrix;
    case 'e':
      return Symbology::kDataBar;
    case 'z':
      return Symbology::kAztec;
    default:
      return Symbology::kUnknown;
  }
}

/// GS1 General Specifications, figure 5.4.1-1 and its sisters: the identifiers of GS1 element strings.
bool SaysGs1(std::string_view aim) {
  return aim == "]C1" || aim == "]e0" || aim == "]d2" || aim == "]Q3" || aim == "]J1";
}

/// What a scanner calls an EAN code has a check digit, which it is told to send. ]E0 and ]E3 are 13 digits, or 12 and 8
/// where it leaves off the zeros of UPC; ]E3 has an add-on of two or five digits behind.
bool TakeEan(std::string_view aim, std::string_view& text) {
  if (aim == "]E3" && (text.size() == 15 || text.size() == 18)) text = text.substr(0, 13);
  if (aim == "]E0" || aim == "]E3" || aim == "]E4") {
    return IsGtin(text) || (text.size() == 8 && aim == "]E0" && ExpandUpcE(text));
  }
  return true;
}

Symbology FromShape(std::string_view text) {
  if (IsGtin(text)) {
    switch (text.size()) {
      case 8:
        return Symbology::kEan8;
      case 12:
        return Symbology::kUpcA;
      case 13:
        return Symbology::kEan13;
      default:
        return Symbology::kGtin14;
    }
  }
  return text.size() == 8 && ExpandUpcE(text) ? Symbology::kUpcE : Symbology::kUnknown;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

base::Expected<ScannedCode> ParseScan(std::string_view raw) {
  if (raw.size() > kLongestCode) {
    return base::Fail(DomainErrc::kBadBarcode, std::to_string(raw.size()) + " characters are too many");
  }
  std::string_view text = Trim(raw);
  Symbology symbology = Symbology::kUnknown;
  std::string aim;
  if (HasAim(text)) {
    aim = text.substr(0, 3);
    symbology = FromAim(aim);
    text.remove_prefix(3);
  }
  if (text.empty()) return base::Fail(DomainErrc::kBadBarcode, "nothing was read");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != kGroupSeparator) || byte == 0x7F) {
      return base::Fail(DomainErrc::kBadBarcode, "control characters in the code");
    }
  }
  if (!IsValidUtf8(text)) return base::Fail(DomainErrc::kBadBarcode, "not UTF-8");
  if (!TakeEan(aim, text)) {
    return base::Fail(DomainErrc::kBadBarcode, std::string(text) + " does not end with the right check digit");
  }
  if (symbology == Symbology::kUnknown) symbology = FromShape(text);
  const bool gs1 = SaysGs1(aim);
  return ScannedCode{std::string(text), symbology, std::move(aim), gs1};
}

std::string_view SymbologyName(Symbology symbology) {
  switch (symbology) {
    case Symbology::kUnknown:
      return "unknown";
    case Symbology::kEan8:
      return "EAN-8";
    case Symbology::kEan13:
      return "EAN-13";
    case Symbology::kUpcA:
      return "UPC-A";
    case Symbology::kUpcE:
      return "UPC-E";
    case Symbology::kGtin14:
      return "GTIN-14";
    case Symbology::kCode128:
      return "Code 128";
    case Symbology::kQr:
      return "QR";
    case Symbology::kDataMatrix:
      return "DataMatrix";
    case Symbology::kDataBar:
      return "DataBar";
    case Symbology::kCode39:
      return "Code 39";
    case Symbology::kItf:
      return "ITF";
    case Symbology::kPdf417:
      return "PDF417";
    case Symbology::kAztec:
      return "Aztec";
    case Symbology::kDotCode:
      return "DotCode";
  }
  return "unknown";
}

std::optional<char> CheckDigit(std::string_view digits) {
  if (!AllDigits(digits)) return std::nullopt;
  int sum = 0;
  int weight = 3;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
    sum += (*it - '0') * weight;
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool IsGtin(std::string_view code) {
  if (code.size() != 8 && code.size() != 12 && code.size() != 13 && code.size() != 14) return false;
  return CheckDigit(code.substr(0, code.size() - 1)) == code.back();
}

std::optional<std::string> ExpandUpcE(std::string_view code) {
  if (code.size() != 8 || !AllDigits(code) || code[0] > '1') return std::nullopt;
  const std::string_view d = code.substr(1, 6);
  std::string upc(1, code[0]);
  const auto part = [&](size_t from, size_t count) { upc.append(d.substr(from, count)); };
  switch (d[5]) {
    case '0':
    case '1':
    case '2':
      part(0, 2);
      upc += d[5];
      upc += "0000";
      part(2, 3);
      break;
    case '3':
      part(0, 3);
      upc += "00000";
      part(3, 2);
      break;
    case '4':
      part(0, 4);
      upc += "00000";
      part(4, 1);
      break;
    default:
      part(0, 5);
      upc += "0000";
      part(5, 1);
  }
  if (CheckDigit(upc) != code[7]) return std::nullopt;
  return upc + code[7];
}

std::vector<std::string> LookupCandidates(const ScannedCode& code) {
  std::vector<std::string> candidates{code.text};
  const auto add = [&candidates](std::string text) {
    if (std::find(candidates.begin(), candidates.end(), text) == candidates.end()) {
      candidates.push_back(std::move(text));
    }
  };
  const std::string& text = code.text;
  if (IsGtin(text)) {
    if (text.size() == 12) add("0" + text);
    if (text.size() == 13 && text[0] == '0') add(text.substr(1));
    if (text.size() == 14) {
      if (text[0] == '0') add(text.substr(1));
      if (text.starts_with("00")) add(text.substr(2));
      if (text.starts_with("000000")) add(text.substr(6));
    }
    if (text.size() == 13) add("0" + text);
  }
  if (const auto upc = ExpandUpcE(text)) {
    add(*upc);
    add("0" + *upc);
  }
  return candidates;
}

}  // namespace evertill::domain
