#include <map>

#include "app/loyalty/ledger.h"
#include "sync/server/sqlite_session.h"

// Entries, what they add up to, and lots.
namespace evertill::server {

using sqlite::Statement;

namespace {

SumRow ReadSum(const Statement& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4)};
}

}  // namespace

base::Status SqliteSession::AddToSum(const LedgerEntry& entry) {
  const domain::Posting& posting = entry.posting;
  EVERTILL_ASSIGN(Statement add, Ask("INSERT INTO sums (member, account, source, lot, amount) VALUES (?1, ?2, ?3, ?4, "
                                     "?5) ON CONFLICT (member, account, source, lot) DO UPDATE SET amount = amount + "
                                     "excluded.amount RETURNING amount",
                                     entry.member, posting.account, posting.source, posting.lot, posting.amount));
  EVERTILL_TRY(add.Step());
  const int64_t now = add.Int(0);
  EVERTILL_TRY(add.Run());
  if (now != 0) return {};
  return Do("DELETE FROM sums WHERE member = ?1 AND account = ?2 AND source = ?3 AND lot = ?4", entry.member,
            posting.account, posting.source, posting.lot);
}

base::Status SqliteSession::Post(int64_t commit_seq, std::span<const LedgerEntry> entries, base::Instant now) {
  int64_t line = 0;
  std::map<std::string, int64_t> deltas;
  for (const LedgerEntry& entry : entries) {
    const domain::Posting& posting = entry.posting;
    EVERTILL_TRY(Do(
        "INSERT INTO entries (commit_seq, line, member, account, source, lot, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
        "?7)",
        commit_seq, ++line, entry.member, posting.account, posting.source, posting.lot, posting.amount));
    EVERTILL_TRY(AddToSum(entry));
    if (!entry.member.empty()) {
      deltas[entry.member] += loyalty::IsMemberAccount(posting.account) ? posting.amount : 0;
    }
  }
  for (const auto& [member, delta] : deltas) {
    EVERTILL_TRY(
        Do("INSERT INTO balances (member, points) VALUES (?1, ?2) ON CONFLICT (member) DO UPDATE SET points = points + "
           "excluded.points",
           member, delta));
    EVERTILL_TRY(Do("UPDATE members SET as_of_ms = ?2 WHERE id = ?1", member, base::ToUnixMillis(now)));
    EVERTILL_TRY(TouchMember(member));
  }
  return {};
}

base::Expected<std::vector<SumRow>> SqliteSession::SumsOf(std::string_view member, std::string_view account) {
  return All<SumRow>(Ask("SELECT member, account, source, lot, amount FROM sums WHERE member = ?1 AND account = ?2 "
                         "ORDER BY source, lot",
                         member, account),
                     ReadSum);
}

base::Expected<int64_t> SqliteSession::SumAt(std::string_view member, std::string_view account, std::string_view source,
                                             std::string_view lot) {
  EVERTILL_ASSIGN(
      const auto amount,
      One<int64_t>(Ask("SELECT amount FROM sums WHERE member = ?1 AND account = ?2 AND source = ?3 AND lot = ?4",
                       member, account, source, lot),
                   [](const Statement& row) { return row.Int(0); }));
  return amount.value_or(0);
}

base::Expected<std::vector<SumRow>> SqliteSession::SumsOfSource(std::string_view account, std::string_view source) {
  return All<SumRow>(Ask("SELECT member, account, source, lot, amount FROM sums WHERE account = ?1 AND source = ?2 AND "
                         "source <> '' ORDER BY member, lot",
                         account, source),
                     ReadSum);
}

base::Expected<std::vector<loyalty::AvailableLot>> SqliteSession::AvailLots(std::string_view member) {
  return All<loyalty::AvailableLot>(
      Ask("SELECT s.lot, sum(s.amount), coalesce(l.expires_ms, 0) FROM sums s LEFT JOIN lots l ON l.lot = s.lot WHERE "
          "s.member = ?1 AND s.account = 'AVAIL' GROUP BY s.lot HAVING sum(s.amount) <> 0 ORDER BY s.lot",
          member),
      [](const Statement& row) {
        return loyalty::AvailableLot{row.Text(0), row.Int(1), row.Int(2)};
      });
}

base::Expected<MemberFigures> SqliteSession::FiguresOf(std::string_view member) {
  MemberFigures figures;
  EVERTILL_ASSIGN(figures.member, CanonicalOf(member));
  const auto group = All<SumRow>(
      Ask("SELECT '', account, '', '', sum(amount) FROM sums WHERE account IN ('AVAIL', 'PENDING', 'ESCROW', 'HOLD', "
          "'LOCAL') AND member IN (SELECT ?1 UNION SELECT id FROM members WHERE merged_into = ?1) GROUP BY account",
          figures.member),
      ReadSum);
  if (!group) return base::Fail(group.error());
  for (const SumRow& row : *group) {
    if (row.account == loyalty::kAvail) figures.avail = row.amount;
    if (row.account == loyalty::kPending) figures.pending = row.amount;
    if (row.account == loyalty::kEscrow) figures.escrow = row.amount;
    if (row.account == loyalty::kHold) figures.hold = row.amount;
    if (row.account == loyalty::kLocal) figures.local = row.amount;
  }
  EVERTILL_ASSIGN(
      const auto clawed,
      One<int64_t>(
          Ask("SELECT coalesce((SELECT sum(coalesce(ok_reversed, reversed)) FROM refunds WHERE member IN (SELECT ?1 "
              "UNION SELECT id FROM members WHERE merged_into = ?1)), 0) + coalesce((SELECT sum(amount) FROM entries "
              "WHERE account = 'ADJUST' AND amount > 0 AND member IN (SELECT ?1 UNION SELECT id FROM members WHERE "
              "merged_into = ?1)), 0) - coalesce((SELECT sum(amount) FROM entries WHERE account = 'AVAIL' AND source = "
              "'withheld' AND member IN (SELECT ?1 UNION SELECT id FROM members WHERE merged_into = ?1)), 0)",
              figures.member),
          [](const Statement& row) { return row.Int(0); }));
  figures.clawed_back = *clawed;
  return figures;
}

base::Expected<std::vector<MemberFigures>> SqliteSession::Debtors(int64_t limit) {
  EVERTILL_ASSIGN(
      const auto members,
      All<std::string>(
          Ask("SELECT coalesce(nullif(m.merged_into, ''), b.member) AS owner, sum(b.points) FROM balances b LEFT JOIN "
              "members m ON m.id = b.member GROUP BY owner HAVING sum(b.points) < 0 ORDER BY sum(b.points), owner "
              "LIMIT ?1",
              limit),
          [](const Statement& row) { return row.Text(0); }));
  std::vector<MemberFigures> debtors;
  for (const std::string& member : members) {
    EVERTILL_ASSIGN(MemberFigures figures, FiguresOf(member));
    debtors.push_back(std::move(figures));
  }
  return debtors;
}

base::Status SqliteSession::PutLot(const LotRow& lot) {
  return Do(
      "INSERT INTO lots (lot, member, life, earned, active_ms, expires_ms, commit_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
      "?7) ON CONFLICT (lot) DO NOTHING",
      lot.lot, lot.member, lot.life, lot.earned, lot.active_ms, lot.expires_ms, lot.commit_seq);
}

base::Expected<std::optional<LotRow>> SqliteSession::FindLot(std::string_view lot) {
  return One<LotRow>(
      Ask("SELECT lot, member, life, earned, active_ms, expires_ms, commit_seq FROM lots WHERE lot = ?1", lot),
      [](const Statement& row) {
        return LotRow{row.Text(0), row.Text(1), row.Text(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6)};
      });
}

base::Expected<std::vector<SumRow>> SqliteSession::LotsToActivate(base::Instant now, int64_t limit) {
  return All<SumRow>(Ask("SELECT s.member, s.account, s.source, s.lot, s.amount FROM sums s JOIN lots l ON l.lot = "
                         "s.lot WHERE s.account = 'PENDING' AND s.source = '' AND l.active_ms <= ?1 ORDER BY s.lot "
                         "LIMIT ?2",
                         base::ToUnixMillis(now), limit),
                     ReadSum);
}

base::Expected<std::vector<SumRow>> SqliteSession::LotsToExpire(base::Instant now, int64_t limit) {
  return All<SumRow>(
      Ask("SELECT s.member, 'AVAIL', '', s.lot, sum(s.amount) FROM lots l JOIN sums s ON s.member = l.member AND "
          "s.account = 'AVAIL' AND s.lot = l.lot WHERE l.expires_ms > 0 AND l.expires_ms <= ?1 GROUP BY s.member, "
          "s.lot HAVING sum(s.amount) > 0 ORDER BY s.member, s.lot LIMIT ?2",
          base::ToUnixMillis(now), limit),
      ReadSum);
}

base::Expected<std::vector<std::string>> SqliteSession::MembersWithLotsBelowZero() {
  return All<std::string>(Ask("SELECT DISTINCT member FROM (SELECT member FROM sums WHERE account = 'AVAIL' GROUP BY "
                              "member, lot HAVING sum(amount) < 0) ORDER BY member"),
                          [](const Statement& row) { return row.Text(0); });
}

}  // namespace evertill::server
