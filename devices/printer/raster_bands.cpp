#include "devices/printer/raster_bands.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "app/base/check.h"

namespace evertill::devices::printer {
namespace {

constexpr uint8_t kDle = 0x10;
constexpr uint8_t kDleWithNeighbour = 0x18;  // the same dot and the one to its right
constexpr int kMaxFeed = 255;                // ESC J takes one byte
/// What one more band is worth saving, in bytes: its header of eight, and the pause between bands on slow heads.
constexpr int64_t kBandCost = 40;
constexpr int64_t kFeedCost = 3;

bool StartsRealTimeCommand(uint8_t first, uint8_t second) {
  return first == kDle && (second == 0x04 || second == 0x05 || second == 0x14);
}

/// Bytes of a row up to its last ink.
size_t InkBytes(std::span<const uint8_t> row) {
  size_t used = row.size();
  while (used > 0 && row[used - 1] == 0) --used;
  return used;
}

struct Step {
  int from = 0;      ///< First row.
  size_t bytes = 0;  ///< Width of the band; 0 is a feed.
};

/// Where to cut rows into bands and feeds, so that the fewest bytes leave. Shortest path over rows: `arrived[i]` tells
/// the last step of the cheapest way to have printed the rows before i.
std::vector<Step> PlanSteps(const std::vector<size_t>& ink, int band_rows) {
  const int rows = static_cast<int>(ink.size());
  std::vector<int64_t> cost(ink.size() + 1, std::numeric_limits<int64_t>::max());
  std::vector<Step> arrived(ink.size() + 1);
  cost[0] = 0;
  const auto relax = [&](int from, int to, int64_t price, size_t bytes) {
    if (cost[static_cast<size_t>(from)] + price >= cost[static_cast<size_t>(to)]) return;
    cost[static_cast<size_t>(to)] = cost[static_cast<size_t>(from)] + price;
    arrived[static_cast<size_t>(to)] = {from, bytes};
  };
  for (int from = 0; from < rows; ++from) {
    if (cost[static_cast<size_t>(from)] == std::numeric_limits<int64_t>::max()) continue;
    if (ink[static_cast<size_t>(from)] == 0) {
      int to = from;
      while (to < rows && ink[static_cast<size_t>(to)] == 0) ++to;
      relax(from, to, kFeedCost * ((to - from + kMaxFeed - 1) / kMaxFeed), 0);
      continue;
    }
    size_t bytes = 0;
    for (int to = from + 1; to <= std::min(rows, from + band_rows); ++to) {
      bytes = std::max(bytes, ink[static_cast<size_t>(to) - 1]);
      relax(from, to, kBandCost + static_cast<int64_t>(bytes) * (to - from), bytes);
    }
  }
  return arrived;
}

void AppendFeed(std::string& out, int rows) {
  for (; rows > 0; rows -= kMaxFeed) {
    out += "\x1BJ";
    out += static_cast<char>(std::min(rows, kMaxFeed));
  }
}

void AppendBand(std::string& out, const render::Bitmap& bitmap, int from, int to, size_t bytes) {
  const auto rows = static_cast<unsigned>(to - from);
  out.append("\x1Dv0\0", 4);
  out += static_cast<char>(bytes & 0xFF);
  out += static_cast<char>(bytes >> 8);
  out += static_cast<char>(rows & 0xFF);
  out += static_cast<char>(rows >> 8);
  for (int y = from; y < to; ++y) out.append(reinterpret_cast<const char*>(bitmap.Row(y).data()), bytes);
}

/// AppendBand() in as many pieces as keep a real-time command from forming where two rows meet.
void AppendSafeBand(std::string& out, const render::Bitmap& bitmap, int from, int to, size_t bytes) {
  int start = from;
  for (int y = from + 1; y < to; ++y) {
    if (!StartsRealTimeCommand(bitmap.Row(y - 1)[bytes - 1], bitmap.Row(y)[0])) continue;
    AppendBand(out, bitmap, start, y, bytes);
    start = y;
  }
  AppendBand(out, bitmap, start, to, bytes);
}

}  // namespace

render::Bitmap WithoutRealTimeCommands(render::Bitmap rows) {
  for (int y = 0; y < rows.Height(); ++y) {
    const auto row = rows.Row(y);
    for (size_t i = 0; i + 1 < row.size(); ++i) {
      if (StartsRealTimeCommand(row[i], row[i + 1])) row[i] = kDleWithNeighbour;
    }
  }
  return rows;
}

void AppendRaster(std::string& out, const render::Bitmap& rows, int band_rows) {
  EVERTILL_CHECK(band_rows >= 1 && band_rows <= 2303);
  const render::Bitmap safe = WithoutRealTimeCommands(rows);
  std::vector<size_t> ink(static_cast<size_t>(safe.Height()));
  for (int y = 0; y < safe.Height(); ++y) ink[static_cast<size_t>(y)] = InkBytes(safe.Row(y));
  const std::vector<Step> arrived = PlanSteps(ink, band_rows);
  std::vector<int> ends;
  for (int at = safe.Height(); at > 0; at = arrived[static_cast<size_t>(at)].from) ends.push_back(at);
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    const Step& step = arrived[static_cast<size_t>(*end)];
    if (step.bytes == 0) {
      AppendFeed(out, *end - step.from);
    } else {
      AppendSafeBand(out, safe, step.from, *end, step.bytes);
    }
  }
}

}  // namespace evertill::devices::printer
