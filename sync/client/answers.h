#pragma once

#include "app/base/expected.h"
#include "app/checkout/sync_port.h"
#include "sync/client/http_client.h"
#include "sync/wire/messages.h"

namespace evertill::client {

/// For kForked: what was seen, and what whoever reads it must do.
[[nodiscard]] base::Error ForkedError(const std::string& seen);

/// Head office's refusal as an error: kRefused with its code and words, kUnreachable where it asks to be left alone for
/// a while (429, 5xx), kBadAnswer where that was not head office at all.
[[nodiscard]] base::Error RefusalOf(const HttpAnswer& answer);

[[nodiscard]] checkout::Epoch ToCheckout(const wire::Epoch& epoch);
/// kBadAnswer when what is stored is no epoch.
[[nodiscard]] base::Expected<wire::Epoch> ToWire(const checkout::Epoch& epoch);

/// Whether an acknowledgement may be believed: signed by the pinned key, for this request (nonce), this chain, and
/// about events that this till has, with the same hash at its head. `epoch` is compared by the caller. kBadAnswer says
/// what is wrong.
[[nodiscard]] base::Status CheckAck(const wire::Ack& ack, const wire::Batch& sent, const std::string& server_key,
                                    checkout::SyncStore& store, int64_t head_seq);

}  // namespace evertill::client
