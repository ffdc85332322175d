#include "app/store/members.h"

#include <algorithm>

#include "app/card/card.h"
#include "app/checkout/errors.h"
#include "app/crypto/hash.h"
#include "app/store/errors.h"
#include "app/store/json_text.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::CheckoutErrc;
using checkout::MemberRecord;

constexpr std::string_view kByCard =
    "SELECT row, id, sealed, hq_points, hq_seq, hq_at_ms, merged_into FROM member WHERE card_key = ?1 AND erased = 0 "
    "ORDER BY id LIMIT 1";
constexpr std::string_view kByPhone =
    "SELECT row, id, sealed, hq_points, hq_seq, hq_at_ms, merged_into FROM member WHERE phone_key = ?1 AND erased = 0 "
    "ORDER BY id LIMIT 1";
constexpr std::string_view kById =
    "SELECT row, id, sealed, hq_points, hq_seq, hq_at_ms, merged_into FROM member WHERE id = ?1 AND erased = 0";
constexpr std::string_view kByRow =
    "SELECT row, id, sealed, hq_points, hq_seq, hq_at_ms, merged_into FROM member WHERE row = ?1";
/// What this till has written since head office's figure was taken.
constexpr std::string_view kSince =
    "SELECT coalesce(sum(amount), 0), count(*) FROM ledger WHERE member = ?1 AND seq > ?2 "
    "AND account IN ('AVAIL', 'PENDING', 'ESCROW', 'HOLD', 'LOCAL')";
/// A merge of a merge of … : more is a mistake in the data.
constexpr int kLongestMerge = 16;

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

struct Row {
  int64_t row = 0;
  MemberRecord member;
  int64_t hq_seq = 0;
  std::optional<int64_t> merged_into;
};

template <typename Key>
base::Expected<std::optional<Row>> LoadRow(sqlite::Connection& db, const Keys& keys, std::string_view sql,
                                           const Key& key) {
  EVERTILL_ASSIGN(auto query, db.Prepare(sql));
  EVERTILL_ASSIGN(const bool found, query.Bind(key).Step());
  if (!found) return std::optional<Row>();
  Row row;
  row.row = query.Int(0);
  const auto id_bytes = query.BlobView(1);
  base::Uuid id;
  std::copy(id_bytes.begin(), id_bytes.end(), id.bytes.begin());
  row.member.id = domain::MemberId(id);
  EVERTILL_TRY(ReadSealed(keys, query.BlobView(2), row.row, row.member));
  row.member.points = query.Int(3);
  row.hq_seq = query.Int(4);
  row.member.as_of = base::FromUnixMillis(query.Int(5));
  row.merged_into = query.OptionalInt(6);
  return std::optional(std::move(row));
}

/// The member as they are shown and served: of merged ones the one that remains, with the points of all.
template <typename Key>
base::Expected<std::optional<MemberRecord>> Load(sqlite::Connection& db, const Keys& keys, std::string_view sql,
                                                 const Key& key) {
  EVERTILL_ASSIGN(auto row, LoadRow(db, keys, sql, key));
  if (!row) return std::optional<MemberRecord>();
  for (int hops = 0; row->merged_into && hops < kLongestMerge; ++hops) {
    EVERTILL_ASSIGN(auto into, LoadRow(db, keys, kByRow, *row->merged_into));
    if (!into) break;
    if (into->member.card.empty() && into->member.name.empty() && into->member.phone.empty()) {
      // Head office has not told about that one yet: the person is the same.
      row->member.id = into->member.id;
      into->member = std::move(row->member);
    }
    row = std::move(into);
  }
  EVERTILL_ASSIGN(const auto group, MergedRows(db, row->row));
  for (const int64_t each : group) {
    EVERTILL_ASSIGN(auto since, db.Prepare(kSince));
    EVERTILL_ASSIGN(const bool summed, since.Bind(each, row->hq_seq).Step());
    if (!summed) continue;
    row->member.points += since.Int(0);
    row->member.provisional = row->member.provisional || since.Int(1) > 0;
  }
  return std::optional(std::move(row->member));
}

base::Expected<bool> IsTaken(sqlite::Connection& db, std::string_view sql, const std::optional<crypto::Bytes>& key,
                             const domain::MemberId& own) {
  if (!key) return false;
  EVERTILL_ASSIGN(auto query, db.Prepare(sql));
  return query.Bind(crypto::ByteView(*key), crypto::ByteView(own.Value().bytes)).Step();
}

}  // namespace

std::optional<crypto::Bytes> CardKey(const Keys& keys, std::string_view card) {
  return BlindKey(keys, "card:", card);
}

base::Expected<std::optional<MemberRecord>> MemberTable::FindByCard(std::string_view card) {
  const auto key = BlindKey(database_.GetKeys(), "card:", card);
  if (!key) return std::optional<MemberRecord>();
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<std::optional<MemberRecord>> {
    EVERTILL_ASSIGN(auto denied, db.Prepare("SELECT 1 FROM denied_number WHERE card_key = ?1"));
    EVERTILL_ASSIGN(const bool lost, denied.Bind(crypto::ByteView(*key)).Step());
    if (lost) return base::Fail(CheckoutErrc::kCardDenied);
    return Load(db, database_.GetKeys(), kByCard, crypto::ByteView(*key));
  });
}

base::Expected<std::optional<MemberRecord>> MemberTable::FindByPhone(std::string_view phone) {
  const auto key = BlindKey(database_.GetKeys(), "phone:", phone);
  if (!key) return std::optional<MemberRecord>();
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) {
    return Load(db, database_.GetKeys(), kByPhone, crypto::ByteView(*key));
  });
}

base::Expected<std::optional<MemberRecord>> MemberTable::Find(domain::MemberId id) {
  return database_.Read(Reader::kCounter,
                        [&](sqlite::Connection& db) { return LoadMember(db, database_.GetKeys(), id); });
}

base::Expected<std::optional<MemberRecord>> LoadMember(sqlite::Connection& db, const Keys& keys,
                                                       const domain::MemberId& id) {
  return Load(db, keys, kById, crypto::ByteView(id.Value().bytes));
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
  const auto pseudonym = card::PseudonymOf(id);
  EVERTILL_ASSIGN(auto insert, db.Prepare("INSERT INTO member(id, pseudonym) VALUES (?1, ?2)"));
  EVERTILL_TRY(insert.Bind(crypto::ByteView(id.Value().bytes), crypto::ByteView(pseudonym)).Run());
  return db.LastInsertRowid();
}

base::Expected<domain::MemberId> MemberIdOf(sqlite::Connection& db, int64_t row) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT id FROM member WHERE row = ?1"));
  EVERTILL_ASSIGN(const bool found, query.Bind(row).Step());
  base::Uuid id;
  if (!found || query.BlobView(0).size() != id.bytes.size()) return base::Fail(StoreErrc::kBadStored, "no such member");
  std::copy(query.BlobView(0).begin(), query.BlobView(0).end(), id.bytes.begin());
  return domain::MemberId(id);
}

base::Expected<std::vector<int64_t>> MergedRows(sqlite::Connection& db, int64_t row) {
  std::vector<int64_t> rows{row};
  for (size_t at = 0; at < rows.size(); ++at) {
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT row FROM member WHERE merged_into = ?1"));
    query.Bind(rows[at]);
    for (;;) {
      EVERTILL_ASSIGN(const bool more, query.Step());
      if (!more) break;
      if (std::find(rows.begin(), rows.end(), query.Int(0)) == rows.end()) rows.push_back(query.Int(0));
    }
  }
  return rows;
}

base::Expected<std::optional<domain::MemberId>> MemberOfPseudonym(sqlite::Connection& db, crypto::ByteView pseudonym) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT row FROM member WHERE pseudonym = ?1 AND erased = 0 ORDER BY id"));
  EVERTILL_ASSIGN(const bool found, query.Bind(pseudonym).Step());
  if (!found) return std::optional<domain::MemberId>();
  EVERTILL_ASSIGN(const auto id, MemberIdOf(db, query.Int(0)));
  return std::optional(id);
}

base::Status FillPseudonyms(Database& database) {
  constexpr size_t kAtOnce = 1000;
  size_t filled = kAtOnce;
  const auto fill = [&](Database::Change& change) -> base::Status {
    std::vector<int64_t> rows;
    EVERTILL_ASSIGN(auto query, change.db.Prepare("SELECT row FROM member WHERE pseudonym IS NULL LIMIT 1000"));
    for (;;) {
      EVERTILL_ASSIGN(const bool row, query.Step());
      if (!row) break;
      rows.push_back(query.Int(0));
    }
    filled = rows.size();
    for (const int64_t row : rows) {
      EVERTILL_ASSIGN(const auto id, MemberIdOf(change.db, row));
      EVERTILL_ASSIGN(auto put, change.db.Prepare("UPDATE member SET pseudonym = ?2 WHERE row = ?1"));
      EVERTILL_TRY(put.Bind(row, crypto::ByteView(card::PseudonymOf(id))).Run());
    }
    return {};
  };
  EVERTILL_ASSIGN(const bool needed,
                  database.Read(Reader::kCounter, [](sqlite::Connection& db) -> base::Expected<bool> {
                    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT 1 FROM member WHERE pseudonym IS NULL LIMIT 1"));
                    return query.Step();
                  }));
  if (!needed) return {};
  while (filled == kAtOnce) {
    const auto done = database.Write(Durability::kKill, fill);
    if (!done) return done;
  }
  return {};
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

base::Status EraseMember(sqlite::Connection& db, const domain::MemberId& id) {
  EVERTILL_ASSIGN(const int64_t row, EnsureMemberRow(db, id));
  EVERTILL_ASSIGN(auto erase, db.Prepare("UPDATE member SET sealed = NULL, card_key = NULL, phone_key = NULL, "
                                         "erased = 1 WHERE row = ?1"));
  EVERTILL_TRY(erase.Bind(row).Run());
  EVERTILL_ASSIGN(auto pin, db.Prepare("UPDATE member_pin SET sealed = NULL WHERE member = ?1"));
  return pin.Bind(row).Run();
}

base::Status PutMemberChange(sqlite::Connection& db, const Keys& keys, base::Random& random,
                             const checkout::MemberChange& change, const FigureContext& context) {
  if (change.erased) {
    EVERTILL_TRY(EraseMember(db, change.member.id));
  } else {
    EVERTILL_TRY(PutMember(db, keys, random, change.member));
  }
  EVERTILL_ASSIGN(const int64_t row, EnsureMemberRow(db, change.member.id));
  std::optional<int64_t> into;
  if (change.merged_into && *change.merged_into != change.member.id) {
    EVERTILL_ASSIGN(into, EnsureMemberRow(db, *change.merged_into));
  }
  for (const auto& each : change.cards) {
    const auto serial = base::FromHex(each.serial);
    if (!serial) continue;
    EVERTILL_ASSIGN(auto put, db.Prepare("INSERT OR REPLACE INTO signed_card(serial, member, level) "
                                         "VALUES (?1, ?2, ?3)"));
    EVERTILL_TRY(put.Bind(crypto::AsBytes(*serial), row, each.level).Run());
  }
  // A late answer never takes back a newer one, but for those of a head office that was restored. What was certified
  // without a debt settles the stand-in up to there; that place, too, only grows while head office lives.
  EVERTILL_ASSIGN(
      auto figure,
      db.Prepare("UPDATE member SET hq_points = ?2, hq_seq = ?3, hq_at_ms = ?4, hq_available = ?5, hq_pending = ?6, "
                 "merged_into = ?7, hq_pin = ?10, hq_epoch = ?8, stand_in_place = CASE "
                 "WHEN hq_epoch = ?8 AND ?5 >= 0 THEN max(stand_in_place, ?3) WHEN hq_epoch = ?8 THEN stand_in_place "
                 "WHEN ?5 >= 0 THEN ?3 ELSE min(stand_in_place, ?9) END "
                 "WHERE row = ?1 AND (hq_epoch < ?8 OR (hq_epoch = ?8 AND hq_seq <= ?3))"));
  EVERTILL_TRY(figure
                   .Bind(row, change.member.points, change.points_acked_seq, base::ToUnixMillis(change.member.as_of),
                         change.available, change.pending, into, context.epoch, context.stand_in_floor, change.has_pin)
                   .Run());
  if (context.safeguards.On(loyalty::Rule::kStandInUsed)) return {};
  EVERTILL_ASSIGN(auto reopen, db.Prepare("UPDATE member SET stand_in_place = ?2 WHERE row = ?1"));
  return reopen.Bind(row, context.head_place).Run();
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
