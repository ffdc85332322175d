#include <algorithm>
#include <charconv>

#include "app/base/log.h"
#include "sync/server/errors.h"
#include "sync/server/log_format.h"
#include "sync/server/service.h"
#include "sync/wire/limits.h"

namespace evertill::server {

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
    EVERTILL_ASSIGN(*result, TakeBatch(store, Desk(), *batch));
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
  if (batch.epoch == epoch_) {
    if (result.outcome == IngestOutcome::kGap) {
      ++gaps_;
    } else {
      ++batches_;
      events_posted_ += result.posted;
    }
    if (result.outcome == IngestOutcome::kFork) {
      ++forks_;
      base::LogWarn("{}: another history from event {}", batch.terminal, result.fork_seq);
    }
  }
  call->respond(AnswerBatch(Desk(), batch, result));
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
