#include <algorithm>
#include <charconv>

#include "app/base/log.h"
#include "sync/server/errors.h"
#include "sync/server/log_format.h"
#include "sync/server/service.h"
#include "sync/wire/limits.h"

namespace evertill::server {

namespace {

base::Expected<TokenRow> AuthenticateTill(Store& store, const HttpRequest& request) {
  EVERTILL_ASSIGN(TokenRow token, Authenticate(store, request.Header("authorization")));
  if (token.role != TokenRole::kTill) return base::Fail(ServerErrc::kForbidden, "only a till's own token may do this");
  return token;
}

base::Expected<int64_t> ReadLimit(std::string_view text, int64_t fallback, int64_t most) {
  if (text.empty()) return fallback;
  int64_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > most) {
    return base::Fail(ServerErrc::kBadArgument, "limit is a number from 1 to " + std::to_string(most));
  }
  return limit;
}

/// A batch that may be posted: this till's, of this epoch, with sound hashes and signature.
base::Status CheckSender(Store& store, const wire::Batch& batch, const TokenRow& token) {
  if (batch.terminal != token.terminal || batch.incarnation != token.incarnation) {
    return base::Fail(ServerErrc::kForbidden,
                      "this token is for " + token.terminal + " incarnation " + std::to_string(token.incarnation));
  }
  EVERTILL_ASSIGN(const auto terminal, store.FindTerminal(batch.terminal, batch.incarnation));
  if (!terminal) return base::Fail(ServerErrc::kUnauthorised, batch.terminal + " is not enrolled");
  return CheckBatch(batch, *terminal);
}

}  // namespace

void Service::Enrol(const CallPtr& call) {
  if (!enrol_tries_.MayTry(call->request.peer)) {
    return call->respond(AnswerError({ServerErrc::kTooManyTries, "too many refused codes; wait a minute"}));
  }
  auto request = wire::DecodeEnrolRequest(call->request.body);
  if (!request) return call->respond(AnswerError(request.error()));
  auto reply = std::make_shared<wire::EnrolReply>();
  const auto work = [this, reply, request = *std::move(request)](Store& store) -> base::Status {
    EVERTILL_ASSIGN(*reply, EnrolTill(store, request, clock_.Now(), random_));
    return {};
  };
  Write(call, work, [this, call, reply](const base::Status& done) {
    if (!done) {
      enrol_tries_.CountFailure(call->request.peer);
      return call->respond(AnswerError(done.error()));
    }
    ++enrolments_;
    reply->epoch = epoch_;
    reply->server_key = crypto::AsText(keys_.signing.PublicKey());
    base::LogInfo("enrolled {} incarnation {}", reply->terminal, reply->incarnation);
    call->respond(HttpResponse::Json(200, wire::Encode(*reply)));
  });
}

void Service::Events(const CallPtr& call) {
  const bool taken = readers_.Post([this, call](Store& store) {
    const auto token = AuthenticateTill(store, call->request);
    if (!token) {
      ++unauthorised_;
      return call->respond(AnswerError(token.error()));
    }
    MarkSeen(*token);
    auto batch = wire::DecodeBatch(call->request.body);
    call->request.body = std::string();  // decoded: no need to hold megabytes while it waits for the writer
    if (!batch) {
      ++batches_refused_;
      return call->respond(AnswerError(batch.error()));
    }
    if (const auto checked = CheckSender(store, *batch, *token); !checked) {
      ++batches_refused_;
      base::LogWarn("batch refused: {}", checked.error().ToString());
      return call->respond(AnswerError(checked.error()));
    }
    PostEvents(call, std::make_shared<const wire::Batch>(*std::move(batch)));
  });
  if (!taken) call->respond(HttpResponse::Error(503, "busy", "too much is waiting; try again shortly"));
}

void Service::PostEvents(const CallPtr& call, std::shared_ptr<const wire::Batch> batch) {
  auto result = std::make_shared<IngestResult>();
  const auto work = [this, batch, result](Store& store) -> base::Status {
    if (batch->epoch != epoch_) {
      // This till knows another life of head office: it is told where this one stands, and nothing is posted.
      EVERTILL_ASSIGN(const auto terminal, store.FindTerminal(batch->terminal, batch->incarnation));
      if (terminal) {
        result->head_seq = terminal->head_seq;
        result->head_hash = terminal->head_hash;
      }
      return {};
    }
    EVERTILL_ASSIGN(*result, PostBatch(store, *batch, clock_.Now()));
    return {};
  };
  Write(call, work, [this, call, batch, result](const base::Status& done) {
    if (!done) {
      ++batches_refused_;
      return call->respond(AnswerError(done.error()));
    }
    // Signing takes a quarter of a millisecond: not on the thread that writes, unless the readers are swamped.
    const bool taken = readers_.Post([this, call, batch, result](Store&) { AnswerEvents(call, *batch, *result); });
    if (!taken) AnswerEvents(call, *batch, *result);
  });
}

void Service::AnswerEvents(const CallPtr& call, const wire::Batch& batch, const IngestResult& result) {
  const auto ack = MakeAck(batch, result, epoch_, keys_.signing);
  if (!ack) return call->respond(AnswerError(ack.error()));
  const auto refuse = [&](std::string_view code, const std::string& message) {
    call->respond(HttpResponse::Json(409, wire::Encode(wire::ErrorReply{std::string(code), message, *ack})));
  };
  const std::string head = std::to_string(result.head_seq);
  if (batch.epoch != epoch_) return refuse("other_epoch", "head office was restored; it has this chain up to " + head);
  switch (result.outcome) {
    case IngestOutcome::kGap:
      ++gaps_;
      return refuse("gap", "head office has this chain up to " + head);
    case IngestOutcome::kFork:
      ++forks_;
      base::LogWarn("{}: another history from event {}", batch.terminal, result.fork_seq);
      return refuse("fork", "from event " + std::to_string(result.fork_seq) +
                                " on, head office has another history; this one is kept");
    case IngestOutcome::kPosted:
      break;
  }
  ++batches_;
  events_posted_ += result.posted;
  call->respond(HttpResponse::Json(200, wire::Encode(*ack)));
}

void Service::Changes(const CallPtr& call) {
  Read(call, [this, call](Store& store) {
    const auto token = AuthenticateTill(store, call->request);
    if (!token) {
      ++unauthorised_;
      return AnswerError(token.error());
    }
    MarkSeen(*token);
    auto text = ReadChanges(store, call->request, *token);
    return text ? HttpResponse::Json(200, *std::move(text)) : AnswerError(text.error());
  });
}

base::Expected<std::string> Service::ReadChanges(Store& store, const HttpRequest& request, const TokenRow& token) {
  EVERTILL_ASSIGN(const int64_t after, ParseCursor(request.Query("after"), epoch_));
  EVERTILL_ASSIGN(const int64_t limit, ReadLimit(request.Query("limit"), 1000, wire::kMaxChangesLimit));
  EVERTILL_ASSIGN(const auto terminal, store.FindTerminal(token.terminal, token.incarnation));
  if (!terminal) return base::Fail(ServerErrc::kUnauthorised, token.terminal + " is not enrolled");
  EVERTILL_ASSIGN(const auto where, store.FindStore(terminal->store));
  EVERTILL_ASSIGN(ChangePage page, store.ChangesAfter(after, limit, where ? where->currency : ""));
  wire::Changes changes;
  changes.cursor = FormatCursor(epoch_, page.last);
  changes.more = page.more;
  changes.products = std::move(page.products);
  changes.members = std::move(page.members);
  // Read in one view of the database: these balances hold exactly what this till had posted up to its head.
  for (wire::MemberChange& member : changes.members) member.included_seq = terminal->head_seq;
  return wire::Encode(changes);
}

void Service::MarkSeen(const TokenRow& token) {
  const base::Instant now = clock_.Now();
  {
    const std::lock_guard lock(seen_mutex_);
    seen_[{token.terminal, token.incarnation}] = now;
    base::Instant& written = seen_written_[{token.terminal, token.incarnation}];
    if (now - written < std::chrono::minutes(1)) return;
    written = now;
  }
  // At most once a minute to disk: ten thousand tills polling must not become ten thousand writes.
  const bool taken =
      writer_.Post([token, now](Store& store) { return store.TouchTerminal(token.terminal, token.incarnation, now); },
                   [](const base::Status& done) {
                     if (!done) base::LogWarn("last seen: {}", done.error().ToString());
                   });
  if (!taken) base::LogWarn("last seen: the writer is busy");
}

}  // namespace evertill::server
