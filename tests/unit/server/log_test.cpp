#include <boost/json.hpp>
#include <sstream>

#include "sync/client/http_client.h"
#include "sync/server/log_format.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("Log: pages by cursor give every row once, also while more come in", "[server][log]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  for (int i = 0; i < 100; ++i) till.AddSale(std::nullopt, 0, 100 + i);
  REQUIRE(office.Take(till.MakeBatch(1, 30, office.epoch)));

  server::LogQuery query;
  query.limit = 7;
  std::vector<int64_t> seen;
  int64_t sent = 30;
  std::vector<server::EventRow> full_page;
  for (;;) {
    const auto rows = office.store->Log(query);
    REQUIRE(rows);
    if (rows->empty()) break;
    if (full_page.empty()) full_page = *rows;
    for (const auto& row : *rows) seen.push_back(row.commit_seq);
    query.after = rows->back().commit_seq;
    if (sent < 100) {
      REQUIRE(office.Take(till.MakeBatch(sent + 1, 5, office.epoch)));
      sent += 5;
    }
  }
  REQUIRE(seen.size() == 100);
  for (size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == static_cast<int64_t>(i) + 1);
  // A full page is the same for ever.
  const auto again = office.store->Log({.after = 0, .limit = 7, .store = {}, .till = {}});
  CHECK(server::FormatJsonLines(*again, office.epoch) == server::FormatJsonLines(full_page, office.epoch));
}

TEST_CASE("Log: a row says what and where, and carries the exact bytes", "[server][log]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("A", "0900000001", "1000000000000001");
  till.AddSale(member, 4, 104239);
  const wire::Batch batch = till.MakeBatch(1, 2, office.epoch);
  REQUIRE(office.Take(batch));
  const auto lines = Lines(server::FormatJsonLines(*office.store->Log({}), office.epoch));
  REQUIRE(lines.size() == 2);
  const auto row = boost::json::parse(lines[1]).as_object();
  CHECK(row.at("kind") == "sale");
  CHECK(row.at("receipt") == "L03-1");
  CHECK(row.at("store") == "S01");
  CHECK(row.at("till") == "L03");
  CHECK(row.at("seq") == 2);
  CHECK(row.at("commit_seq") == 2);
  CHECK(row.at("incarnation") == 1);
  CHECK(row.at("total") == "1042.39");
  CHECK(row.at("member").as_string() == member.ToString());
  CHECK(row.at("epoch").as_string() == office.epoch.ToString());
  CHECK(row.at("body").as_object().at("seq") == 2);
  CHECK(lines[1].find(batch.events[1].body) != std::string::npos);
  // Nothing personal is in the log.
  CHECK(lines[0].find("0900000001") == std::string::npos);
}

TEST_CASE("Log: filters by store and till", "[server][log]") {
  Office office;
  FakeTill one("S01", "L03", 7);
  FakeTill two("S01", "L04", 8);
  office.Enrol(one);
  office.Enrol(two);
  for (int i = 0; i < 3; ++i) one.AddSale(std::nullopt, 0, 100);
  two.AddSale(std::nullopt, 0, 100);
  REQUIRE(office.Take(one.MakeBatch(1, 2, office.epoch)));
  REQUIRE(office.Take(two.MakeBatch(1, 1, office.epoch)));
  REQUIRE(office.Take(one.MakeBatch(3, 1, office.epoch)));
  CHECK(office.store->Log({.after = 0, .limit = 9, .store = "S01", .till = "L03"})->size() == 3);
  CHECK(office.store->Log({.after = 2, .limit = 9, .store = "", .till = "L03"})->size() == 1);
  CHECK(office.store->Log({.after = 0, .limit = 9, .store = "S02", .till = ""})->empty());
}

TEST_CASE("Log: a cursor is read strictly, and one of another epoch is told so", "[server][log]") {
  const wire::Epoch epoch{3, std::string(16, '\x5a')};
  CHECK(*server::ParseCursor("", epoch) == 0);
  CHECK(*server::ParseCursor(server::FormatCursor(epoch, 42), epoch) == 42);
  for (const char* bad :
       {"42", "x", "-", "3-5a5a-42", "3-5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a-", "3-5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a-4x",
        "3-5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a--4", "3-5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a-99999999999999999999"}) {
    INFO(bad);
    const auto cursor = server::ParseCursor(bad, epoch);
    REQUIRE_FALSE(cursor);
    CHECK(cursor.error().Is(server::ServerErrc::kBadCursor));
  }
  const auto other = server::ParseCursor(server::FormatCursor({2, epoch.random}, 42), epoch);
  REQUIRE_FALSE(other);
  CHECK(other.error().Is(server::ServerErrc::kOtherEpoch));
}

TEST_CASE("CSV: text that a spreadsheet would run becomes text", "[server][log]") {
  CHECK(server::CsvField("=1+2") == "'=1+2");
  CHECK(server::CsvField("+1") == "'+1");
  CHECK(server::CsvField("-1") == "'-1");
  CHECK(server::CsvField("@SUM(A1)") == "'@SUM(A1)");
  CHECK(server::CsvField("\tx") == "'\tx");
  CHECK(server::CsvField("\rx") == "\"'\rx\"");
  CHECK(server::CsvField("\nx") == "\"'\nx\"");
  CHECK(server::CsvField("=a,\"b\"") == "\"'=a,\"\"b\"\"\"");
  CHECK(server::CsvField("L03-000123") == "L03-000123");
  CHECK(server::CsvField("") == "");
}

TEST_CASE("CSV: as many columns in each row as in the head, hostile text guarded", "[server][log]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  till.Append({"=cmd|' /C calc'!A0", std::nullopt, {}}, R"({"receipt":"@x","currency":"THB","total":-500})", "");
  REQUIRE(office.Take(till.MakeBatch(1, 1, office.epoch)));
  const auto lines = Lines(server::FormatCsv(*office.store->Log({}), office.epoch));
  REQUIRE(lines.size() == 2);
  CHECK(std::count(lines[0].begin(), lines[0].end(), ',') == std::count(lines[1].begin(), lines[1].end(), ','));
  CHECK(lines[1].find(",'=cmd") != std::string::npos);
  CHECK(lines[1].find(",'@x,") != std::string::npos);
  CHECK(lines[1].find(",-5.00,") != std::string::npos);
}

TEST_CASE("Log over HTTP: tokens, roles, cursors, formats", "[server][log][http]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  const auto reply = office.Enrol(till);
  for (int i = 0; i < 5; ++i) till.AddSale(std::nullopt, 0, 100);
  REQUIRE(office.Take(till.MakeBatch(1, 5, office.epoch)));
  const std::string puller = office.Token(server::TokenRole::kPuller);
  office.Serve(true);
  auto http = client::HttpClient::Create({.base_url = office.url, .ca_pem = {}});
  REQUIRE(http);
  const auto get = [&](const std::string& path, const std::string& token) {
    const auto answer = http->Get(path, token);
    REQUIRE(answer);
    return *answer;
  };
  CHECK(get("/api/v1/log", "").status == 401);
  CHECK(get("/api/v1/log", "evt_WRONG").status == 401);
  CHECK(get("/api/v1/log", reply.token).status == 403);
  CHECK(Lines(get("/api/v1/log", puller).body).size() == 5);
  CHECK(Lines(get("/api/v1/log?limit=2&after=", puller).body).size() == 2);
  CHECK(Lines(get("/api/v1/log?after=" + server::FormatCursor(office.epoch, 3), puller).body).size() == 2);
  CHECK(Lines(get("/api/v1/log?format=csv", puller).body).size() == 6);
  CHECK(get("/api/v1/log?after=nonsense", puller).status == 400);
  CHECK(get("/api/v1/log?after=" + server::FormatCursor({9, office.epoch.random}, 1), puller).status == 400);
  const auto beyond = get("/api/v1/log?after=" + server::FormatCursor(office.epoch, 99999), puller);
  CHECK(beyond.status == 400);
  CHECK(beyond.body.find("bad_cursor") != std::string::npos);
  CHECK(beyond.body.find("beyond the end of the log") != std::string::npos);
  // At the end, and with a filter that nothing meets, there is simply nothing yet.
  CHECK(get("/api/v1/log?after=" + server::FormatCursor(office.epoch, 5), puller).status == 200);
  CHECK(get("/api/v1/log?store=S02&after=" + server::FormatCursor(office.epoch, 2), puller).status == 200);
  const auto misspelt = get("/api/v1/log?stroe=S01", puller);
  CHECK(misspelt.status == 400);
  CHECK(misspelt.body.find("stroe") != std::string::npos);
  CHECK(get("/api/v1/log?limit=0", puller).status == 400);
  CHECK(get("/api/v1/log?limit=5001", puller).status == 400);
  CHECK(get("/api/v1/log?limit=2x", puller).status == 400);
  CHECK(get("/api/v1/log?format=xml", puller).status == 400);
}

}  // namespace evertill::test
