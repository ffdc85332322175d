#include "sync/client/sync_worker.h"

#include <condition_variable>

#include "sync/client/enrol.h"
#include "tests/unit/client/no_rights.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

namespace {

/// Collects what the screen would show.
class Screen {
 public:
  client::SyncWorker::OnStatus Listener() {
    return [this](const client::SyncStatus& status) {
      const std::lock_guard lock(mutex_);
      last_ = status;
      changed_.notify_all();
    };
  }
  bool WaitFor(const std::function<bool(const client::SyncStatus&)>& wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return wanted(last_); });
  }
  client::SyncStatus Last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  client::SyncStatus last_;
};

}  // namespace

TEST_CASE("Worker: online, offline with what waits, and back by itself", "[client][worker]") {
  Office office;
  office.Serve();
  FakeTill till("S01", "L03", 7);
  REQUIRE(client::Enrol(till, {.server_url = office.url, .code = office.TillCode("L03"), .ca_pem = {}, .name = {}}));
  const auto clock = base::MakeSystemClock();
  Screen screen;
  client::SyncWorkerOptions options;
  options.every = std::chrono::milliseconds(50);
  options.first_retry = std::chrono::milliseconds(50);
  options.last_retry = std::chrono::milliseconds(200);
  std::atomic<int> rounds{0};
  options.on_round = [&](const client::SyncReport& report) {
    CHECK(report.acked_seq == report.head_seq);
    ++rounds;
  };
  NoRights rights;
  client::SyncWorker worker(till, rights, *clock, *office.random, screen.Listener(), options);
  CHECK(screen.WaitFor([](const auto& status) { return status.online && status.pending_sales == 0; }));

  CHECK(rounds > 0);
  const uint16_t port = office.running->Port();
  office.running.reset();
  const int before = rounds;
  for (int i = 0; i < 4; ++i) till.AddSale(std::nullopt, 0, 100);
  worker.Nudge();
  CHECK(screen.WaitFor([](const auto& status) { return !status.online && status.pending_sales == 4; }));
  const client::SyncStatus offline = screen.Last();
  CHECK(offline.enrolled);
  CHECK(offline.problem == "head_office_unreachable");
  till.AddSale(std::nullopt, 0, 100);
  worker.Nudge();
  CHECK(screen.WaitFor([](const auto& status) { return status.pending_sales == 5; }));
  CHECK(screen.Last().offline_since == offline.offline_since);

  CHECK(rounds <= before + 1);  // one may have been under way
  server::ServeOptions serve;
  serve.database = office.file;
  serve.port = port;
  auto back = server::RunningHeadOffice::Start(serve, office.clock, *office.random);
  REQUIRE(back);
  CHECK(screen.WaitFor([](const auto& status) { return status.online && status.pending_sales == 0; }));
  CHECK(office.store->CountAll()->events == 5);
}

TEST_CASE("Worker: a till that is not enrolled says so and ends at once", "[client][worker]") {
  FakeTill till("S01", "L03", 7);
  const auto clock = base::MakeSystemClock();
  const auto random = base::MakeSystemRandom();
  Screen screen;
  const auto start = clock->Uptime();
  {
    NoRights rights;
    client::SyncWorker worker(till, rights, *clock, *random, screen.Listener());
    CHECK(screen.WaitFor([](const auto& status) { return !status.problem.empty(); }));
    CHECK_FALSE(screen.Last().enrolled);
  }
  CHECK(clock->Uptime() - start < std::chrono::seconds(5));
}

TEST_CASE("Worker: a head office that never answers does not hold up the end", "[client][worker]") {
  Office office;
  server::HttpServerOptions options;
  options.tls = false;
  options.port = 0;
  std::vector<server::HttpResponder> held;
  std::mutex mutex;
  auto silent = server::HttpServer::Start(options, [&](server::HttpRequest, server::HttpResponder respond) {
    const std::lock_guard lock(mutex);
    held.push_back(std::move(respond));
  });
  REQUIRE(silent);
  FakeTill till("S01", "L03", 7);
  till.AddSale(std::nullopt, 0, 100);
  till.enrolment = checkout::Enrolment{"http://127.0.0.1:" + std::to_string((*silent)->Port()),
                                       "evt_X",
                                       "",
                                       std::string(32, 'k'),
                                       {1, std::string(32, 'a')}};
  const auto clock = base::MakeSystemClock();
  NoRights rights;
  auto worker = std::make_unique<client::SyncWorker>(till, rights, *clock, *office.random, nullptr);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto start = clock->Uptime();
  worker.reset();
  CHECK(clock->Uptime() - start < std::chrono::seconds(3));
  (*silent)->Stop(0);
  held.clear();
}

}  // namespace evertill::test
