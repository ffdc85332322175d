// Receipts as bytes: how fast, how many bytes, and whether memory grows. `bench_print text SECONDS` prints how many
// 30-line ASCII receipts a second are encoded (bench.py compares that with npm's encoder on the same lines);
// `bench_print lines` prints those lines; without words it measures the raster receipt and the heap.

#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "devices/printer/escpos_encoder.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill {
namespace {

using namespace domain;
using Timer = std::chrono::steady_clock;

constexpr double kLimitMs = 15;
constexpr double kLimitKb = 35;
constexpr double kLimitHeapKb = 64;

double Since(Timer::time_point start) {
  return std::chrono::duration<double>(Timer::now() - start).count();
}

/// Processor time of this thread: what others do on the machine is not counted.
double ProcessorMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

ReceiptDocument AsciiReceipt() {
  ReceiptDocument receipt;
  receipt.Add(TextElement{"BAAN SUAN MINI MART", {TextSize::kNormal, true}, TextAlign::kCenter})
      .Add(TextElement{"88/12 Sukhumvit 71, Bangkok 10110", {}, TextAlign::kCenter})
      .Add(TextElement{"Tel. 02-123-4567", {}, TextAlign::kCenter})
      .Add(RuleElement{});
  for (int i = 1; i <= 20; ++i) {
    receipt.Add(
        ColumnsElement{"Fresh milk pasteurised 830 ml no. " + std::to_string(i), std::to_string(40 + i) + ".50"});
  }
  receipt.Add(RuleElement{})
      .Add(ColumnsElement{"TOTAL", "1,020.00", {TextSize::kNormal, true}})
      .Add(ColumnsElement{"Cash", "1,100.00"})
      .Add(ColumnsElement{"Change", "80.00"})
      .Add(RuleElement{})
      .Add(TextElement{"Thank you, see you soon", {}, TextAlign::kCenter})
      .Add(CutElement{});
  return receipt;
}

devices::printer::PrinterProfile TextProfile() {
  devices::printer::PrinterProfile profile;
  profile.text_mode = devices::printer::TextMode::kAscii;
  return profile;
}

size_t Encode(const ReceiptDocument& document, const devices::printer::PrinterProfile& profile) {
  const auto bytes = devices::printer::EncodeReceipt(document, profile);
  if (!bytes) {
    std::fprintf(stderr, "bench_print: %s\n", bytes.error().ToString().c_str());
    std::exit(1);
  }
  return bytes->size();
}

int TextRate(double seconds) {
  const ReceiptDocument receipt = AsciiReceipt();
  const auto profile = TextProfile();
  const auto start = Timer::now();
  size_t done = 0;
  size_t bytes = 0;
  while (Since(start) < seconds) {
    for (int i = 0; i < 500; ++i, ++done) bytes += Encode(receipt, profile);
  }
  std::printf("%.1f receipts/s, %zu bytes each\n", static_cast<double>(done) / Since(start), bytes / done);
  return 0;
}

int Lines() {
  const auto bytes = devices::printer::EncodeReceipt(AsciiReceipt(), TextProfile());
  std::fwrite(bytes->data(), 1, bytes->size(), stdout);
  return 0;
}

bool Report(const char* name, double value, double limit, const char* unit) {
  std::printf("%-44s %10.2f %-10s limit %8.2f  ratio %.2f%s\n", name, value, unit, limit, value / limit,
              value <= limit ? "" : "  MISSED");
  return value <= limit;
}

double LiveHeapKb() {
  return static_cast<double>(mallinfo2().uordblks) / 1024;
}

/// One receipt after the other with different numbers, as a till prints them.
void PrintMany(int count) {
  const auto profile = TextProfile();
  for (int i = 0; i < count; ++i) {
    ReceiptDocument receipt = test::SampleReceipt();
    receipt.Add(ColumnsElement{"S01-L03-" + std::to_string(100000 + i), std::to_string(i) + ".25"});
    (void)Encode(receipt, {});
    (void)Encode(AsciiReceipt(), profile);
  }
}

int Measure() {
  const ReceiptDocument receipt = test::SampleReceipt();
  const size_t bytes = Encode(receipt, {});
  std::vector<double> times;
  for (int i = 0; i < 100; ++i) {
    const double start = ProcessorMs();
    (void)Encode(receipt, {});
    times.push_back(ProcessorMs() - start);
  }
  std::sort(times.begin(), times.end());
  bool good = Report("30 lines Thai and Vietnamese, processor time", times[50], kLimitMs, "ms");
  good = Report("30 lines Thai and Vietnamese, on the wire", static_cast<double>(bytes) / 1000, kLimitKb, "kB") && good;
  PrintMany(1000);
  const double before = LiveHeapKb();
  PrintMany(9000);
  good = Report("live heap, receipt 10,000 less receipt 1,000", LiveHeapKb() - before, kLimitHeapKb, "kB") && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace evertill

int main(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word == "text") return evertill::TextRate(argc > 2 ? std::atof(argv[2]) : 1);
  if (word == "lines") return evertill::Lines();
  return evertill::Measure();
}
