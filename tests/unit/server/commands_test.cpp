#include "sync/server/commands.h"

#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/unit/server/head_office.h"

namespace evertill::test {

namespace {

int Run(std::vector<std::string> words) {
  words.insert(words.begin(), "evertill-hq");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return server::RunHeadOffice(static_cast<int>(arguments.size()), arguments.data());
}

/// What a command said.
struct Said {
  int code = 0;
  std::string out;
  std::string err;
  [[nodiscard]] std::string LastLine() const {
    const std::string text = out.substr(0, out.find_last_not_of('\n') + 1);
    return text.substr(text.rfind('\n') + 1);
  }
};

/// Takes what is written to standard output and error while it lives.
class Listen {
 public:
  Listen() : out_(std::cout.rdbuf(said_out_.rdbuf())), err_(std::cerr.rdbuf(said_err_.rdbuf())) {}
  ~Listen() {
    std::cout.rdbuf(out_);
    std::cerr.rdbuf(err_);
  }
  Listen(const Listen&) = delete;
  Listen& operator=(const Listen&) = delete;
  std::ostringstream said_out_;
  std::ostringstream said_err_;

 private:
  std::streambuf* out_;
  std::streambuf* err_;
};

/// An office with a member who has 100 points, driven by its command line.
class CommandLine : public HeadOffice {
 public:
  CommandLine() : member(AddPerson()), lot(AddLot(member, 100)) {}
  Said Hq(std::vector<std::string> words) {
    words.insert(words.begin(), {"--database", "sqlite:" + file.string()});
    const Listen listen;
    Said said;
    said.code = Run(std::move(words));
    said.out = listen.said_out_.str();
    said.err = listen.said_err_.str();
    return said;
  }
  /// Refused with exactly one line that has this error's name.
  void Refused(std::vector<std::string> words, const std::string& name, int code = 1) {
    const Said said = Hq(std::move(words));
    INFO(said.out << said.err);
    CHECK(said.code == code);
    CHECK(std::count(said.err.begin(), said.err.end(), '\n') == 1);
    if (!name.empty()) CHECK(said.err.starts_with("evertill-hq: " + name + ": "));
  }
  std::string Path(const std::string& name) const { return (folder.Path() / name).string(); }

  std::string member;
  std::string lot;
};

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

TEST_CASE("Commands: a card's text is alone on the last line, its pictures are files", "[server][commands]") {
  CommandLine hq;
  std::ofstream(hq.Path("pin")) << "2468\n";
  const Said said = hq.Hq({"card", "issue", "0812345678", "--pin-file", hq.Path("pin"), "--png", hq.Path("card.png"),
                           "--pdf", hq.Path("card.pdf")});
  REQUIRE(said.code == 0);
  CHECK(said.LastLine().size() == 141);
  CHECK(said.LastLine().starts_with("EV1"));
  CHECK(std::filesystem::file_size(hq.Path("card.png")) > 1000);
  CHECK(std::filesystem::file_size(hq.Path("card.pdf")) > 1000);
  const Said phone = hq.Hq({"card", "issue", "0812345678", "--level", "2"});
  CHECK(phone.LastLine().starts_with("EV2"));
  CHECK(phone.out.find("\notpauth://totp/Evertill:") != std::string::npos);
  const auto cards = boost::json::parse(hq.Hq({"card", "list", hq.member, "--json"}).out).as_array();
  REQUIRE(cards.size() == 2);
  const std::string serial(cards.at(0).at("serial").as_string());
  CHECK(hq.Hq({"card", "deny", serial, "--reason", "lost"}).code == 0);
  CHECK(hq.Hq({"card", "deny", serial}).out == "Denied before.\n");
  CHECK(hq.Hq({"card", "unlock", hq.member}).code == 0);
  CHECK(hq.Hq({"card", "pin", hq.member, "--pin-file", hq.Path("pin")}).code == 0);
  hq.Refused({"card", "issue", "0899999999"}, "member_unknown");
  hq.Refused({"card", "issue", hq.member, "--level", "3"}, "bad_argument");
  hq.Refused({"card", "issue", hq.member, "--pin", "12"}, "bad_argument");
  hq.Refused({"card", "issue", hq.member, "--pin-file", hq.Path("none")}, "bad_argument");
  hq.Refused({"card", "issue", hq.member, "--png", "/no/such/folder/c.png"}, "render_image_unwritable");
  CHECK(hq.store->CardsOf(hq.member)->size() == 2);
  hq.Refused({"card", "issue", hq.member, "--pin", ""}, "bad_argument");
  hq.Refused({"card", "deny", "000000000000000"}, "member_unknown");
  CHECK(hq.Hq({"card", "deny", "0000000000000000"}).out.find("knows no card of this serial") != std::string::npos);
  hq.Refused({"card", "issue"}, "", 2);
  CHECK(hq.Hq({"verify"}).code == 0);
}

TEST_CASE("Commands: points by hand, and every member command says what it did", "[server][commands]") {
  CommandLine hq;
  CHECK(hq.Hq({"member", "adjust", hq.member, "-30", "--reason", "mistake"}).out ==
        "Adjusted by -30: 70 points now.\n");
  CHECK(hq.Hq({"member", "adjust", hq.member, "5", "--reason", "sorry"}).code == 0);
  const auto shown = boost::json::parse(hq.Hq({"member", "show", "0812345678", "--json"}).out).as_object();
  CHECK(shown.at("points").as_int64() == 75);
  CHECK(shown.at("debt").as_int64() == 0);
  hq.Refused({"member", "adjust", hq.member, "0", "--reason", "x"}, "bad_argument");
  hq.Refused({"member", "adjust", hq.member, "-9223372036854775808", "--reason", "x"}, "bad_argument");
  CHECK(hq.Hq({"member", "adjust", hq.member, "-99999999999999999999", "--reason", "x"}).code != 0);
  hq.Refused({"member", "adjust", hq.member, "five", "--reason", "x"}, "", 2);
  hq.Refused({"member", "adjust", hq.member, "5"}, "", 2);
  hq.Refused({"member", "merge", hq.member, hq.member}, "bad_argument");
  hq.clock.Advance(std::chrono::seconds(1));  // the older id is the smaller one
  const std::string other = hq.AddPerson("Other", "0899999999", "42");
  CHECK(hq.Hq({"member", "merge", other, "0812345678"}).out.starts_with("Merged: " + hq.member + " stands for 2 ids"));
  CHECK(hq.Hq({"member", "merge", hq.member, other}).out.starts_with("They were one before"));
  const auto told = boost::json::parse(hq.Hq({"member", "export", other}).out).as_object();
  CHECK(told.at("points").as_int64() == 75);
  CHECK(hq.Hq({"member", "erase", hq.member}).code == 0);
  CHECK(hq.Hq({"member", "erase", hq.member}).out == "Erased before.\n");
  hq.Refused({"member", "show", "0812345678"}, "member_unknown");
  CHECK(hq.Hq({"member", "show", other}).out.find("erased: yes") != std::string::npos);
  CHECK(hq.Hq({"verify"}).code == 0);
}

TEST_CASE("Commands: rights at tills are seen and taken back", "[server][commands]") {
  CommandLine hq;
  hq.AddTill("S01/L03");
  const std::string grant = hq.GiveGrant(hq.member, "S01/L03", hq.lot, 40);
  const auto grants = boost::json::parse(hq.Hq({"grant", "list", "--till", "S01/L03", "--json"}).out).as_array();
  REQUIRE(grants.size() == 1);
  CHECK(grants.at(0).at("id").as_string() == grant);
  CHECK(grants.at(0).at("left").as_int64() == 40);
  CHECK(hq.Hq({"grant", "list", "--member", hq.member}).out.ends_with("1 grants out, 40 points.\n"));
  hq.Refused({"grant", "list", "--till", "S01/L04"}, "bad_argument");
  hq.Refused({"grant", "reclaim"}, "bad_argument");
  hq.Refused({"grant", "reclaim", "nothing"}, "bad_argument");
  hq.Refused({"grant", "reclaim", "--till", "S09/L01"}, "bad_argument");
  CHECK(hq.Hq({"grant", "reclaim", grant}).out.starts_with("Reclaimed 1 grants, 40 points"));
  hq.Refused({"grant", "reclaim", grant}, "bad_argument");
  CHECK(hq.Hq({"till", "fence", "S01/L03"}).out.starts_with("S01/L03#1 gets no more rights"));
  hq.Refused({"till", "fence", "S09/L01"}, "bad_argument");
  CHECK(hq.Hq({"fork", "list"}).out.find("S01/L03#1 is fenced: operator") != std::string::npos);
  hq.Refused({"hold", "close", "nothing"}, "bad_argument");
  CHECK(hq.Hq({"hold", "list", "--json"}).out == "[]\n");
  hq.Refused({"write-off", hq.member, "--store", "S01"}, "bad_argument");
  CHECK(hq.Hq({"member", "adjust", hq.member, "-130", "--reason", "mistake"}).code == 0);
  CHECK(hq.Hq({"debt", "list"}).out == hq.member + " owes 30 points: overspent 0, clawed back 130\n");
  const auto over = boost::json::parse(hq.Hq({"overspend", "--json"}).out).as_object();
  CHECK(over.at("overspend").as_int64() == 0);
  CHECK(over.at("members").as_array().at(0).at("terms").at("f").as_int64() == 40);
  CHECK(hq.Hq({"write-off", hq.member, "--store", "S01"}).code == 0);
  CHECK(hq.Hq({"verify"}).code == 0);
}

TEST_CASE("Commands: books, rules, inbox, copies", "[server][commands]") {
  CommandLine hq;
  hq.Refused({"points", "close", "--until", "yesterday"}, "bad_argument");
  hq.Refused({"points", "close", "--until", "2999-01-01"}, "bad_argument");
  CHECK(hq.Hq({"points", "close", "--until", "2026-01-31"}).out.starts_with("Closed until 2026-02-01T00:00:00.000Z"));
  std::ofstream(hq.Path("rules.json"))
      << R"({"version":2,"currency":"THB","earn":{"points":1,"per":"10.00"},"worth":{"points":10,"amount":"1.00"}})";
  CHECK(hq.Hq({"programme", "set", hq.Path("rules.json")}).code == 0);
  CHECK(hq.Hq({"programme", "show"}).out.find(R"("version":2)") != std::string::npos);
  hq.Refused({"programme", "set", hq.Path("rules.json"), "--currency", "VND"}, "bad_rules");
  hq.Refused({"programme", "set", hq.Path("none.json")}, "bad_argument");
  hq.Change([&] { return hq.store->AddInbox(hq.clock.Now(), "fork", "S01/L03", "two histories"); });
  const auto lines = boost::json::parse(hq.Hq({"inbox", "list", "--json"}).out).as_array();
  REQUIRE(lines.size() == 1);
  CHECK(hq.Hq({"inbox", "close", "1", "--note", "Seen by Nok"}).code == 0);
  hq.Refused({"inbox", "close", "1", "--note", "x"}, "bad_argument");
  CHECK(hq.Hq({"inbox", "list"}).out.empty());
  hq.Refused({"claim"}, "bad_argument");
  hq.Refused({"claim", "https://hq.example/r#nothing"}, "bad_receipt");
  hq.Refused({"claim", "nonsense"}, "bad_receipt");
  CHECK(hq.Hq({"claim", "list", "--json"}).out == "[]\n");
  hq.Refused({"claim", "release", "nothing"}, "bad_argument");
  hq.Refused({"backup"}, "bad_argument");
  CHECK(hq.Hq({"backup", hq.Path("copy.db")}).code == 0);
  hq.Refused({"backup", hq.Path("copy.db")}, "bad_argument");
  CHECK(hq.Hq({"backup", "--list"}).out.find("copy.db up to commit") != std::string::npos);
  hq.store.reset();
  CHECK(hq.Hq({"restore", hq.Path("copy.db")}).out.starts_with("Restored as epoch 2.\n"));
  hq.Refused({"restore", hq.Path("rules.json")}, "bad_argument");
  CHECK(hq.Hq({"backup", "--forget", hq.Path("copy.db")}).code == 0);
  CHECK(hq.Hq({"verify"}).code == 0);
}

TEST_CASE("Commands: each act says as JSON what was done", "[server][commands]") {
  CommandLine hq;
  hq.AddTill("S01/L03");
  const std::string grant = hq.GiveGrant(hq.member, "S01/L03", hq.lot, 40);
  std::ofstream(hq.Path("pin")) << "2468\n";
  std::ofstream(hq.Path("rules.json"))
      << R"({"version":2,"currency":"THB","earn":{"points":1,"per":"10.00"},"worth":{"points":10,"amount":"1.00"}})";
  hq.Change([&] { return hq.store->AddInbox(hq.clock.Now(), "fork", "S01/L03", "two histories"); });
  const auto told = [&](std::vector<std::string> words) {
    words.emplace_back("--json");
    const Said said = hq.Hq(words);
    INFO(words[0] << " " << words[1] << ": " << said.out << said.err);
    CHECK(said.code == 0);
    CHECK(said.err.empty());
    return boost::json::parse(said.out).as_object();
  };
  CHECK(told({"verify"}).at("sound").as_bool());
  CHECK(told({"card", "pin", hq.member, "--pin-file", hq.Path("pin")}).at("generation").as_int64() == 1);
  CHECK(told({"card", "unlock", hq.member}).at("generation").as_int64() == 2);
  CHECK_FALSE(told({"card", "deny", "00000000000000ab"}).at("known").as_bool());
  CHECK(told({"member", "adjust", hq.member, "5", "--reason", "x"}).at("points").as_int64() == 105);
  CHECK(told({"grant", "reclaim", grant}).at("points").as_int64() == 40);
  CHECK(told({"till", "fence", "S01/L03"}).at("incarnation").as_int64() == 1);
  CHECK(told({"fork", "list"}).at("two_copies").as_array().empty());
  CHECK(told({"inbox", "close", "1", "--note", "seen"}).at("closed").as_bool());
  CHECK(told({"points", "close", "--until", "2026-01-31"}).at("expired").as_int64() == 0);
  CHECK(told({"programme", "set", hq.Path("rules.json")}).at("currency").as_string() == "THB");
  CHECK(told({"backup", hq.Path("copy.db")}).at("keys").as_string() == hq.Path("copy.db.keys"));
  const auto copies = boost::json::parse(hq.Hq({"backup", "--list", "--json"}).out).as_array();
  REQUIRE(copies.size() == 1);
  hq.clock.Advance(std::chrono::seconds(1));
  const std::string other = hq.AddPerson("Other", "0899999999", "42");
  CHECK(told({"member", "merge", other, hq.member}).at("merged").as_bool());
  CHECK(told({"member", "adjust", hq.member, "-205", "--reason", "x"}).at("debt").as_int64() == 100);
  CHECK(told({"write-off", hq.member, "--store", "S01"}).at("points").as_int64() == 100);
  const auto erased = told({"member", "erase", hq.member});
  CHECK_FALSE(erased.at("before").as_bool());
  CHECK(erased.at("older_copies").as_array().size() == 1);  // the copy that was made above
}

TEST_CASE("Commands: what is past its bound is said plainly, and told once", "[server][commands]") {
  CommandLine hq;
  // As a till does whose database was changed by hand.
  hq.Post(hq.member, {server::Avail(hq.lot, -130), {std::string(loyalty::kRedeemed), "", "", 130}});
  const Said said = hq.Hq({"overspend"});
  CHECK(said.code == 0);
  CHECK(said.out.find("overspent 30 of at most 0") != std::string::npos);
  CHECK(said.out.find("PAST ITS BOUND") != std::string::npos);
  const auto told = boost::json::parse(hq.Hq({"overspend", "--json"}).out).as_object();
  CHECK(told.at("members").as_array().at(0).at("past_bound").as_bool());
  const auto lines = *hq.store->Inbox(false, 10);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].kind == "past_bound");
  CHECK(lines[0].subject == hq.member);
  CHECK(hq.Hq({"inbox", "close", std::to_string(lines[0].id), "--note", "seen"}).code == 0);
  CHECK(hq.Hq({"overspend"}).code == 0);
  CHECK(hq.store->Inbox(false, 10)->empty());
}

TEST_CASE("Commands: an erased person is in none of the database's files", "[server][commands]") {
  CommandLine hq;
  hq.Serve();
  const std::string person = hq.AddPerson("Zebrafinch Person", "0877777777", "77");
  const auto found = [&](const std::string& word) {
    int64_t files = 0;
    for (const char* end : {"", "-wal"}) {
      std::ifstream in(hq.file.string() + end, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      files += bytes.find(word) != std::string::npos ? 1 : 0;
    }
    return files;
  };
  REQUIRE(hq.Hq({"card", "issue", "0877777777"}).code == 0);
  CHECK(found("Zebrafinch") > 0);
  const Said said = hq.Hq({"member", "erase", person});
  CHECK(said.code == 0);
  CHECK(said.err.empty());
  CHECK(found("Zebrafinch") == 0);
  CHECK(found("0877777777") == 0);
  hq.AddPerson("Another Person", "0866666666", "66");
  hq.store.reset();
  hq.running.reset();
  std::error_code ignored;
  CHECK((!std::filesystem::exists(hq.file.string() + "-wal", ignored) ||
         std::filesystem::file_size(hq.file.string() + "-wal", ignored) == 0));
}

}  // namespace evertill::test
