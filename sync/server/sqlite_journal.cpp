#include "sync/server/sqlite_session.h"

// What a batch changes: events, ledger, members; and the catalogue.
namespace evertill::server {

using crypto::AsBytes;
using sqlite::Statement;

base::Expected<int64_t> SqliteSession::NextOf(std::string_view counter) {
  EVERTILL_ASSIGN(Statement next,
                  Ask("UPDATE counters SET value = value + 1 WHERE name = ?1 RETURNING value", counter));
  EVERTILL_TRY(next.Step());
  const int64_t value = next.Int(0);
  EVERTILL_TRY(next.Run());
  return value;
}

base::Expected<int64_t> SqliteSession::NextChange() {
  return NextOf("change");
}

base::Expected<int64_t> SqliteSession::AppendEvent(const EventRow& event) {
  // Rows are never deleted and there is one writer, so the next rowid is the next number, without a gap.
  EVERTILL_TRY(Do(
      "INSERT INTO events (event_id, terminal, incarnation, seq, store, till, kind, member, receipt, currency, total, "
      "t_business, received_ms, parked, hash, body, branch) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
      "?13, ?14, ?15, ?16, ?17)",
      event.event_id, event.terminal, event.incarnation, event.seq, event.store, event.till, event.kind, event.member,
      event.receipt, event.currency, event.total_minor, base::ToUnixMillis(event.t_business),
      base::ToUnixMillis(event.received), event.parked, AsBytes(event.hash), event.body, event.branch));
  return db_.LastInsertRowid();
}

base::Status SqliteSession::AddSide(int64_t commit_seq, std::string_view salt, std::string_view side) {
  return Do("INSERT INTO sides (commit_seq, salt, side) VALUES (?1, ?2, ?3)", commit_seq, AsBytes(salt), side);
}

base::Expected<bool> SqliteSession::HasPostedId(std::string_view event_id, const wire::Digest& but_hash) {
  EVERTILL_ASSIGN(Statement find, Ask("SELECT 1 FROM events WHERE event_id = ?1 AND parked = '' AND hash <> ?2 LIMIT 1",
                                      event_id, AsBytes(but_hash)));
  return find.Step();
}

base::Status SqliteSession::AddMember(const MemberRow& member) {
  EVERTILL_ASSIGN(const int64_t change, NextChange());
  return Do(
      "INSERT INTO members (id, name, phone, card, language, consents, enrolled_ms, as_of_ms, change_seq) VALUES (?1, "
      "?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8) ON CONFLICT (id) DO NOTHING",
      member.id, member.name, member.phone, member.card, member.language, JoinWords(member.consents),
      base::ToUnixMillis(member.as_of), change);
}

base::Status SqliteSession::PutProduct(const wire::ProductChange& product) {
  const std::string text = wire::Encode(product);
  {
    EVERTILL_ASSIGN(Statement same, Ask("SELECT 1 FROM products WHERE barcode = ?1 AND currency = ?2 AND wire = ?3",
                                        product.barcode, product.currency, text));
    EVERTILL_ASSIGN(const bool unchanged, same.Step());
    if (unchanged) return {};
  }
  EVERTILL_ASSIGN(const int64_t change, NextChange());
  return Do(
      "INSERT INTO products (barcode, currency, name, price, deleted, wire, change_seq) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6, ?7) ON CONFLICT (barcode, currency) DO UPDATE SET name = excluded.name, price = excluded.price, deleted = "
      "excluded.deleted, wire = excluded.wire, change_seq = excluded.change_seq",
      product.barcode, product.currency, product.name, product.price_minor, product.deleted, text, change);
}

base::Expected<std::optional<wire::ProductChange>> SqliteSession::FindProduct(std::string_view barcode,
                                                                              std::string_view currency) {
  EVERTILL_ASSIGN(
      const auto text,
      One<std::string>(Ask("SELECT wire FROM products WHERE barcode = ?1 AND currency = ?2", barcode, currency),
                       [](const Statement& row) { return row.Text(0); }));
  if (!text) return std::optional<wire::ProductChange>();
  EVERTILL_ASSIGN(wire::ProductChange product, wire::DecodeProduct(*text));
  return std::optional<wire::ProductChange>(std::move(product));
}

}  // namespace evertill::server
