#include "app/card/card.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <set>

#include "app/crypto/encoding.h"

using namespace evertill;
using card::Card;
using card::CardErrc;

namespace {
const domain::MemberId kMember(*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000aa"));

crypto::SigningKey Key(uint8_t seed) {
  const crypto::Bytes bytes(32, seed);
  return std::move(*crypto::SigningKey::FromSeed(bytes));
}
crypto::VerifyingKey PublicOf(const crypto::SigningKey& key) {
  return std::move(*crypto::VerifyingKey::FromBytes(key.PublicKey()));
}
Card SomeCard(int level) {
  return {level, 7, card::PseudonymOf(kMember), {0, 1, 2, 0x80, 0xFF, 5, 6, 7}, 20'500};
}
std::string Issued(int level) {
  const auto text = card::IssueCard(SomeCard(level), Key(1));
  REQUIRE(text);
  return *text;
}
bool IsBadText(std::string_view text) {
  const auto read = card::ReadCardText(text);
  return !read && read.error().Is(CardErrc::kBadCardText);
}
}  // namespace

TEST_CASE("Card: what is issued is read back, by this head office's key alone", "[card]") {
  for (const int level : {1, 2}) {
    const std::string text = Issued(level);
    CHECK(text.size() == 141);
    CHECK(text.substr(0, 3) == (level == 1 ? "EV1" : "EV2"));
    CHECK(std::all_of(text.begin(), text.end(), [](char c) { return std::isupper(c) != 0 || std::isdigit(c) != 0; }));
    CHECK(card::LooksLikeCard(text));
    const auto read = card::ReadCardText(text);
    REQUIRE(read);
    CHECK(read->card == SomeCard(level));
    CHECK(read->time_code.empty());
    CHECK(card::IsSignedBy(*read, PublicOf(Key(1))));
    CHECK_FALSE(card::IsSignedBy(*read, PublicOf(Key(2))));
  }
}

TEST_CASE("Card: every changed character is noticed", "[card]") {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 #";
  const std::string good = Issued(1);
  const auto key = PublicOf(Key(1));
  int by_signature = 0;
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char letter : kLetters) {
      if (letter == good[i]) continue;
      std::string text = good;
      text[i] = letter;
      const auto read = card::ReadCardText(text);
      if (!read) {
        CHECK(read.error().Is(CardErrc::kBadCardText));
      } else {
        CHECK_FALSE(card::IsSignedBy(*read, key));
        ++by_signature;
      }
    }
  }
  CHECK(by_signature > 2000);
}

TEST_CASE("Card: Caps Lock does not matter", "[card]") {
  std::string text = Issued(2) + "12345678";
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  CHECK(card::LooksLikeCard(text));
  const auto read = card::ReadCardText(text);
  REQUIRE(read);
  CHECK(read->card == SomeCard(2));
  CHECK(read->time_code == "12345678");
  CHECK(card::IsSignedBy(*read, PublicOf(Key(1))));
}

TEST_CASE("Card: cut, stretched and swapped texts are no cards", "[card]") {
  const std::string printed = Issued(1);
  const std::string phone = Issued(2);
  CHECK(IsBadText(""));
  CHECK(IsBadText("EV1"));
  CHECK(IsBadText(printed.substr(0, 140)));
  CHECK(IsBadText(printed + "A"));
  CHECK(IsBadText(printed + "12345678"));
  CHECK(IsBadText(phone + "1234567"));
  CHECK(IsBadText(phone + "1234567A"));
  CHECK(IsBadText(phone + "123456789"));
  CHECK(IsBadText(std::string(141, '\0')));
  // A printed card does not become a phone's by its first letters.
  CHECK(IsBadText("EV2" + printed.substr(3)));
  CHECK(IsBadText("EV1" + phone.substr(3)));
  CHECK(IsBadText("EV3" + phone.substr(3)));
  // Signed, but in the form of a later version.
  for (const size_t byte : {0, 3}) {
    std::string core = card::ReadCardText(printed)->core;
    core[byte] = 2;
    const auto signature = Key(1).Sign(crypto::AsBytes("evertill-card-1\n" + core));
    core += crypto::AsText(*signature);
    CHECK(IsBadText("EV1" + crypto::ToBase32(crypto::AsBytes(core))));
  }
}

TEST_CASE("Card: articles do not look like cards", "[card]") {
  for (const auto* text : {"", "EV", "EV1", "EV1-BLACK", "8850000000001", "EVERGREEN TEA", "EV3AAAAAAAAAAAAAAAAAAA"}) {
    CHECK_FALSE(card::LooksLikeCard(text));
  }
  // A card that was cut short still does, so that it is refused as a card and not looked up as an article.
  CHECK(card::LooksLikeCard(Issued(1).substr(0, 40)));
}

TEST_CASE("Card: what cannot be written is not issued", "[card]") {
  for (const auto& [level, day] : {std::pair{0, 1}, {3, 1}, {1, -1}, {1, 65'536}}) {
    Card wrong = SomeCard(1);
    wrong.level = level;
    wrong.issued_day = day;
    CHECK_FALSE(card::IssueCard(wrong, Key(1)));
  }
}

TEST_CASE("Card: pseudonyms differ by member and stay", "[card]") {
  const auto random = base::MakeSeededRandom(6);
  base::ManualClock clock(base::FromUnixMillis(1));
  std::set<card::Pseudonym> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(card::PseudonymOf(domain::MemberId(base::MakeUuidV7(clock, *random))));
  CHECK(seen.size() == 2000);
  // Cards are printed: this never changes. (printf evertill-member018b… | sha256sum)
  CHECK(base::ToHex(card::PseudonymOf(kMember)) == "b5919d2b155df785");
}
