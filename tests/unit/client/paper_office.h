#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/checkout/errors.h"
#include "app/domain/event.h"
#include "sync/client/errors.h"
#include "sync/client/transport.h"
#include "sync/wire/limits.h"
#include "sync/wire/rights_messages.h"
#include "tests/unit/client/rights_till.h"

namespace evertill::test {

/// Head office as PROTOCOL.md describes it, in memory and for one till: what it has of each life as a tree of hashes,
/// and answers that are really signed. `spoil` may change an answer; `lose` makes request or answer get lost.
class PaperOffice {
 public:
  PaperOffice(base::Random& random, std::vector<std::string>& log)
      : calls(log), key_(*crypto::SigningKey::Generate(random)) {}

  enum class Loss { kNone, kRequest, kAnswer };
  struct Known {
    int64_t seq = 0;
    std::string before;
    std::string kind;
  };
  struct Chain {
    std::map<std::string, Known> events;  ///< by hash
    std::string tip = std::string(32, '\0');
    int64_t tip_seq = 0;
    bool fenced = false;
  };

  /// A line to it, for a SyncEngine or a HoldClient.
  class Line final : public client::Transport {
   public:
    explicit Line(PaperOffice& office) : office_(office) {}
    base::Expected<client::HttpAnswer> Get(const std::string& path, const std::string& bearer) override {
      return office_.Take(path, bearer, "");
    }
    base::Expected<client::HttpAnswer> Post(const std::string& path, const std::string& bearer, const std::string&,
                                            const std::string& body) override {
      return office_.Take(path, bearer, body);
    }

   private:
    PaperOffice& office_;
  };

  base::Expected<client::HttpAnswer> Take(const std::string& path, const std::string& bearer, const std::string& body) {
    const std::string name = path.substr(13, path.find('?') - 13);  // after "/api/v1/till/"
    const Loss loss = lose ? lose(name) : Loss::kNone;
    if (loss == Loss::kRequest) return base::Fail(client::ClientErrc::kUnreachable, "lost on the way");
    calls.push_back(name);
    client::HttpAnswer answer = Answer(name, bearer, body);
    if (spoil) spoil(name, answer);
    if (loss == Loss::kAnswer) return base::Fail(client::ClientErrc::kUnreachable, "the answer was lost");
    return answer;
  }
  [[nodiscard]] checkout::Enrolment Enrolment() const {
    return {"http://127.0.0.1:1",
            "evt_1",
            "",
            std::string(crypto::AsText(key_.PublicKey())),
            {epoch.counter, base::ToHex(crypto::AsBytes(epoch.random))}};
  }
  template <typename Message>
  Message Signed(Message message) const {
    message.signature = crypto::AsText(*key_.Sign(crypto::AsBytes(message.SignedBytes())));
    return message;
  }
  [[nodiscard]] std::string SignText(const std::string& bytes) const {
    return std::string(crypto::AsText(*key_.Sign(crypto::AsBytes(bytes))));
  }
  [[nodiscard]] int64_t Posted() const {
    int64_t count = 0;
    for (const auto& [life, chain] : chains) count += static_cast<int64_t>(chain.events.size());
    return count;
  }
  [[nodiscard]] int64_t Posted(const std::string& kind) const {
    int64_t count = 0;
    for (const auto& [life, chain] : chains) {
      for (const auto& [hash, event] : chain.events) count += event.kind == kind ? 1 : 0;
    }
    return count;
  }

  std::vector<std::string>& calls;
  std::function<Loss(const std::string& name)> lose;
  std::function<void(const std::string& name, client::HttpAnswer& answer)> spoil;
  wire::Epoch epoch{1, std::string(16, '\x11')};
  std::map<int64_t, Chain> chains;
  std::map<std::string, int64_t> tokens{{"evt_1", 1}};
  std::map<std::string, int64_t> lives;  ///< by request id
  std::vector<std::string> grants;       ///< to be handed out until accepted
  std::vector<std::string> recall;
  bool stale_tip = false;  ///< hello answers with the other branch, as where the till's head is not known
  int64_t lost_cards_version = 0;
  std::vector<wire::HelloRequest> hellos;
  wire::HoldReply hold;  ///< what reserve answers with, but for what comes from the request
  bool old = false;      ///< knows nothing of rights
  std::vector<wire::MemberChange> members;

 private:
  static client::HttpAnswer Refuse(int status, const std::string& code) {
    return {status, wire::Encode(wire::ErrorReply{code, "no", std::nullopt})};
  }

  client::HttpAnswer Answer(const std::string& name, const std::string& bearer, const std::string& body) {
    if (name == "life" && !old) return Life(body);
    if (!tokens.contains(bearer)) return Refuse(401, "unauthorised");
    if (name == "events") return Events(body);
    if (name == "changes") {
      wire::Changes changes;
      changes.cursor = "c1";
      changes.members = members;
      return {200, wire::Encode(changes)};
    }
    if (old) return Refuse(404, "no_such_address");
    if (name == "hello") return Hello(body);
    if (name == "rights") return Rights(body);
    if (name == "reserve") return Reserve(body);
    if (name == "revocations") {
      wire::Revocations list;
      list.version = lost_cards_version;
      list.epoch = epoch.ToString();
      const std::string bytes = wire::EncodeRevocations(list);
      return {200, wire::Encode(wire::SignedText{bytes, SignText(wire::RevocationsSignedBytes(bytes))})};
    }
    return Refuse(404, "no_such_address");
  }

  /// The end of the branch that `hash` is on, as far as only one goes on from it.
  static std::string Follow(const Chain& chain, std::string hash) {
    for (;;) {
      std::vector<std::string> next;
      for (const auto& [id, event] : chain.events) {
        if (event.before == hash) next.push_back(id);
      }
      if (next.size() != 1) return hash;
      hash = next.front();
    }
  }

  client::HttpAnswer Hello(const std::string& body) {
    const auto request = wire::DecodeHelloRequest(body);
    REQUIRE(request);
    hellos.push_back(*request);
    if (!request->revocations.empty()) {
      lost_cards_version = std::max(lost_cards_version, request->revocations_version) + 1;
    }
    const Chain& chain = chains[request->incarnation];
    std::string tip = chain.tip;
    const std::string zero(32, '\0');
    if (request->head_hash == zero || chain.events.contains(request->head_hash)) {
      tip = Follow(chain, request->head_hash);
    }
    const int64_t seq = tip == zero ? 0 : chain.events.at(tip).seq;
    wire::HelloReply reply;
    reply.terminal = request->terminal;
    reply.incarnation = request->incarnation;
    reply.nonce = request->nonce;
    reply.epoch = epoch;
    reply.acked_seq = reply.durable_seq = seq;
    reply.head = reply.durable_hash = tip;
    reply.server_ms = 1'790'000'000'000;
    reply.fenced = chain.fenced;
    reply.behind = seq > request->head_seq;
    reply.revocations_version = lost_cards_version;
    reply.recall = recall;
    return {200, wire::Encode(Signed(reply))};
  }

  wire::Ack MakeAck(const wire::Batch& batch, const std::string& tip) {
    const Chain& chain = chains[batch.incarnation];
    wire::Ack ack;
    ack.terminal = batch.terminal;
    ack.incarnation = batch.incarnation;
    ack.nonce = batch.nonce;
    ack.epoch = epoch;
    ack.head = ack.durable_hash = tip;
    ack.acked_seq = ack.durable_seq = chain.events.contains(tip) ? chain.events.at(tip).seq : 0;
    return Signed(ack);
  }

  client::HttpAnswer Events(const std::string& body) {
    const auto batch = wire::DecodeBatch(body);
    REQUIRE(batch);
    Chain& chain = chains[batch->incarnation];
    if (batch->epoch != epoch) {
      return {409, wire::Encode(wire::ErrorReply{"other_epoch", "no", MakeAck(*batch, chain.tip)})};
    }
    const auto first = domain::DecodeEvent(batch->events.front().body);
    REQUIRE(first);
    std::string before = batch->first_seq == 1 ? std::string(32, '\0') : FindBefore(chain, *batch);
    if (batch->first_seq > 1 && before.empty()) {
      return {409, wire::Encode(wire::ErrorReply{"gap", "no", MakeAck(*batch, chain.tip)})};
    }
    int64_t seq = batch->first_seq;
    for (const wire::BatchEvent& event : batch->events) {
      const auto decoded = domain::DecodeEvent(event.body);
      REQUIRE(decoded);
      REQUIRE(decoded->terminal.incarnation == batch->incarnation);
      if (!chain.events.contains(event.hash)) {
        const bool extends = before == chain.tip;
        if (!extends) chain.fenced = true;
        chain.events[event.hash] = {seq, before, decoded->core.kind};
        if (extends) {
          chain.tip = event.hash;
          chain.tip_seq = seq;
        }
        if (decoded->core.kind == "grants_accepted") grants.clear();
        if (decoded->core.kind == "return") recall.clear();
      }
      before = event.hash;
      ++seq;
    }
    return {200, wire::Encode(MakeAck(*batch, Follow(chain, before)))};
  }

  static std::string FindBefore(const Chain& chain, const wire::Batch& batch) {
    for (const auto& [hash, event] : chain.events) {
      if (event.seq != batch.first_seq - 1) continue;
      const auto next = crypto::Sha256({crypto::AsBytes(hash), crypto::AsBytes(batch.events.front().body)});
      if (crypto::AsText(next) == batch.events.front().hash) return hash;
    }
    return {};
  }

  client::HttpAnswer Life(const std::string& body) {
    const auto request = wire::DecodeLifeRequest(body);
    REQUIRE(request);
    if (!lives.contains(request->request_id)) {
      int64_t last = request->incarnation;
      for (const auto& [token, life] : tokens) last = std::max(last, life);
      lives[request->request_id] = last + 1;
    }
    wire::LifeReply reply;
    reply.terminal = request->terminal;
    reply.incarnation = lives[request->request_id];
    reply.request_id = request->request_id;
    reply.epoch = epoch;
    reply.token = "evt_" + std::to_string(reply.incarnation);
    tokens[reply.token] = reply.incarnation;
    return {200, wire::Encode(Signed(reply))};
  }

  client::HttpAnswer Rights(const std::string& body) {
    const auto request = wire::DecodeRightsRequest(body);
    REQUIRE(request);
    wire::RightsReply reply;
    reply.nonce = request->nonce;
    for (const std::string& grant : grants) reply.grants.push_back({grant, std::string(64, 's')});
    if (!grants.empty()) reply.secrets.push_back({"01990000-0000-7000-8000-000000000001", "$a", 1, false, {}});
    return {200, wire::Encode(reply)};
  }

  client::HttpAnswer Reserve(const std::string& body) {
    const auto request = wire::DecodeReserveRequest(body);
    REQUIRE(request);
    wire::HoldReply reply = hold;
    reply.terminal = request->terminal;
    reply.incarnation = request->incarnation;
    reply.nonce = request->nonce;
    reply.epoch = epoch;
    if (reply.event_id.empty()) reply.event_id = request->event_id;
    if (reply.member.empty()) reply.member = request->member;
    if (reply.points == 0) reply.points = request->points;
    return {200, wire::Encode(Signed(reply))};
  }

  crypto::SigningKey key_;
};

}  // namespace evertill::test
