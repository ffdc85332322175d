#include <boost/json.hpp>

#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/loyalty/errors.h"
#include "app/store/card_keys.h"
#include "app/store/enrolment_text.h"
#include "app/store/errors.h"
#include "app/store/identity.h"
#include "app/store/json_text.h"
#include "app/store/lives.h"
#include "app/store/members.h"
#include "app/store/rights_sync.h"
#include "app/store/rights_table.h"
#include "app/store/sync_table.h"

/// PINs and phones, lost cards, and the lives of a till.
namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::MemberSecret;
using checkout::SignedText;

constexpr const char* kListMeta = "revocations";
constexpr const char* kListSignatureMeta = "revocations_signature";
constexpr const char* kVersionMeta = "revocations_version";
constexpr const char* kRequestMeta = "life_request";
/// The line that head office's signature of the list begins with.
constexpr std::string_view kListTag = "evertill-revocations-1\n";

base::Status PutPin(Database& database, sqlite::Connection& db, int64_t row, const MemberSecret& secret) {
  std::optional<crypto::Bytes> sealed;
  if (!secret.pin_hash.empty()) {
    EVERTILL_ASSIGN(sealed,
                    SealText(database.GetKeys(), secret.pin_hash, "pin:" + std::to_string(row), database.GetRandom()));
  }
  // Tries count within one generation, whatever is told again; an older one is a late answer.
  EVERTILL_ASSIGN(auto put,
                  db.Prepare("INSERT INTO member_pin(member, sealed, generation, locked) VALUES (?1, ?2, ?3, ?4) "
                             "ON CONFLICT(member) DO UPDATE SET sealed = excluded.sealed, "
                             "failures = CASE WHEN generation < excluded.generation THEN 0 ELSE failures END, "
                             "locked = CASE WHEN generation < excluded.generation THEN excluded.locked "
                             "ELSE max(locked, excluded.locked) END, "
                             "generation = excluded.generation WHERE generation <= excluded.generation"));
  return put.Bind(row, sealed, secret.pin_generation, secret.pin_locked).Run();
}

base::Status PutPhone(Database& database, sqlite::Connection& db, int64_t row, const MemberSecret::Phone& phone) {
  const auto serial = base::FromHex(phone.serial);
  if (!serial || serial->size() != 8) return base::Fail(StoreErrc::kBadStored, "a phone's serial");
  EVERTILL_ASSIGN(const auto sealed, SealText(database.GetKeys(), phone.secret,
                                              "phone:" + base::ToHex(crypto::AsBytes(*serial)), database.GetRandom()));
  EVERTILL_ASSIGN(auto put, db.Prepare("INSERT OR REPLACE INTO phone_secret(serial, member, sealed) "
                                       "VALUES (?1, ?2, ?3)"));
  return put.Bind(crypto::AsBytes(*serial), row, crypto::ByteView(sealed)).Run();
}

std::vector<std::string> TextsOf(const json::object& object, const char* key) {
  std::vector<std::string> texts;
  if (const auto* value = object.if_contains(key); value != nullptr && value->is_array()) {
    for (const auto& item : value->get_array()) {
      if (item.is_string()) texts.emplace_back(item.get_string());
    }
  }
  return texts;
}

/// The whole list replaces the one before it.
base::Status PutList(Database& database, sqlite::Connection& db, const json::object& list) {
  EVERTILL_TRY(db.Execute("DELETE FROM denied_serial; DELETE FROM denied_number"));
  EVERTILL_ASSIGN(auto serial, db.Prepare("INSERT OR IGNORE INTO denied_serial(serial) VALUES (?1)"));
  for (const auto& text : TextsOf(list, "serials")) {
    const auto bytes = base::FromHex(text);
    if (bytes) EVERTILL_TRY(serial.Bind(crypto::AsBytes(*bytes)).Run());
  }
  EVERTILL_ASSIGN(auto number, db.Prepare("INSERT OR IGNORE INTO denied_number(card_key) VALUES (?1)"));
  for (const auto& text : TextsOf(list, "numbers")) {
    const auto key = CardKey(database.GetKeys(), text);
    if (key) EVERTILL_TRY(number.Bind(crypto::ByteView(*key)).Run());
  }
  for (const auto& text : TextsOf(list, "erased")) {
    const auto id = base::Uuid::Parse(text);
    if (id) EVERTILL_TRY(EraseMember(db, domain::MemberId(*id)));
  }
  return {};
}

}  // namespace

base::Status RightsSyncTable::PutSecrets(const std::vector<MemberSecret>& secrets) {
  if (secrets.empty()) return {};
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    for (const auto& secret : secrets) {
      EVERTILL_ASSIGN(const int64_t row, EnsureMemberRow(change.db, secret.member));
      EVERTILL_TRY(PutPin(database_, change.db, row, secret));
      for (const auto& phone : secret.phones) EVERTILL_TRY(PutPhone(database_, change.db, row, phone));
    }
    return {};
  });
}

base::Status RightsSyncTable::PutRevocations(const SignedText& list) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(list.bytes, "the list of lost cards"));
  const int64_t version = IntegerOf(object, "version");
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    auto& db = change.db;
    EVERTILL_ASSIGN(const auto enrolment, LoadEnrolment(db, database_.GetKeys()));
    if (!enrolment) return base::Fail(StoreErrc::kBadStored, "not enrolled");
    EVERTILL_ASSIGN(const auto key, crypto::VerifyingKey::FromBytes(crypto::AsBytes(enrolment->server_key)));
    if (!key.Verify(crypto::AsBytes(std::string(kListTag) + list.bytes), crypto::AsBytes(list.signature))) {
      return base::Fail(loyalty::LoyaltyErrc::kBadGrant, "the list of lost cards is not signed by head office");
    }
    EVERTILL_ASSIGN(const int64_t here, GetMetaNumber(db, kVersionMeta));
    if (version < here) return {};
    if (version > here) {
      EVERTILL_TRY(PutList(database_, db, object));
      EVERTILL_TRY(SetMeta(db, kListMeta, list.bytes));
      EVERTILL_TRY(SetMeta(db, kListSignatureMeta, list.signature));
      EVERTILL_TRY(SetMeta(db, kVersionMeta, std::to_string(version)));
    }
    EVERTILL_ASSIGN(const int64_t awaited, GetMetaNumber(db, "denylist_next_version"));
    EVERTILL_ASSIGN(const int64_t as_of, GetMetaNumber(db, "denylist_next_ms"));
    if (version < awaited || as_of == 0) return {};
    EVERTILL_ASSIGN(const int64_t now, GetMetaNumber(db, "denylist_as_of_ms"));
    return SetMeta(db, "denylist_as_of_ms", std::to_string(std::max(now, as_of)));
  });
}

base::Expected<SignedText> RightsSyncTable::Revocations() {
  return database_.Read(Reader::kBackground, [](sqlite::Connection& db) -> base::Expected<SignedText> {
    EVERTILL_ASSIGN(const auto bytes, GetMeta(db, kListMeta));
    EVERTILL_ASSIGN(const auto signature, GetMeta(db, kListSignatureMeta));
    return SignedText{bytes.value_or(""), signature.value_or("")};
  });
}

base::Expected<int64_t> RightsSyncTable::RevocationsVersion() {
  return database_.Read(Reader::kBackground, [](sqlite::Connection& db) { return GetMetaNumber(db, kVersionMeta); });
}

base::Expected<std::string> RightsSyncTable::LifeRequestId() {
  std::string id;
  const auto work = [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const auto kept, GetMeta(change.db, kRequestMeta));
    id = kept.value_or("");
    if (!id.empty()) return {};
    id = base::MakeUuidV7(database_.GetClock(), database_.GetRandom()).ToString();
    return SetMeta(change.db, kRequestMeta, id);
  };
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, work));
  return id;
}

base::Status RightsSyncTable::BeginLife(const checkout::NewLife& life) {
  EVERTILL_ASSIGN(const auto cursor, sync_.Cursor());
  // The end of the chain that is left is vouched for before another one begins.
  if (cursor.head_seq > 0) {
    EVERTILL_ASSIGN([[maybe_unused]] const auto signature, sync_.SignHead(cursor.head_seq));
  }
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    auto& db = change.db;
    if (life.incarnation == change.terminal.incarnation) return {};  // begun before
    if (life.incarnation < change.terminal.incarnation) {
      return base::Fail(StoreErrc::kTerminalFixed, "this till is in life " +
                                                       std::to_string(change.terminal.incarnation) +
                                                       "; head office gave " + std::to_string(life.incarnation));
    }
    const json::object ext{{"before",
                            {{"incarnation", change.terminal.incarnation},
                             {"seq", change.head.seq - change.head.base},
                             {"hash", base::ToHex(change.head.hash)}}},
                           {"why", life.why}};
    EVERTILL_TRY(database_.StartLife(change, life.incarnation));
    EVERTILL_ASSIGN(const auto text, GetMeta(db, "identity"));
    EVERTILL_ASSIGN(auto identity, ParseIdentity(text.value_or("")));
    identity.terminal.incarnation = life.incarnation;
    EVERTILL_TRY(SetMeta(db, "identity", FormatIdentity(identity)));
    EVERTILL_ASSIGN(auto enrolment, LoadEnrolment(db, database_.GetKeys()));
    if (!enrolment) return base::Fail(StoreErrc::kBadStored, "not enrolled");
    if (!life.token.empty()) enrolment->token = life.token;
    EVERTILL_TRY(SaveEnrolment(database_, db, *enrolment));
    EVERTILL_TRY(SetMeta(db, kRequestMeta, ""));
    EVERTILL_TRY(SetMeta(db, kFencedMeta, "0"));
    return AppendOwn(database_, change, {"life", std::nullopt, {}}, json::serialize(ext));
  });
}

}  // namespace evertill::store
