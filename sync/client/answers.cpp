#include "sync/client/answers.h"

#include "app/base/uuid.h"
#include "app/crypto/signing_key.h"
#include "app/domain/text.h"

namespace evertill::client {

using crypto::AsBytes;

base::Error RefusalOf(const HttpAnswer& answer) {
  const auto refusal = wire::DecodeErrorReply(answer.body);
  const std::string status = "HTTP " + std::to_string(answer.status);
  if (!refusal) return {ClientErrc::kBadAnswer, status + ", and not from a head office"};
  const std::string words = domain::CleanText(refusal->code + ": " + refusal->message);
  if (answer.status == 429 || answer.status >= 500) return {ClientErrc::kUnreachable, words};
  return {ClientErrc::kRefused, words};
}

base::Error ForkedError(const std::string& seen) {
  return {ClientErrc::kForked,
          "this till's data was copied or restored: keep it, do not sell on it, and enrol it anew with a fresh data "
          "directory (" +
              seen + ")"};
}

checkout::Epoch ToCheckout(const wire::Epoch& epoch) {
  return {epoch.counter, base::ToHex(AsBytes(epoch.random))};
}

base::Expected<wire::Epoch> ToWire(const checkout::Epoch& epoch) {
  auto random = base::FromHex(epoch.random);
  if (!random || random->size() != 16) return base::Fail(ClientErrc::kBadAnswer, "the epoch kept here is none");
  return wire::Epoch{epoch.counter, *std::move(random)};
}

base::Status CheckBelongs(const Envelope& asked, const Envelope& answer, bool may_be_newer,
                          const loyalty::Safeguards& safeguards) {
  if (!safeguards.On(loyalty::Rule::kAckEpoch)) return {};
  const auto wrong = [](const char* what) {
    return base::Fail(ClientErrc::kBadAnswer, std::string("answer not believed: ") + what);
  };
  if (answer.nonce != asked.nonce) return wrong("it answers another request");
  if (answer.terminal != asked.terminal || answer.incarnation != asked.incarnation)
    return wrong("it is for another till");
  if (answer.epoch == asked.epoch) return {};
  if (!may_be_newer) return wrong("another epoch");
  // Never back to an earlier life of head office, nor aside to its twin, even if its key signs.
  if (answer.epoch.counter <= asked.epoch.counter) return wrong("an earlier epoch");
  return {};
}

base::Status CheckSigned(const std::string& server_key, const std::string& bytes, const std::string& signature,
                         const char* what) {
  EVERTILL_ASSIGN(const crypto::VerifyingKey key, crypto::VerifyingKey::FromBytes(AsBytes(server_key)));
  if (key.Verify(AsBytes(bytes), AsBytes(signature))) return {};
  return base::Fail(ClientErrc::kBadAnswer, std::string(what) + " not believed: its signature is not head office's");
}

}  // namespace evertill::client
