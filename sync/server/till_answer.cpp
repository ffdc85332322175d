#include <charconv>

#include "app/crypto/encoding.h"
#include "sync/server/access.h"
#include "sync/server/errors.h"
#include "sync/server/ingest.h"
#include "sync/server/log_format.h"
#include "sync/server/service.h"
#include "sync/server/till_desk.h"
#include "sync/wire/limits.h"

// From a till's request to its answer, without threads.
namespace evertill::server {

namespace {

constexpr std::string_view kTillPath = "/api/v1/till/";

base::Expected<int64_t> ReadLimit(std::string_view text, int64_t fallback, int64_t most) {
  if (text.empty()) return fallback;
  int64_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > most) {
    return base::Fail(ServerErrc::kBadArgument, "limit is a number from 1 to " + std::to_string(most));
  }
  return limit;
}

base::Expected<HttpResponse> AnswerRevocations(Store& store, const DeskParts& desk) {
  EVERTILL_ASSIGN(wire::Revocations list, store.LoadRevocations());
  list.epoch = desk.epoch.ToString();
  wire::SignedText text;
  text.bytes = wire::EncodeRevocations(list);
  EVERTILL_ASSIGN(const crypto::Signature signature,
                  desk.keys.signing.Sign(crypto::AsBytes(wire::RevocationsSignedBytes(text.bytes))));
  text.signature = crypto::AsText(signature);
  return HttpResponse::Json(200, wire::Encode(text));
}

/// A new life is asked for by the till's key: its token may be one that a restored copy does not know.
base::Expected<HttpResponse> AnswerLife(Store& store, const DeskParts& desk, const HttpRequest& request) {
  EVERTILL_ASSIGN(const wire::LifeRequest asked, wire::DecodeLifeRequest(request.body));
  EVERTILL_ASSIGN(const auto lives, store.LivesOf(asked.terminal));
  if (lives.empty()) return base::Fail(ServerErrc::kUnauthorised, "this till is not known here");
  EVERTILL_ASSIGN(const wire::LifeReply reply,
                  GiveLife(store, desk, {TokenRole::kTill, asked.terminal, asked.incarnation}, asked));
  return HttpResponse::Json(200, wire::Encode(reply));
}

template <typename Reply>
base::Expected<HttpResponse> ToResponse(const base::Expected<Reply>& reply) {
  if (reply) return HttpResponse::Json(200, wire::Encode(*reply));
  // As for a batch of another epoch: nothing is wrong with the request, and hello says the rest.
  if (reply.error().Is(ServerErrc::kOtherEpoch)) {
    return HttpResponse::Error(409, reply.error().Name(), reply.error().Detail());
  }
  return base::Fail(reply.error());
}

base::Expected<HttpResponse> AnswerEventsNow(Store& store, const DeskParts& desk, const HttpRequest& request) {
  EVERTILL_ASSIGN(const TokenRow token, AuthenticateTill(store, request));
  EVERTILL_ASSIGN(const wire::Batch batch, wire::DecodeBatch(request.body));
  EVERTILL_TRY(CheckSender(store, batch, token));
  EVERTILL_ASSIGN(const IngestResult result, TakeBatch(store, desk, batch));
  return AnswerBatch(desk, batch, result);
}

}  // namespace

base::Expected<TokenRow> AuthenticateTill(Store& store, const HttpRequest& request) {
  EVERTILL_ASSIGN(TokenRow token, Authenticate(store, request.Header("authorization")));
  if (token.role != TokenRole::kTill) return base::Fail(ServerErrc::kForbidden, "only a till's own token may do this");
  return token;
}

base::Status CheckSender(Store& store, const wire::Batch& batch, const TokenRow& token) {
  EVERTILL_ASSIGN(const auto own, store.FindTerminal(token.terminal, token.incarnation));
  if (!own) return base::Fail(ServerErrc::kUnauthorised, token.terminal + " is not enrolled");
  if (batch.terminal != token.terminal || batch.incarnation > token.incarnation) {
    return base::Fail(ServerErrc::kForbidden,
                      "this token is for " + token.terminal + " incarnation " + std::to_string(token.incarnation));
  }
  EVERTILL_ASSIGN(const TerminalRow life, KnownLife(store, batch.terminal, batch.incarnation, false));
  if (life.public_key != own->public_key) {
    return base::Fail(ServerErrc::kForbidden, "this life of " + batch.terminal + " was another machine");
  }
  return CheckBatch(batch, life);
}

base::Expected<IngestResult> TakeBatch(Store& store, const DeskParts& desk, const wire::Batch& batch) {
  if (batch.epoch == desk.epoch) return PostBatch(store, desk, batch);
  // This till knows another life of head office: it is told where this one stands, and nothing is posted.
  IngestResult result;
  EVERTILL_ASSIGN(const auto life, store.FindTerminal(batch.terminal, batch.incarnation));
  if (!life) return result;
  result.head = {life->head_seq, life->head_hash, 0, 0};
  EVERTILL_ASSIGN(result.durable, DurableOf(store, batch.terminal, batch.incarnation, result.head));
  return result;
}

HttpResponse AnswerBatch(const DeskParts& desk, const wire::Batch& batch, const IngestResult& result) {
  const auto ack = MakeAck(batch, result, desk.epoch, desk.keys.signing);
  if (!ack) return AnswerError(ack.error());
  const auto refuse = [&](std::string_view code, const std::string& message) {
    return HttpResponse::Json(409, wire::Encode(wire::ErrorReply{std::string(code), message, *ack}));
  };
  const std::string head = std::to_string(result.head.seq);
  if (batch.epoch != desk.epoch)
    return refuse("other_epoch", "head office was restored; it has this chain up to " + head);
  if (result.outcome == IngestOutcome::kGap) return refuse("gap", "head office has this chain up to " + head);
  return HttpResponse::Json(200, wire::Encode(*ack));
}

base::Expected<std::string> ReadChanges(Store& store, const DeskParts& desk, const TokenRow& token,
                                        const HttpRequest& request) {
  EVERTILL_ASSIGN(const int64_t after, ParseCursor(request.Query("after"), desk.epoch));
  EVERTILL_ASSIGN(const int64_t limit, ReadLimit(request.Query("limit"), 1000, wire::kMaxChangesLimit));
  EVERTILL_ASSIGN(const auto terminal, store.FindTerminal(token.terminal, token.incarnation));
  if (!terminal) return base::Fail(ServerErrc::kUnauthorised, token.terminal + " is not enrolled");
  EVERTILL_ASSIGN(const auto where, store.FindStore(terminal->store));
  EVERTILL_ASSIGN(ChangePage page, store.ChangesAfter(after, limit, where ? where->currency : ""));
  wire::Changes changes;
  changes.cursor = FormatCursor(desk.epoch, page.last);
  changes.more = page.more;
  changes.epoch = desk.epoch.ToString();
  changes.incarnation = terminal->incarnation;
  changes.products = std::move(page.products);
  changes.members = std::move(page.members);
  changes.programme = std::move(page.programme);
  // Read in one view of the database: these figures hold exactly what this life had posted up to its head.
  for (wire::MemberChange& member : changes.members) member.included_seq = terminal->head_seq;
  return wire::Encode(changes);
}

base::Expected<HttpResponse> AnswerWithin(Store& store, const DeskParts& desk, const HttpRequest& request) {
  const std::string_view what =
      request.path.starts_with(kTillPath) ? std::string_view(request.path).substr(kTillPath.size()) : "";
  if (what == "life") return AnswerLife(store, desk, request);
  EVERTILL_ASSIGN(const TokenRow token, AuthenticateTill(store, request));
  if (what == "hello") {
    EVERTILL_ASSIGN(const wire::HelloRequest asked, wire::DecodeHelloRequest(request.body));
    return ToResponse(Hello(store, desk, token, asked));
  }
  if (what == "rights") {
    EVERTILL_ASSIGN(const wire::RightsRequest asked, wire::DecodeRightsRequest(request.body));
    return ToResponse(GiveRights(store, desk, token, asked));
  }
  if (what == "reserve") {
    EVERTILL_ASSIGN(const wire::ReserveRequest asked, wire::DecodeReserveRequest(request.body));
    return ToResponse(Reserve(store, desk, token, asked));
  }
  if (what == "revocations") return AnswerRevocations(store, desk);
  if (what == "changes") {
    EVERTILL_ASSIGN(std::string text, ReadChanges(store, desk, token, request));
    return HttpResponse::Json(200, std::move(text));
  }
  return HttpResponse::Error(404, "no_such_address", "see /openapi.json");
}

HttpResponse AnswerNow(Store& store, const DeskParts& desk, const HttpRequest& request) {
  if (const auto begun = store.Begin(); !begun) return AnswerError(begun.error());
  auto answer = request.path == "/api/v1/till/events" ? AnswerEventsNow(store, desk, request)
                                                      : AnswerWithin(store, desk, request);
  if (answer) {
    if (const auto token = AuthenticateTill(store, request); token) {
      const auto seen = store.TouchTerminal(token->terminal, token->incarnation, desk.clock.Now());
      if (!seen) answer = base::Fail(seen.error());
    }
  }
  if (!answer) {
    store.Rollback();
    return AnswerError(answer.error());
  }
  if (const auto done = store.Commit(); !done) return AnswerError(done.error());
  return *std::move(answer);
}

}  // namespace evertill::server
