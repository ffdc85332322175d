#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/domain/scan_patterns.h"

/// Anything that a scanner may send: what is understood must be what it says, whatever the patterns.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace evertill::domain;
  using Meaning = ScanPattern::Meaning;
  static const ScanPatterns kPatterns{{Meaning::kWeight, "21.....{NNDDD}"},
                                      {Meaning::kPrice, "23.....{NNNDD}"},
                                      {Meaning::kPrice, "29....V{NNNDD}"},
                                      {Meaning::kCount, "2.......{NNNN}"}};
  static const Currency kBaht = *Currency::Find("THB");
  const auto code = ParseScan({reinterpret_cast<const char*>(data), size});
  if (!code) return 0;
  if (code->text.empty() || code->text.size() > kLongestCode) std::abort();
  const bool ean = code->aim == "]E0" || code->aim == "]E3" || code->aim == "]E4";
  if (ean && !IsGtin(code->text) && !ExpandUpcE(code->text)) std::abort();
  if (LookupCandidates(*code).front() != code->text) std::abort();
  const auto meaning = Understand(*code, kPatterns, kBaht, 2026);
  if (!meaning || !*meaning) return 0;
  const ScanMeaning& found = **meaning;
  if (found.weight && *found.weight <= Quantity()) std::abort();
  if (found.count && *found.count <= 0) std::abort();
  if (found.price && found.price->Minor() <= 0) std::abort();
  if (!found.gs1.gtin.empty() && !IsGtin(found.gs1.gtin)) std::abort();
  if (found.gs1.elements.empty() && !IsGtin(code->text)) std::abort();  // by a pattern: the check digit was right
  return 0;
}
