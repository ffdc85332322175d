#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/domain/barcode.h"
#include "app/domain/gs1.h"

/// GS1 Digital Links: what is read has the form of one, and its GTIN is right.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace evertill::domain;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto link = ParseDigitalLink(text, 2026);
  if (!link) return 0;
  if (!IsDigitalLink(text) || link->elements.empty()) std::abort();
  if (!link->gtin.empty() && !IsGtin(link->gtin)) std::abort();
  return 0;
}
