#include "tests/sim/network.h"

#include "sync/client/errors.h"
#include "sync/server/http_text.h"

namespace evertill::sim {
namespace {

/// Answers of one path that may come again.
constexpr size_t kAnswersKept = 6;

class Road final : public client::Transport {
 public:
  Road(Network& network, int machine) : network_(network), machine_(machine) {}
  base::Expected<client::HttpAnswer> Get(const std::string& path, const std::string& bearer) override {
    return network_.Carry(machine_, "GET", path, bearer, {});
  }
  base::Expected<client::HttpAnswer> Post(const std::string& path, const std::string& bearer,
                                          const std::string& /*content_type*/, const std::string& body) override {
    return network_.Carry(machine_, "POST", path, bearer, body);
  }

 private:
  Network& network_;
  const int machine_;
};

tl::unexpected<base::Error> Nothing(const char* why) {
  return base::Fail(client::ClientErrc::kUnreachable, why);
}

}  // namespace

server::HttpRequest RequestOf(const char* method, const std::string& target, const std::string& bearer,
                              const std::string& body) {
  server::HttpRequest request;
  request.method = method;
  server::SplitTarget(target, request.path, request.query);
  request.headers = {{"authorization", "Bearer " + bearer}, {"content-type", "application/json"}};
  request.body = body;
  request.peer = "192.0.2.1";
  request.secure = true;
  return request;
}

client::TransportFactory Network::RoadOf(int machine) {
  return [this, machine](const checkout::Enrolment&) -> base::Expected<std::unique_ptr<client::Transport>> {
    return std::unique_ptr<client::Transport>(std::make_unique<Road>(*this, machine));
  };
}

bool Network::Happens(int thousandth, const char* fault) {
  if (thousandth <= 0 || static_cast<int>(rng_() % 1000) >= thousandth) return false;
  verdict_.Injected(fault);
  return true;
}

bool Network::IsCutOff(int machine) const {
  const auto cut = cut_.find(machine);
  return cut != cut_.end() && cut->second > step_;
}

std::optional<server::HttpResponse> Network::Arrive(HeadOffice& office, const char* method, const std::string& target,
                                                    const std::string& bearer, const std::string& body) {
  auto response = office.Answer(RequestOf(method, target, bearer, body));
  if (response) watcher_(office, target, body, *response);
  return response;
}

std::string Network::Tampered(const std::string& body) {
  std::string changed = body;
  // A digit in the middle: most of a body is events.
  for (size_t tries = 0; tries < 50 && !changed.empty(); ++tries) {
    char& c = changed[rng_() % changed.size()];
    if (c < '0' || c > '8') continue;
    ++c;
    break;
  }
  return changed;
}

base::Expected<client::HttpAnswer> Network::Carry(int machine, const char* method, const std::string& target,
                                                  const std::string& bearer, const std::string& body) {
  if (interlude_ && !target.ends_with("/reserve")) interlude_(machine);
  if (IsCutOff(machine)) return Nothing("partition");
  if (Happens(weather_.drop, "drop request")) return Nothing("request lost");
  if (Happens(weather_.delay, "delay")) {
    late_.push_back({method, target, bearer, body});
    return Nothing("request late");
  }
  HeadOffice* office = office_;
  if (zombie_ != nullptr && Happens(weather_.zombie, "replaced head office answers")) office = zombie_;
  const bool tampers = method[0] == 'P' && Happens(weather_.tamper, "tamper");
  auto response = Arrive(*office, method, target, bearer, tampers ? Tampered(body) : body);
  if (!response) return Nothing("head office stopped");
  if (Happens(weather_.duplicate, "duplicate")) {
    auto second = Arrive(*office, method, target, bearer, body);
    if (second) response = std::move(second);
  }
  const client::HttpAnswer fresh{response->status, response->body};
  auto& before = before_[{machine, target.substr(0, target.find('?'))}];
  client::HttpAnswer answer = fresh;
  if (!before.empty() && Happens(weather_.stale, "stale reply")) answer = before[rng_() % before.size()];
  before.push_back(fresh);
  if (before.size() > kAnswersKept) before.pop_front();
  if (Happens(weather_.lose, "drop reply")) return Nothing("answer lost");
  delivered_(machine, target, answer);
  return answer;
}

void Network::DeliverLate(bool all) {
  for (size_t n = late_.size(); n > 0; --n) {
    const Late late = std::move(late_.front());
    late_.pop_front();
    if (!all && rng_() % 2 == 0) {
      late_.push_back(late);
      continue;
    }
    verdict_.Injected("late arrival");
    (void)Arrive(*office_, late.method.c_str(), late.target, late.bearer, late.body);
  }
}

}  // namespace evertill::sim
