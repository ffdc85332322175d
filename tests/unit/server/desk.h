#pragma once

#include <boost/json.hpp>

#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "sync/server/settle.h"
#include "sync/server/till_desk.h"
#include "tests/unit/server/office.h"

namespace evertill::test {

inline std::string Hex(const domain::EventId& id) {
  return id.ToString();
}

/// A head office that is asked as tills ask it, one request after the other.
class Desk : public Office {
 public:
  /// A till with its token.
  struct Till {
    FakeTill journal;
    std::string token;
    int64_t sent = 0;
    Till(const std::string& name, uint64_t seed, const std::string& store = "S01") : journal(store, name, seed) {}
  };

  void LetIn(Till& till) { till.token = Enrol(till.journal).token; }

  server::HttpResponse Ask(const std::string& method, const std::string& what, const std::string& token,
                           const std::string& body = "") {
    server::HttpRequest request;
    request.method = method;
    request.path = "/api/v1/till/" + what;
    request.body = body;
    if (!token.empty()) request.headers["authorization"] = "Bearer " + token;
    return server::AnswerNow(*store, Desk_(), request);
  }
  [[nodiscard]] server::DeskParts Desk_() const { return Office::Desk(); }

  std::string Name(Till& till) { return till.journal.Identity()->terminal.Name(); }

  /// Everything that was not sent yet.
  wire::Ack Send(Till& till) {
    const int64_t head = till.journal.Cursor()->head_seq;
    const wire::Batch batch = till.journal.MakeBatch(till.sent + 1, head - till.sent, epoch);
    const auto answer = Ask("POST", "events", till.token, wire::Encode(batch));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    till.sent = head;
    return *wire::DecodeAck(answer.body);
  }
  wire::HelloRequest HelloOf(Till& till) {
    wire::HelloRequest request;
    request.terminal = Name(till);
    request.incarnation = till.journal.Identity()->terminal.incarnation;
    request.epoch = epoch;
    request.nonce = "n1";
    request.head_seq = till.journal.Cursor()->head_seq;
    request.head_hash = std::string(crypto::AsText(*till.journal.HashAt(request.head_seq)));
    return request;
  }
  wire::HelloReply Hello(Till& till) {
    const auto answer = Ask("POST", "hello", till.token, wire::Encode(HelloOf(till)));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    const auto reply = wire::DecodeHelloReply(answer.body);
    REQUIRE(reply);
    const auto key = crypto::VerifyingKey::FromBytes(keys->signing.PublicKey());
    CHECK(key->Verify(crypto::AsBytes(reply->SignedBytes()), crypto::AsBytes(reply->signature)));
    return *reply;
  }
  wire::RightsReply Rights(Till& till) {
    wire::RightsRequest request;
    request.terminal = Name(till);
    request.epoch = epoch;
    request.nonce = "n2";
    const auto answer = Ask("POST", "rights", till.token, wire::Encode(request));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return *wire::DecodeRightsReply(answer.body);
  }
  wire::HoldReply Reserve(Till& till, const std::string& event, domain::MemberId member, int64_t points) {
    wire::ReserveRequest request;
    request.terminal = Name(till);
    request.epoch = epoch;
    request.nonce = "n3";
    request.event_id = event;
    request.member = member.ToString();
    request.points = points;
    const auto answer = Ask("POST", "reserve", till.token, wire::Encode(request));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    const auto reply = wire::DecodeHoldReply(answer.body);
    REQUIRE(reply);
    const auto key = crypto::VerifyingKey::FromBytes(keys->signing.PublicKey());
    CHECK(key->Verify(crypto::AsBytes(reply->SignedBytes()), crypto::AsBytes(reply->signature)));
    return *reply;
  }

  domain::EventId NewId() { return domain::EventId(base::MakeUuidV7(clock, *random)); }
  /// A sale that earns; its id, which is the lot.
  std::string Earn(Till& till, domain::MemberId member, int64_t points) {
    const auto id = NewId();
    till.journal.Append({"sale", member, loyalty::EarnPostings(id, points)},
                        R"({"receipt":"R","currency":"THB","total":100,"points":{"earned":)" + std::to_string(points) +
                            R"(,"spent":0,"line_earned":[)" + std::to_string(points) + R"(],"line_spent":[0]}})",
                        "", id);
    return Hex(id);
  }
  /// A sale that spends out of one place.
  std::string Spend(Till& till, domain::MemberId member, const domain::Posting& from,
                    std::optional<domain::EventId> id = std::nullopt) {
    const auto event = id.value_or(NewId());
    till.journal.Append({"sale", member, {from, {"REDEEMED", "", "", -from.amount}}},
                        R"({"receipt":"R","currency":"THB","total":100,"points":{"earned":0,"spent":)" +
                            std::to_string(-from.amount) + R"(,"line_earned":[0],"line_spent":[)" +
                            std::to_string(-from.amount) + "]}}",
                        "", event);
    return Hex(event);
  }
  /// LOCAL back to AVAIL.
  void ReturnLocal(Till& till, domain::MemberId member, const std::string& lot, int64_t points) {
    till.journal.Append({"return", member, {{"LOCAL", "", lot, -points}, {"AVAIL", "", lot, points}}},
                        R"({"grants":[]})", "");
  }
  /// What a till does with what it is given.
  std::vector<loyalty::Grant> Accept(Till& till, const wire::RightsReply& rights) {
    std::vector<loyalty::Grant> grants;
    std::string list;
    for (const wire::SignedText& text : rights.grants) {
      grants.push_back(*loyalty::DecodeGrant(text.bytes));
      list += (list.empty() ? "" : ",") + std::string(R"({"bytes":)") +
              boost::json::serialize(boost::json::string(text.bytes)) + R"(,"signature":")" +
              crypto::ToBase64(crypto::AsBytes(text.signature)) + "\"}";
    }
    if (!list.empty()) till.journal.Append({"grants_accepted", std::nullopt, {}}, R"({"grants":[)" + list + "]}", "");
    return grants;
  }
  void Refund(Till& till, domain::MemberId member, const std::string& sale, const std::string& lot, int64_t reversed,
              int64_t restored) {
    const auto id = NewId();
    std::vector<domain::Posting> postings;
    if (reversed > 0) {
      postings.push_back({"AVAIL", "refund", sale, -reversed});
      postings.push_back({"ISSUED", "", "", reversed});
    }
    if (restored > 0) {
      postings.push_back({"REDEEMED", "", "", -restored});
      postings.push_back({"PENDING", Hex(id), lot, restored});
    }
    till.journal.Append({"refund", member, postings},
                        R"({"sale":")" + sale + R"(","lines":[{"line":1,"quantity_micro":1000000,"reversed":)" +
                            std::to_string(reversed) + R"(,"restored":)" + std::to_string(restored) + "}]}",
                        "", id);
  }
  server::MemberFigures Figures(domain::MemberId member) { return *store->FiguresOf(member.ToString()); }
  [[nodiscard]] std::vector<std::string> InboxKinds() {
    std::vector<std::string> kinds;
    const auto rows = store->Inbox(false, 100);
    for (const server::InboxRow& row : *rows) kinds.push_back(row.kind);
    return kinds;
  }
};

}  // namespace evertill::test
