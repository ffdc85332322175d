#include "app/card/card.h"

#include <algorithm>

#include "app/base/check.h"
#include "app/crypto/encoding.h"
#include "app/crypto/hash.h"

namespace evertill::card {
namespace {

constexpr char kVersion = 1;
constexpr size_t kCoreBytes = 22;
constexpr size_t kSignatureBytes = 64;
constexpr size_t kPrefixLetters = 3;
constexpr size_t kCardLetters = 141;
constexpr size_t kCodeDigits = 8;
/// Shorter texts that begin alike are article numbers.
constexpr size_t kShortestLookalike = 17;
constexpr size_t kPseudonymAt = 4;
constexpr size_t kSerialAt = 12;
constexpr size_t kDayAt = 20;

std::string SignedBytes(std::string_view core) {
  return "evertill-card-1\n" + std::string(core);
}

tl::unexpected<base::Error> Bad(std::string detail) {
  return base::Fail(CardErrc::kBadCardText, std::move(detail));
}

std::string EncodeCore(const Card& card) {
  std::string core{kVersion, static_cast<char>(card.level), static_cast<char>(card.key_id), '\0'};
  core += crypto::AsText(card.pseudonym);
  core += crypto::AsText(card.serial);
  core += static_cast<char>(card.issued_day >> 8);
  core += static_cast<char>(card.issued_day & 0xFF);
  EVERTILL_CHECK(core.size() == kCoreBytes);
  return core;
}

base::Expected<Card> DecodeCore(std::string_view core) {
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(core[at]); };
  if (core[0] != kVersion) return Bad("version " + std::to_string(byte(0)));
  if (byte(3) != 0) return Bad("fourth byte");
  Card card;
  card.level = byte(1);
  card.key_id = byte(2);
  std::copy_n(core.begin() + kPseudonymAt, card.pseudonym.size(), card.pseudonym.begin());
  std::copy_n(core.begin() + kSerialAt, card.serial.size(), card.serial.begin());
  card.issued_day = byte(kDayAt) << 8 | byte(kDayAt + 1);
  return card;
}

/// 1 or 2 by the first three letters; 0 for anything else.
int LevelOf(std::string_view text) {
  if (text.size() < kPrefixLetters) return 0;
  const bool ours = (text[0] == 'E' || text[0] == 'e') && (text[1] == 'V' || text[1] == 'v');
  return ours && (text[2] == '1' || text[2] == '2') ? text[2] - '0' : 0;
}

}  // namespace

Pseudonym PseudonymOf(const domain::MemberId& member) {
  const std::string id = member.ToString();
  const auto digest = crypto::Sha256({crypto::AsBytes("evertill-member"), crypto::AsBytes(id)});
  Pseudonym pseudonym{};
  std::copy_n(digest.begin(), pseudonym.size(), pseudonym.begin());
  return pseudonym;
}

base::Expected<std::string> IssueCard(const Card& card, const crypto::SigningKey& key) {
  if (card.level != 1 && card.level != 2) return Bad("level " + std::to_string(card.level));
  if (card.issued_day < 0 || card.issued_day > 0xFFFF) return Bad("day " + std::to_string(card.issued_day));
  std::string bytes = EncodeCore(card);
  EVERTILL_ASSIGN(const crypto::Signature signature, key.Sign(crypto::AsBytes(SignedBytes(bytes))));
  bytes += crypto::AsText(signature);
  return (card.level == 1 ? "EV1" : "EV2") + crypto::ToBase32(crypto::AsBytes(bytes));
}

bool LooksLikeCard(std::string_view text) {
  return text.size() >= kShortestLookalike && LevelOf(text) != 0;
}

base::Expected<ReadText> ReadCardText(std::string_view text) {
  const int level = LevelOf(text);
  if (level == 0) return Bad("does not begin as a card does");
  const bool with_code = level == 2 && text.size() == kCardLetters + kCodeDigits;
  if (text.size() != kCardLetters && !with_code) return Bad(std::to_string(text.size()) + " characters");
  ReadText read;
  read.time_code = text.substr(kCardLetters);
  if (!std::all_of(read.time_code.begin(), read.time_code.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return Bad("the time code is not digits");
  }
  const auto bytes = crypto::FromBase32(text.substr(kPrefixLetters, kCardLetters - kPrefixLetters));
  if (!bytes || bytes->size() != kCoreBytes + kSignatureBytes) return Bad("not base32 of a card");
  read.core = crypto::AsText(*bytes).substr(0, kCoreBytes);
  read.signature = crypto::AsText(*bytes).substr(kCoreBytes);
  EVERTILL_ASSIGN(read.card, DecodeCore(read.core));
  if (read.card.level != level) return Bad("level " + std::to_string(read.card.level));
  return read;
}

bool IsSignedBy(const ReadText& card, const crypto::VerifyingKey& key) {
  return key.Verify(crypto::AsBytes(SignedBytes(card.core)), crypto::AsBytes(card.signature));
}

}  // namespace evertill::card
