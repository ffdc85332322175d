#include "app/sqlite/connection.h"
#include "sync/client/enrol.h"
#include "sync/client/hold_client.h"
#include "sync/client/sync_engine.h"
#include "tests/unit/server/office.h"
#include "tests/unit/store/support.h"

/// Real stores on both sides, over real sockets.
namespace evertill::test {

using client::SyncEngine;
using client::SyncReport;
using store::Must;

namespace {

/// A till on a real disk that knows where head office is.
struct RealTill {
  RealTill(Office& head_office, const std::string& name) : office(head_office), dir(temp.File("till")) {
    Must(store::TillStore::Init(dir,
                                {.terminal = {domain::StoreCode("S01"), domain::TillCode(name), 1},
                                 .currency = store::Currency(),
                                 .language = "th"},
                                clock, *random));
    Open();
    Must(client::Enrol(till->Sync(),
                       {.server_url = office.url, .code = office.TillCode(name), .ca_pem = {}, .name = {}}));
    Open();
  }
  void Open() {
    engine.reset();
    till.reset();
    till = Must(store::TillStore::Open(dir, clock, *random, {}));
    engine = std::make_unique<SyncEngine>(till->Sync(), till->RightsSync(), clock, *random);
  }
  /// A copy of the whole disk, as an image of the machine would be.
  void CopyTo(const std::filesystem::path& to) {
    engine.reset();
    till.reset();
    std::filesystem::copy(dir, to, std::filesystem::copy_options::recursive);
    Open();
  }
  void TakeBack(const std::filesystem::path& from) {
    engine.reset();
    till.reset();
    std::filesystem::remove_all(dir);
    std::filesystem::copy(from, dir, std::filesystem::copy_options::recursive);
    Open();
  }
  SyncReport Round() {
    clock.Advance(std::chrono::seconds(5));
    return Must(engine->RunOnce());
  }
  void Earn(const checkout::MemberRecord& member, int64_t points) {
    clock.Advance(std::chrono::seconds(60));
    domain::Basket basket(store::Currency(), domain::DefaultTaxScheme(store::Currency()));
    const domain::Product rice{.barcode = "8850000000001",
                               .sku = "R",
                               .name = "ข้าว",
                               .names = {},
                               .price = domain::Money(5000, store::Currency()),
                               .tax_code = {},
                               .category = {}};
    Must(basket.Add(rice, domain::Quantity::Units(1)));
    domain::Sale sale{.id = domain::EventId(base::MakeUuidV7(clock, *random)),
                      .terminal = {},
                      .receipt = {},
                      .at = {},
                      .cashier = domain::CashierId(base::MakeUuidV7(clock, *random)),
                      .cashier_name = "Somchai",
                      .shift = domain::ShiftId(base::MakeUuidV7(clock, *random)),
                      .lines = basket.Lines(),
                      .totals = basket.Totals(),
                      .tax_rows = basket.TaxRows(),
                      .tenders = {{domain::TenderKind::kCash, basket.Totals().total, basket.Totals().total}},
                      .change = domain::Money(0, store::Currency()),
                      .member = domain::SaleMember{member.id, member.name, "", member.language},
                      .points = {member.points, points, 0, member.points + points, true}};
    auto postings = loyalty::EarnPostings(sale.id, points);
    Must(till->Sales().CommitSale(std::move(sale), std::move(postings), 1, true));
  }
  checkout::MemberRecord Join(const std::string& phone) {
    checkout::MemberRecord member;
    member.id = domain::MemberId(base::MakeUuidV7(clock, *random));
    member.name = "Nok";
    member.phone = phone;
    member.card = "1234567890123456";
    member.language = "th";
    member.consents = {"points"};
    checkout::EventDraft draft;
    draft.id = domain::EventId(base::MakeUuidV7(clock, *random));
    draft.core.kind = "member_enrol";
    draft.core.member = member.id;
    Must(till->Sales().CommitEnrolment(member, draft));
    return member;
  }
  int64_t Here(const checkout::MemberRecord& member) {
    return Must(till->Rights().Look(member.id, checkout::CardLevel::kSigned, domain::EventId())).here;
  }
  int64_t Waiting() {
    const auto cursor = Must(till->Sync().Cursor());
    return cursor.head_seq - cursor.acked_seq;
  }

  Office& office;
  store::TempDir temp;
  std::filesystem::path dir;
  base::ManualClock clock{base::FromUnixMillis(1'790'000'500'000)};
  std::unique_ptr<base::Random> random = base::MakeSystemRandom();
  std::unique_ptr<store::TillStore> till;
  std::unique_ptr<SyncEngine> engine;
};

}  // namespace

TEST_CASE("Round: points earned at a till come back to it as a grant, and to its neighbour", "[client][round]") {
  Office office;
  office.Serve(true);
  RealTill one(office, "L03");
  RealTill two(office, "L04");
  one.Round();
  two.Round();
  const auto nok = one.Join("0812345678");
  one.Earn(nok, 100);
  CHECK(one.Here(nok) == 100);
  const SyncReport report = one.Round();
  CHECK(report.returned == 1);
  CHECK(report.grants > 0);
  CHECK(one.Waiting() == 0);
  for (int i = 0; i < 3; ++i) {
    one.Round();
    two.Round();
  }
  const int64_t here = one.Here(nok);
  const int64_t there = two.Here(nok);
  CHECK(here > 0);
  CHECK(there > 0);
  CHECK(here + there <= 100);
  CHECK(one.Waiting() == 0);
  CHECK(two.Waiting() == 0);
  office.RequireSound();

  // Quiet: with nothing new, rounds write nothing.
  const int64_t head = Must(one.till->Sync().Cursor()).head_seq;
  for (int i = 0; i < 3; ++i) one.Round();
  CHECK(Must(one.till->Sync().Cursor()).head_seq == head);
}

TEST_CASE("Round: a disk taken back from a copy spends nothing twice, and both histories are kept", "[client][round]") {
  Office office;
  office.Serve(true);
  RealTill one(office, "L03");
  const auto nok = one.Join("0812345678");
  one.Earn(nok, 100);
  one.Round();
  REQUIRE(one.Here(nok) > 0);
  one.CopyTo(one.temp.File("image"));
  one.Earn(nok, 10);
  one.Round();
  one.TakeBack(one.temp.File("image"));
  one.Earn(nok, 7);
  const SyncReport report = one.Round();
  CHECK(report.new_life);
  CHECK(one.Waiting() == 0);
  CHECK(Must(one.till->Sync().Identity()).terminal.incarnation > 1);
  one.Earn(nok, 1);
  CHECK_FALSE(one.Round().new_life);
  CHECK(one.Waiting() == 0);
  CHECK(office.PointsOf(nok.id) == 118);
  office.RequireSound();
}

TEST_CASE("Round: a head office restored from before this life gets every life again", "[client][round]") {
  Office office;
  office.Serve(true);
  RealTill one(office, "L03");
  const auto nok = one.Join("0812345678");
  one.Earn(nok, 100);
  one.Round();
  const auto backup = office.folder.Path() / "backup.db";
  REQUIRE(sqlite::Connection::Open(office.file)->CopyTo(backup));
  one.CopyTo(one.temp.File("image"));
  one.Earn(nok, 10);
  one.Round();
  one.TakeBack(one.temp.File("image"));
  one.Earn(nok, 7);
  REQUIRE(one.Round().new_life);
  one.Earn(nok, 1);
  one.Round();
  const int64_t port = office.running->Port();
  office.running.reset();
  office.store.reset();
  for (const char* ending : {"-wal", "-shm"}) std::filesystem::remove(office.file.string() + ending);
  std::filesystem::rename(backup, office.file);
  office.store = *server::OpenSqliteStore(office.file, server::StoreAccess::kWrite, office.clock);
  const wire::Epoch next{2, std::string(16, '\x77')};
  office.Change([&] { return office.store->SetMeta("epoch", next.ToString()); });
  server::ServeOptions serve;
  serve.database = office.file;
  serve.plain_http = true;
  serve.port = static_cast<uint16_t>(port);
  office.running = *server::RunningHeadOffice::Start(serve, office.clock, *office.random);

  CHECK(one.Round().new_life);
  CHECK(one.Waiting() == 0);
  CHECK(Must(one.till->Sync().GetEnrolment())->epoch.counter == 2);
  // The copy's ten points are on no disk any more; everything that is on this one is at head office.
  CHECK(office.PointsOf(nok.id) == 108);
  one.Earn(nok, 5);
  CHECK_FALSE(one.Round().new_life);
  CHECK(office.PointsOf(nok.id) == 113);
  office.RequireSound();
}

}  // namespace evertill::test
