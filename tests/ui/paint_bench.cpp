#include <catch2/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/ui/probe_run.h"
#include "tests/ui/screen.h"

using namespace evertill::tests;
using namespace std::chrono_literals;

namespace {

constexpr int kScans = 300;
constexpr double kP90Ms = 25;
constexpr double kP99Ms = 50;

/// Milliseconds from each scan to the frame that shows it.
std::vector<double> ReadTrace(const std::string& path) {
  std::map<int, long long> scanned;
  std::vector<double> took;
  std::ifstream file(path);
  std::string what;
  int number = 0;
  long long at = 0;
  while (file >> what >> number >> at) {
    if (what == "scan") scanned[number] = at;
    if (what == "painted") took.push_back(static_cast<double>(at - scanned[number]) / 1e6);
  }
  return took;
}

std::vector<std::string> Split(const char* text) {
  std::vector<std::string> parts;
  std::istringstream in(text != nullptr ? text : "");
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  return parts;
}

}  // namespace

TEST_CASE("Bench: from scan to painted line", "[.][bench]") {
  const std::string trace = "/tmp/evertill-ui-trace-" + std::to_string(getpid());
  Screen screen;
  screen.UseLayout("us");
  // The real till on a real catalogue where the bench hands one over; the window on a counter in memory otherwise.
  const char* data = std::getenv("EVERTILL_BENCH_DATA");
  const std::vector<std::string> codes =
      data != nullptr ? Split(std::getenv("EVERTILL_BENCH_CODES"))
                      : std::vector<std::string>{"8850000000017", "8850000000024", "8930000000031", "8850999320014"};
  {
    const Screen::Area in_bar{400, 4, 1, 1};
    const auto dark = [&] { return screen.Pixels(in_bar) == std::vector<uint32_t>{0x0D1424}; };
    const std::vector<std::string> traced{"EVERTILL_UI_TRACE=" + trace};
    ProbeRun till = data != nullptr ? ProbeRun(EVERTILL_PROGRAM, {"--data-dir", data}, traced, dark)
                                    : ProbeRun(EVERTILL_UI_PROBE, {}, traced);
    for (int i = 0; i < kScans; ++i) {
      screen.Scan(codes[static_cast<size_t>(i) % codes.size()]);
      std::this_thread::sleep_for(60ms + std::chrono::milliseconds(i * 7 % 31));  // not in step with the frames
    }
    (void)Eventually([&] { return ReadTrace(trace).size() >= kScans; });
  }
  std::vector<double> took = ReadTrace(trace);
  unlink(trace.c_str());
  REQUIRE(took.size() == kScans);
  std::sort(took.begin(), took.end());
  const double p50 = took[kScans / 2];
  const double p90 = took[kScans * 90 / 100];
  const double p99 = took[kScans * 99 / 100];
  std::printf("scan to painted line, %d scans: p50 %.1f ms, p90 %.1f ms (%.2f of the limit), p99 %.1f ms (%.2f)\n",
              kScans, p50, p90, p90 / kP90Ms, p99, p99 / kP99Ms);
  CHECK(p90 <= kP90Ms);
  CHECK(p99 <= kP99Ms);
}
