#pragma once

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/loyalty/safeguards.h"
#include "sync/server/http.h"
#include "sync/server/keys.h"
#include "sync/server/store.h"
#include "sync/wire/rights_messages.h"

namespace evertill::server {

struct IngestResult;

/// What answers to tills are made with. Outlives every call.
struct DeskParts {
  const base::Clock& clock;
  base::Random& random;
  const HeadOfficeKeys& keys;
  wire::Epoch epoch;
  loyalty::Safeguards safeguards = {};
};

/// Everything that a till may ask under /api/v1/till/ once it is enrolled: hello, events, rights, reserve, life,
/// changes, revocations. Each call is given a store with a transaction open; the caller commits it and answers after
/// that. The same functions serve the HTTP service (which splits checking and writing over its threads) and AnswerNow.
[[nodiscard]] base::Expected<wire::HelloReply> Hello(Store& store, const DeskParts& desk, const TokenRow& token,
                                                     const wire::HelloRequest& request);
[[nodiscard]] base::Expected<wire::LifeReply> GiveLife(Store& store, const DeskParts& desk, const TokenRow& token,
                                                       const wire::LifeRequest& request);
[[nodiscard]] base::Expected<wire::RightsReply> GiveRights(Store& store, const DeskParts& desk, const TokenRow& token,
                                                           const wire::RightsRequest& request);
[[nodiscard]] base::Expected<wire::HoldReply> Reserve(Store& store, const DeskParts& desk, const TokenRow& token,
                                                      const wire::ReserveRequest& request);

/// Why a life is fenced when an operator said so: it is given no new life either.
inline constexpr std::string_view kFencedByHand = "operator";

/// Points held by a life that ended are nobody's to spend: how an operator frees them.
[[nodiscard]] std::string HowToFree(std::string_view terminal, int64_t incarnation);

/// Whether a life gets no rights (rule kFence).
[[nodiscard]] bool IsFenced(const DeskParts& desk, const TerminalRow& life);

/// A till's page of changes, as `GET changes` answers it.
[[nodiscard]] base::Expected<std::string> ReadChanges(Store& store, const DeskParts& desk, const TokenRow& token,
                                                      const HttpRequest& request);
/// A till's own token. kUnauthorised, kForbidden.
[[nodiscard]] base::Expected<TokenRow> AuthenticateTill(Store& store, const HttpRequest& request);
/// A batch that may be posted: this till's, with sound hashes and signature. Earlier lives of the same machine may
/// still have something to send.
[[nodiscard]] base::Status CheckSender(Store& store, const wire::Batch& batch, const TokenRow& token);

/// Posts a batch of this epoch; of one of another epoch nothing is done but saying where this head office stands.
[[nodiscard]] base::Expected<IngestResult> TakeBatch(Store& store, const DeskParts& desk, const wire::Batch& batch);
/// 200 with an acknowledgement, or 409 with one.
[[nodiscard]] HttpResponse AnswerBatch(const DeskParts& desk, const wire::Batch& batch, const IngestResult& result);

/// Everything but events, which has its own steps: authenticates and answers inside the caller's transaction, which
/// may be one for reading for changes, revocations and a hello that hands nothing back. An error: nothing was done.
[[nodiscard]] base::Expected<HttpResponse> AnswerWithin(Store& store, const DeskParts& desk,
                                                        const HttpRequest& request);

/// One request from a till, answered on the calling thread: authenticates, checks, does it in one transaction of
/// `store`, commits, answers. What the service does with threads, one after the other.
[[nodiscard]] HttpResponse AnswerNow(Store& store, const DeskParts& desk, const HttpRequest& request);

}  // namespace evertill::server
