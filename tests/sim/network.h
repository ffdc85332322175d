#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "sync/client/sync_engine.h"
#include "sync/client/transport.h"
#include "tests/sim/head_office.h"
#include "tests/sim/verdict.h"

namespace evertill::sim {

/// A till's request as head office's HTTP server would hand it over.
[[nodiscard]] server::HttpRequest RequestOf(const char* method, const std::string& target, const std::string& bearer,
                                            const std::string& body);

/// How likely each fault is for one request, in parts of a thousand.
struct Weather {
  int drop = 0;       ///< the request never arrives
  int lose = 0;       ///< it arrives, its answer does not
  int duplicate = 0;  ///< it arrives twice; the second answer comes back
  int delay = 0;      ///< it arrives later, when nobody waits any more
  int stale = 0;      ///< an answer of before comes back instead
  int tamper = 0;     ///< a byte of it is changed on the way
  int zombie = 0;     ///< it reaches the head office that was replaced
};

/// Sees each exchange that a head office has answered: what was asked, and what was answered, whoever got to read it.
using Watcher =
    std::function<void(HeadOffice&, const std::string& target, const std::string& body, const server::HttpResponse&)>;
/// An answer that a till got, also one of before.
using Delivered = std::function<void(int machine, const std::string& target, const client::HttpAnswer&)>;

/// The roads between tills and head office.
class Network {
 public:
  Network(Verdict& verdict, std::mt19937_64& rng, Watcher watcher, Delivered delivered)
      : verdict_(verdict), rng_(rng), watcher_(std::move(watcher)), delivered_(std::move(delivered)) {}

  /// What the counter does while a round waits for an answer.
  void SetInterlude(std::function<void(int machine)> interlude) { interlude_ = std::move(interlude); }
  void Connect(HeadOffice* office) { office_ = office; }
  /// The head office that was replaced and still answers some.
  void SetZombie(HeadOffice* zombie) { zombie_ = zombie; }
  void SetWeather(const Weather& weather) { weather_ = weather; }
  /// No request of this machine arrives until the step.
  void CutOff(int machine, int until_step) { cut_[machine] = until_step; }
  [[nodiscard]] bool IsCutOff(int machine) const;
  void BeginStep(int step) { step_ = step; }
  /// Some of the requests that were kept back arrive now.
  void DeliverLate(bool all);
  void ForgetKept() { late_.clear(); }

  [[nodiscard]] client::TransportFactory RoadOf(int machine);
  [[nodiscard]] base::Expected<client::HttpAnswer> Carry(int machine, const char* method, const std::string& target,
                                                         const std::string& bearer, const std::string& body);

 private:
  struct Late {
    std::string method, target, bearer, body;
  };
  [[nodiscard]] bool Happens(int thousandth, const char* fault);
  [[nodiscard]] std::optional<server::HttpResponse> Arrive(HeadOffice& office, const char* method,
                                                           const std::string& target, const std::string& bearer,
                                                           const std::string& body);
  [[nodiscard]] std::string Tampered(const std::string& body);

  Verdict& verdict_;
  std::mt19937_64& rng_;
  const Watcher watcher_;
  const Delivered delivered_;
  std::function<void(int)> interlude_;
  HeadOffice* office_ = nullptr;
  HeadOffice* zombie_ = nullptr;
  Weather weather_;
  int step_ = 0;
  std::map<int, int> cut_;
  std::deque<Late> late_;
  std::map<std::pair<int, std::string>, std::deque<client::HttpAnswer>> before_;
};

}  // namespace evertill::sim
