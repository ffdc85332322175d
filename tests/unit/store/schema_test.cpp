#include "app/store/schema.h"

#include <regex>
#include <set>

#include "app/sqlite/migrator.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

/// Every SQL text of the library: runs of adjacent string literals that begin with a verb of SQL.
std::set<std::string> StatementsOf(const std::filesystem::path& folder) {
  std::set<std::string> statements;
  const std::regex literal(R"re("((?:[^"\\\n]|\\.)*)")re");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp") continue;
    std::string text = ReadFile(entry.path());
    // The one list of columns that is shared by name.
    const std::regex define(R"re(#define EVERTILL_PRODUCT_COLUMNS((?:[^\n]*\\\n)*[^\n]*)\n)re");
    std::smatch found;
    if (std::regex_search(text, found, define)) {
      const std::string columns = std::regex_replace(found[1].str(), std::regex(R"(\\\n)"), "\n");
      text = std::regex_replace(text, define, "\n");
      text = std::regex_replace(text, std::regex("#undef EVERTILL_PRODUCT_COLUMNS"), "");
      text = std::regex_replace(text, std::regex("EVERTILL_PRODUCT_COLUMNS"), columns);
    }
    std::string run;
    size_t end = 0;
    const auto flush = [&] {
      static const std::regex kVerb("^(SELECT|INSERT|UPDATE|DELETE) ");
      if (std::regex_search(run, kVerb) && run.find(';') == std::string::npos) statements.insert(run);
      run.clear();
    };
    for (std::sregex_iterator at(text.begin(), text.end(), literal), none; at != none; ++at) {
      const auto start = static_cast<size_t>(at->position());
      const std::string between = end <= start ? text.substr(end, start - end) : "x";
      if (between.find_first_not_of(" \n\t") != std::string::npos) flush();
      run += (*at)[1].str();
      end = start + static_cast<size_t>(at->length());
    }
    flush();
  }
  return statements;
}

TEST_CASE("Schema: each SQL statement of the store prepares against a fresh database", "[store][schema]") {
  const TempDir temp;
  const base::ManualClock clock(base::FromUnixMillis(0));
  auto till = Must(sqlite::Connection::Open(temp.File("till.db")));
  Must(sqlite::Migrate(till, TillMigrations(), clock));
  auto catalogue = Must(sqlite::Connection::Open(temp.File("catalogue.db")));
  Must(sqlite::Migrate(catalogue, CatalogueMigrations(), clock));
  const auto statements = StatementsOf(EVERTILL_STORE_SOURCES);
  CHECK(statements.size() > 50);
  for (const auto& sql : statements) {
    const auto in_till = till.Prepare(sql);
    const auto in_catalogue = catalogue.Prepare(sql);
    INFO(sql << "\n" << (in_till ? "" : in_till.error().ToString()));
    CHECK((in_till.has_value() || in_catalogue.has_value()));
  }
}

TEST_CASE("Schema: what was sold can be neither changed nor deleted", "[store][schema]") {
  Till till;
  const auto nok = till.Enrol("Nok", "", "1234567890123456");
  till.Commit(till.MakeSale(2, &nok, 5));
  auto raw = till.Raw();
  const std::pair<const char*, const char*> columns[] = {{"journal", "body = ''"},
                                                         {"sale", "total = 0"},
                                                         {"sale_line", "total = 0"},
                                                         {"sale_tender", "amount = 0"},
                                                         {"ledger", "amount = 0"}};
  for (const auto& [table, change] : columns) {
    const auto update = raw.Execute(std::string("UPDATE ") + table + " SET " + change);
    const auto remove = raw.Execute(std::string("DELETE FROM ") + table);
    INFO(table);
    REQUIRE_FALSE(update.has_value());
    REQUIRE_FALSE(remove.has_value());
    CHECK(update.error().Is(sqlite::SqliteErrc::kConstraint));
    CHECK(remove.error().Detail().find("append-only") != std::string::npos);
  }
}

TEST_CASE("Schema: a database from a newer version is refused by name and left alone", "[store][schema]") {
  Till till;
  till.Commit(till.MakeSale());
  till.store.reset();
  {
    auto raw = till.Raw();
    Must(raw.Execute("INSERT INTO schema_history VALUES (99, 99, 'from the future', 0); PRAGMA user_version = 99"));
  }
  const auto refused = TillStore::Open(till.Dir(), till.clock, *till.random);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().Name() == "newer_database");
  CHECK(refused.error().Detail().find("till.db") != std::string::npos);
  CHECK(till.Count("SELECT count(*) FROM sale") == 1);
}

}  // namespace
}  // namespace evertill::store
