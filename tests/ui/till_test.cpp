#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/ui/probe_run.h"
#include "tests/ui/screen.h"

using namespace evertill::tests;
using namespace std::chrono_literals;

namespace {

/// A directory that is gone afterwards.
class TemporaryDir {
 public:
  TemporaryDir() : path_("/tmp/evertill-ui-till-" + std::to_string(getpid())) { std::filesystem::remove_all(path_); }
  ~TemporaryDir() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& Path() const { return path_; }

 private:
  std::string path_;
};

/// What a command prints.
std::string OutputOf(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  char part[4096];
  for (size_t got = 0; (got = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, got);
  CHECK(pclose(pipe) == 0);
  return text;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Till: points used with one key on the screen are in the books", "[ui][till][points]") {
  Screen screen;
  screen.UseLayout("us");
  const TemporaryDir data;
  const Screen::Area left{13, 65, 734, 720};
  const Screen::Area in_bar{400, 4, 1, 1};
  const auto dark = [&] { return screen.Pixels(in_bar) == std::vector<uint32_t>{0x0D1424}; };
  const std::string control = std::string(EVERTILL_CONTROL) + " --json --data-dir " + data.Path();
  {
    ProbeRun till(EVERTILL_PROGRAM, {"--data-dir", data.Path(), "--demo"}, {}, dark);
    CHECK(till.Terminate() == 0);
  }
  const std::string first = R"({"enrol":{"name":"Linh","phone":"0812345678","consent":["points"]}}
{"scan":"8850511058609"}
{"qty":20}
{"tender":{"cash":"exact"}}
)";  // 20 × 219.00 earns 175 points
  CHECK(Contains(OutputOf("printf '%s' '" + first + "' | " + control + " play -"), R"("points":175)"));
  {
    ProbeRun till(EVERTILL_PROGRAM, {"--data-dir", data.Path()}, {}, dark);
    auto shown = screen.Pixels(left);
    const auto changes = [&] {
      const bool changed = Eventually([&] { return screen.Pixels(left) != shown; });
      std::this_thread::sleep_for(400ms);
      shown = screen.Pixels(left);
      return changed;
    };
    screen.Scan("8850511058609");
    CHECK(changes());
    screen.Type("0812345678", 150ms);
    screen.Enter();
    CHECK(changes());  // points to earn
    screen.Key(kKeyF4);
    CHECK(changes());
    if (const char* folder = std::getenv("EVERTILL_UI_SHOTS"); folder != nullptr) {
      screen.Save(std::string(folder) + "/till-points.png");
    }
    screen.Key(kKeyF9);
    CHECK(changes());
    CHECK(till.Terminate() == 0);
  }
  const std::string receipt = OutputOf(control + " receipt show L03-000002");
  INFO(receipt);
  CHECK(Contains(receipt, R"({"kind":"points","amount":"17.50","given":"17.50"})"));
  CHECK(Contains(receipt, R"({"kind":"cash","amount":"201.50","given":"201.50"})"));
  CHECK(Contains(receipt, R"("before":175,"earned":8,"spent":175,"after":8)"));
}

TEST_CASE("Till: a sale rung on the screen is in the books", "[ui][till]") {
  Screen screen;
  screen.UseLayout("th");
  const TemporaryDir data;
  const Screen::Area in_bar{400, 4, 1, 1};
  const Screen::Area left{13, 65, 734, 720};
  const auto dark = [&] { return screen.Pixels(in_bar) == std::vector<uint32_t>{0x0D1424}; };
  {
    ProbeRun till(EVERTILL_PROGRAM, {"--data-dir", data.Path(), "--demo", "--lang", "th"}, {}, dark);
    auto shown = screen.Pixels(left);
    const auto changes = [&] {
      const bool changed = Eventually([&] { return screen.Pixels(left) != shown; });
      std::this_thread::sleep_for(300ms);
      shown = screen.Pixels(left);
      return changed;
    };
    screen.Scan("8850511058609");  // 219.00
    CHECK(changes());
    screen.Scan("8850511068738");  // 52.00
    CHECK(changes());
    screen.Type("2", 150ms);
    screen.Type("*", 150ms);
    CHECK(changes());
    screen.Type("400", 150ms);
    screen.Key(kKeyF12);
    CHECK(changes());
    if (const char* folder = std::getenv("EVERTILL_UI_SHOTS"); folder != nullptr) {
      screen.Save(std::string(folder) + "/till-paid.png");
    }
    screen.Scan("8850813073010");  // 189.00: a new sale by itself
    CHECK(changes());
    screen.Key(kKeyF9);
    CHECK(changes());
    CHECK(till.Terminate() == 0);
  }
  screen.UseLayout("us");
  const std::string control = std::string(EVERTILL_CONTROL) + " --json --data-dir " + data.Path();
  const std::string list = OutputOf(control + " receipt list");
  INFO(list);
  CHECK(Contains(list, R"("receipt":"L03-000001")"));
  CHECK(Contains(list, R"("total":"323.00")"));
  CHECK(Contains(list, R"("receipt":"L03-000002")"));
  CHECK(Contains(list, R"("total":"189.00")"));
  CHECK_FALSE(Contains(list, "L03-000003"));
}
