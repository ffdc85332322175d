#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "sync/wire/messages.h"

/// Messages about rights to spend points. All signatures are Ed25519, 64 raw bytes, base64 in JSON.
namespace evertill::wire {

/// POST /api/v1/till/hello: a round begins. Nothing is changed at head office but what is handed back.
struct HelloRequest {
  std::string terminal;
  int64_t incarnation = 1;
  Epoch epoch;  ///< the one this till knows
  std::string nonce;
  int64_t head_seq = 0;  ///< end of this life's chain
  Digest head_hash;      ///< 32 zero bytes for 0
  int64_t revocations_version = 0;
  std::string revocations;            ///< handed back after another epoch was met: signed bytes; may be empty
  std::string revocations_signature;  ///< of them
  int64_t pepper_known = 0;           ///< 1: this till has the pepper
};

/// Signed: terminal, incarnation, nonce, epoch, acked_seq, head, durable_seq, durable_hash, server_ms, fenced, behind,
/// revocations_version, one line each after `evertill-hello-1`; then a line `recall …`, `recall_permit …`,
/// `card_key …` for each, in order, and `pepper` with its SHA-256 where there is one.
struct HelloReply {
  std::string terminal;
  int64_t incarnation = 1;
  std::string nonce;
  Epoch epoch;  ///< of head office; a higher counter than the till's: it was restored
  int64_t acked_seq =
      0;  ///< where head office has this chain, along the branch that the till's head is on if it knows it
  Digest head;
  int64_t durable_seq = 0;
  Digest durable_hash;
  int64_t server_ms = 0;
  bool fenced = false;  ///< this life gets no rights; ask for a new one
  bool behind = false;  ///< head office has events of this life that the till has not: its disk is an older copy
  int64_t revocations_version = 0;
  std::vector<std::string> recall;          ///< grants to be given back
  std::vector<std::string> recall_permits;  ///< permits to be given back
  std::vector<std::string> card_keys;       ///< "<id>:<base64>"
  std::string pepper;                       ///< 32 raw bytes; empty when the till has it
  std::string signature;
  [[nodiscard]] std::string SignedBytes() const;
};

/// POST /api/v1/till/life: a new incarnation for a till that is behind or fenced. Signed by the till's key over
/// `evertill-life-1`, terminal, incarnation, request_id, one line each.
struct LifeRequest {
  std::string terminal;
  int64_t incarnation = 1;  ///< the life that ends
  std::string request_id;   ///< the same on each try: one request makes one life
  int64_t head_seq = 0;     ///< the last event of it that this till has
  Digest head_hash;
  std::string signature;
  [[nodiscard]] std::string SignedBytes() const;
};
struct LifeReply {
  std::string terminal;
  int64_t incarnation = 0;
  std::string token;
  std::string request_id;
  Epoch epoch;
  std::string signature;  ///< by head office over `evertill-new-life-1`, terminal, incarnation, request_id, epoch
  [[nodiscard]] std::string SignedBytes() const;
};

/// POST /api/v1/till/rights: after the upload. Head office answers with what this till should hold.
struct RightsRequest {
  std::string terminal;
  int64_t incarnation = 1;
  Epoch epoch;
  std::string nonce;
  int64_t limit = 200;  ///< members at a time
};
/// Bytes as app/loyalty/grant.h encodes them; each with head office's signature.
struct SignedText {
  std::string bytes;
  std::string signature;
};
struct MemberSecret {
  std::string member;
  std::string pin_hash;
  int64_t pin_generation = 0;
  bool pin_locked = false;
  std::vector<std::pair<std::string, std::string>> phones;  ///< serial (hex), secret (20 raw bytes)
};
struct RightsReply {
  std::string nonce;
  std::vector<SignedText> grants;   ///< also those given before whose acceptance head office has not seen yet
  std::vector<SignedText> permits;  ///< likewise
  std::vector<MemberSecret> secrets;
  bool more = false;
};

/// POST /api/v1/till/reserve: may event E spend x points of the member? Journalled by the till before it asks.
struct ReserveRequest {
  std::string terminal;
  int64_t incarnation = 1;
  Epoch epoch;
  std::string nonce;
  std::string event_id;
  std::string member;
  int64_t points = 0;
};
/// Signed: `evertill-hold-1`, terminal, incarnation, nonce, epoch, event_id, member, points, given (0/1), then a line
/// "lot points" for each.
struct HoldReply {
  std::string terminal;
  int64_t incarnation = 1;
  std::string nonce;
  Epoch epoch;
  std::string event_id;
  std::string member;
  int64_t points = 0;
  bool given = false;
  std::string reason;  ///< why not: not_enough_points, hold_closed, hold_differs, fenced, member_unknown, card_needed
  int64_t available = 0;  ///< AVAIL; never below 0 here
  std::vector<std::pair<std::string, int64_t>> lots;
  std::string signature;
  [[nodiscard]] std::string SignedBytes() const;
};

/// GET /api/v1/till/revocations: the list of lost cards and erased members; `bytes` are signed after the line
/// `evertill-revocations-1`. As JSON: {"version","issued_ms","epoch","serials":[hex16…],"numbers":[L0 card
/// numbers…],"erased":[member ids…]}.
struct Revocations {
  int64_t version = 0;
  int64_t issued_ms = 0;
  std::string epoch;
  std::vector<std::string> serials;
  std::vector<std::string> numbers;
  std::vector<std::string> erased;
};
[[nodiscard]] std::string EncodeRevocations(const Revocations& list);
[[nodiscard]] base::Expected<Revocations> DecodeRevocations(std::string_view bytes);
[[nodiscard]] std::string RevocationsSignedBytes(std::string_view bytes);

[[nodiscard]] std::string Encode(const HelloRequest& message);
[[nodiscard]] std::string Encode(const HelloReply& message);
[[nodiscard]] std::string Encode(const LifeRequest& message);
[[nodiscard]] std::string Encode(const LifeReply& message);
[[nodiscard]] std::string Encode(const RightsRequest& message);
[[nodiscard]] std::string Encode(const RightsReply& message);
[[nodiscard]] std::string Encode(const ReserveRequest& message);
[[nodiscard]] std::string Encode(const HoldReply& message);
[[nodiscard]] std::string Encode(const SignedText& message);

/// Each checks types, ranges and limits; kMalformed or kTooLarge otherwise. Unknown fields are passed over.
[[nodiscard]] base::Expected<HelloRequest> DecodeHelloRequest(std::string_view text);
[[nodiscard]] base::Expected<HelloReply> DecodeHelloReply(std::string_view text);
[[nodiscard]] base::Expected<LifeRequest> DecodeLifeRequest(std::string_view text);
[[nodiscard]] base::Expected<LifeReply> DecodeLifeReply(std::string_view text);
[[nodiscard]] base::Expected<RightsRequest> DecodeRightsRequest(std::string_view text);
[[nodiscard]] base::Expected<RightsReply> DecodeRightsReply(std::string_view text);
[[nodiscard]] base::Expected<ReserveRequest> DecodeReserveRequest(std::string_view text);
[[nodiscard]] base::Expected<HoldReply> DecodeHoldReply(std::string_view text);
[[nodiscard]] base::Expected<SignedText> DecodeSignedText(std::string_view text);

}  // namespace evertill::wire
