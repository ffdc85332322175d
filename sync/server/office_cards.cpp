#include "sync/server/office_cards.h"

#include <algorithm>
#include <chrono>

#include "app/base/uuid.h"
#include "app/card/card.h"
#include "app/crypto/encoding.h"
#include "app/crypto/pin_hash.h"
#include "sync/server/errors.h"

namespace evertill::server {

namespace {

constexpr size_t kSerialLetters = 16;

/// RFC 3986 unreserved letters stay. The label names no person: phones show it on their lock screens.
std::string OtpAuth(const IssuedCard& card, std::string_view secret) {
  return "otpauth://totp/Evertill:" + card.serial.substr(kSerialLetters - 4) +
         "?secret=" + crypto::ToBase32(crypto::AsBytes(secret)) +
         "&issuer=Evertill&algorithm=SHA256&digits=8&period=30";
}

/// All ids of a person have the same PIN: rights are held under each of them.
base::Expected<int64_t> PutPins(Store& store, const DeskParts& desk, const MemberRow& person,
                                const std::optional<std::string>& hash) {
  int64_t generation = 0;
  std::string kept;
  EVERTILL_ASSIGN(const auto ids, store.GroupOf(person.id));
  for (const std::string& id : ids) {
    EVERTILL_ASSIGN(const auto known, store.FindPin(id));
    if (!known) continue;
    generation = std::max(generation, known->generation);
    if (kept.empty()) kept = known->hash;
  }
  if (hash) kept = *hash;
  if (kept.empty()) return base::Fail(ServerErrc::kBadArgument, "this member has no PIN");
  ++generation;
  for (const std::string& id : ids) {
    EVERTILL_TRY(store.PutPin({.member = id, .hash = kept, .generation = generation, .failures = 0, .locked = false}));
    EVERTILL_TRY(store.CloseInboxAbout("pin_locked", id, desk.clock.Now()));
  }
  EVERTILL_TRY(Act(store, desk,
                   {"pin_reset", person.id, {}, ToText({{"generation", generation}, {"changed", hash.has_value()}})},
                   person.id));
  return generation;
}

}  // namespace

base::Expected<IssuedCard> IssueMemberCard(Store& store, const DeskParts& desk, std::string_view member, int level) {
  if (level != 1 && level != 2) {
    return base::Fail(ServerErrc::kBadArgument, "level 1 is a printed card, 2 one on a phone; there is no other");
  }
  IssuedCard issued;
  issued.level = level;
  EVERTILL_ASSIGN(issued.member, FindLivingMember(store, member));
  const auto id = base::Uuid::Parse(issued.member.id);
  if (!id) return base::Fail(ServerErrc::kMemberUnknown, issued.member.id + " is no member's id");
  card::Card card;
  card.level = level;
  card.key_id = desk.keys.card_key_id;
  card.pseudonym = card::PseudonymOf(domain::MemberId(*id));
  desk.random.Fill(card.serial);
  card.issued_day =
      static_cast<int>(std::chrono::floor<std::chrono::days>(desk.clock.Now()).time_since_epoch().count());
  issued.serial = base::ToHex(card.serial);
  EVERTILL_ASSIGN(issued.text, card::IssueCard(card, desk.keys.card_signing));
  if (level == 2) issued.otpauth = OtpAuth(issued, PhoneSecret(desk.keys, crypto::AsText(card.serial)));
  EVERTILL_TRY(store.PutCard({.serial = issued.serial,
                              .member = issued.member.id,
                              .level = level,
                              .issued = desk.clock.Now(),
                              .denied = {},
                              .last_step = 0}));
  EVERTILL_TRY(Act(store, desk,
                   {"card_issue", issued.member.id, {}, ToText({{"serial", issued.serial}, {"level", level}})},
                   issued.member.id + ": card " + issued.serial));
  return issued;
}

base::Expected<render::Bitmap> DrawMemberCard(const IssuedCard& card) {
  return DrawCard(
      {.name = card.member.name, .number = card.member.card, .text = card.text, .language = card.member.language});
}

base::Expected<Denial> DenyMemberCard(Store& store, const DeskParts& desk, std::string_view serial_or_number,
                                      std::string_view reason) {
  EVERTILL_ASSIGN(const std::string code, ReadReason(reason));
  std::string serial(serial_or_number);
  std::transform(serial.begin(), serial.end(), serial.begin(), [](unsigned char c) { return std::tolower(c); });
  EVERTILL_ASSIGN(const auto card, store.FindCard(serial));
  std::string value = card ? serial : std::string(serial_or_number);
  OwnEvent event{"card_deny", "", {}, {}};
  Denial denial = Denial::kDenied;
  bool number = false;
  if (card) {
    event.member = card->member;
  } else {
    EVERTILL_ASSIGN(const auto members, store.FindMembers(value));
    const auto owner =
        std::find_if(members.begin(), members.end(), [&](const MemberRow& m) { return m.card == value; });
    number = !value.empty() && owner != members.end();
    if (number) event.member = owner->id;
  }
  if (!card && !number) {
    if (serial.size() != kSerialLetters || !base::FromHex(serial)) {
      return base::Fail(ServerErrc::kMemberUnknown,
                        "no card has this serial (16 hex digits), and no member this card number");
    }
    // Issued after the copy that head office was restored from: tills know it by its signature, and must refuse it.
    denial = Denial::kDeniedUnknown;
    value = serial;
  }
  EVERTILL_ASSIGN(const wire::Revocations known, store.LoadRevocations());
  const auto& listed = number ? known.numbers : known.serials;
  if (std::find(listed.begin(), listed.end(), value) != listed.end()) return Denial::kBefore;
  if (number) {
    event.ext = ToText({{"number", true}, {"reason", code}});  // the number itself is personal: not in the log
    EVERTILL_TRY(store.AddRevocation("number", value, desk.clock.Now()));
  } else {
    event.ext = ToText({{"serial", serial}, {"reason", code}});
    EVERTILL_TRY(store.DenyCard(serial, desk.clock.Now()));
  }
  const std::string whose = event.member.empty() ? serial : event.member;
  EVERTILL_TRY(Act(store, desk, event, whose + (code.empty() ? "" : ": " + code)));
  if (!event.member.empty()) EVERTILL_TRY(store.TouchMember(event.member));
  return denial;
}

base::Expected<std::string> HashMemberPin(const DeskParts& desk, std::string_view pin) {
  const bool digits = std::all_of(pin.begin(), pin.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || pin.size() < 4 || pin.size() > 8) {
    return base::Fail(ServerErrc::kBadArgument, "a PIN is 4 to 8 digits");
  }
  return crypto::HashPin(pin, crypto::AsBytes(desk.keys.pepper), desk.random);
}

base::Expected<int64_t> SetMemberPin(Store& store, const DeskParts& desk, std::string_view member,
                                     std::string_view pin_hash) {
  EVERTILL_ASSIGN(const MemberRow person, FindLivingMember(store, member));
  return PutPins(store, desk, person, std::string(pin_hash));
}

base::Expected<int64_t> UnlockMember(Store& store, const DeskParts& desk, std::string_view member) {
  EVERTILL_ASSIGN(const MemberRow person, FindLivingMember(store, member));
  return PutPins(store, desk, person, std::nullopt);
}

}  // namespace evertill::server
