#include "sync/server/commands.h"

#include "tests/unit/server/office.h"

namespace evertill::test {

namespace {

int Run(std::vector<std::string> words) {
  words.insert(words.begin(), "evertill-hq");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return server::RunHeadOffice(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("Commands: 2 for a command line that cannot be read, 1 for a value that is refused", "[server][commands]") {
  Office office;
  const std::string database = "sqlite:" + office.file.string();
  CHECK(Run({"--no-such-flag"}) == 2);
  CHECK(Run({"--database", database, "till", "code", "--store", "S01"}) == 2);
  CHECK(Run({"--database", database, "store", "add", "not a code"}) == 1);
  CHECK(Run({"--database", database, "store", "add", "S02", "--currency", "ZZZ"}) == 1);
  CHECK(Run({"--database", database, "till", "code", "--store", "S09", "--till", "L01"}) == 1);
  CHECK(Run({"--database", database, "till", "code", "--store", "S01", "--till", "l/1"}) == 1);
  CHECK(Run({"--database", database, "token", "create", "--role", "king"}) == 1);
  CHECK(Run({"--database", "mysql:x", "verify"}) == 1);
  CHECK(Run({"--database", database, "verify"}) == 0);
}

}  // namespace evertill::test
