#include <array>

#include "sync/server/sqlite_session.h"

// Grants, permits, holds, refunds, visits: who may spend what where.
namespace evertill::server {

using crypto::AsBytes;
using sqlite::Statement;

namespace {

constexpr std::array<std::string_view, 4> kStates{"offered", "accepted", "returned", "reclaimed"};

GrantState ParseState(std::string_view text) {
  for (size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == text) return static_cast<GrantState>(i);
  }
  return GrantState::kReturned;
}

GrantRow ReadGrant(const Statement& row) {
  return {.id = row.Text(0),
          .member = row.Text(1),
          .terminal = row.Text(2),
          .incarnation = row.Int(3),
          .cap = row.Int(4),
          .till_cap = row.Int(5),
          .not_after_ms = row.Int(6),
          .state = ParseState(row.TextView(7)),
          .recalled = row.Bool(8),
          .bytes = row.Text(9),
          .signature = RawText(row, 10),
          .commit_seq = row.Int(11),
          .given = base::FromUnixMillis(row.Int(12))};
}

HoldRow ReadHold(const Statement& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Int(3), row.Int(4), row.Text(5), base::FromUnixMillis(row.Int(6))};
}

RefundRow ReadRefund(const Statement& row) {
  return {row.Text(0), row.Int(1), row.Text(2),        row.Text(3),       row.Int(4),
          row.Int(5),  row.Int(6), row.OptionalInt(7), row.OptionalInt(8)};
}

}  // namespace

std::string_view StateName(GrantState state) {
  return kStates[static_cast<size_t>(state)];
}

base::Status SqliteSession::AddGrant(const GrantRow& grant) {
  return Do(
      "INSERT INTO grants (id, member, terminal, incarnation, cap, not_after_ms, state, recalled, bytes, signature, "
      "commit_seq, given_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
      grant.id, grant.member, grant.terminal, grant.incarnation, grant.cap, grant.not_after_ms, StateName(grant.state),
      grant.recalled, grant.bytes, AsBytes(grant.signature), grant.commit_seq, base::ToUnixMillis(grant.given));
}

base::Expected<std::optional<GrantRow>> SqliteSession::FindGrant(std::string_view id) {
  return One<GrantRow>(Ask("SELECT id, member, terminal, incarnation, cap, 0, not_after_ms, state, recalled, bytes, "
                           "signature, commit_seq, given_ms FROM grants WHERE id = ?1",
                           id),
                       ReadGrant);
}

base::Status SqliteSession::SetGrantState(std::string_view id, GrantState state) {
  return Do("UPDATE grants SET state = ?2 WHERE id = ?1", id, StateName(state));
}

base::Status SqliteSession::RecallGrant(std::string_view id) {
  return Do("UPDATE grants SET recalled = 1 WHERE id = ?1", id);
}

base::Expected<std::vector<GrantRow>> SqliteSession::OpenGrantsAt(std::string_view terminal, int64_t incarnation) {
  return All<GrantRow>(
      Ask("SELECT id, member, terminal, incarnation, cap, 0, not_after_ms, state, recalled, bytes, signature, "
          "commit_seq, given_ms FROM grants WHERE terminal = ?1 AND incarnation = ?2 AND state IN ('offered', "
          "'accepted') ORDER BY commit_seq, id",
          terminal, incarnation),
      ReadGrant);
}

base::Expected<std::vector<GrantRow>> SqliteSession::OpenGrantsOf(std::string_view member) {
  return All<GrantRow>(
      Ask("SELECT id, member, terminal, incarnation, cap, 0, not_after_ms, state, recalled, bytes, signature, "
          "commit_seq, given_ms FROM grants WHERE member = ?1 AND state IN ('offered', 'accepted') ORDER BY "
          "commit_seq, id",
          member),
      ReadGrant);
}

base::Expected<std::vector<GrantRow>> SqliteSession::OpenGrants(int64_t limit) {
  return All<GrantRow>(
      Ask("SELECT id, member, terminal, incarnation, cap, 0, not_after_ms, state, recalled, bytes, signature, "
          "commit_seq, given_ms FROM grants WHERE state IN ('offered', 'accepted') ORDER BY terminal, incarnation, "
          "commit_seq LIMIT ?1",
          limit),
      ReadGrant);
}

base::Status SqliteSession::AddPermit(const GrantRow& permit) {
  return Do(
      "INSERT INTO permits (id, member, terminal, incarnation, cap, till_cap, state, bytes, signature, given_ms) "
      "VALUES "
      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      permit.id, permit.member, permit.terminal, permit.incarnation, permit.cap, permit.till_cap,
      StateName(permit.state), permit.bytes, AsBytes(permit.signature), base::ToUnixMillis(permit.given));
}

base::Expected<std::optional<GrantRow>> SqliteSession::FindPermit(std::string_view id) {
  return One<GrantRow>(Ask("SELECT id, member, terminal, incarnation, cap, till_cap, 0, state, recalled, bytes, "
                           "signature, 0, given_ms FROM permits WHERE id = ?1",
                           id),
                       ReadGrant);
}

base::Status SqliteSession::SetPermitState(std::string_view id, GrantState state) {
  return Do("UPDATE permits SET state = ?2 WHERE id = ?1", id, StateName(state));
}

base::Status SqliteSession::RecallPermits(std::string_view member) {
  return Do("UPDATE permits SET recalled = 1 WHERE member = ?1 AND state IN ('offered', 'accepted')", member);
}

base::Expected<std::vector<GrantRow>> SqliteSession::OpenPermitsAt(std::string_view terminal, int64_t incarnation) {
  return All<GrantRow>(Ask("SELECT id, member, terminal, incarnation, cap, till_cap, 0, state, recalled, bytes, "
                           "signature, 0, given_ms FROM permits WHERE terminal = ?1 AND incarnation = ?2 AND state IN "
                           "('offered', 'accepted') ORDER BY id",
                           terminal, incarnation),
                       ReadGrant);
}

base::Expected<std::vector<GrantRow>> SqliteSession::OpenPermitsOf(std::string_view member) {
  return All<GrantRow>(Ask("SELECT id, member, terminal, incarnation, cap, till_cap, 0, state, recalled, bytes, "
                           "signature, 0, given_ms FROM permits WHERE member = ?1 AND state IN ('offered', 'accepted') "
                           "ORDER BY id",
                           member),
                       ReadGrant);
}

base::Expected<std::optional<HoldRow>> SqliteSession::FindHold(std::string_view event_id) {
  return One<HoldRow>(Ask("SELECT event_id, member, terminal, incarnation, points, closed, at_ms FROM holds WHERE "
                          "event_id = ?1",
                          event_id),
                      ReadHold);
}

base::Status SqliteSession::AddHold(const HoldRow& hold) {
  // A closed row is there only where the rule of tombstones is switched off.
  return Do(
      "INSERT INTO holds (event_id, member, terminal, incarnation, points, closed, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6, ?7) ON CONFLICT (event_id) DO UPDATE SET closed = excluded.closed, points = excluded.points",
      hold.event_id, hold.member, hold.terminal, hold.incarnation, hold.points, hold.closed,
      base::ToUnixMillis(hold.at));
}

base::Status SqliteSession::CloseHoldRow(const HoldRow& hold, std::string_view why) {
  return Do(
      "INSERT INTO holds (event_id, member, terminal, incarnation, points, closed, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6, ?7) ON CONFLICT (event_id) DO UPDATE SET closed = CASE WHEN closed = '' THEN excluded.closed ELSE closed "
      "END",
      hold.event_id, hold.member, hold.terminal, hold.incarnation, hold.points, why, base::ToUnixMillis(hold.at));
}

base::Expected<std::vector<HoldRow>> SqliteSession::OpenHolds(int64_t limit) {
  return All<HoldRow>(Ask("SELECT event_id, member, terminal, incarnation, points, closed, at_ms FROM holds WHERE "
                          "closed = '' ORDER BY at_ms, event_id LIMIT ?1",
                          limit),
                      ReadHold);
}

base::Status SqliteSession::AddRefundLine(const RefundRow& row) {
  return Do(
      "INSERT INTO refunds (refund, line, sale, member, quantity_micro, reversed, restored, ok_reversed, ok_restored) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (refund, line) DO NOTHING",
      row.refund, row.line, row.sale, row.member, row.quantity_micro, row.reversed, row.restored, row.ok_reversed,
      row.ok_restored);
}

base::Expected<std::vector<RefundRow>> SqliteSession::RefundsOfSale(std::string_view sale) {
  return All<RefundRow>(
      Ask("SELECT r.refund, r.line, r.sale, r.member, r.quantity_micro, r.reversed, r.restored, r.ok_reversed, "
          "r.ok_restored FROM refunds r WHERE r.sale = ?1 ORDER BY (SELECT min(commit_seq) FROM events e WHERE "
          "e.event_id = r.refund), r.line",
          sale),
      ReadRefund);
}

base::Expected<std::vector<RefundRow>> SqliteSession::WaitingRefunds(int64_t limit) {
  return All<RefundRow>(Ask("SELECT refund, line, sale, member, quantity_micro, reversed, restored, ok_reversed, "
                            "ok_restored FROM refunds "
                            "WHERE ok_restored IS NULL ORDER BY refund, line LIMIT ?1",
                            limit),
                        ReadRefund);
}

base::Status SqliteSession::SettleRefundLine(std::string_view refund, int64_t line, int64_t ok_reversed,
                                             int64_t ok_restored) {
  return Do("UPDATE refunds SET ok_reversed = ?3, ok_restored = ?4 WHERE refund = ?1 AND line = ?2", refund, line,
            ok_reversed, ok_restored);
}

base::Expected<std::optional<EventRow>> SqliteSession::FindPosted(std::string_view event_id) {
  return One<EventRow>(
      Ask("SELECT commit_seq, event_id, terminal, incarnation, seq, store, till, kind, member, receipt, currency, "
          "total, t_business, received_ms, parked, hash, body, branch FROM events WHERE event_id = ?1 AND parked = '' "
          "ORDER BY commit_seq LIMIT 1",
          event_id),
      ReadEvent);
}

base::Status SqliteSession::AddVisit(std::string_view member, std::string_view store, base::Instant now) {
  return Do(
      "INSERT INTO visits (member, store, visits, last_ms) VALUES (?1, ?2, 1, ?3) ON CONFLICT (member, store) DO "
      "UPDATE "
      "SET visits = visits + 1, last_ms = excluded.last_ms",
      member, store, base::ToUnixMillis(now));
}

base::Expected<std::vector<VisitRow>> SqliteSession::VisitsOf(std::string_view member) {
  return All<VisitRow>(Ask("SELECT store, visits FROM visits WHERE member = ?1 ORDER BY visits DESC, store", member),
                       [](const Statement& row) {
                         return VisitRow{row.Text(0), row.Int(1)};
                       });
}

base::Status SqliteSession::MarkRightsDue(std::string_view member) {
  EVERTILL_ASSIGN(const int64_t due, NextOf("due"));
  return Do(
      "INSERT INTO rights_due (member, due_seq) VALUES (?1, ?2) ON CONFLICT (member) DO UPDATE SET due_seq = "
      "excluded.due_seq",
      member, due);
}

base::Expected<std::vector<RightsStore::Due>> SqliteSession::RightsDueAt(std::string_view store, int64_t after,
                                                                         int64_t limit) {
  return All<Due>(Ask("SELECT d.member, d.due_seq FROM rights_due d WHERE d.due_seq > ?2 AND EXISTS (SELECT 1 FROM "
                      "visits v WHERE v.member = d.member AND v.store = ?1) ORDER BY d.due_seq LIMIT ?3",
                      store, after, limit),
                  [](const Statement& row) {
                    return Due{row.Text(0), row.Int(1)};
                  });
}

base::Expected<int64_t> SqliteSession::LastDue() {
  EVERTILL_ASSIGN(const auto last, One<int64_t>(Ask("SELECT value FROM counters WHERE name = 'due'"),
                                                [](const Statement& row) { return row.Int(0); }));
  return last.value_or(0);
}

base::Status SqliteSession::SetDueSeen(std::string_view terminal, int64_t incarnation, int64_t due_seq) {
  return Do("UPDATE terminals SET due_seq = ?3 WHERE terminal = ?1 AND incarnation = ?2 AND due_seq < ?3", terminal,
            incarnation, due_seq);
}

}  // namespace evertill::server
