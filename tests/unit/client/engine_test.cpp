#include "sync/client/sync_engine.h"

#include "app/checkout/errors.h"
#include "app/sqlite/connection.h"
#include "sync/client/enrol.h"
#include "sync/client/hold_client.h"
#include "sync/client/http_client.h"
#include "sync/server/http.h"
#include "sync/wire/limits.h"
#include "tests/unit/client/no_rights.h"
#include "tests/unit/client/rights_till.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

using client::ClientErrc;
using client::SyncEngine;
using server::HttpRequest;
using server::HttpResponder;
using server::HttpResponse;
using server::HttpServer;

namespace {

/// Stands between till and head office and may spoil what goes through.
class Middle {
 public:
  using Spoil = std::function<HttpResponse(const HttpRequest&, HttpResponse)>;
  explicit Middle(const std::string& target) : target_(target) {
    server::HttpServerOptions options;
    options.tls = false;
    options.port = 0;
    options.threads = 1;
    options.body_limit = [](std::string_view) { return size_t{8} << 20; };
    auto started =
        HttpServer::Start(options, [this](HttpRequest request, HttpResponder respond) { Pass(request, respond); });
    REQUIRE(started);
    server_ = std::move(*started);
    url = "http://127.0.0.1:" + std::to_string(server_->Port());
  }
  ~Middle() { server_->Stop(0); }

  std::string url;
  Spoil spoil;
  int passed = 0;

 private:
  void Pass(const HttpRequest& request, const HttpResponder& respond) {
    auto http = client::HttpClient::Create({.base_url = target_, .ca_pem = {}});
    std::string path = request.path + "?";
    for (const auto& [name, value] : request.query) path += name + "=" + value + "&";
    std::string bearer(request.Header("authorization"));
    if (bearer.starts_with("Bearer ")) bearer = bearer.substr(7);
    const auto answer =
        request.method == "GET" ? http->Get(path, bearer) : http->Post(path, bearer, "application/json", request.body);
    ++passed;
    if (!answer) return respond(HttpResponse::Error(502, "gone", "head office is away"));
    HttpResponse response = HttpResponse::Json(answer->status, answer->body);
    respond(spoil ? spoil(request, std::move(response)) : std::move(response));
  }
  std::string target_;
  std::unique_ptr<HttpServer> server_;
};

/// An office, a till enrolled through a middle man, and the engine between them.
struct Setting {
  Setting() {
    office.Serve(true);
    middle = std::make_unique<Middle>(office.url);
    const auto enrolled =
        client::Enrol(till, {.server_url = middle->url, .code = office.TillCode("L03"), .ca_pem = {}, .name = {}});
    INFO((enrolled ? std::string() : enrolled.error().ToString()));
    REQUIRE(enrolled);
    engine = std::make_unique<SyncEngine>(till, rights, office.clock, *office.random, options);
  }
  Office office;
  FakeTill till{"S01", "L03", 7};
  NoRights rights;
  client::SyncEngineOptions options{.most_events = 10};
  std::unique_ptr<Middle> middle;
  std::unique_ptr<SyncEngine> engine;
};

wire::ProductChange Product(const std::string& barcode, const std::string& name, int64_t price,
                            const std::string& currency, bool deleted = false) {
  wire::ProductChange product;
  product.barcode = barcode;
  product.name = name;
  product.price_minor = price;
  product.currency = currency;
  product.deleted = deleted;
  product.tax_code = "EXEMPT";
  product.by_weight = true;
  return product;
}

HttpResponse ChangeAck(const Office& office, HttpResponse response, const std::function<void(wire::Ack&)>& change,
                       bool sign) {
  auto ack = wire::DecodeAck(response.body);
  if (!ack) return response;
  change(*ack);
  if (sign) {  // as if head office itself had said it
    auto random = base::MakeSystemRandom();
    const auto keys = server::LoadOrCreateKeys(server::KeyFolderFor(office.file), {}, office.clock, *random);
    ack->signature = crypto::AsText(*keys->signing.Sign(crypto::AsBytes(ack->SignedBytes())));
  }
  response.body = wire::Encode(*ack);
  return response;
}

}  // namespace

TEST_CASE("Sync: everything goes up in order, once, and the cursor follows", "[client][engine]") {
  Setting s;
  const auto member = s.till.AddMember("A", "0900000001", "1000000000000001");
  for (int i = 0; i < 34; ++i) s.till.AddSale(member, 2, 100);
  const auto report = s.engine->RunOnce();
  INFO((report ? std::string() : report.error().ToString()));
  REQUIRE(report);
  CHECK(report->uploaded == 35);
  CHECK(s.till.cursor.acked_seq == 35);
  CHECK(s.till.cursor.durable_seq == 35);
  CHECK(s.office.PointsOf(member) == 68);
  // What came down says what it includes, so that the till can add its later entries itself.
  const auto& down = s.till.members.at("1000000000000001");
  CHECK(down.member.points == 68);
  CHECK(down.points_acked_seq == 35);
  CHECK(down.member.consents == std::vector<std::string>{"points"});

  const auto again = s.engine->RunOnce();
  REQUIRE(again);
  CHECK(again->uploaded == 0);
  CHECK(again->members == 0);
  s.office.RequireSound();
}

TEST_CASE("Sync: a lost acknowledgement is asked for again and posts nothing twice", "[client][engine]") {
  Setting s;
  const auto member = s.till.AddMember("A", "0900000001", "1000000000000001");
  for (int i = 0; i < 24; ++i) s.till.AddSale(member, 1, 100);
  int lost = 0;
  s.middle->spoil = [&lost](const HttpRequest& request, HttpResponse response) {
    if (request.path.ends_with("/events") && lost++ % 2 == 0) return HttpResponse::Error(502, "cut", "the line broke");
    return response;
  };
  for (int round = 0; round < 20 && s.till.cursor.acked_seq < 25; ++round) (void)s.engine->RunOnce();
  CHECK(lost >= 3);
  CHECK(s.till.cursor.acked_seq == 25);
  CHECK(s.office.store->CountAll()->events == 25);
  CHECK(s.office.PointsOf(member) == 24);
  s.office.RequireSound();
}

TEST_CASE("Sync: an acknowledgement that does not fit moves nothing", "[client][engine]") {
  Setting s;
  for (int i = 0; i < 5; ++i) s.till.AddSale(std::nullopt, 0, 100);
  std::function<void(wire::Ack&)> change;
  bool sign = true;
  SECTION("nonce") {
    change = [](wire::Ack& ack) { ack.nonce = "another"; };
  }
  SECTION("epoch") {
    change = [](wire::Ack& ack) { ack.epoch.counter += 1; };
  }
  SECTION("incarnation") {
    change = [](wire::Ack& ack) { ack.incarnation = 2; };
  }
  SECTION("terminal") {
    change = [](wire::Ack& ack) { ack.terminal = "S01/L04"; };
  }
  SECTION("more than the till has") {
    change = [](wire::Ack& ack) { ack.acked_seq = 6; };
  }
  SECTION("less than was sent") {
    change = [&s](wire::Ack& ack) {
      ack.acked_seq = ack.durable_seq = 3;
      ack.head = ack.durable_hash = crypto::AsText(*s.till.HashAt(3));
    };
  }
  SECTION("another hash at the head") {
    change = [](wire::Ack& ack) { ack.head[0] ^= 1; };
  }
  SECTION("another durable hash") {
    change = [](wire::Ack& ack) { ack.durable_hash[0] ^= 1; };
  }
  SECTION("more durable than acknowledged") {
    change = [](wire::Ack& ack) { ack.durable_seq = 6; };
  }
  SECTION("signature") {
    change = [](wire::Ack& ack) { ack.signature[0] ^= 1; };
    sign = false;
  }
  SECTION("signed by nobody that was pinned") {
    change = [&s](wire::Ack& ack) {
      const auto other = crypto::SigningKey::Generate(*s.office.random);
      ack.signature = crypto::AsText(*other->Sign(crypto::AsBytes(ack.SignedBytes())));
    };
    sign = false;
  }
  s.middle->spoil = [&](const HttpRequest& request, HttpResponse response) {
    return request.path.ends_with("/events") ? ChangeAck(s.office, std::move(response), change, sign) : response;
  };
  const auto report = s.engine->RunOnce();
  REQUIRE_FALSE(report);
  CHECK((report.error().Is(ClientErrc::kBadAnswer) || report.error().Is(ClientErrc::kForked)));
  CHECK(s.till.cursor.acked_seq == 0);
  s.middle->spoil = nullptr;
  REQUIRE(s.engine->RunOnce());
  CHECK(s.till.cursor.acked_seq == 5);
}

TEST_CASE("Sync: a replayed acknowledgement of an earlier batch is not believed", "[client][engine]") {
  Setting s;
  std::string first_answer;
  s.middle->spoil = [&](const HttpRequest& request, HttpResponse response) {
    if (!request.path.ends_with("/events")) return response;
    if (first_answer.empty())
      first_answer = response.body;
    else
      response.body = first_answer;
    return response;
  };
  s.till.AddSale(std::nullopt, 0, 100);
  REQUIRE(s.engine->RunOnce());
  s.till.AddSale(std::nullopt, 0, 100);
  CHECK_FALSE(s.engine->RunOnce());
  CHECK(s.till.cursor.acked_seq == 1);
}

TEST_CASE("Sync: after a gap the till goes on from what head office has", "[client][engine]") {
  Setting s;
  for (int i = 0; i < 30; ++i) s.till.AddSale(std::nullopt, 0, 100);
  s.till.cursor.acked_seq = 20;  // the till believes more than head office has
  const auto report = s.engine->RunOnce();
  INFO((report ? std::string() : report.error().ToString()));
  REQUIRE(report);
  CHECK(s.till.cursor.acked_seq == 30);
  CHECK(s.office.store->CountAll()->events == 30);
  s.office.RequireSound();
}

TEST_CASE("Sync: a till with an older disk keeps both histories at head office and goes on anew", "[client][engine]") {
  Office office;
  office.Serve(true);
  std::vector<std::string> calls;
  RightsTill till(office.clock, *office.random, calls);
  REQUIRE(client::Enrol(till, {.server_url = office.url, .code = office.TillCode("L03"), .ca_pem = {}, .name = {}}));
  SyncEngine engine(till, till, office.clock, *office.random);
  const auto round = [&engine] {
    const auto report = engine.RunOnce();
    INFO((report ? std::string() : report.error().ToString()));
    REQUIRE(report);
    return *report;
  };
  for (int i = 0; i < 3; ++i) till.Sell();
  round();
  const auto disk = till.Copy();
  for (int i = 0; i < 3; ++i) till.Sell();
  round();
  till.Restore(disk);
  till.Sell();
  const client::SyncReport report = round();
  CHECK(report.new_life);
  CHECK(till.identity.terminal.incarnation > 1);
  CHECK(till.kinds.back() == "life");
  CHECK(till.cursor.acked_seq == till.Head());
  // Six sales of the one history, one of the other, and the event that begins the new life.
  CHECK(office.store->CountAll()->events == 8);
  till.Sell();
  CHECK_FALSE(round().new_life);
  CHECK(till.cursor.acked_seq == till.Head());
  office.RequireSound();
}

TEST_CASE("Sync: a long list of lost cards is handed back to a head office that lacks it", "[client][engine]") {
  Office office;
  office.Serve(true);
  std::vector<std::string> calls;
  RightsTill till(office.clock, *office.random, calls);
  REQUIRE(client::Enrol(till, {.server_url = office.url, .code = office.TillCode("L03"), .ca_pem = {}, .name = {}}));
  wire::Revocations list;
  list.version = 9'000;
  list.epoch = office.epoch.ToString();
  for (int i = 0; i < 9'000; ++i)
    list.serials.push_back(base::ToHex(crypto::AsBytes("card" + std::to_string(1000 + i))));
  till.lost_cards.bytes = wire::EncodeRevocations(list);
  REQUIRE(till.lost_cards.bytes.size() > wire::kMaxSmallBodyBytes);
  const auto keys = server::LoadOrCreateKeys(server::KeyFolderFor(office.file), {}, office.clock, *office.random);
  REQUIRE(keys);
  till.lost_cards.signature =
      crypto::AsText(*keys->signing.Sign(crypto::AsBytes(wire::RevocationsSignedBytes(till.lost_cards.bytes))));
  till.lost_cards_version = 9'000;
  till.next_lost_cards_version = 20'000;
  SyncEngine engine(till, till, office.clock, *office.random);
  const auto report = engine.RunOnce();
  INFO((report ? std::string() : report.error().ToString()));
  REQUIRE(report);
  CHECK(till.hello.revocations_version >= 9'000);
}

TEST_CASE("Sync: a restored head office is followed, and gets again what its backup lacks", "[client][engine]") {
  Setting s;
  const auto backup = s.office.folder.Path() / "backup.db";
  for (int i = 0; i < 2; ++i) s.till.AddSale(std::nullopt, 0, 100);
  REQUIRE(s.engine->RunOnce());
  REQUIRE(sqlite::Connection::Open(s.office.file)->CopyTo(backup));
  for (int i = 0; i < 2; ++i) s.till.AddSale(std::nullopt, 0, 100);
  REQUIRE(s.engine->RunOnce());
  CHECK(s.till.cursor.acked_seq == 4);
  // The backup takes the place of the database, in the next epoch; the keys beside it stay.
  s.office.running.reset();
  s.office.store.reset();
  for (const char* ending : {"-wal", "-shm"}) std::filesystem::remove(s.office.file.string() + ending);
  std::filesystem::rename(backup, s.office.file);
  s.office.store = *server::OpenSqliteStore(s.office.file, server::StoreAccess::kWrite, s.office.clock);
  const wire::Epoch next{2, std::string(16, '\x77')};
  s.office.Change([&] { return s.office.store->SetMeta("epoch", next.ToString()); });
  s.office.Serve(true);
  Middle middle(s.office.url);
  s.till.enrolment->server_url = middle.url;
  s.till.AddSale(std::nullopt, 0, 100);
  const auto report = s.engine->RunOnce();
  INFO((report ? std::string() : report.error().ToString()));
  REQUIRE(report);
  CHECK(s.till.enrolment->epoch.counter == 2);
  CHECK(s.till.cursor.acked_seq == 5);
  CHECK(s.office.store->CountAll()->events == 5);
  s.office.RequireSound();
}

TEST_CASE("Sync: the catalogue comes down in pages, changes only", "[client][engine]") {
  Setting s;
  s.office.Change([&]() -> base::Status {
    for (int i = 0; i < 25; ++i) {
      EVERTILL_TRY(s.office.store->PutProduct(Product("885" + std::to_string(i), "ข้าว", 100 + i, "THB")));
      EVERTILL_TRY(s.office.store->PutProduct(Product("885" + std::to_string(i), "gạo", 100 + i, "VND")));
    }
    return {};
  });
  s.options.changes_limit = 4;
  s.engine = std::make_unique<SyncEngine>(s.till, s.rights, s.office.clock, *s.office.random, s.options);
  REQUIRE(s.engine->RunOnce());
  CHECK(s.till.products.size() == 25);
  CHECK(s.till.products.at("8853").price.Minor() == 103);
  CHECK(s.till.products.at("8853").name == "ข้าว");
  CHECK(s.till.products.at("8853").tax_code == "EXEMPT");
  CHECK(s.till.products.at("8853").unit == domain::SellUnit::kKilogram);
  s.office.Change([&]() -> base::Status {
    EVERTILL_TRY(s.office.store->PutProduct(Product("8853", "ข้าว", 99, "THB")));
    return s.office.store->PutProduct(Product("8854", "ข้าว", 104, "THB", true));
  });
  CHECK(s.engine->RunOnce()->products == 2);
  CHECK(s.till.products.at("8853").price.Minor() == 99);
  CHECK_FALSE(s.till.products.contains("8854"));
}

TEST_CASE("Sync: an unknown token, an answer without end and a head office that is away are told apart",
          "[client][engine]") {
  Setting s;
  s.till.AddSale(std::nullopt, 0, 100);
  SECTION("neither token nor key") {
    FakeTill other{"S01", "L03", 8};
    other.enrolment = s.till.enrolment;
    other.enrolment->token = "evt_WRONG";
    SyncEngine engine(other, s.rights, s.office.clock, *s.office.random, s.options);
    CHECK(engine.RunOnce().error().Is(ClientErrc::kRefused));
    CHECK(s.rights.lives.empty());
  }
  SECTION("a token that is not known, but the key is: head office may have been restored") {
    s.till.enrolment->token = "evt_WRONG";
    CHECK_FALSE(s.engine->RunOnce());
    REQUIRE(s.rights.lives.size() == 1);
    CHECK(s.rights.lives[0].incarnation > 1);
    CHECK(s.rights.lives[0].why == "restored");
  }
  SECTION("endless") {
    s.middle->spoil = [](const HttpRequest&, HttpResponse response) {
      response.body = std::string(size_t{9} << 20, ' ');
      return response;
    };
    CHECK(s.engine->RunOnce().error().Is(ClientErrc::kBadAnswer));
  }
  SECTION("away") {
    s.till.enrolment->server_url = "http://127.0.0.1:1";
    CHECK(s.engine->RunOnce().error().Is(ClientErrc::kUnreachable));
  }
  SECTION("redirect") {
    s.middle->spoil = [](const HttpRequest&, HttpResponse) { return HttpResponse::SeeOther("http://127.0.0.1:1/"); };
    CHECK(s.engine->RunOnce().error().Is(ClientErrc::kBadAnswer));
  }
  SECTION("not enrolled") {
    s.till.enrolment.reset();
    CHECK(s.engine->RunOnce().error().Is(checkout::CheckoutErrc::kNotEnrolled));
  }
  SECTION("cancelled") {
    s.engine->Cancel();
    CHECK(s.engine->RunOnce().error().Is(ClientErrc::kCancelled));
  }
  CHECK(s.till.cursor.acked_seq == 0);
}

TEST_CASE("Sync: a batch that head office finds too large is halved", "[client][engine]") {
  Setting s;
  for (int i = 0; i < 8; ++i) s.till.AddSale(std::nullopt, 0, 100);
  s.middle->spoil = [](const HttpRequest& request, HttpResponse response) {
    if (!request.path.ends_with("/events")) return response;
    const auto batch = wire::DecodeBatch(request.body);
    return batch && batch->events.size() > 2 ? HttpResponse::Error(413, "too_large", "smaller, please") : response;
  };
  const auto report = s.engine->RunOnce();
  REQUIRE(report);
  CHECK(s.till.cursor.acked_seq == 8);
}

TEST_CASE("Hold: head office reserves once for a sale, and says what there would have been", "[client][hold]") {
  Setting s;
  const auto member = s.till.AddMember("A", "0900000001", "1000000000000001");
  const domain::EventId earned(base::MakeUuidV7(s.office.clock, *s.office.random));
  const std::string lot = earned.ToString();
  s.till.Append({"sale", member, {{"ISSUED", "", "", -100}, {"LOCAL", "", lot, 100}}},
                R"({"receipt":"L03-000001","currency":"THB","total":100})", "", earned);
  s.till.Append({"return", member, {{"LOCAL", "", lot, -100}, {"AVAIL", "", lot, 100}}}, R"({"grants":[]})", "");
  REQUIRE(s.engine->RunOnce());
  // Half of them stand ready at this store as a grant; the other half is head office's to reserve.
  client::HoldClient holds(s.till, s.office.clock, *s.office.random);
  const domain::EventId sale(base::MakeUuidV7(s.office.clock, *s.office.random));
  for (int i = 0; i < 2; ++i) {  // an answer that was lost is asked for again
    const auto hold = holds.Reserve(member, sale, 40);
    REQUIRE(hold);
    CHECK(hold->given);
    CHECK(hold->lots == std::vector<domain::Posting>{{"HOLD", sale.ToString(), lot, -40}});
  }
  const auto differs = holds.Reserve(member, sale, 45);
  REQUIRE(differs);
  CHECK_FALSE(differs->given);
  const domain::EventId next(base::MakeUuidV7(s.office.clock, *s.office.random));
  const auto less = holds.Reserve(member, next, 50);
  REQUIRE(less);
  CHECK_FALSE(less->given);
  CHECK(less->available == 10);
  REQUIRE(holds.Reserve(member, next, 10));
  CHECK(holds.Reserve(member, next, 10)->given);

  s.office.running.reset();
  CHECK_FALSE(holds.Reserve(member, domain::EventId(base::MakeUuidV7(s.office.clock, *s.office.random)), 1));
  CHECK_FALSE(holds.Reachable());
}

}  // namespace evertill::test
