#include "sync/server/serve.h"

#include <algorithm>
#include <thread>

#include "app/base/log.h"
#include "sync/server/admin.h"
#include "sync/server/errors.h"
#include "sync/server/http_text.h"
#include "sync/server/sqlite_store.h"

namespace evertill::server {

namespace {

constexpr int kStopGraceMs = 5000;
constexpr std::chrono::minutes kTendEvery{1};

/// The service is made after the server that feeds it: until then, and after it has gone, requests are told to wait.
struct Gate {
  std::atomic<Service*> service{nullptr};
};

base::Expected<HttpServerOptions> HttpOptions(const ServeOptions& options, const HeadOfficeKeys& keys) {
  HttpServerOptions http;
  http.host = options.host;
  http.port = options.port;
  http.tls = !options.plain_http;
  http.threads = options.http_threads;
  http.certificate_pem = keys.certificate_pem;
  http.private_key_pem = keys.private_key_pem;
  if (!options.certificate.empty()) {
    EVERTILL_ASSIGN(http.certificate_pem, ReadTextFile(options.certificate));
    EVERTILL_ASSIGN(http.private_key_pem, ReadTextFile(options.private_key));
  }
  http.body_limit = &Service::BodyLimit;
  return http;
}

base::Expected<ServiceParts> OpenParts(const ServeOptions& options, const base::Clock& clock, base::Random& random) {
  EVERTILL_ASSIGN(auto writer, OpenSqliteStore(options.database, StoreAccess::kWrite, clock));
  EVERTILL_ASSIGN(const wire::Epoch epoch, LoadEpoch(*writer));
  EVERTILL_ASSIGN(const auto hosts, LoadHosts(*writer));
  EVERTILL_ASSIGN(HeadOfficeKeys keys, LoadOrCreateKeys(KeyFolderFor(options.database), hosts, clock, random));
  std::string ca_pem = keys.ca_pem;
  if (!options.authority.empty()) {
    EVERTILL_ASSIGN(ca_pem, ReadTextFile(options.authority));
  }
  std::vector<std::unique_ptr<Store>> readers;
  const unsigned count = std::clamp(std::thread::hardware_concurrency(), 2u, 8u);
  for (unsigned i = 0; i < count; ++i) {
    EVERTILL_ASSIGN(auto reader, OpenSqliteStore(options.database, StoreAccess::kRead, clock));
    readers.push_back(std::move(reader));
  }
  return ServiceParts{clock, random, std::move(keys), std::move(ca_pem), epoch, std::move(writer), std::move(readers),
                      {}};
}

}  // namespace

base::Expected<std::unique_ptr<RunningHeadOffice>> RunningHeadOffice::Start(const ServeOptions& options,
                                                                            const base::Clock& clock,
                                                                            base::Random& random) {
  if (options.plain_http && !IsLoopback(options.host)) {
    return base::Fail(ServerErrc::kBadArgument,
                      "--plain-http on " + options.host + ": only on a loopback address; tills send secrets");
  }
  if (std::error_code ignored; !std::filesystem::exists(options.database, ignored)) {
    return base::Fail(ServerErrc::kNotInitialised,
                      options.database.string() + ": no such database; run: evertill-hq init");
  }
  EVERTILL_ASSIGN(ServeLock lock, ServeLock::Take(options.database));
  EVERTILL_ASSIGN(ServiceParts parts, OpenParts(options, clock, random));
  EVERTILL_ASSIGN(HttpServerOptions http, HttpOptions(options, parts.keys));
  std::unique_ptr<RunningHeadOffice> office(new RunningHeadOffice());
  office->lock_.emplace(std::move(lock));
  auto gate = std::make_shared<Gate>();
  EVERTILL_ASSIGN(office->server_,
                  HttpServer::Start(std::move(http), [gate](HttpRequest request, HttpResponder respond) {
                    if (Service* service = gate->service)
                      return service->Handle(std::move(request), std::move(respond));
                    respond(HttpResponse::Error(503, "starting", "head office is starting; try again"));
                  }));
  parts.http_counters = [server = office->server_.get()] { return server->Counters(); };
  office->service_ = std::make_unique<Service>(std::move(parts));
  gate->service = office->service_.get();
  office->database_ = options.database;
  office->clock_ = &clock;
  office->StartTending();
  const bool v6 = options.host.find(':') != std::string::npos;
  office->url_ = std::string(options.plain_http ? "http://" : "https://") + (v6 ? "[" : "") + options.host +
                 (v6 ? "]" : "") + ":" + std::to_string(office->server_->Port());
  return office;
}

void RunningHeadOffice::StartTending() {
  tending_ = std::thread([this] {
    std::unique_lock lock(tending_mutex_);
    do {
      service_->TendPoints();
    } while (!tending_ends_.wait_for(lock, kTendEvery, [this] { return stopping_; }));
  });
}

RunningHeadOffice::~RunningHeadOffice() {
  {
    const std::lock_guard lock(tending_mutex_);
    stopping_ = true;
  }
  tending_ends_.notify_all();
  if (tending_.joinable()) tending_.join();
  if (server_) server_->Stop(kStopGraceMs);
  service_.reset();
  // Every other session has ended: nothing of what was erased stays in the log, and the log itself goes.
  if (database_.empty()) return;
  const auto store = OpenSqliteStore(database_, StoreAccess::kWrite, *clock_);
  const base::Status emptied = store ? (*store)->EmptyLog() : base::Fail(store.error());
  if (!emptied) base::LogWarn("the database's log stays: {}", emptied.error().ToString());
}

}  // namespace evertill::server
