#pragma once

#include "app/base/expected.h"
#include "app/checkout/sync_port.h"
#include "app/loyalty/safeguards.h"
#include "sync/client/errors.h"
#include "sync/client/transport.h"
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

/// What was asked, or what is answered: whose, and when.
struct Envelope {
  std::string terminal;
  int64_t incarnation = 1;
  std::string nonce;
  wire::Epoch epoch;
};
template <typename Message>
[[nodiscard]] Envelope EnvelopeOf(const Message& message) {
  return {message.terminal, message.incarnation, message.nonce, message.epoch};
}

/// Whether `answer` belongs to what was asked: the same request, till, life and epoch. `may_be_newer`: an epoch with a
/// higher counter will do, because the caller goes over to it (never one that counts lower, nor another of the same
/// count: those are lives of head office that have ended). kBadAnswer says what is wrong. Rule kAckEpoch is asked here.
[[nodiscard]] base::Status CheckBelongs(const Envelope& asked, const Envelope& answer, bool may_be_newer,
                                        const loyalty::Safeguards& safeguards);

/// kBadAnswer unless `signature` over `bytes` is by the key pinned at enrolment.
[[nodiscard]] base::Status CheckSigned(const std::string& server_key, const std::string& bytes,
                                       const std::string& signature, const char* what);

}  // namespace evertill::client
