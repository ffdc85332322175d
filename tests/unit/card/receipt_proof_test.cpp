#include "app/card/receipt_proof.h"

#include <catch2/catch.hpp>
#include <limits>

#include "app/card/card.h"

using namespace evertill;
using card::ReceiptProof;

namespace {
constexpr int64_t kOne = 1'000'000;

crypto::SigningKey Key(uint8_t seed) {
  const crypto::Bytes bytes(32, seed);
  return std::move(*crypto::SigningKey::FromSeed(bytes));
}
crypto::VerifyingKey PublicOf(const crypto::SigningKey& key) {
  return std::move(*crypto::VerifyingKey::FromBytes(key.PublicKey()));
}

ReceiptProof SomeProof(int lines, int lots = 4) {
  ReceiptProof proof;
  proof.receipt = "L03-000123";
  proof.terminal = "S01/L03";
  proof.seq = 812'345;
  proof.event = domain::EventId(*base::Uuid::Parse("018bcfe5-6800-7000-8000-000000000001"));
  proof.hash = std::string(32, '\xAB');
  proof.currency = "THB";
  proof.member = "018bcfe5-6800-7000-8000-0000000000aa";
  proof.earned = 41;
  proof.spent = 1240;
  for (int i = 0; i < lines; ++i) {
    proof.lines.push_back({std::to_string(8'850'999'320'010 + 1117 * i), (i % 3 + 1) * kOne, 104'239 + i, 3, 103});
  }
  for (int i = 0; i < lots; ++i) {
    proof.spent_lots.push_back({"018bcfe5-6800-7000-8000-00000000010" + std::to_string(i), 310});
  }
  return proof;
}

std::string Signed(const ReceiptProof& proof) {
  const auto text = card::SignProof(proof, Key(1));
  REQUIRE(text);
  return *text;
}
}  // namespace

TEST_CASE("Receipt proof: read back whole, alone or in a URL", "[card][proof]") {
  for (const int lines : {0, 1, 12, 60}) {
    const auto proof = SomeProof(lines);
    const std::string text = Signed(proof);
    CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
    for (const auto& form : {text, "https://r.example.com/L03-000123#" + text}) {
      const auto read = card::ReadProofText(form);
      REQUIRE(read);
      CHECK(read->proof == proof);
      CHECK(card::IsSignedBy(*read, PublicOf(Key(1))));
      CHECK_FALSE(card::IsSignedBy(*read, PublicOf(Key(2))));
    }
  }
}

TEST_CASE("Receipt proof: odd figures and texts are kept exactly", "[card][proof]") {
  auto proof = SomeProof(0);
  proof.member.clear();
  proof.incarnation = 9;
  proof.earned = -5;
  proof.spent = std::numeric_limits<int64_t>::max();
  proof.lines = {{"", 0, 0, 0, 0},
                 {"0000000000000", 842'000, -104'239, std::numeric_limits<int64_t>::min(), -1},
                 {"00123", -kOne, 1, 0, 0},
                 {"999999999999999999", 5, 1, 0, 0},
                 {"1234567890123456789012345", 5, 1, 0, 0},
                 {"ชา-เขียว", std::numeric_limits<int64_t>::max(), 1, 0, 0}};
  proof.spent_lots = {{"", 3}, {"018BCFE5-6800-7000-8000-000000000001", 4}, {"S01/L03#1", 5}};
  const auto read = card::ReadProofText(Signed(proof));
  REQUIRE(read);
  CHECK(read->proof == proof);
}

TEST_CASE("Receipt proof: every changed character is noticed", "[card][proof]") {
  constexpr std::string_view kLetters = "Aa0-_z9#=+/ ";
  const std::string good = Signed(SomeProof(3));
  const auto key = PublicOf(Key(1));
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char letter : kLetters) {
      if (letter == good[i]) continue;
      std::string text = good;
      text[i] = letter;
      const auto read = card::ReadProofText(text);
      CHECK((!read || !card::IsSignedBy(*read, key)));
    }
    CHECK_FALSE(card::ReadProofText(std::string_view(good).substr(0, i)).map([&](const auto& read) {
      return card::IsSignedBy(read, key);
    }) == true);
  }
  const auto longer = card::ReadProofText(good + "AAAA");
  CHECK((!longer || !card::IsSignedBy(*longer, key)));
}

TEST_CASE("Receipt proof: garbage is refused, not believed and not crashed on", "[card][proof]") {
  for (const auto* text : {"", "#", "A", "AAAA", "https://r.example.com/", "https://r.example.com/#"}) {
    const auto read = card::ReadProofText(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().Is(card::CardErrc::kBadCardText));
  }
  const auto random = base::MakeSeededRandom(8);
  for (int round = 0; round < 5000; ++round) {
    std::string text = "AQ";
    for (uint64_t i = random->Below(400); i > 0; --i) {
      text += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random->Below(64)];
    }
    const auto read = card::ReadProofText(text);
    CHECK((!read || !card::IsSignedBy(*read, PublicOf(Key(1)))));
  }
}

TEST_CASE("Receipt proof: a sale of twelve lines that spends from nine lots fits the paper", "[card][proof]") {
  CHECK(Signed(SomeProof(12, 9)).size() <= card::kLongestProof);
  CHECK(Signed(SomeProof(60)).size() > card::kLongestProof);
}

TEST_CASE("Receipt proof: one without the event's hash is not signed", "[card][proof]") {
  auto proof = SomeProof(1);
  proof.hash = "short";
  CHECK_FALSE(card::SignProof(proof, Key(1)));
}
