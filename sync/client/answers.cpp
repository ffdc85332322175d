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

base::Status CheckAck(const wire::Ack& ack, const wire::Batch& sent, const std::string& server_key,
                      checkout::SyncStore& store, int64_t head_seq) {
  EVERTILL_ASSIGN(const crypto::VerifyingKey key, crypto::VerifyingKey::FromBytes(AsBytes(server_key)));
  const auto wrong = [](const char* what) {
    return base::Fail(ClientErrc::kBadAnswer, std::string("acknowledgement not believed: ") + what);
  };
  if (!key.Verify(AsBytes(ack.SignedBytes()), AsBytes(ack.signature)))
    return wrong("its signature is not head office's");
  if (ack.nonce != sent.nonce) return wrong("it answers another request");
  if (ack.terminal != sent.terminal || ack.incarnation != sent.incarnation) return wrong("it is for another till");
  if (ack.acked_seq < 0 || ack.acked_seq > head_seq) return wrong("it is about events that this till does not have");
  if (ack.durable_seq < 0 || ack.durable_seq > ack.acked_seq) return wrong("it calls durable what it does not have");
  EVERTILL_ASSIGN(const domain::EventHash head, store.HashAt(ack.acked_seq));
  EVERTILL_ASSIGN(const domain::EventHash durable, store.HashAt(ack.durable_seq));
  if (crypto::AsText(head) != ack.head || crypto::AsText(durable) != ack.durable_hash) {
    return base::Fail(ForkedError("head office has another history of this till"));
  }
  return {};
}

}  // namespace evertill::client
