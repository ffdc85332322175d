#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "devices/printer/status_demux.h"

/// What a printer says, in portions of any size: the same events as at once.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace evertill::devices::printer;
  if (size == 0) return 0;
  const size_t portion = data[0] % 7 + 1;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  StatusDemux whole;
  const std::vector<StatusEvent> expected = whole.Take(bytes);
  StatusDemux pieces;
  std::vector<StatusEvent> got;
  for (size_t at = 0; at < bytes.size(); at += portion) {
    for (auto& event : pieces.Take(bytes.substr(at, portion))) got.push_back(std::move(event));
  }
  if (got != expected) std::abort();
  for (const auto& event : expected) {
    const auto* block = std::get_if<BlockEvent>(&event);
    if (block != nullptr && block->data.size() > StatusDemux::kMaxBlock) std::abort();
    const auto* completion = std::get_if<CompletionEvent>(&event);
    if (completion != nullptr && completion->id.size() != 4) std::abort();
  }
  return 0;
}
