#include "devices/printer/raster_bands.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "app/base/check.h"
#include "devices/printer/column_strip.h"

namespace evertill::devices::printer {
namespace {

constexpr uint8_t kDle = 0x10;
constexpr uint8_t kDleWithNeighbour = 0x18;  // the same dot and the one to its right
constexpr int kMaxFeed = 255;                // ESC J takes one byte
constexpr int kMaxBandRows = 2303;
/// What one more band is worth saving, in bytes: its header of eight, and the pause between bands on slow heads.
constexpr int kBandCost = 24;
constexpr int kFeedCost = 3;
/// The feed behind a column image, and that it is a line of its own for the printer.
constexpr int kStripCost = 16;
constexpr int kJustifyCost = 3;  // ESC a n
constexpr int kUnreached = std::numeric_limits<int>::max() / 2;

/// A width of 04 10 in hexadecimal would read as a real-time command: one dot less takes as many bytes.
constexpr size_t kDangerousDots = 0x0410;

/// What of a row is sent. Sides are counted in whole bytes.
enum Mode : uint8_t { kFromLeft, kCentred };
constexpr int kModes = 2;

/// Ink of a row, in bytes from each margin.
struct Ink {
  int left = 0;   ///< White bytes before it.
  int right = 0;  ///< White bytes after it.
};

/// A run of rows that is sent alike. `skip` bytes at the left (and, centred, at the right) stay here.
struct Band {
  int from = 0;
  int to = 0;
  int skip = 0;
  int bytes = 0;  ///< 0 is a feed.
  Mode mode = kFromLeft;
  bool columns = false;  ///< A column image instead of rows.
};

std::vector<Ink> MeasureInk(const render::Bitmap& rows) {
  std::vector<Ink> ink(static_cast<size_t>(rows.Height()));
  for (int y = 0; y < rows.Height(); ++y) {
    const auto row = rows.Row(y);
    const auto is_ink = [](uint8_t byte) { return byte != 0; };
    const auto first = std::find_if(row.begin(), row.end(), is_ink);
    const auto last = std::find_if(row.rbegin(), row.rend(), is_ink);
    ink[static_cast<size_t>(y)] = {static_cast<int>(first - row.begin()), static_cast<int>(last - row.rbegin())};
  }
  return ink;
}

/// Finds where to cut rows into bands and feeds so that the fewest bytes leave: the shortest path over rows, with the
/// printer's justification as a second coordinate.
class Planner {
 public:
  Planner(const render::Bitmap& rows, const std::vector<Ink>& ink, const RasterOptions& options)
      : rows_(rows),
        ink_(ink),
        stride_(static_cast<int>(rows.Stride())),
        options_(options),
        cost_(ink.size() + 1, {kUnreached, kUnreached}),
        arrived_(ink.size() + 1) {}

  std::vector<Band> Plan() {
    const int rows = static_cast<int>(ink_.size());
    cost_[0][kFromLeft] = 0;
    for (int from = 0; from < rows; ++from) {
      ChooseEntry(At(from)[kFromLeft], At(from)[kCentred]);
      if (ink_[static_cast<size_t>(from)].left == stride_) {
        Feed(from, rows);
      } else {
        Bands(from, std::min(rows, from + options_.band_rows));
        if (options_.column_images && from + kStripRows <= rows) Strip(from);
      }
    }
    return Collect(rows);
  }

 private:
  struct Arrival {
    Band band;
    Mode before = kFromLeft;  ///< The mode in which the band's first row was reached.
  };

  std::array<int, kModes>& At(int row) { return cost_[static_cast<size_t>(row)]; }

  /// What it costs to start a band in each mode where arriving costs this much, and from which mode that is reached.
  void ChooseEntry(int left, int centred) {
    enter_[kFromLeft] = std::min(left, centred + kJustifyCost);
    before_[kFromLeft] = left <= centred + kJustifyCost ? kFromLeft : kCentred;
    enter_[kCentred] = options_.justifies ? std::min(centred, left + kJustifyCost) : kUnreached;
    before_[kCentred] = centred <= left + kJustifyCost ? kCentred : kFromLeft;
  }

  void Reach(const Band& band, Mode before, int cost) {
    int& best = At(band.to)[band.mode];
    if (cost >= best) return;
    best = cost;
    arrived_[static_cast<size_t>(band.to)][band.mode] = {band, before};
  }

  void Feed(int from, int rows) {
    int to = from;
    while (to < rows && ink_[static_cast<size_t>(to)].left == stride_) ++to;
    const int price = kFeedCost * ((to - from + kMaxFeed - 1) / kMaxFeed);
    const auto here = At(from);
    for (const Mode mode : {kFromLeft, kCentred}) {
      if (here[mode] < kUnreached) Reach({from, to, 0, 0, mode}, mode, here[mode] + price);
    }
  }

  void Bands(int from, int end) {
    int left = stride_;
    int right = stride_;
    for (int to = from + 1; to <= end; ++to) {
      left = std::min(left, ink_[static_cast<size_t>(to) - 1].left);
      right = std::min(right, ink_[static_cast<size_t>(to) - 1].right);
      const int height = to - from;
      const int bytes = stride_ - right;
      Reach({from, to, 0, bytes, kFromLeft}, before_[kFromLeft], enter_[kFromLeft] + kBandCost + bytes * height);
      if (enter_[kCentred] >= kUnreached) continue;
      const int skip = std::min(left, right);
      const int middle = stride_ - 2 * skip;
      Reach({from, to, skip, middle, kCentred}, before_[kCentred], enter_[kCentred] + kBandCost + middle * height);
    }
  }

  /// A column image is always as high as the printer makes it: a shorter feed would let lines overlap.
  void Strip(int from) {
    strip_.Clear();
    for (int y = from; y < from + kStripRows; ++y) strip_.Add(rows_.Row(y));
    Reach({from, from + kStripRows, 0, 0, kFromLeft, true}, before_[kFromLeft],
          enter_[kFromLeft] + kStripCost + strip_.Bytes());
  }

  std::vector<Band> Collect(int rows) {
    std::vector<Band> bands;
    Mode mode = At(rows)[kFromLeft] <= At(rows)[kCentred] + kJustifyCost ? kFromLeft : kCentred;
    for (int at = rows; at > 0;) {
      const Arrival& arrival = arrived_[static_cast<size_t>(at)][mode];
      bands.push_back(arrival.band);
      at = arrival.band.from;
      mode = arrival.before;
    }
    std::reverse(bands.begin(), bands.end());
    return bands;
  }

  const render::Bitmap& rows_;
  const std::vector<Ink>& ink_;
  const int stride_;
  const RasterOptions& options_;
  std::vector<std::array<int, kModes>> cost_;
  std::vector<std::array<Arrival, kModes>> arrived_;
  std::array<int, kModes> enter_{};
  std::array<Mode, kModes> before_{};
  InkColumns strip_;
};

void AppendFeed(std::string& out, int rows) {
  for (; rows > 0; rows -= kMaxFeed) {
    out += "\x1BJ";
    out += static_cast<char>(std::min(rows, kMaxFeed));
  }
}

void AppendWord(std::string& out, size_t value) {
  out += static_cast<char>(value & 0xFF);
  out += static_cast<char>((value >> 8) & 0xFF);
}

/// What stands before the rows of a band.
std::string Header(RasterCommand command, size_t bytes, size_t rows) {
  using namespace std::string_literals;
  constexpr size_t kParameters = 10;
  std::string head;
  if (command == RasterCommand::kGsV0) {
    head = "\x1Dv0\0"s;
    AppendWord(head, bytes);
    AppendWord(head, rows);
    return head;
  }
  const size_t length = kParameters + bytes * rows;
  head = command == RasterCommand::kGsParenL ? "\x1D(L"s : "\x1D"s + "8L";
  AppendWord(head, length);
  if (command == RasterCommand::kGs8L) AppendWord(head, length >> 16);
  head += "0p0\x01\x01"s + "1";  // keep a one-colour raster picture as it is
  const size_t dots = bytes * 8;
  AppendWord(head, dots == kDangerousDots ? dots - 1 : dots);
  AppendWord(head, rows);
  return head;
}

/// Writes bands so that no real-time command forms.
class BandWriter {
 public:
  BandWriter(std::string& out, const render::Bitmap& rows, RasterCommand command)
      : out_(out), rows_(rows), command_(command) {}

  void Write(const Band& band) {
    Justify(band.mode);
    if (band.columns) return AppendColumns(out_, rows_, band.from);
    if (band.bytes == 0) return AppendFeed(out_, band.to - band.from);
    const auto first = static_cast<size_t>(band.skip);
    const size_t last = first + static_cast<size_t>(band.bytes) - 1;
    int start = band.from;
    for (int y = band.from + 1; y < band.to; ++y) {
      if (!StartsRealTimeCommand(rows_.Row(y - 1)[last], rows_.Row(y)[first])) continue;
      WriteRows(band, start, y);
      start = y;
    }
    WriteRows(band, start, band.to);
  }

  void Justify(Mode mode) {
    if (mode == mode_) return;
    out_ += mode == kCentred ? std::string_view("\x1B\x61\x01", 3) : std::string_view("\x1B\x61\0", 3);
    mode_ = mode;
  }

 private:
  void WriteRows(const Band& band, int from, int to) {
    // Sizes too may look like a command: 1040 rows are 10 04.
    const std::string head = Header(command_, static_cast<size_t>(band.bytes), static_cast<size_t>(to - from));
    for (size_t i = 0; i + 1 < head.size() && to - from > 1; ++i) {
      if (!StartsRealTimeCommand(static_cast<uint8_t>(head[i]), static_cast<uint8_t>(head[i + 1]))) continue;
      WriteRows(band, from, to - 1);
      return WriteRows(band, to - 1, to);
    }
    out_ += head;
    for (int y = from; y < to; ++y) {
      out_.append(reinterpret_cast<const char*>(rows_.Row(y).data()) + band.skip, static_cast<size_t>(band.bytes));
    }
    if (command_ != RasterCommand::kGsV0) out_.append("\x1D(L\x02\0\x30\x32", 7);  // print it
  }

  std::string& out_;
  const render::Bitmap& rows_;
  const RasterCommand command_;
  Mode mode_ = kFromLeft;
};

}  // namespace

bool StartsRealTimeCommand(uint8_t first, uint8_t second) {
  return first == kDle && (second == 0x04 || second == 0x05 || second == 0x14);
}

render::Bitmap WithoutRealTimeCommands(render::Bitmap rows) {
  for (int y = 0; y < rows.Height(); ++y) {
    const auto row = rows.Row(y);
    for (size_t i = 0; i + 1 < row.size(); ++i) {
      if (StartsRealTimeCommand(row[i], row[i + 1])) row[i] = kDleWithNeighbour;
    }
  }
  return rows;
}

void AppendRaster(std::string& out, const render::Bitmap& rows, const RasterOptions& options) {
  constexpr int kGsParenLBytes = 65525;
  EVERTILL_CHECK(options.band_rows >= 1 && options.band_rows <= kMaxBandRows);
  const render::Bitmap safe = WithoutRealTimeCommands(rows);
  RasterOptions usable = options;
  usable.justifies = options.justifies && safe.Width() % 8 == 0;
  if (options.command == RasterCommand::kGsParenL) {
    usable.band_rows = std::min(options.band_rows, kGsParenLBytes / std::max(static_cast<int>(safe.Stride()), 1));
  }
  const std::vector<Ink> ink = MeasureInk(safe);
  BandWriter writer(out, safe, options.command);
  for (const Band& band : Planner(safe, ink, usable).Plan()) writer.Write(band);
  writer.Justify(kFromLeft);
}

}  // namespace evertill::devices::printer
