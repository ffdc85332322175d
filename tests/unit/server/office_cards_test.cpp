#include "sync/server/office_cards.h"

#include <cstdio>

#include "app/card/card.h"
#include "app/crypto/encoding.h"
#include "app/crypto/pin_hash.h"
#include "app/render/png.h"
#include "sync/server/office_members.h"
#include "tests/unit/server/head_office.h"

namespace evertill::test {

namespace {

using server::DeskParts;
using server::IssuedCard;
using server::Store;

std::string Shell(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  pclose(pipe);
  return text;
}

base::Expected<IssuedCard> Issue(HeadOffice& office, const std::string& member, int level) {
  return office.Do(
      [&](Store& store, const DeskParts& desk) { return server::IssueMemberCard(store, desk, member, level); });
}

}  // namespace

TEST_CASE("OfficeCards: a card is signed, stands for its member and is in the log", "[server][office][cards]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const auto card = Issue(office, "0812345678", 1);
  REQUIRE(card);
  CHECK(card->otpauth.empty());
  const auto read = card::ReadCardText(card->text);
  REQUIRE(read);
  CHECK(card::IsSignedBy(*read, *crypto::VerifyingKey::FromBytes(office.keys.card_signing.PublicKey())));
  CHECK(read->card.pseudonym == card::PseudonymOf(domain::MemberId(*base::Uuid::Parse(member))));
  CHECK(base::ToHex(read->card.serial) == card->serial);
  CHECK(read->card.key_id == 1);
  CHECK(office.LastOwn().kind == "card_issue");
  CHECK(office.LastOwn().member == member);
  REQUIRE(office.store->CardsOf(member)->size() == 1);
  CHECK(office.store->CardsOf(member)->front().serial == card->serial);
  const auto another = Issue(office, member, 1);
  REQUIRE(another);
  CHECK(another->text != card->text);
  office.RequireSound();
}

TEST_CASE("OfficeCards: a phone's secret gives the codes that tills will check", "[server][office][cards]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const auto card = Issue(office, member, 2);
  REQUIRE(card);
  CHECK(card->text.starts_with("EV2"));
  const size_t from = card->otpauth.find("secret=") + 7;
  const std::string secret32 = card->otpauth.substr(from, card->otpauth.find('&', from) - from);
  const auto secret = crypto::FromBase32(secret32);
  REQUIRE(secret);
  CHECK(secret->size() == 20);
  const auto serial = base::FromHex(card->serial);
  CHECK(crypto::AsText(*secret) == server::PhoneSecret(office.keys, *serial));
  CHECK(card->otpauth.find("algorithm=SHA256&digits=8&period=30") != std::string::npos);
  CHECK(card->otpauth.find(member) == std::string::npos);
  if (Shell("command -v oathtool").empty()) return;
  CHECK(Shell("oathtool --totp=sha256 -d 8 -b " + secret32 + " --now '1970-01-01 00:50:00 UTC'") ==
        card::TimeCode(crypto::AsText(*secret), 100) + "\n");
}

TEST_CASE("OfficeCards: no card of another level, for nobody, or for somebody who was erased",
          "[server][office][cards]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  CHECK(Issue(office, member, 3).error().Is(server::ServerErrc::kBadArgument));
  CHECK(Issue(office, member, 0).error().Is(server::ServerErrc::kBadArgument));
  CHECK(Issue(office, "0800000000", 1).error().Is(server::ServerErrc::kMemberUnknown));
  office.AddPerson("Other", "0812345678", "42");
  CHECK(Issue(office, "0812345678", 1).error().Detail().find("2 members") != std::string::npos);
  REQUIRE(office.Do([&](Store& store, const DeskParts& desk) { return server::EraseMember(store, desk, member); }));
  CHECK(Issue(office, member, 1).error().Is(server::ServerErrc::kBadArgument));
}

TEST_CASE("OfficeCards: a lost card comes on the list once, by serial or by number", "[server][office][cards]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const auto card = Issue(office, member, 1);
  REQUIRE(card);
  const auto deny = [&](const std::string& what) {
    return office.Do(
        [&](Store& store, const DeskParts& desk) { return server::DenyMemberCard(store, desk, what, "lost"); });
  };
  const int64_t before = *office.store->RevocationsVersion();
  std::string capitals = card->serial;
  std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](unsigned char c) { return std::toupper(c); });
  CHECK(*deny(capitals) == server::Denial::kDenied);
  CHECK(*office.store->RevocationsVersion() > before);
  CHECK(office.store->LoadRevocations()->serials == std::vector<std::string>{card->serial});
  CHECK(office.store->FindCard(card->serial).value()->denied.has_value());
  CHECK(*deny(card->serial) == server::Denial::kBefore);
  CHECK(*deny("8850123456781") == server::Denial::kDenied);
  CHECK(office.LastOwn().body.find("8850123456781") == std::string::npos);
  CHECK(office.store->LoadRevocations()->numbers == std::vector<std::string>{"8850123456781"});
  CHECK(deny("0812345678").error().Is(server::ServerErrc::kMemberUnknown));
  CHECK(deny("").error().Is(server::ServerErrc::kMemberUnknown));
  CHECK(deny("fffffffffffffff").error().Is(server::ServerErrc::kMemberUnknown));
  CHECK(deny("fffffffffffffffg").error().Is(server::ServerErrc::kMemberUnknown));
  // A head office that was restored may have forgotten a card that tills still take.
  CHECK(*deny("FFFFFFFFFFFFFFFF") == server::Denial::kDeniedUnknown);
  CHECK(*deny("ffffffffffffffff") == server::Denial::kBefore);
  CHECK(office.store->LoadRevocations()->serials.back() == "ffffffffffffffff");
  office.RequireSound();
}

TEST_CASE("OfficeCards: each new or unlocked PIN is a new generation", "[server][office][cards]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const auto set = [&](const std::string& pin) {
    return office.Do([&](Store& store, const DeskParts& desk) -> base::Expected<int64_t> {
      EVERTILL_ASSIGN(const std::string hash, server::HashMemberPin(desk, pin));
      return server::SetMemberPin(store, desk, member, hash);
    });
  };
  const auto unlock = [&] {
    return office.Do([&](Store& store, const DeskParts& desk) { return server::UnlockMember(store, desk, member); });
  };
  CHECK(unlock().error().Is(server::ServerErrc::kBadArgument));
  for (const char* bad : {"123", "123456789", "12a4", "", "１２３４"}) {
    INFO(bad);
    CHECK(set(bad).error().Is(server::ServerErrc::kBadArgument));
  }
  CHECK(*set("2468") == 1);
  auto pin = *office.store->FindPin(member);
  CHECK(*crypto::VerifyPin("2468", pin->hash, crypto::AsBytes(office.keys.pepper)));
  CHECK_FALSE(*crypto::VerifyPin("2468", pin->hash, {}));
  pin->locked = true;
  pin->failures = 10;
  office.Change([&] { return office.store->PutPin(*pin); });
  CHECK(*unlock() == 2);
  CHECK_FALSE((*office.store->FindPin(member))->locked);
  CHECK((*office.store->FindPin(member))->hash == pin->hash);
  CHECK(*set("1357") == 3);
  CHECK(office.LastOwn().kind == "pin_reset");
  CHECK(office.LastOwn().body.find("argon2") == std::string::npos);
}

TEST_CASE("OfficeCards: what is printed can be scanned, in the size of a bank card", "[server][office][cards]") {
  HeadOffice office;
  for (const auto& [name, number, language] :
       {std::tuple{"คุณน้ำทิพย์ วงศ์ษา", "8850123456781", "th"}, std::tuple{"Nguyễn Thị Phượng", "1234567890123456", "vi"},
        std::tuple{"Anna", "", "en"}}) {
    IssuedCard card;
    card.text = "EV1" + std::string(138, 'A');
    card.member.name = name;
    card.member.card = number;
    card.member.language = language;
    const auto picture = server::DrawMemberCard(card);
    REQUIRE(picture);
    CHECK(picture->Width() == server::kCardWidthDots);
    CHECK(picture->Height() == server::kCardHeightDots);
    const std::string png = (office.folder.Path() / "card.png").string();
    REQUIRE(render::WritePng(*picture, png, {}, server::kCardDotsPerInch));
    const std::string read = Shell("zbarimg -q --raw " + png + " 2>/dev/null");
    CHECK(read.find(card.text + "\n") != std::string::npos);
    if (!card.member.card.empty()) CHECK(read.find(card.member.card + "\n") != std::string::npos);
    // The quiet zone reaches to the edge: nothing in the outermost 3.5 mm.
    for (int y = 0; y < picture->Height(); ++y) {
      for (int x = 0; x < 41; ++x) REQUIRE_FALSE((picture->At(x, y) || picture->At(picture->Width() - 1 - x, y)));
    }
  }
  CHECK(server::MaskNumber("1234567890123456") == "•••• •••• •••• 3456");
  CHECK(server::MaskNumber("8850123456781") == "• •••• •••• 6781");
  CHECK(server::MaskNumber("M-77") == "••77");
  CHECK(server::MaskNumber("").empty());
}

}  // namespace evertill::test
