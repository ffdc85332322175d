#include <boost/json.hpp>

#include "app/card/card.h"
#include "app/checkout/errors.h"
#include "app/crypto/encoding.h"
#include "app/crypto/pin_hash.h"
#include "app/store/card_keys.h"
#include "app/store/members.h"
#include "app/store/rights_picture.h"
#include "app/store/rights_table.h"

/// Who the member is: signed cards, time codes, PINs.
namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::CardLevel;
using checkout::CardRead;
using checkout::CheckoutErrc;

std::optional<crypto::VerifyingKey> CardKeyOf(sqlite::Connection& db, uint8_t id) {
  const auto keys = GetMeta(db, kCardKeysMeta);
  if (!keys || !*keys) return std::nullopt;
  const std::string wanted = std::to_string(id) + ":";
  std::string_view rest = **keys;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.starts_with(wanted)) continue;
    const auto bytes = crypto::FromBase64(line.substr(wanted.size()));
    if (!bytes) return std::nullopt;
    auto key = crypto::VerifyingKey::FromBytes(*bytes);
    if (!key) return std::nullopt;
    return std::move(*key);
  }
  return std::nullopt;
}

/// What the database says of a card whose signature is good.
struct CardFacts {
  CardRead read;
  std::string secret;  ///< of the phone's time codes; empty where this till has none
  int64_t last_step = -1;
};

base::Expected<CardFacts> FactsOf(sqlite::Connection& db, const Keys& keys, const card::Card& card) {
  const crypto::ByteView serial = card.serial;
  EVERTILL_ASSIGN(auto denied, db.Prepare("SELECT 1 FROM denied_serial WHERE serial = ?1"));
  EVERTILL_ASSIGN(const bool lost, denied.Bind(serial).Step());
  if (lost) return base::Fail(CheckoutErrc::kCardDenied);
  EVERTILL_ASSIGN(const auto named, MemberOfPseudonym(db, card.pseudonym));
  if (!named) return base::Fail(CheckoutErrc::kMemberNotFound);
  EVERTILL_ASSIGN(const auto shown, LoadMember(db, keys, *named));
  if (!shown) return base::Fail(CheckoutErrc::kMemberNotFound);
  CardFacts facts{{shown->id, CardLevel::kSigned, base::ToHex(serial)}, {}, -1};
  EVERTILL_ASSIGN(auto secret, db.Prepare("SELECT sealed FROM phone_secret WHERE serial = ?1"));
  EVERTILL_ASSIGN(const bool known, secret.Bind(serial).Step());
  if (known) {
    EVERTILL_ASSIGN(facts.secret, OpenText(keys, secret.BlobView(0), "phone:" + facts.read.serial));
  }
  EVERTILL_ASSIGN(auto step, db.Prepare("SELECT step FROM card_step WHERE serial = ?1"));
  EVERTILL_ASSIGN(const bool used, step.Bind(serial).Step());
  if (used) facts.last_step = step.Int(0);
  return facts;
}

}  // namespace

base::Expected<CardRead> RightsTable::ReadCard(std::string_view text) {
  const auto read = card::ReadCardText(text);
  if (!read) return base::Fail(CheckoutErrc::kCardForged, read.error().ToString());
  EVERTILL_ASSIGN(
      CardFacts facts, database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<CardFacts> {
        const auto key = CardKeyOf(db, read->card.key_id);
        if (!key || !card::IsSignedBy(*read, *key)) {
          return base::Fail(
              CheckoutErrc::kCardForged,
              key ? "the signature is wrong" : "no key " + std::to_string(read->card.key_id) + " is known here");
        }
        return FactsOf(db, database_.GetKeys(), read->card);
      }));
  // A phone's card whose secret is not here is as good as a printed one.
  if (read->card.level < 2 || read->time_code.empty() || facts.secret.empty()) return facts.read;
  const base::Instant now = database_.GetBusinessClock().Corrected();
  const auto step = card::MatchTimeCode(facts.secret, read->time_code, now, facts.last_step);
  if (!step) {
    const bool used = card::MatchTimeCode(facts.secret, read->time_code, now, -1).has_value();
    return base::Fail(used ? CheckoutErrc::kCardCodeUsed : CheckoutErrc::kCardCodeWrong);
  }
  EVERTILL_TRY(UseCode(facts.read.member, facts.read.serial, *step));
  facts.read.level = CardLevel::kPhone;
  return facts.read;
}

base::Status RightsTable::UseCode(domain::MemberId member, std::string_view serial, int64_t step) {
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    return AppendOwn(database_, change, {"card_code", member, {}},
                     json::serialize(json::object{{"serial", std::string(serial)}, {"step", step}}));
  });
}

base::Status RightsTable::CheckPin(domain::MemberId member, std::string_view pin) {
  PinState state;
  std::string pepper;
  // The try is on the disk before the PIN is looked at: a power cut gives none back.
  const auto work = [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const auto row, MemberRow(change.db, member));
    if (!row) return base::Fail(CheckoutErrc::kPinUnknownHere);
    EVERTILL_ASSIGN(state, LoadPin(change.db, database_.GetKeys(), *row, true));
    EVERTILL_ASSIGN(const auto sealed, GetMeta(change.db, kPepperMeta));
    if (!state.known || !sealed) return base::Fail(CheckoutErrc::kPinUnknownHere);
    if (state.locked) return base::Fail(CheckoutErrc::kPinLocked);
    EVERTILL_ASSIGN(pepper, OpenText(database_.GetKeys(), crypto::AsBytes(*sealed), kPepperMeta));
    EVERTILL_ASSIGN(auto count, change.db.Prepare("UPDATE member_pin SET failures = failures + 1 WHERE member = ?1"));
    return count.Bind(state.row).Run();
  };
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, work));
  EVERTILL_ASSIGN(const bool right, crypto::VerifyPin(pin, state.hash, crypto::AsBytes(pepper)));
  const auto after = [&](Database::Change& change) -> base::Status {
    if (right) {
      EVERTILL_ASSIGN(auto clear, change.db.Prepare("UPDATE member_pin SET failures = 0 WHERE member = ?1 AND "
                                                    "generation = ?2"));
      return clear.Bind(state.row, state.generation).Run();
    }
    EVERTILL_ASSIGN(const auto whose, MemberIdOf(change.db, state.row));
    return AppendOwn(database_, change, {"pin_failed", whose, {}},
                     json::serialize(json::object{{"generation", state.generation}, {"tries", state.failures + 1}}));
  };
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, after));
  if (right) return {};
  const int64_t left = kPinTries - state.failures - 1;
  if (left <= 0) return base::Fail(CheckoutErrc::kPinLocked);
  return base::Fail(CheckoutErrc::kPinWrong, std::to_string(left));
}

}  // namespace evertill::store
