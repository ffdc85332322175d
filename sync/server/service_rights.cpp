#include "app/base/log.h"
#include "sync/server/errors.h"
#include "sync/server/office_periods.h"
#include "sync/server/service.h"

namespace evertill::server {

void Service::Hello(const CallPtr& call) {
  // A list of lost cards that is handed back is taken over; otherwise nothing is written.
  const auto asked = wire::DecodeHelloRequest(call->request.body);
  if (!asked) return call->respond(AnswerError(asked.error()));
  return asked->revocations.empty() ? ReadForTill(call) : WriteForTill(call);
}

void Service::ReadForTill(const CallPtr& call) {
  Read(call, [this, call](Store& store) {
    if (const auto token = AuthenticateTill(store, call->request); token) MarkSeen(*token);
    auto answer = AnswerWithin(store, Desk(), call->request);
    if (answer) return *std::move(answer);
    if (answer.error().Is(ServerErrc::kUnauthorised)) ++unauthorised_;
    return AnswerError(answer.error());
  });
}

void Service::WriteForTill(const CallPtr& call) {
  auto response = std::make_shared<HttpResponse>();
  const auto work = [this, call, response](Store& store) -> base::Status {
    EVERTILL_ASSIGN(*response, AnswerWithin(store, Desk(), call->request));
    return {};
  };
  Write(call, work, [this, call, response](const base::Status& done) {
    if (done) return call->respond(std::move(*response));
    if (done.error().Is(ServerErrc::kUnauthorised)) ++unauthorised_;
    call->respond(AnswerError(done.error()));
  });
}

void Service::TendPoints() {
  const auto work = [this](Store& store) -> base::Status {
    EVERTILL_TRY(Tend(store, Desk()));
    return {};
  };
  const bool taken = writer_.Post(work, [](const base::Status& done) {
    if (!done) base::LogWarn("points whose time has come: {}", done.error().ToString());
  });
  if (!taken) base::LogWarn("points whose time has come: the writer is busy");
}

}  // namespace evertill::server
