#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "app/crypto/x509.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

using server::ServerErrc;

TEST_CASE("Enrolment: a code is good once, for ten minutes, for its own till", "[server][access]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  const std::string code = office.TillCode("L03");
  SECTION("once") {
    const auto reply = office.TryEnrol(till, code);
    REQUIRE(reply);
    CHECK(reply->terminal == "S01/L03");
    CHECK(reply->incarnation == 1);
    CHECK(reply->store_name == "Siam Square");
    const auto again = office.TryEnrol(till, code);
    REQUIRE_FALSE(again);
    CHECK(again.error().Is(ServerErrc::kCodeRefused));
  }
  SECTION("expired") {
    office.clock.Advance(std::chrono::minutes(10));
    const auto late = office.TryEnrol(till, code);
    REQUIRE_FALSE(late);
    CHECK(late.error().Is(ServerErrc::kCodeRefused));
  }
  SECTION("just in time") {
    office.clock.Advance(std::chrono::minutes(10) - std::chrono::milliseconds(1));
    CHECK(office.TryEnrol(till, code));
  }
  SECTION("another till; the code stays good for the right one") {
    FakeTill other("S01", "L04", 8);
    const auto wrong = office.TryEnrol(other, code);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().Is(ServerErrc::kCodeRefused));
    CHECK(wrong.error().Detail().find("S01/L03") != std::string::npos);
    CHECK(office.TryEnrol(till, code));
  }
  SECTION("made up") {
    const std::string made_up = wire::EnrolCode{std::string(10, 'a'), std::string(20, 'b')}.ToString();
    CHECK_FALSE(office.TryEnrol(till, made_up));
  }
}

TEST_CASE("Enrolment: the code carries the authority's fingerprint", "[server][access]") {
  Office office;
  const auto code = wire::EnrolCode::Parse(office.TillCode("L03"));
  REQUIRE(code);
  CHECK(crypto::AsText(*crypto::CertificateFingerprint(office.ca_pem)).substr(0, 20) == code->ca_fingerprint);
}

TEST_CASE("Enrolment: the same machine keeps its life and its old token dies", "[server][access]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  const auto first = office.Enrol(till);
  till.AddSale(std::nullopt, 0, 100);
  const auto second = office.Enrol(till);
  CHECK(second.incarnation == 1);
  CHECK_FALSE(server::Authenticate(*office.store, "Bearer " + first.token));
  CHECK(server::Authenticate(*office.store, "Bearer " + second.token)->terminal == "S01/L03");
}

TEST_CASE("Enrolment: a new machine under an old code is a new life, or refused with sales of its own",
          "[server][access]") {
  Office office;
  FakeTill old_till("S01", "L03", 7);
  const auto old_reply = office.Enrol(old_till);
  FakeTill new_till("S01", "L03", 8);
  SECTION("empty") {
    CHECK(office.Enrol(new_till).incarnation == 2);
    // What the old disk still has may come: its token stays good for its own chain.
    CHECK(server::Authenticate(*office.store, "Bearer " + old_reply.token)->incarnation == 1);
  }
  SECTION("with sales") {
    new_till.AddSale(std::nullopt, 0, 100);
    const auto reply = office.TryEnrol(new_till, office.TillCode("L03"));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().Is(ServerErrc::kTerminalInUse));
  }
}

TEST_CASE("Enrolment: a till that sold before it was enrolled keeps its chain", "[server][access]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  till.AddSale(std::nullopt, 0, 100);
  CHECK(office.Enrol(till).incarnation == 1);
  CHECK(office.Take(till.MakeBatch(1, 1, office.epoch))->posted == 1);
}

TEST_CASE("Enrolment: a store sells in one currency", "[server][access]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  CHECK(office.store->FindStore("S01")->value().currency == "THB");
  FakeTill other("S01", "L04", 8);
  wire::EnrolRequest request = other.EnrolRequest(wire::EnrolCode::Parse(office.TillCode("L04"))->secret);
  request.currency = "VND";
  REQUIRE(office.store->Begin());
  const auto reply = server::EnrolTill(*office.store, request, office.clock.Now(), *office.random);
  office.store->Rollback();
  REQUIRE_FALSE(reply);
  CHECK(reply.error().Is(ServerErrc::kCurrencyDiffers));
}

TEST_CASE("First administrator's link works once", "[server][access]") {
  Office office;
  std::string token;
  office.Change([&]() -> base::Status {
    EVERTILL_ASSIGN(
        token, server::UseFirstAdminCode(*office.store, office.first_admin_code, office.clock.Now(), *office.random));
    return {};
  });
  CHECK(server::Authenticate(*office.store, "Bearer " + token)->role == server::TokenRole::kAdmin);
  REQUIRE(office.store->Begin());
  const auto again =
      server::UseFirstAdminCode(*office.store, office.first_admin_code, office.clock.Now(), *office.random);
  office.store->Rollback();
  CHECK_FALSE(again);
}

TEST_CASE("Init: a second time is refused and changes nothing", "[server][admin]") {
  Office office;
  const auto again = server::Initialise(office.file, {"localhost"}, office.clock, *office.random);
  REQUIRE_FALSE(again);
  CHECK(again.error().Is(ServerErrc::kAlreadyInitialised));
  CHECK(*server::LoadEpoch(*office.store) == office.epoch);
}

TEST_CASE("Secrets are stored as hashes only, in files that only the owner reads", "[server][access]") {
  Office office;
  FakeTill till("S01", "L03", 7);
  const std::string code = office.TillCode("L03");
  const auto reply = office.TryEnrol(till, code);
  REQUIRE(reply);
  const std::string puller = office.Token(server::TokenRole::kPuller);
  for (const char* ending : {"", "-wal"}) {
    const auto bytes = server::ReadTextFile(office.file.string() + ending);
    REQUIRE(bytes);
    CHECK(bytes->find(reply->token) == std::string::npos);
    CHECK(bytes->find(puller) == std::string::npos);
    CHECK(bytes->find(wire::EnrolCode::Parse(code)->secret) == std::string::npos);
    CHECK(bytes->find(office.first_admin_code) == std::string::npos);
  }
  for (const auto& entry : std::filesystem::directory_iterator(server::KeyFolderFor(office.file))) {
    CHECK((entry.status().permissions() & std::filesystem::perms(077)) == std::filesystem::perms::none);
  }
  CHECK((std::filesystem::status(office.file).permissions() & std::filesystem::perms(077)) ==
        std::filesystem::perms::none);
}

TEST_CASE("Init: the database and the folder made for it are the owner's alone", "[server][admin]") {
  Office office;
  const auto file = office.folder.Path() / "new" / "hq.db";
  const mode_t before = ::umask(0);
  const auto made = server::Initialise(file, {"localhost"}, office.clock, *office.random);
  const auto store = server::OpenSqliteStore(file, server::StoreAccess::kWrite, office.clock);
  ::umask(before);
  REQUIRE(made);
  REQUIRE(store);
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path())) {
    INFO(entry.path().string());
    CHECK((entry.status().permissions() & std::filesystem::perms(077)) == std::filesystem::perms::none);
    ++seen;
  }
  CHECK(seen >= 4);  // the database, its two companions, the keys
  CHECK((std::filesystem::status(file.parent_path()).permissions() & std::filesystem::perms(0777)) ==
        std::filesystem::perms(0700));
}

TEST_CASE("Serve: a second one on the same database is refused and told who has it", "[server][serve]") {
  Office office;
  office.Serve(true);
  server::ServeOptions options;
  options.database = office.file;
  options.port = 0;
  options.plain_http = true;
  const auto second = server::RunningHeadOffice::Start(options, office.clock, *office.random);
  REQUIRE_FALSE(second);
  CHECK(second.error().Name() == "already_served");
  CHECK(second.error().Detail().find("hq.db is served by process " + std::to_string(::getpid())) != std::string::npos);
  // Commands beside it go on working.
  CHECK_FALSE(office.Token(server::TokenRole::kPuller).empty());
  office.running.reset();
  CHECK(server::RunningHeadOffice::Start(options, office.clock, *office.random));
}

TEST_CASE("Two sessions with one database: the second writes only after the first is done", "[server][store]") {
  Office office;
  auto other = *server::OpenSqliteStore(office.file, server::StoreAccess::kWrite, office.clock);
  REQUIRE(office.store->Begin());
  std::atomic<bool> began{false};
  std::thread waiting([&] {
    const bool good = static_cast<bool>(other->Begin());
    began = good;
    other->Rollback();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK_FALSE(began);
  office.store->Rollback();
  waiting.join();
  CHECK(began);
}

TEST_CASE("Tries are limited by address and in all, and forgiven after a minute", "[server][access]") {
  base::ManualClock clock(base::FromUnixMillis(0));
  clock.Advance(std::chrono::hours(1));
  server::TryLimiter limiter(clock, 3, 5);
  for (int i = 0; i < 3; ++i) limiter.CountFailure("10.0.0.1");
  CHECK_FALSE(limiter.MayTry("10.0.0.1"));
  CHECK(limiter.MayTry("10.0.0.2"));
  limiter.CountFailure("10.0.0.3");
  limiter.CountFailure("10.0.0.4");
  CHECK_FALSE(limiter.MayTry("10.0.0.2"));
  clock.Advance(std::chrono::minutes(1));
  CHECK(limiter.MayTry("10.0.0.1"));
}

TEST_CASE("Catalogue import: bad rows are told with their lines, good ones go to tills", "[server][admin]") {
  Office office;
  const auto file = office.folder.Path() / "c.csv";
  {
    std::ofstream out(file);
    out << "\xEF\xBB\xBF"
        << "barcode,name,price,extra,unit,min_age,name_vi,tax\r\n"
        << "8850001,ข้าว,49.75,x,kg,20,gạo,EXEMPT\r\n"
        << "8850002,\"Rice, \"\"best\"\"\",20,\r\n"
        << "8850003,Bad,-1.00,\r\n"
        << "8850004,Bad,1.234,\r\n"
        << "8850001,Again,1.00,\r\n"
        << "8850005\r\n";
  }
  const auto report = server::ImportCatalogue(*office.store, file, "THB", office.clock.Now());
  REQUIRE(report);
  CHECK(report->rows == 6);
  CHECK(report->taken == 2);
  REQUIRE(report->problems.size() == 4);
  CHECK(report->problems[0].starts_with("line 4: "));
  CHECK(report->problems[2].starts_with("line 6: "));
  const auto page = office.store->ChangesAfter(0, 10, "THB");
  REQUIRE(page->products.size() == 2);
  CHECK(page->products[1].name == "Rice, \"best\"");
  CHECK(page->products[0].price_minor == 4975);
  CHECK(page->products[0].by_weight);
  CHECK(page->products[0].min_age == 20);
  CHECK(page->products[0].tax_code == "EXEMPT");
  CHECK(page->products[0].names.at("vi") == "gạo");
  // The same file again: nothing changed, so no till hears of it.
  REQUIRE(server::ImportCatalogue(*office.store, file, "THB", office.clock.Now()));
  CHECK(office.store->ChangesAfter(page->last, 10, "THB")->products.empty());
  CHECK_FALSE(server::ImportCatalogue(*office.store, file, "", office.clock.Now()));
}

TEST_CASE("Catalogue import: what is no CSV file is refused with the true reason", "[server][admin]") {
  Office office;
  const auto refusal = [&](const std::filesystem::path& file) {
    const auto report = server::ImportCatalogue(*office.store, file, "THB", office.clock.Now());
    REQUIRE_FALSE(report);
    CHECK(report.error().Is(ServerErrc::kImport));
    CHECK(report.error().Detail().find(file.string()) != std::string::npos);
    return report.error().Detail();
  };
  CHECK(refusal(office.folder.Path()).find("is a directory") != std::string::npos);
  CHECK(refusal(office.folder.Path() / "none.csv").find("No such file") != std::string::npos);
  const auto packed = office.folder.Path() / "c.csv";  // told by what is in it, whatever it is called
  std::ofstream(packed) << std::string(
      "\xFD"
      "7zXZ\0\0\x04",
      8);
  CHECK(refusal(packed).find("packed files are read by tills only; unpack it first") != std::string::npos);
}

TEST_CASE("Catalogue import: a row with more fields than the header is left out", "[server][admin]") {
  Office office;
  const auto file = office.folder.Path() / "c.csv";
  std::ofstream(file) << "barcode,name,price\n8850001,Rice, jasmine,20\n8850002,Tea,30,\n8850003,Milk,12\n";
  const auto report = server::ImportCatalogue(*office.store, file, "THB", office.clock.Now());
  REQUIRE(report);
  CHECK(report->taken == 1);
  REQUIRE(report->problems.size() == 2);
  CHECK(report->problems[0] == "line 2: 4 fields where the header has 3; a comma in a text needs quotes");
}

TEST_CASE("Catalogue import: columns that the file does not have keep what head office knows", "[server][admin]") {
  Office office;
  const auto file = office.folder.Path() / "c.csv";
  std::ofstream(file) << "barcode,name,price,tax,unit,min_age,category,sku,name_vi,name_th\n"
                         "8850001,Rice,20,EXEMPT,kg,20,Food,R-1,gạo,ข้าว\n";
  REQUIRE(server::ImportCatalogue(*office.store, file, "THB", office.clock.Now()));
  std::ofstream(file) << "barcode,name,price,tax,name_vi\n8850001,Rice,25,,\n";
  REQUIRE(server::ImportCatalogue(*office.store, file, "THB", office.clock.Now())->taken == 1);
  const auto page = office.store->ChangesAfter(0, 10, "THB");
  REQUIRE(page->products.size() == 1);
  const wire::ProductChange& rice = page->products[0];
  CHECK(rice.price_minor == 2500);
  CHECK(rice.by_weight);
  CHECK(rice.min_age == 20);
  CHECK(rice.category == "Food");
  CHECK(rice.sku == "R-1");
  CHECK(rice.names.at("th") == "ข้าว");
  // A column that is there and empty says: none.
  CHECK(rice.tax_code.empty());
  CHECK_FALSE(rice.names.contains("vi"));
}

}  // namespace evertill::test
