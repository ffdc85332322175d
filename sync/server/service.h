#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "sync/server/access.h"
#include "sync/server/database_threads.h"
#include "sync/server/http.h"
#include "sync/server/ingest.h"
#include "sync/server/keys.h"
#include "sync/server/till_desk.h"

namespace evertill::server {

/// What a head office stands on. Clock and random outlive the service.
struct ServiceParts {
  const base::Clock& clock;
  base::Random& random;
  HeadOfficeKeys keys;
  std::string ca_pem;  ///< served as /ca.pem: what tills pin
  wire::Epoch epoch;
  std::unique_ptr<Store> writer;
  std::vector<std::unique_ptr<Store>> readers;
  std::function<HttpCounters()> http_counters;  ///< may be empty
};

/// Every address that head office answers. Handle() never blocks: work goes to the readers and the writer. Goes away
/// before the HTTP server whose responders it holds.
class Service {
 public:
  explicit Service(ServiceParts parts);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Any thread.
  void Handle(HttpRequest request, HttpResponder respond);
  [[nodiscard]] static size_t BodyLimit(std::string_view path);
  /// What time alone does: points become spendable. Any thread; returns at once.
  void TendPoints();

 private:
  struct Call {
    HttpRequest request;
    HttpResponder respond;
  };
  using CallPtr = std::shared_ptr<Call>;
  using Handler = void (Service::*)(const CallPtr&);
  struct Route {
    std::string_view method;
    std::string_view path;
    Handler handler;
  };
  static const std::vector<Route>& Routes();

  // For tills (service_till.cpp)
  void Enrol(const CallPtr& call);
  void Events(const CallPtr& call);
  void PostEvents(const CallPtr& call, std::shared_ptr<const wire::Batch> batch);
  void AnswerEvents(const CallPtr& call, const wire::Batch& batch, const IngestResult& result);

  // For tills, about rights (service_rights.cpp)
  void Hello(const CallPtr& call);
  void ReadForTill(const CallPtr& call);
  void WriteForTill(const CallPtr& call);
  [[nodiscard]] DeskParts Desk() const { return {clock_, random_, keys_, epoch_, {}}; }
  void MarkSeen(const TokenRow& token);

  // For machines (service_machine.cpp)
  void Log(const CallPtr& call);
  void Health(const CallPtr& call);
  void Ready(const CallPtr& call);
  void Metrics(const CallPtr& call);
  void AuthorityFile(const CallPtr& call);
  void OpenApiFile(const CallPtr& call);

  // For people (service_people.cpp)
  void FrontPage(const CallPtr& call);
  void StyleFile(const CallPtr& call);
  void IconFile(const CallPtr& call);
  void SignIn(const CallPtr& call);
  void SignOut(const CallPtr& call);
  void FirstRunForm(const CallPtr& call);
  void FirstRun(const CallPtr& call);
  [[nodiscard]] std::optional<TokenRole> SessionOf(const HttpRequest& request);

  /// Runs `work` on a reader; answers 503 when too much waits.
  void Read(const CallPtr& call, std::function<HttpResponse(Store&)> work);
  /// Runs `work` on the writer and answers once it is on disk; 503 when too much waits.
  void Write(const CallPtr& call, WriteQueue::Work work, WriteQueue::Done done);
  /// A token that may read the log, from the header or from a session of the pages.
  base::Expected<TokenRole> AuthenticateReader(Store& store, const HttpRequest& request);

  const base::Clock& clock_;
  base::Random& random_;
  const HeadOfficeKeys keys_;
  const std::string ca_pem_;
  const wire::Epoch epoch_;
  const std::function<HttpCounters()> http_counters_;
  Sessions sessions_;
  TryLimiter enrol_tries_;
  TryLimiter sign_in_tries_;
  std::mutex seen_mutex_;
  std::map<std::pair<std::string, int64_t>, base::Instant> seen_;  ///< tills, when they last asked for anything
  std::map<std::pair<std::string, int64_t>, base::Instant> seen_written_;
  std::atomic<int64_t> batches_{0};
  std::atomic<int64_t> events_posted_{0};
  std::atomic<int64_t> batches_refused_{0};
  std::atomic<int64_t> gaps_{0};
  std::atomic<int64_t> forks_{0};
  std::atomic<int64_t> enrolments_{0};
  std::atomic<int64_t> unauthorised_{0};
  // Last: their threads use everything above, and end first.
  ReadPool readers_;
  WriteQueue writer_;
};

/// How an error is answered: its HTTP status and `{"error":{…}}`.
[[nodiscard]] HttpResponse AnswerError(const base::Error& error);

}  // namespace evertill::server
