#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "sync/wire/errors.h"

namespace evertill::wire {

/// Which history of a head office this is. A restore or a promotion makes another one; the random part keeps two
/// restores from one backup apart. Text form: `1-5f3a…` (counter, 32 hexadecimal digits).
struct Epoch {
  int64_t counter = 0;
  std::string random;  ///< 16 raw bytes
  [[nodiscard]] std::string ToString() const;
  [[nodiscard]] static std::optional<Epoch> Parse(std::string_view text);
  bool operator==(const Epoch&) const = default;
};

/// A 32-byte SHA-256, raw.
using Digest = std::string;

/// A till asks to be let in.
struct EnrolRequest {
  std::string code_secret;  ///< 10 raw bytes, from the code's text
  std::string store;        ///< what the till calls itself; must be what the code was made for
  std::string till;
  int64_t incarnation = 1;  ///< what the till proposes
  int64_t head_seq = 0;     ///< events it already has
  std::string public_key;   ///< Ed25519, 32 raw bytes
  std::string name;         ///< of the machine, for people; may be empty
  std::string currency;     ///< ISO 4217
};

struct EnrolReply {
  std::string store;
  std::string till;
  std::string terminal;  ///< "S01/L03"
  int64_t incarnation = 1;
  std::string token;  ///< bearer secret; head office keeps only its hash
  Epoch epoch;
  std::string server_key;  ///< Ed25519, 32 raw bytes: acknowledgements are checked with it
  std::string store_name;  ///< for screen and paper
};

/// One journal event as it travels. `body` is stored, hashed and sent byte for byte.
struct BatchEvent {
  std::string body;
  Digest hash;
  std::string salt;                 ///< 16 raw bytes, empty when there is no side
  std::optional<std::string> side;  ///< exact JSON text of what is kept outside the hash; nothing after an erasure
};

/// A contiguous run of one till incarnation's journal.
struct Batch {
  std::string terminal;
  int64_t incarnation = 1;
  Epoch epoch;
  std::string nonce;  ///< fresh for each request, comes back in the acknowledgement; 1..64 printable characters
  int64_t first_seq = 1;
  std::string head_signature;  ///< Ed25519 over the last event's hash, 64 raw bytes
  std::vector<BatchEvent> events;
};

/// Head office's signed word on how far it has a till's journal.
struct Ack {
  std::string terminal;
  int64_t incarnation = 1;
  std::string nonce;
  Epoch epoch;
  int64_t acked_seq = 0;
  Digest head;              ///< hash of event acked_seq; 32 zero bytes for 0
  int64_t durable_seq = 0;  ///< what every copy that may ever be restored or promoted has
  Digest durable_hash;
  std::string signature;  ///< 64 raw bytes
  /// What is signed.
  [[nodiscard]] std::string SignedBytes() const;
};

/// A product as head office sells it: everything that a till's catalogue holds, so that a price from head office never
/// takes a tax code, a unit or an age limit away. Prices in minor units of the currency.
struct ProductChange {
  std::string barcode;
  std::string name;
  int64_t price_minor = 0;
  std::string currency;
  bool deleted = false;
  std::string sku;       ///< the shop's own code; empty: the barcode
  std::string category;  ///< may be empty
  std::string tax_code;  ///< empty: the tax scheme's default
  bool by_weight = false;
  int64_t min_age = 0;                       ///< years; 0: anybody
  std::map<std::string, std::string> names;  ///< by language
  bool operator==(const ProductChange&) const = default;
};

/// A member, and the balance that head office certifies.
struct MemberChange {
  std::string id;  ///< uuid text
  std::string name;
  std::string phone;
  std::string card;
  std::string language;
  std::vector<std::string> consents;
  int64_t points = 0;  ///< all they own, wherever it is held; of a merged member: of all whose ids it has
  int64_t as_of_ms = 0;
  int64_t included_seq = 0;      ///< the asking life's events up to here are in these figures; its later ones are not
  int64_t available = 0;         ///< AVAIL of this very id
  int64_t pending = 0;           ///< of `points`, what cannot be spent yet
  std::string merged_into = {};  ///< the canonical id; empty: this one
  bool erased = false;
  std::vector<std::pair<std::string, int64_t>> cards = {};  ///< signed ones: serial (16 hex digits), level 1 or 2
  bool has_pin = false;  ///< spends with a PIN, also at tills that were not given its hash
  bool operator==(const MemberChange&) const = default;
};

/// What changed at head office since a cursor.
struct Changes {
  std::string cursor;       ///< to ask with next time
  bool more = false;        ///< ask again at once
  std::string epoch;        ///< of the head office that answers; empty from an older one
  int64_t incarnation = 0;  ///< the life that included_seq counts in; 0 from an older head office
  std::vector<ProductChange> products;
  std::vector<MemberChange> members;
  std::string programme;  ///< JSON of the loyalty programme; empty when unchanged
};

/// Any refusal: `{"error":{"code","message"}}`, with an acknowledgement beside it where that helps the till to go on.
struct ErrorReply {
  std::string code;
  std::string message;
  std::optional<Ack> ack;
};

[[nodiscard]] std::string Encode(const EnrolRequest& message);
[[nodiscard]] std::string Encode(const EnrolReply& message);
[[nodiscard]] std::string Encode(const Batch& message);
[[nodiscard]] std::string Encode(const Ack& message);
[[nodiscard]] std::string Encode(const Changes& message);
[[nodiscard]] std::string Encode(const ErrorReply& message);
/// One product as it stands in `changes`, for keeping.
[[nodiscard]] std::string Encode(const ProductChange& product);

/// Each checks types, ranges and limits; kMalformed or kTooLarge otherwise. Unknown fields are passed over, so that a
/// newer side may say more.
[[nodiscard]] base::Expected<EnrolRequest> DecodeEnrolRequest(std::string_view text);
[[nodiscard]] base::Expected<EnrolReply> DecodeEnrolReply(std::string_view text);
[[nodiscard]] base::Expected<Batch> DecodeBatch(std::string_view text);
[[nodiscard]] base::Expected<Ack> DecodeAck(std::string_view text);
[[nodiscard]] base::Expected<Changes> DecodeChanges(std::string_view text);
[[nodiscard]] base::Expected<ErrorReply> DecodeErrorReply(std::string_view text);
[[nodiscard]] base::Expected<ProductChange> DecodeProduct(std::string_view text);

}  // namespace evertill::wire
