#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "sync/server/http.h"
#include "sync/server/service.h"
#include "sync/server/sqlite_store.h"

namespace evertill::server {

struct ServeOptions {
  std::filesystem::path database;
  std::string host = "127.0.0.1";
  uint16_t port = 8443;
  bool plain_http = false;            ///< only on a loopback address
  std::filesystem::path certificate;  ///< empty: head office's own
  std::filesystem::path private_key;
  std::filesystem::path authority;  ///< what tills pin when the certificate is another's; empty: head office's own
  int http_threads = 0;             ///< 0: one for each core
};

/// A head office that runs: database sessions, service and HTTP server, put together and taken apart in order.
class RunningHeadOffice {
 public:
  /// `clock` and `random` outlive what is made.
  [[nodiscard]] static base::Expected<std::unique_ptr<RunningHeadOffice>> Start(const ServeOptions& options,
                                                                                const base::Clock& clock,
                                                                                base::Random& random);
  /// Sends what is being answered, finishes what is queued, empties the database's log.
  ~RunningHeadOffice();
  /// "https://127.0.0.1:8443"
  [[nodiscard]] const std::string& Url() const { return url_; }
  [[nodiscard]] uint16_t Port() const { return server_->Port(); }

 private:
  RunningHeadOffice() = default;
  void StartTending();
  std::optional<ServeLock> lock_;       ///< let go last
  std::unique_ptr<HttpServer> server_;  ///< outlives the service, whose answers go to it
  std::unique_ptr<Service> service_;
  std::string url_;
  std::filesystem::path database_;
  const base::Clock* clock_ = nullptr;
  std::mutex tending_mutex_;
  std::condition_variable tending_ends_;
  bool stopping_ = false;
  std::thread tending_;
};

}  // namespace evertill::server
