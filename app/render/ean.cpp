#include "app/render/ean.h"

#include <algorithm>
#include <array>

#include "app/domain/barcode.h"
#include "app/render/render_error.h"

namespace evertill::render {
namespace {

constexpr size_t kEan13Digits = 13;
constexpr size_t kEan8Digits = 8;
constexpr std::string_view kGuard = "101";
constexpr std::string_view kCentre = "01010";
constexpr int kLeastScale = 2;
constexpr int kPreferredScale = 3;
constexpr int kQuietModules = 7;
constexpr int kEan13LeftQuietModules = 11;

/// Number set A. Set C is its complement, set B is set C backwards.
constexpr std::array<std::string_view, 10> kSetA = {"0001101", "0011001", "0010011", "0111101", "0100011",
                                                    "0110001", "0101111", "0111011", "0110111", "0001011"};
/// Which of the six left digits of an EAN-13 are in set B tells its first digit.
constexpr std::array<std::string_view, 10> kLeftSets = {"AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB",
                                                        "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"};

size_t ValueOf(char digit) {
  return static_cast<size_t>(digit - '0');
}

std::string InSet(char digit, char set) {
  std::string modules(kSetA[ValueOf(digit)]);
  if (set != 'A') {
    for (char& module : modules) module = module == '0' ? '1' : '0';
  }
  if (set == 'B') std::reverse(modules.begin(), modules.end());
  return modules;
}

}  // namespace

base::Expected<std::string> WithEanCheckDigit(std::string_view digits) {
  const bool whole = digits.size() == kEan13Digits || digits.size() == kEan8Digits;
  const bool bare = digits.size() == kEan13Digits - 1 || digits.size() == kEan8Digits - 1;
  const auto check = domain::CheckDigit(whole ? digits.substr(0, digits.size() - 1) : digits);
  if ((!whole && !bare) || !check) {
    return base::Fail(RenderErrc::kCodeUnsupported, "an EAN barcode takes 12 or 13, or 7 or 8 digits");
  }
  if (whole && digits.back() != *check) {
    return base::Fail(RenderErrc::kCodeUnsupported,
                      "the check digit of " + std::string(digits) + " should be " + std::string(1, *check));
  }
  return whole ? std::string(digits) : std::string(digits) + *check;
}

base::Expected<std::string> EncodeEan(std::string_view digits) {
  EVERTILL_ASSIGN(const std::string code, WithEanCheckDigit(digits));
  std::string modules(kGuard);
  const bool long_code = code.size() == kEan13Digits;
  const std::string_view sets = long_code ? kLeftSets[ValueOf(code.front())] : "AAAA";
  const std::string_view shown = std::string_view(code).substr(long_code ? 1 : 0);
  for (size_t at = 0; at < shown.size(); ++at) {
    if (at == sets.size()) modules += kCentre;
    modules += InSet(shown[at], at < sets.size() ? sets[at] : 'C');
  }
  return modules.append(kGuard);
}

base::Expected<Bitmap> RenderEan(std::string_view digits, int height, int max_dots) {
  EVERTILL_ASSIGN(const std::string modules, EncodeEan(digits));
  const int left = digits.size() >= kEan13Digits - 1 ? kEan13LeftQuietModules : kQuietModules;
  const int width = left + static_cast<int>(modules.size()) + kQuietModules;
  const int scale = std::min(kPreferredScale, max_dots / width);
  if (scale < kLeastScale) return base::Fail(RenderErrc::kCodeTooLong, "an EAN barcode is too wide for the paper");
  Bitmap bitmap(width * scale, height);
  for (size_t at = 0; at < modules.size(); ++at) {
    if (modules[at] == '1') bitmap.Fill((left + static_cast<int>(at)) * scale, 0, scale, height);
  }
  return bitmap;
}

}  // namespace evertill::render
