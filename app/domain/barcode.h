#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"

namespace evertill::domain {

/// What a scanner said a code is, or what its length and check digit make of it.
enum class Symbology {
  kUnknown,
  kEan8,
  kEan13,
  kUpcA,
  kUpcE,
  kGtin14,
  kCode128,
  kQr,
  kDataMatrix,
  kDataBar,
  kCode39,
  kItf,
  kPdf417,
  kAztec,
  kDotCode,
};
/// For people who look into scanners, not for cashiers: "EAN-13".
[[nodiscard]] std::string_view SymbologyName(Symbology symbology);

/// One scan, cleaned: without AIM identifier, surrounding blanks and line ends.
struct ScannedCode {
  std::string text;
  Symbology symbology = Symbology::kUnknown;
  std::string aim = {};  ///< the AIM identifier that was taken off, "]C1"; empty where none was sent
  bool gs1 = false;      ///< the scanner said that it is a GS1 code: ]C1, ]e0, ]d2, ]Q3 or ]J1
};

/// Longest code accepted: a signed card is 141 characters, a receipt's QR below 1,000.
inline constexpr size_t kLongestCode = 1024;

/// Reads what a scanner or keyboard sent. An AIM identifier ("]E0", "]C1", "]Q1" …, ISO/IEC 15424) is taken off and
/// remembered; the add-on of two or five digits behind an EAN-13 (]E3) goes with it. kBadBarcode when nothing is left,
/// on control characters (other than FNC1/GS inside GS1 codes), invalid UTF-8, more than kLongestCode bytes, or when
/// the scanner says that it is an EAN code (]E0, ]E3, ]E4) and it does not end with the right check digit.
[[nodiscard]] base::Expected<ScannedCode> ParseScan(std::string_view raw);

/// The GS1 check digit ('0'–'9') of the digits before it: weights 3,1 from the right, mod 10 (GS1 General
/// Specifications 7.9.1). Nothing when `digits` is empty or has a non-digit.
[[nodiscard]] std::optional<char> CheckDigit(std::string_view digits);

/// True when `code` is 8, 12, 13 or 14 digits of which the last is the right check digit.
[[nodiscard]] bool IsGtin(std::string_view code);

/// The 12-digit UPC-A of an 8-digit UPC-E with number system 0 or 1 and a right check digit; nothing otherwise.
[[nodiscard]] std::optional<std::string> ExpandUpcE(std::string_view code);

/// What to look up, best first: the code as written, always; then other ways to write the same GTIN (UPC-A as EAN-13
/// with a leading zero and back, GTIN-14 without its leading zeros, UPC-E expanded).
[[nodiscard]] std::vector<std::string> LookupCandidates(const ScannedCode& code);

}  // namespace evertill::domain
