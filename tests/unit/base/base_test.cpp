#include <catch2/catch.hpp>

#include <atomic>
#include <set>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/id.h"
#include "app/base/random.h"
#include "app/base/uuid.h"
#include "app/base/worker.h"

using namespace evertill::base;

namespace {

enum class ShelfErrc { kEmpty, kHigh };
std::string_view ErrorName(ShelfErrc code) {
  return code == ShelfErrc::kEmpty ? "shelf_empty" : "shelf_high";
}
enum class DoorErrc { kShut };
std::string_view ErrorName(DoorErrc) {
  return "door_shut";
}

Expected<int> Take(int items) {
  if (items == 0) return Fail(ShelfErrc::kEmpty, "aisle 3");
  return items - 1;
}
Expected<int> TakeTwo(int items) {
  EVERTILL_ASSIGN(const int left, Take(items));
  EVERTILL_ASSIGN(const int rest, Take(left));
  return rest;
}

}  // namespace

TEST_CASE("Error: a code is told from the same number of another library", "[base][error]") {
  const Error error(ShelfErrc::kEmpty, "aisle 3");
  CHECK(error.Is(ShelfErrc::kEmpty));
  CHECK_FALSE(error.Is(ShelfErrc::kHigh));
  CHECK_FALSE(error.Is(DoorErrc::kShut));
  CHECK(error.Name() == "shelf_empty");
  CHECK(error.ToString() == "shelf_empty: aisle 3");
  CHECK(Error(error).Within("store S01").ToString() == "shelf_empty: store S01: aisle 3");
}

TEST_CASE("Expected: the first failure is the one returned", "[base][expected]") {
  CHECK(TakeTwo(3).value() == 1);
  REQUIRE_FALSE(TakeTwo(1));
  CHECK(TakeTwo(1).error().Is(ShelfErrc::kEmpty));
}

TEST_CASE("Uuid: version 7 carries the time, is unique and survives text", "[base][uuid]") {
  ManualClock clock(FromUnixMillis(1'700'000'000'000));
  auto random = MakeSeededRandom(1);
  std::set<Uuid> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(MakeUuidV7(clock, *random));
  CHECK(seen.size() == 1000);
  const Uuid first = *seen.begin();
  CHECK((first.bytes[6] >> 4U) == 7);
  CHECK((first.bytes[8] >> 6U) == 2);
  CHECK(Uuid::Parse(first.ToString()) == first);
  clock.Advance(std::chrono::milliseconds(1));
  CHECK(MakeUuidV7(clock, *random) > *seen.rbegin());
}

TEST_CASE("Uuid: anything but the 36-character form is refused", "[base][uuid]") {
  const std::string good = "018bcfe5-6800-7000-8000-000000000001";
  CHECK(Uuid::Parse(good));
  CHECK_FALSE(Uuid::Parse(""));
  CHECK_FALSE(Uuid::Parse(good.substr(1)));
  CHECK_FALSE(Uuid::Parse(good + "0"));
  CHECK_FALSE(Uuid::Parse("018bcfe5_6800-7000-8000-000000000001"));
  CHECK_FALSE(Uuid::Parse("018bcfe5-6800-7000-8000-00000000000g"));
}

TEST_CASE("Hex: both ways, and garbage is refused", "[base][uuid]") {
  const std::array<uint8_t, 3> bytes{0x00, 0xAB, 0xFF};
  CHECK(ToHex(bytes) == "00abff");
  CHECK(FromHex("00ABff") == std::string("\x00\xAB\xFF", 3));
  CHECK_FALSE(FromHex("abc"));
  CHECK_FALSE(FromHex("zz"));
}

TEST_CASE("Clock: a day of business begins at the zone's midnight", "[base][clock]") {
  const char* const before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  const auto start = [](const char* zone, int64_t ms) {
    ::setenv("TZ", zone, 1);
    ::tzset();
    return FormatUtc(StartOfLocalDay(FromUnixMillis(ms)));
  };
  constexpr int64_t kEvening = 1'795'372'200'000;  // 2026-11-22T18:30:00Z
  CHECK(start("UTC0", kEvening) == "2026-11-22T00:00:00.000Z");
  CHECK(start("<+07>-7", kEvening) == "2026-11-22T17:00:00.000Z");  // past midnight in Bangkok
  CHECK(start("<+0545>-5:45", kEvening) == "2026-11-22T18:15:00.000Z");
  CHECK(start("<+07>-7", kEvening - 2 * 3'600'000) == "2026-11-21T17:00:00.000Z");
  if (before == nullptr) {
    ::unsetenv("TZ");
  } else {
    ::setenv("TZ", kept.c_str(), 1);
  }
  ::tzset();
}

TEST_CASE("Clock: UTC text has milliseconds", "[base][clock]") {
  CHECK(FormatUtc(FromUnixMillis(1'700'000'000'007)) == "2023-11-14T22:13:20.007Z");
  CHECK(FormatUtc(FromUnixMillis(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("Random: Below is within its bound and reaches all of it", "[base][random]") {
  auto random = MakeSeededRandom(7);
  std::set<uint64_t> seen;
  for (int i = 0; i < 500; ++i) seen.insert(random->Below(10));
  CHECK(seen.size() == 10);
  CHECK(*seen.rbegin() == 9);
}

TEST_CASE("Worker: runs in order, and finishes what is queued when it ends", "[base][worker]") {
  std::vector<int> ran;
  std::atomic<int> late{0};
  {
    Worker worker("test");
    for (int i = 0; i < 100; ++i) worker.Post([&ran, i] { ran.push_back(i); });
    worker.Drain();
    REQUIRE(ran.size() == 100);
    CHECK(std::is_sorted(ran.begin(), ran.end()));
    worker.Post([&late] { ++late; });
  }
  CHECK(late == 1);
}
