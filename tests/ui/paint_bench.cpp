#include <catch2/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
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

}  // namespace

TEST_CASE("Bench: from scan to painted line", "[.][bench]") {
  const std::string trace = "/tmp/evertill-ui-trace-" + std::to_string(getpid());
  Screen screen;
  screen.UseLayout("us");
  {
    ProbeRun till(EVERTILL_UI_PROBE, {}, {"EVERTILL_UI_TRACE=" + trace});
    const char* codes[] = {"8850000000017", "8850000000024", "8930000000031", "2100001008420", "8850999320014"};
    for (int i = 0; i < kScans; ++i) {
      screen.Scan(codes[i % 5]);
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
