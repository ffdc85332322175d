#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/crypto/signing_key.h"
#include "app/domain/ids.h"

/// What members carry: signed cards and the time codes of phones. Upper-case base32 text, because scanners that are
/// keyboards drop bytes above 0x7F and change letters under some layouts.
namespace evertill::card {

enum class CardErrc {
  kBadCardText,  ///< not a signed card's text, or damaged
  kBadCardKey,   ///< signed by a key that is not known here, or not signed at all
};
[[nodiscard]] constexpr std::string_view ErrorName(CardErrc code) {
  return code == CardErrc::kBadCardText ? "bad_card_text" : "bad_card_key";
}

using Serial = std::array<uint8_t, 8>;
/// Eight bytes that stand for a member: the first of SHA-256("evertill-member" ‖ id's text). Says nothing about the
/// person.
using Pseudonym = std::array<uint8_t, 8>;
[[nodiscard]] Pseudonym PseudonymOf(const domain::MemberId& member);

/// The 22-byte core: version (1), level (1), key id (1), zero (1), pseudonym (8), serial (8), day of issue (2, days
/// since 1970, big-endian).
struct Card {
  int level = 1;  ///< 1: printed; 2: on a phone, with a time code after it
  uint8_t key_id = 1;
  Pseudonym pseudonym{};
  Serial serial{};
  int issued_day = 0;
  bool operator==(const Card&) const = default;
};

/// "EV1" or "EV2", then base32 of core ‖ Ed25519("evertill-card-1\n" ‖ core): 141 characters.
[[nodiscard]] base::Expected<std::string> IssueCard(const Card& card, const crypto::SigningKey& key);

struct ReadText {
  Card card;
  std::string core;       ///< 22 raw bytes
  std::string signature;  ///< 64 raw bytes
  std::string time_code;  ///< 8 digits after an EV2 text; empty where there is none
};
/// True for a text that begins like a signed card and is longer than any article number: what tells it from products
/// before it is read. A damaged or cut card still looks like one.
[[nodiscard]] bool LooksLikeCard(std::string_view text);
/// Either case. kBadCardText.
[[nodiscard]] base::Expected<ReadText> ReadCardText(std::string_view text);
[[nodiscard]] bool IsSignedBy(const ReadText& card, const crypto::VerifyingKey& key);

/// RFC 6238 with HMAC-SHA-256, 8 digits, steps of 30 s from 1970, a 20-byte secret: what `oathtool --totp=sha256 -d 8`
/// and authenticator apps compute.
[[nodiscard]] std::string TimeCode(std::string_view secret, int64_t step);
/// The step that `code` is right for: now, or one before or after. None when it is wrong, or not past `last_step`
/// (a code that was accepted is used up).
[[nodiscard]] std::optional<int64_t> MatchTimeCode(std::string_view secret, std::string_view code, base::Instant now,
                                                   int64_t last_step);

}  // namespace evertill::card
