#include <algorithm>
#include <cstdlib>

#include "sync/server/sqlite_session.h"

// What is asked: the log, changes for tills, counts, and what verify goes through.
namespace evertill::server {

using sqlite::Statement;

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
          .body = row.Text(16),
          .branch = row.Int(17)};
}

MemberRow ReadMember(const Statement& row) {
  return {.id = row.Text(0),
          .name = row.Text(1),
          .phone = row.Text(2),
          .card = row.Text(3),
          .language = row.Text(4),
          .consents = SplitWords(row.TextView(5)),
          .points = row.Int(6),
          .as_of = base::FromUnixMillis(row.Int(7)),
          .merged_into = row.Text(8),
          .erased = !row.IsNull(9)};
}

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
      Ask("SELECT m.id, m.name, m.phone, m.card, m.language, m.consents, coalesce(b.points, 0), m.as_of_ms, "
          "m.merged_into, m.erased_ms FROM members m LEFT JOIN balances b ON b.member = m.id WHERE m.id = ?1 OR "
          "(m.card = ?1 AND m.card <> '') OR (m.phone = ?1 AND "
          "m.phone <> '') ORDER BY m.id",
          id_card_or_phone),
      ReadMember);
}

base::Expected<std::vector<EventRow>> SqliteSession::Log(const LogQuery& query) {
  const bool all = query.store.empty() && query.till.empty();
  auto rows =
      all ? All<EventRow>(
                Ask("SELECT commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, "
                    "currency, total, t_business, received_ms, parked, hash, body, branch FROM events WHERE commit_seq "
                    "> ?1 ORDER BY commit_seq LIMIT ?2",
                    query.after, query.limit),
                ReadEvent)
          : All<EventRow>(
                Ask("SELECT commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, "
                    "currency, total, t_business, received_ms, parked, hash, body, branch FROM events WHERE commit_seq "
                    "> ?1 AND (?3 = '' OR store = ?3) AND (?4 = '' OR till = ?4) ORDER BY commit_seq LIMIT ?2",
                    query.after, query.limit, query.store, query.till),
                ReadEvent);
  if (rows && query.gap_safe && !rows->empty()) EVERTILL_TRY(EndBeforeGap(query.after, *rows));
  return rows;
}

base::Status SqliteSession::EndBeforeGap(int64_t after, std::vector<EventRow>& rows) {
  EVERTILL_ASSIGN(const auto there, One<int64_t>(Ask("SELECT count(*) FROM events WHERE commit_seq > ?1 AND commit_seq "
                                                     "<= ?2",
                                                     after, rows.back().commit_seq),
                                                 [](const Statement& row) { return row.Int(0); }));
  if (*there == rows.back().commit_seq - after) return {};
  EVERTILL_ASSIGN(
      const auto missing,
      One<int64_t>(Ask("SELECT e.n + 1 FROM (SELECT ?1 AS n UNION ALL SELECT commit_seq FROM events WHERE commit_seq > "
                       "?1 AND commit_seq <= ?2) e WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.commit_seq = e.n + "
                       "1) ORDER BY e.n LIMIT 1",
                       after, rows.back().commit_seq),
                   [](const Statement& row) { return row.Int(0); }));
  std::erase_if(rows, [&](const EventRow& row) { return missing && row.commit_seq >= *missing; });
  return {};
}

base::Expected<std::vector<EventRow>> SqliteSession::Latest(int64_t limit) {
  return All<EventRow>(
      Ask("SELECT commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, currency, "
          "total, t_business, received_ms, parked, hash, body, branch FROM events ORDER BY commit_seq DESC LIMIT ?1",
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
  EVERTILL_ASSIGN(page.members, MembersChanged(after, page.last));
  EVERTILL_TRY(AddProgramme(after, currency, page));
  return page;
}

base::Expected<std::vector<wire::MemberChange>> SqliteSession::MembersChanged(int64_t after, int64_t last) {
  EVERTILL_ASSIGN(auto members, All<wire::MemberChange>(Ask("SELECT m.id, m.name, m.phone, m.card, m.language, "
                                                            "m.consents, m.as_of_ms, m.merged_into, m.erased_ms FROM "
                                                            "members m WHERE m.change_seq > ?1 AND m.change_seq <= ?2 "
                                                            "ORDER BY m.change_seq",
                                                            after, last),
                                                        [](const Statement& row) {
                                                          wire::MemberChange member;
                                                          member.id = row.Text(0);
                                                          member.name = row.Text(1);
                                                          member.phone = row.Text(2);
                                                          member.card = row.Text(3);
                                                          member.language = row.Text(4);
                                                          member.consents = SplitWords(row.TextView(5));
                                                          member.as_of_ms = row.Int(6);
                                                          member.merged_into = row.Text(7);
                                                          member.erased = !row.IsNull(8);
                                                          return member;
                                                        }));
  for (wire::MemberChange& member : members) {
    // The figures of all whose ids this member has; cards likewise; AVAIL of this very id, as rights stay with it.
    EVERTILL_ASSIGN(const auto group, member.merged_into.empty() ? GroupOf(member.id)
                                                                 : base::Expected<std::vector<std::string>>(
                                                                       std::vector<std::string>{member.id}));
    for (const std::string& id : group) {
      const auto read = [](const Statement& row) { return std::pair{row.Int(0), row.Int(1)}; };
      using Figures = std::pair<int64_t, int64_t>;
      auto asked = Ask(
          "SELECT coalesce((SELECT points FROM balances WHERE member = ?1), 0), coalesce((SELECT sum(amount) FROM sums "
          "WHERE member = ?1 AND account = 'PENDING'), 0)",
          id);
      EVERTILL_ASSIGN(const auto figures, One<Figures>(std::move(asked), read));
      member.points += figures->first;
      member.pending += figures->second;
      EVERTILL_ASSIGN(const auto pin, FindPin(id));
      if (pin && !pin->hash.empty()) member.has_pin = true;
      EVERTILL_ASSIGN(const auto cards, CardsOf(id));
      for (const CardRow& card : cards) {
        if (!card.denied) member.cards.emplace_back(card.serial, card.level);
      }
    }
    EVERTILL_ASSIGN(const auto available,
                    One<int64_t>(Ask("SELECT coalesce(sum(amount), 0) FROM sums WHERE member = ?1 AND account = "
                                     "'AVAIL'",
                                     member.id),
                                 [](const Statement& row) { return row.Int(0); }));
    member.available = *available;
  }
  return members;
}

base::Status SqliteSession::AddProgramme(int64_t after, std::string_view currency, ChangePage& page) {
  EVERTILL_ASSIGN(const auto changed, Meta("programme_change:" + std::string(currency)));
  const int64_t at = changed ? std::strtoll(changed->c_str(), nullptr, 10) : 0;
  if (at <= after) return {};
  // Comes with the page whose cursor passes the change.
  if (page.more && page.last < at) return {};
  page.last = std::max(page.last, at);
  EVERTILL_ASSIGN(const auto programme, Meta("programme:" + std::string(currency)));
  page.programme = programme.value_or("");
  return {};
}

base::Expected<Totals> SqliteSession::CountAll() {
  EVERTILL_ASSIGN(
      const auto totals,
      One<Totals>(Ask("SELECT coalesce(max(commit_seq), 0), (SELECT count(*) FROM events WHERE kind = 'sale'), "
                      "(SELECT count(*) FROM events WHERE parked <> ''), (SELECT count(*) FROM events WHERE branch > "
                      "0), (SELECT "
                      "count(change_seq) FROM members), (SELECT count(change_seq) FROM products WHERE deleted = 0) "
                      "FROM events"),
                  [](const Statement& row) {
                    return Totals{row.Int(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5)};
                  }));
  return *totals;
}

base::Status SqliteSession::EachEventInChainOrder(
    const std::function<void(const EventRow&, std::string_view, const std::optional<std::string>&)>& visit) {
  EVERTILL_ASSIGN(
      Statement rows,
      Ask("SELECT e.commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, "
          "currency, total, t_business, received_ms, parked, hash, body, branch, s.salt, s.side FROM events e LEFT "
          "JOIN sides s ON s.commit_seq = e.commit_seq ORDER BY terminal, incarnation, branch, seq, e.commit_seq"));
  for (;;) {
    EVERTILL_ASSIGN(const bool more, rows.Step());
    if (!more) return {};
    visit(ReadEvent(rows), crypto::AsText(rows.BlobView(18)), rows.OptionalText(19));
  }
}

base::Expected<std::vector<int64_t>> SqliteSession::UnbalancedEvents() {
  return All<int64_t>(Ask("SELECT e.commit_seq FROM entries e LEFT JOIN events v ON v.commit_seq = e.commit_seq GROUP "
                          "BY e.commit_seq HAVING sum(e.amount) <> 0 OR v.commit_seq IS NULL OR v.parked <> '' ORDER "
                          "BY e.commit_seq"),
                      [](const Statement& row) { return row.Int(0); });
}

base::Expected<std::vector<LedgerEntry>> SqliteSession::EntriesOf(int64_t commit_seq) {
  return All<LedgerEntry>(
      Ask("SELECT member, account, source, lot, amount FROM entries WHERE commit_seq = ?1 ORDER BY line", commit_seq),
      [](const Statement& row) {
        return LedgerEntry{row.Text(0), {row.Text(1), row.Text(2), row.Text(3), row.Int(4)}};
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

base::Expected<std::vector<std::string>> SqliteSession::WrongSums() {
  return All<std::string>(
      Ask("WITH told AS (SELECT member, account, source, lot, sum(amount) AS amount FROM entries GROUP BY member, "
          "account, source, lot HAVING sum(amount) <> 0) SELECT coalesce(t.member, s.member), coalesce(t.account, "
          "s.account), coalesce(t.source, s.source), coalesce(t.lot, s.lot), coalesce(s.amount, 0), coalesce(t.amount, "
          "0) FROM told t FULL JOIN sums s ON s.member = t.member AND s.account = t.account AND s.source = t.source "
          "AND "
          "s.lot = t.lot WHERE coalesce(s.amount, 0) <> coalesce(t.amount, 0)"),
      [](const Statement& row) {
        return "member " + row.Text(0) + " " + row.Text(1) + "[" + row.Text(2) + "] lot " + row.Text(3) +
               ": kept sum is " + std::to_string(row.Int(4)) + ", its entries add up to " + std::to_string(row.Int(5));
      });
}

base::Expected<std::vector<std::string>> SqliteSession::WrongStates() {
  return All<std::string>(
      Ask("SELECT 'event ' || event_id || ' of ' || terminal || ' is posted ' || count(*) || ' times' FROM events "
          "WHERE "
          "parked = '' GROUP BY event_id HAVING count(*) > 1 "
          "UNION ALL SELECT 'lot ' || l.lot || ' is kept as ' || l.earned || ' points of ' || l.member || ', its event "
          "says ' || sum(n.amount) || ' of ' || e.member FROM lots l JOIN events e ON e.event_id = l.lot AND e.parked "
          "= "
          "'' JOIN entries n ON n.commit_seq = e.commit_seq AND n.account = 'LOCAL' AND n.lot = l.lot AND n.amount > 0 "
          "GROUP BY l.lot HAVING sum(n.amount) <> l.earned OR e.member <> l.member "
          "UNION ALL SELECT 'grant ' || g.id || ' has no event that gave it' FROM grants g WHERE NOT EXISTS (SELECT 1 "
          "FROM events e WHERE e.commit_seq = g.commit_seq AND e.kind IN ('grant', 'grant_registered') AND e.member = "
          "g.member) "
          "UNION ALL SELECT 'grant ' || g.id || ': spent ' || (g.cap - s.left) || ' of ' || g.cap FROM grants g JOIN "
          "(SELECT source, sum(amount) AS left FROM sums WHERE account = 'ESCROW' GROUP BY source) s ON s.source = "
          "g.id "
          "WHERE s.left < 0 OR s.left > g.cap "
          "UNION ALL SELECT 'grant ' || g.id || ' is reclaimed and still has points' FROM grants g WHERE g.state = "
          "'reclaimed' AND EXISTS (SELECT 1 FROM sums s WHERE s.account = 'ESCROW' AND s.source = g.id) "
          "UNION ALL SELECT s.account || '[' || s.source || '] lot ' || s.lot || ' of ' || s.member || ' is below "
          "zero' "
          "FROM sums s WHERE s.amount < 0 AND s.account IN ('ESCROW', 'HOLD', 'LOCAL') "
          "UNION ALL SELECT 'hold ' || h.event_id || ' is closed and still has points' FROM holds h WHERE h.closed <> "
          "'' "
          "AND EXISTS (SELECT 1 FROM sums s WHERE s.account = 'HOLD' AND s.source = h.event_id) "
          "UNION ALL SELECT 'hold ' || s.source || ' has points and is not known' FROM sums s WHERE s.account = 'HOLD' "
          "AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.event_id = s.source) "
          "UNION ALL SELECT 'refund ' || r.refund || ' line ' || r.line || ' waits although its sale is here' FROM "
          "refunds r WHERE r.ok_restored IS NULL AND EXISTS (SELECT 1 FROM events e WHERE e.event_id = r.sale AND "
          "e.kind = 'sale' AND e.parked = '') "
          "UNION ALL SELECT 'refund ' || r.refund || ' is settled and still has points in PENDING' FROM refunds r "
          "WHERE "
          "r.ok_restored IS NOT NULL AND r.line = (SELECT min(line) FROM refunds f WHERE f.refund = r.refund) AND "
          "EXISTS "
          "(SELECT 1 FROM sums s WHERE s.account = 'PENDING' AND s.source = r.refund)"),
      [](const Statement& row) { return row.Text(0); });
}

}  // namespace evertill::server
