#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/crypto/signing_key.h"
#include "app/domain/ids.h"

namespace evertill::card {

/// What a receipt's QR proves: that this till committed this sale, and which points it moved. Compact binary (varints),
/// a version byte first; signed by the till's Ed25519 key over "evertill-receipt-1\n" ‖ the bytes before the signature.
struct ReceiptProof {
  std::string receipt;   ///< "L03-000123"
  std::string terminal;  ///< "S01/L03"
  int64_t incarnation = 1;
  int64_t seq = 0;
  domain::EventId event;
  std::string hash;  ///< of the event, 32 raw bytes: the chain's head when it was printed
  std::string currency;
  std::string member;  ///< member id text; empty for nobody
  int64_t earned = 0;
  int64_t spent = 0;
  struct Line {
    std::string barcode;
    int64_t quantity_micro = 0;
    int64_t total_minor = 0;
    int64_t earned = 0;
    int64_t spent = 0;
    bool operator==(const Line&) const = default;
  };
  std::vector<Line> lines;
  struct Lot {
    std::string lot;  ///< event id text
    int64_t points = 0;
    bool operator==(const Lot&) const = default;
  };
  std::vector<Lot> spent_lots;
  bool operator==(const ReceiptProof&) const = default;
};

/// base64url without padding: the fragment of the receipt's URL.
[[nodiscard]] base::Expected<std::string> SignProof(const ReceiptProof& proof, const crypto::SigningKey& key);
/// kBadCardText for what is no proof; the signature is checked apart, because the key is known by what it says.
struct ReadProof {
  ReceiptProof proof;
  std::string signed_bytes;  ///< with the line that says what it is
  std::string signature;
};
/// Takes the fragment alone or a whole URL with '#'.
[[nodiscard]] base::Expected<ReadProof> ReadProofText(std::string_view text);
[[nodiscard]] bool IsSignedBy(const ReadProof& proof, const crypto::VerifyingKey& key);

/// More text than this makes a symbol too dense for receipt paper: the QR then carries the number alone.
inline constexpr size_t kLongestProof = 720;

}  // namespace evertill::card
