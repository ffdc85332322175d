#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "devices/link/link_error.h"
#include "devices/record/control_text.h"
#include "devices/record/link_keeper.h"
#include "devices/record/record_error.h"
#include "devices/record/record_file.h"
#include "devices/record/record_table.h"

namespace evertill::devices::record {
namespace {

using namespace std::string_literals;

TEST_CASE("ControlText: bytes as manuals write them, there and back", "[devices][record]") {
  CHECK(*ParseControlText("<STX>W<CR><x00><xff><DEL><<a") == "\x02W\r\x00\xFF\x7F<a"s);
  CHECK(ToControlText("\x02W\r\x00\xFF<"s) == "<STX>W<CR><NUL><xFF><<");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(*ParseControlText(ToControlText(all)) == all);
}

TEST_CASE("ControlText: what is no byte is refused", "[devices][record]") {
  for (const char* text : {"<STXX>", "<", "<STX", "<x1>", "<xZZ>", "\t", "ก", "<>"}) {
    INFO(text);
    REQUIRE_FALSE(ParseControlText(text));
    CHECK(ParseControlText(text).error().Is(RecordErrc::kInvalid));
  }
}

TEST_CASE("Records: the shop's own goes before the built-in one, and no name leaves its folder", "[devices][record]") {
  std::string pattern = (std::filesystem::temp_directory_path() / "evertill-record-XXXXXX").string();
  const std::filesystem::path folder = mkdtemp(pattern.data());
  std::ofstream(folder / "one.toml") << "mine";
  const BuiltInRecord built_in[] = {{"one", "built"}, {"two", "built"}};
  const std::filesystem::path folders[] = {folder};
  CHECK(FindRecord("one", folders, built_in)->text == "mine");
  CHECK(FindRecord("two", folders, built_in)->text == "built");
  CHECK(RecordNames(folders, built_in) == std::vector<std::string>{"one", "two"});
  const auto missing = FindRecord("../one", folders, built_in);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().ToString() == "device_record_unknown: \"../one\"; there are: one, two");
  std::filesystem::remove_all(folder);
}

TEST_CASE("Records: a misspelt key is told with file and line", "[devices][record]") {
  const RecordText text{"name = \"a\"\n\nbaude = 9600\n", "shop.toml"};
  const auto read = ReadRecord(text, [](RecordTable& table) -> base::Status {
    EVERTILL_TRY(table.Text("name"));
    return {};
  });
  REQUIRE_FALSE(read);
  CHECK(read.error().ToString() == "device_record_invalid: shop.toml line 3: baude: unknown key");
}

TEST_CASE("LinkKeeper: waits longer after each failure, and tries at once when asked", "[devices][record]") {
  base::ManualClock clock(base::FromUnixMillis(0));
  int tries = 0;
  LinkKeeper keeper(
      [&]() -> base::Expected<std::unique_ptr<link::Link>> {
        ++tries;
        return base::Fail(link::LinkErrc::kUnreachable, "unplugged");
      },
      clock);
  CHECK(keeper.Get() == nullptr);
  CHECK(keeper.UntilNextTry().count() == 500);
  CHECK(keeper.Get() == nullptr);
  CHECK(tries == 1);
  for (const int wait_ms : {500, 1000, 2000, 4000, 8000, 16000, 30000, 30000}) {
    CHECK(keeper.UntilNextTry().count() == wait_ms);
    clock.Advance(std::chrono::milliseconds(wait_ms));
    CHECK(keeper.Get() == nullptr);
  }
  CHECK(tries == 9);
  keeper.TryNow();
  CHECK(keeper.Get() == nullptr);
  CHECK(tries == 10);
}

}  // namespace
}  // namespace evertill::devices::record
