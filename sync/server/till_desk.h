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

/// One request from a till, answered on the calling thread: authenticates, checks, does it in one transaction of
/// `store`, commits, answers. What the service does with threads, one after the other.
[[nodiscard]] HttpResponse AnswerNow(Store& store, const DeskParts& desk, const HttpRequest& request);

}  // namespace evertill::server
