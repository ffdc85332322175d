#include "app/loyalty/ledger.h"
#include "sync/server/sqlite_session.h"

// What a batch changes: events, ledger, members; and the catalogue.
namespace evertill::server {

using crypto::AsBytes;
using sqlite::Statement;

base::Expected<int64_t> SqliteSession::NextChange() {
  EVERTILL_ASSIGN(Statement next, Ask("UPDATE counters SET value = value + 1 WHERE name = 'change' RETURNING value"));
  EVERTILL_TRY(next.Step());
  const int64_t value = next.Int(0);
  EVERTILL_TRY(next.Run());
  return value;
}

base::Expected<int64_t> SqliteSession::AppendEvent(const EventRow& event) {
  // Rows are never deleted and there is one writer, so the next rowid is the next number, without a gap.
  EVERTILL_TRY(Do(
      "INSERT INTO events (event_id, terminal, incarnation, seq, store, till, kind, member, receipt, currency, total, "
      "t_business, received_ms, parked, hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
      "?14, ?15, ?16)",
      event.event_id, event.terminal, event.incarnation, event.seq, event.store, event.till, event.kind, event.member,
      event.receipt, event.currency, event.total_minor, base::ToUnixMillis(event.t_business),
      base::ToUnixMillis(event.received), event.parked, AsBytes(event.hash), event.body));
  return db_.LastInsertRowid();
}

base::Status SqliteSession::AddSide(int64_t commit_seq, std::string_view salt, std::string_view side) {
  return Do("INSERT INTO sides (commit_seq, salt, side) VALUES (?1, ?2, ?3)", commit_seq, AsBytes(salt), side);
}

base::Expected<std::optional<wire::Digest>> SqliteSession::EventHashAt(std::string_view terminal, int64_t incarnation,
                                                                       int64_t seq) {
  return One<wire::Digest>(
      Ask("SELECT hash FROM events WHERE terminal = ?1 AND incarnation = ?2 AND seq = ?3", terminal, incarnation, seq),
      [](const Statement& row) { return RawText(row, 0); });
}

base::Expected<bool> SqliteSession::HasEventId(std::string_view event_id) {
  EVERTILL_ASSIGN(Statement find, Ask("SELECT 1 FROM events WHERE event_id = ?1 LIMIT 1", event_id));
  return find.Step();
}

base::Status SqliteSession::KeepBranch(std::string_view terminal, int64_t incarnation, int64_t seq,
                                       const wire::BatchEvent& event, base::Instant now) {
  return Do(
      "INSERT INTO branches (terminal, incarnation, seq, hash, body, salt, side, received_ms) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
      terminal, incarnation, seq, AsBytes(event.hash), event.body, AsBytes(event.salt), event.side,
      base::ToUnixMillis(now));
}

base::Status SqliteSession::Post(int64_t commit_seq, std::string_view member, std::span<const domain::Posting> postings,
                                 int64_t member_delta, base::Instant now) {
  int64_t line = 0;
  for (const domain::Posting& posting : postings) {
    EVERTILL_TRY(Do(
        "INSERT INTO entries (commit_seq, line, member, account, source, lot, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
        "?7)",
        commit_seq, ++line, member, posting.account, posting.source, posting.lot, posting.amount));
  }
  if (member.empty() || postings.empty()) return {};
  EVERTILL_TRY(
      Do("INSERT INTO balances (member, points) VALUES (?1, ?2) ON CONFLICT (member) DO UPDATE SET points = points + "
         "excluded.points",
         member, member_delta));
  EVERTILL_ASSIGN(const int64_t change, NextChange());
  return Do("UPDATE members SET as_of_ms = ?2, change_seq = ?3 WHERE id = ?1", member, base::ToUnixMillis(now), change);
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
