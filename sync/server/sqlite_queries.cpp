#include "sync/server/sqlite_session.h"

// What is asked: the log, changes for tills, counts, and what verify goes through.
namespace evertill::server {

using sqlite::Statement;

namespace {

EventRow ReadEvent(const Statement& row) {
  return {.commit_seq = row.Int(0),
          .event_id = row.Text(1),
          .terminal = row.Text(2),
          .incarnation = row.Int(3),
          .seq = row.Int(4),
          .store = row.Text(5),
          .till = row.Text(6),
          .kind = row.Text(7),
          .member = row.Text(8),
          .receipt = row.Text(9),
          .currency = row.Text(10),
          .total_minor = row.OptionalInt(11),
          .t_business = base::FromUnixMillis(row.Int(12)),
          .received = base::FromUnixMillis(row.Int(13)),
          .parked = row.Text(14),
          .hash = RawText(row, 15),
          .body = row.Text(16)};
}

MemberRow ReadMember(const Statement& row) {
  return {row.Text(0), row.Text(1),
          row.Text(2), row.Text(3),
          row.Text(4), SplitWords(row.TextView(5)),
          row.Int(6),  base::FromUnixMillis(row.Int(7))};
}

}  // namespace

std::string JoinWords(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    words.emplace_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

base::Expected<std::vector<MemberRow>> SqliteSession::FindMembers(std::string_view id_card_or_phone) {
  return All<MemberRow>(
      Ask("SELECT m.id, m.name, m.phone, m.card, m.language, m.consents, coalesce(b.points, 0), m.as_of_ms FROM "
          "members m LEFT "
          "JOIN balances b ON b.member = m.id WHERE m.id = ?1 OR (m.card = ?1 AND m.card <> '') OR (m.phone = ?1 AND "
          "m.phone <> '') ORDER BY m.id",
          id_card_or_phone),
      ReadMember);
}

base::Expected<std::vector<EventRow>> SqliteSession::Log(const LogQuery& query) {
  if (query.store.empty() && query.till.empty()) {
    return All<EventRow>(
        Ask("SELECT commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, currency, "
            "total, t_business, received_ms, parked, hash, body FROM events WHERE commit_seq > ?1 ORDER BY commit_seq "
            "LIMIT ?2",
            query.after, query.limit),
        ReadEvent);
  }
  return All<EventRow>(
      Ask("SELECT commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, currency, "
          "total, t_business, received_ms, parked, hash, body FROM events WHERE commit_seq > ?1 AND (?3 = '' OR store "
          "= ?3) AND (?4 = '' OR till = ?4) ORDER BY commit_seq LIMIT ?2",
          query.after, query.limit, query.store, query.till),
      ReadEvent);
}

base::Expected<std::vector<EventRow>> SqliteSession::Latest(int64_t limit) {
  return All<EventRow>(
      Ask("SELECT commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, currency, "
          "total, t_business, received_ms, parked, hash, body FROM events ORDER BY commit_seq DESC LIMIT ?1",
          limit),
      ReadEvent);
}

base::Expected<ChangePage> SqliteSession::ChangesAfter(int64_t after, int64_t limit, std::string_view currency) {
  // Which rows: the first `limit` of both tables together, in the order of their changes.
  EVERTILL_ASSIGN(
      const auto seqs,
      All<int64_t>(Ask("SELECT change_seq FROM (SELECT change_seq FROM (SELECT change_seq FROM products WHERE "
                       "change_seq > ?1 AND currency = ?3 ORDER BY change_seq LIMIT ?2) UNION ALL SELECT change_seq "
                       "FROM (SELECT change_seq FROM members WHERE change_seq > ?1 ORDER BY change_seq LIMIT ?2)) "
                       "ORDER BY change_seq LIMIT ?2",
                       after, limit + 1, currency),
                   [](const Statement& row) { return row.Int(0); }));
  ChangePage page;
  page.more = static_cast<int64_t>(seqs.size()) > limit;
  page.last = seqs.empty() ? after : seqs[page.more ? static_cast<size_t>(limit) - 1 : seqs.size() - 1];
  EVERTILL_ASSIGN(const auto products,
                  All<std::string>(Ask("SELECT wire FROM products WHERE change_seq > ?1 AND change_seq <= ?2 AND "
                                       "currency = ?3 ORDER BY change_seq",
                                       after, page.last, currency),
                                   [](const Statement& row) { return row.Text(0); }));
  for (const std::string& text : products) {
    EVERTILL_ASSIGN(wire::ProductChange product, wire::DecodeProduct(text));
    page.products.push_back(std::move(product));
  }
  EVERTILL_ASSIGN(page.members,
                  All<wire::MemberChange>(
                      Ask("SELECT m.id, m.name, m.phone, m.card, m.language, m.consents, coalesce(b.points, 0), "
                          "m.as_of_ms FROM members m LEFT JOIN balances b ON b.member = m.id WHERE "
                          "m.change_seq > ?1 AND m.change_seq <= ?2 ORDER BY m.change_seq",
                          after, page.last),
                      [](const Statement& row) {
                        return wire::MemberChange{row.Text(0), row.Text(1), row.Text(2),
                                                  row.Text(3), row.Text(4), SplitWords(row.TextView(5)),
                                                  row.Int(6),  row.Int(7),  0};
                      }));
  return page;
}

base::Expected<Totals> SqliteSession::CountAll() {
  EVERTILL_ASSIGN(
      const auto totals,
      One<Totals>(Ask("SELECT coalesce(max(commit_seq), 0), (SELECT count(*) FROM events WHERE kind = 'sale'), "
                      "(SELECT count(*) FROM events WHERE parked <> ''), (SELECT count(*) FROM branches), (SELECT "
                      "count(change_seq) FROM members), (SELECT count(change_seq) FROM products WHERE deleted = 0) "
                      "FROM events"),
                  [](const Statement& row) {
                    return Totals{row.Int(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5)};
                  }));
  return *totals;
}

base::Status SqliteSession::EachEventInChainOrder(
    const std::function<void(const EventRow&, std::string_view, const std::optional<std::string>&)>& visit) {
  EVERTILL_ASSIGN(Statement rows,
                  Ask("SELECT e.commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, "
                      "currency, total, t_business, received_ms, parked, hash, body, s.salt, s.side FROM events e LEFT "
                      "JOIN sides s ON s.commit_seq = e.commit_seq ORDER BY terminal, incarnation, seq"));
  for (;;) {
    EVERTILL_ASSIGN(const bool more, rows.Step());
    if (!more) return {};
    visit(ReadEvent(rows), crypto::AsText(rows.BlobView(17)), rows.OptionalText(18));
  }
}

base::Expected<std::vector<int64_t>> SqliteSession::UnbalancedEvents() {
  return All<int64_t>(Ask("SELECT e.commit_seq FROM entries e LEFT JOIN events v ON v.commit_seq = e.commit_seq GROUP "
                          "BY e.commit_seq HAVING sum(e.amount) <> 0 OR v.commit_seq IS NULL OR v.parked <> '' ORDER "
                          "BY e.commit_seq"),
                      [](const Statement& row) { return row.Int(0); });
}

base::Expected<std::vector<domain::Posting>> SqliteSession::EntriesOf(int64_t commit_seq) {
  return All<domain::Posting>(
      Ask("SELECT account, source, lot, amount FROM entries WHERE commit_seq = ?1 ORDER BY line", commit_seq),
      [](const Statement& row) {
        return domain::Posting{row.Text(0), row.Text(1), row.Text(2), row.Int(3)};
      });
}

base::Expected<std::vector<std::string>> SqliteSession::WrongBalances() {
  return All<std::string>(
      Ask("WITH sums AS (SELECT member, sum(amount) AS points FROM entries WHERE member <> '' AND account IN ('AVAIL', "
          "'PENDING', 'ESCROW', 'HOLD', 'LOCAL') GROUP BY member) SELECT coalesce(s.member, b.member), "
          "coalesce(b.points, 0), coalesce(s.points, 0) FROM sums s FULL JOIN balances b ON b.member = s.member WHERE "
          "coalesce(b.points, 0) <> coalesce(s.points, 0)"),
      [](const Statement& row) {
        return "member " + row.Text(0) + ": balance kept is " + std::to_string(row.Int(1)) +
               ", its entries add up to " + std::to_string(row.Int(2));
      });
}

}  // namespace evertill::server
