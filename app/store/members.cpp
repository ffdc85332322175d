#include "app/store/members.h"

#include <algorithm>

#include "app/checkout/errors.h"
#include "app/crypto/hash.h"
#include "app/store/json_text.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::CheckoutErrc;
using checkout::MemberRecord;

constexpr std::string_view kByCard =
    "SELECT row, id, sealed, hq_points, hq_seq, hq_at_ms FROM member WHERE card_key = ?1 AND erased = 0 ORDER BY id "
    "LIMIT 1";
constexpr std::string_view kByPhone =
    "SELECT row, id, sealed, hq_points, hq_seq, hq_at_ms FROM member WHERE phone_key = ?1 AND erased = 0 ORDER BY id "
    "LIMIT 1";
constexpr std::string_view kById =
    "SELECT row, id, sealed, hq_points, hq_seq, hq_at_ms FROM member WHERE id = ?1 AND erased = 0";
/// What this till has written since head office's figure was taken.
constexpr std::string_view kSince =
    "SELECT coalesce(sum(amount), 0), count(*) FROM ledger WHERE member = ?1 AND seq > ?2 "
    "AND account IN ('AVAIL', 'PENDING', 'ESCROW', 'HOLD', 'LOCAL')";

std::string Place(int64_t row) {
  return "member:" + std::to_string(row);
}

/// Half of an HMAC: enough against collisions, and what it leaves out says nothing.
std::optional<crypto::Bytes> BlindKey(const Keys& keys, std::string_view kind, std::string_view value) {
  if (value.empty()) return std::nullopt;
  const auto digest = crypto::HmacSha256(keys.index, {crypto::AsBytes(kind), crypto::AsBytes(value)});
  return crypto::Bytes(digest.begin(), digest.begin() + 16);
}

std::string FormatMember(const MemberRecord& member) {
  json::array consents;
  for (const auto& consent : member.consents) consents.push_back(json::string(consent));
  return json::serialize(json::object{{"name", member.name},
                                      {"phone", member.phone},
                                      {"card", member.card},
                                      {"language", member.language},
                                      {"consents", std::move(consents)}});
}

base::Status ReadSealed(const Keys& keys, crypto::ByteView sealed, int64_t row, MemberRecord& member) {
  if (sealed.empty()) return {};  // only known by id
  EVERTILL_ASSIGN(const std::string text, OpenText(keys, sealed, Place(row)));
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "member"));
  member.name = TextOf(object, "name");
  member.phone = TextOf(object, "phone");
  member.card = TextOf(object, "card");
  member.language = TextOf(object, "language");
  if (const auto* consents = object.if_contains("consents"); consents != nullptr && consents->is_array()) {
    for (const auto& consent : consents->get_array()) {
      if (consent.is_string()) member.consents.emplace_back(consent.get_string());
    }
  }
  return {};
}

base::Expected<std::optional<MemberRecord>> Load(sqlite::Connection& db, const Keys& keys, std::string_view sql,
                                                 crypto::ByteView key) {
  EVERTILL_ASSIGN(auto query, db.Prepare(sql));
  EVERTILL_ASSIGN(const bool found, query.Bind(key).Step());
  if (!found) return std::optional<MemberRecord>();
  const int64_t row = query.Int(0);
  const auto id_bytes = query.BlobView(1);
  base::Uuid id;
  std::copy(id_bytes.begin(), id_bytes.end(), id.bytes.begin());
  MemberRecord member;
  member.id = domain::MemberId(id);
  EVERTILL_TRY(ReadSealed(keys, query.BlobView(2), row, member));
  member.as_of = base::FromUnixMillis(query.Int(5));
  EVERTILL_ASSIGN(auto since, db.Prepare(kSince));
  EVERTILL_ASSIGN(const bool summed, since.Bind(row, query.Int(4)).Step());
  member.points = query.Int(3) + (summed ? since.Int(0) : 0);
  member.provisional = summed && since.Int(1) > 0;
  return std::optional(std::move(member));
}

base::Expected<bool> IsTaken(sqlite::Connection& db, std::string_view sql, const std::optional<crypto::Bytes>& key,
                             const domain::MemberId& own) {
  if (!key) return false;
  EVERTILL_ASSIGN(auto query, db.Prepare(sql));
  return query.Bind(crypto::ByteView(*key), crypto::ByteView(own.Value().bytes)).Step();
}

}  // namespace

base::Expected<std::optional<MemberRecord>> MemberTable::FindByCard(std::string_view card) {
  const auto key = BlindKey(database_.GetKeys(), "card:", card);
  if (!key) return std::optional<MemberRecord>();
  return database_.Read(Reader::kCounter,
                        [&](sqlite::Connection& db) { return Load(db, database_.GetKeys(), kByCard, *key); });
}

base::Expected<std::optional<MemberRecord>> MemberTable::FindByPhone(std::string_view phone) {
  const auto key = BlindKey(database_.GetKeys(), "phone:", phone);
  if (!key) return std::optional<MemberRecord>();
  return database_.Read(Reader::kCounter,
                        [&](sqlite::Connection& db) { return Load(db, database_.GetKeys(), kByPhone, *key); });
}

base::Expected<std::optional<MemberRecord>> MemberTable::Find(domain::MemberId id) {
  return database_.Read(Reader::kCounter,
                        [&](sqlite::Connection& db) { return LoadMember(db, database_.GetKeys(), id); });
}

base::Expected<std::optional<MemberRecord>> LoadMember(sqlite::Connection& db, const Keys& keys,
                                                       const domain::MemberId& id) {
  return Load(db, keys, kById, id.Value().bytes);
}

base::Expected<std::optional<int64_t>> MemberRow(sqlite::Connection& db, const domain::MemberId& id) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT row FROM member WHERE id = ?1"));
  EVERTILL_ASSIGN(const bool found, query.Bind(crypto::ByteView(id.Value().bytes)).Step());
  if (!found) return std::optional<int64_t>();
  return std::optional(query.Int(0));
}

base::Expected<int64_t> EnsureMemberRow(sqlite::Connection& db, const domain::MemberId& id) {
  EVERTILL_ASSIGN(const auto row, MemberRow(db, id));
  if (row) return *row;
  EVERTILL_ASSIGN(auto insert, db.Prepare("INSERT INTO member(id) VALUES (?1)"));
  EVERTILL_TRY(insert.Bind(crypto::ByteView(id.Value().bytes)).Run());
  return db.LastInsertRowid();
}

base::Status PutMember(sqlite::Connection& db, const Keys& keys, base::Random& random, const MemberRecord& member) {
  EVERTILL_ASSIGN(const int64_t row, EnsureMemberRow(db, member.id));
  EVERTILL_ASSIGN(const auto sealed, SealText(keys, FormatMember(member), Place(row), random));
  EVERTILL_ASSIGN(
      auto update,
      db.Prepare("UPDATE member SET sealed = ?2, card_key = ?3, phone_key = ?4, erased = 0 WHERE row = ?1"));
  return update
      .Bind(row, crypto::ByteView(sealed), BlindKey(keys, "card:", member.card), BlindKey(keys, "phone:", member.phone))
      .Run();
}

base::Status PutMemberChange(sqlite::Connection& db, const Keys& keys, base::Random& random,
                             const checkout::MemberChange& change) {
  if (change.erased) {
    EVERTILL_ASSIGN(const int64_t row, EnsureMemberRow(db, change.member.id));
    EVERTILL_ASSIGN(auto erase, db.Prepare("UPDATE member SET sealed = NULL, card_key = NULL, phone_key = NULL, "
                                           "erased = 1 WHERE row = ?1"));
    EVERTILL_TRY(erase.Bind(row).Run());
  } else {
    EVERTILL_TRY(PutMember(db, keys, random, change.member));
  }
  // A late answer never takes back a newer one.
  EVERTILL_ASSIGN(auto figure, db.Prepare("UPDATE member SET hq_points = ?2, hq_seq = ?3, hq_at_ms = ?4 "
                                          "WHERE id = ?1 AND hq_seq <= ?3"));
  return figure
      .Bind(crypto::ByteView(change.member.id.Value().bytes), change.member.points, change.points_acked_seq,
            base::ToUnixMillis(change.member.as_of))
      .Run();
}

base::Status CheckFree(sqlite::Connection& db, const Keys& keys, const MemberRecord& member) {
  EVERTILL_ASSIGN(const bool phone, IsTaken(db, "SELECT 1 FROM member WHERE phone_key = ?1 AND id <> ?2 LIMIT 1",
                                            BlindKey(keys, "phone:", member.phone), member.id));
  if (phone) return base::Fail(CheckoutErrc::kPhoneTaken);
  EVERTILL_ASSIGN(const bool card, IsTaken(db, "SELECT 1 FROM member WHERE card_key = ?1 AND id <> ?2 LIMIT 1",
                                           BlindKey(keys, "card:", member.card), member.id));
  if (card) return base::Fail(CheckoutErrc::kCardTaken);
  return {};
}

}  // namespace evertill::store
