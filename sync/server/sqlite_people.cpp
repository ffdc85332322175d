#include "sync/server/sqlite_session.h"

// Members that are one, that are gone; cards, PINs; lists that tills and people read.
namespace evertill::server {

using crypto::AsBytes;
using sqlite::Statement;

namespace {

CardRow ReadCard(const Statement& row) {
  CardRow card{row.Text(0), row.Text(1), row.Int(2), base::FromUnixMillis(row.Int(3)), std::nullopt, row.Int(5)};
  if (const auto denied = row.OptionalInt(4)) card.denied = base::FromUnixMillis(*denied);
  return card;
}

ClaimRow ReadClaim(const Statement& row) {
  return {row.Text(0),
          RawText(row, 1),
          row.Text(2),
          row.Int(3),
          row.Text(4),
          row.Text(5),
          base::FromUnixMillis(row.Int(6))};
}

}  // namespace

base::Expected<std::optional<MemberRow>> SqliteSession::FindMember(std::string_view id) {
  return One<MemberRow>(
      Ask("SELECT m.id, m.name, m.phone, m.card, m.language, m.consents, coalesce(b.points, 0), m.as_of_ms, "
          "m.merged_into, m.erased_ms FROM members m LEFT JOIN balances b ON b.member = m.id WHERE m.id = ?1",
          id),
      ReadMember);
}

base::Expected<std::string> SqliteSession::CanonicalOf(std::string_view member) {
  EVERTILL_ASSIGN(const auto into, One<std::string>(Ask("SELECT merged_into FROM members WHERE id = ?1", member),
                                                    [](const Statement& row) { return row.Text(0); }));
  return into && !into->empty() ? *into : std::string(member);
}

base::Expected<std::vector<std::string>> SqliteSession::GroupOf(std::string_view member) {
  EVERTILL_ASSIGN(const std::string canonical, CanonicalOf(member));
  EVERTILL_ASSIGN(const auto others,
                  All<std::string>(Ask("SELECT id FROM members WHERE merged_into = ?1 ORDER BY id", canonical),
                                   [](const Statement& row) { return row.Text(0); }));
  std::vector<std::string> group{canonical};
  group.insert(group.end(), others.begin(), others.end());
  return group;
}

base::Status SqliteSession::SetMerged(std::string_view member, std::string_view canonical) {
  EVERTILL_TRY(
      Do("UPDATE members SET merged_into = ?2 WHERE (id = ?1 OR merged_into = ?1) AND id <> ?2", member, canonical));
  EVERTILL_ASSIGN(const auto group, GroupOf(canonical));
  for (const std::string& id : group) EVERTILL_TRY(TouchMember(id));
  return {};
}

base::Status SqliteSession::EraseMember(std::string_view member, base::Instant now) {
  EVERTILL_TRY(AddRevocation("erased", member, now));
  EVERTILL_TRY(
      Do("UPDATE members SET name = '', phone = '', card = '', language = '', consents = '', erased_ms = "
         "coalesce(erased_ms, ?2) WHERE id = ?1",
         member, base::ToUnixMillis(now)));
  // With the salt the side's digest in the hashed text says nothing about anybody any more. What was sold stays.
  EVERTILL_TRY(
      Do("DELETE FROM sides WHERE commit_seq IN (SELECT commit_seq FROM events WHERE member = ?1 AND kind LIKE "
         "'member%')",
         member));
  EVERTILL_TRY(Do("UPDATE branches_unposted SET side = NULL, salt = x'' WHERE side IS NOT NULL AND instr(body, ?1) > 0",
                  member));
  EVERTILL_TRY(Do("UPDATE pins SET hash = '', locked = 1 WHERE member = ?1", member));
  EVERTILL_ASSIGN(const auto cards, CardsOf(member));
  for (const CardRow& card : cards) EVERTILL_TRY(DenyCard(card.serial, now));
  EVERTILL_TRY(RecallPermits(member));
  EVERTILL_TRY(MarkRightsDue(member));
  return TouchMember(member);
}

base::Expected<bool> SqliteSession::IsErased(std::string_view member) {
  EVERTILL_ASSIGN(Statement find, Ask("SELECT 1 FROM revocations WHERE kind = 'erased' AND value = ?1", member));
  return find.Step();
}

base::Status SqliteSession::TouchMember(std::string_view member) {
  // Who stands for this member shows the sum of all: that row changes too.
  EVERTILL_ASSIGN(const std::string canonical, CanonicalOf(member));
  EVERTILL_ASSIGN(const int64_t change, NextChange());
  EVERTILL_TRY(Do("UPDATE members SET change_seq = ?2 WHERE id = ?1", member, change));
  if (canonical == member) return {};
  EVERTILL_ASSIGN(const int64_t next, NextChange());
  return Do("UPDATE members SET change_seq = ?2 WHERE id = ?1", canonical, next);
}

base::Status SqliteSession::PutCard(const CardRow& card) {
  std::optional<int64_t> denied;
  if (card.denied) denied = base::ToUnixMillis(*card.denied);
  EVERTILL_TRY(Do(
      "INSERT INTO cards (serial, member, level, issued_ms, denied_ms, last_step) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON "
      "CONFLICT (serial) DO NOTHING",
      card.serial, card.member, card.level, base::ToUnixMillis(card.issued), denied, card.last_step));
  EVERTILL_TRY(MarkRightsDue(card.member));
  return TouchMember(card.member);
}

base::Expected<std::optional<CardRow>> SqliteSession::FindCard(std::string_view serial) {
  return One<CardRow>(
      Ask("SELECT serial, member, level, issued_ms, denied_ms, last_step FROM cards WHERE serial = ?1", serial),
      ReadCard);
}

base::Expected<std::vector<CardRow>> SqliteSession::CardsOf(std::string_view member) {
  return All<CardRow>(Ask("SELECT serial, member, level, issued_ms, denied_ms, last_step FROM cards WHERE member = ?1 "
                          "ORDER BY issued_ms, serial",
                          member),
                      ReadCard);
}

base::Status SqliteSession::DenyCard(std::string_view serial, base::Instant now) {
  EVERTILL_TRY(
      Do("UPDATE cards SET denied_ms = coalesce(denied_ms, ?2) WHERE serial = ?1", serial, base::ToUnixMillis(now)));
  return AddRevocation("serial", serial, now);
}

base::Status SqliteSession::UseCardStep(std::string_view serial, int64_t step) {
  return Do("UPDATE cards SET last_step = ?2 WHERE serial = ?1 AND last_step < ?2", serial, step);
}

base::Status SqliteSession::PutPin(const PinRow& pin) {
  EVERTILL_ASSIGN(const auto before, FindPin(pin.member));
  EVERTILL_TRY(Do(
      "INSERT INTO pins (member, hash, generation, failures, locked) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (member) "
      "DO UPDATE SET hash = excluded.hash, generation = excluded.generation, failures = excluded.failures, locked = "
      "excluded.locked",
      pin.member, pin.hash, pin.generation, pin.failures, pin.locked));
  // Every till must know at once that this member spends with a PIN, or no longer does: also those without its hash.
  const bool had = before && !before->hash.empty();
  if (had != !pin.hash.empty()) EVERTILL_TRY(TouchMember(pin.member));
  return MarkRightsDue(pin.member);
}

base::Expected<std::optional<PinRow>> SqliteSession::FindPin(std::string_view member) {
  return One<PinRow>(Ask("SELECT member, hash, generation, failures, locked FROM pins WHERE member = ?1", member),
                     [](const Statement& row) {
                       return PinRow{row.Text(0), row.Text(1), row.Int(2), row.Int(3), row.Bool(4)};
                     });
}

base::Status SqliteSession::AddRevocation(std::string_view kind, std::string_view value, base::Instant now) {
  EVERTILL_TRY(Do("INSERT INTO revocations (kind, value, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", kind,
                  value, base::ToUnixMillis(now)));
  if (db_.Changes() == 0) return {};
  EVERTILL_TRY(NextOf("revocations"));
  return {};
}

base::Status SqliteSession::RaiseRevocations(int64_t version) {
  return Do("UPDATE counters SET value = max(value, ?1) WHERE name = 'revocations'", version);
}

base::Expected<int64_t> SqliteSession::RevocationsVersion() {
  EVERTILL_ASSIGN(const auto version, One<int64_t>(Ask("SELECT value FROM counters WHERE name = 'revocations'"),
                                                   [](const Statement& row) { return row.Int(0); }));
  return version.value_or(0);
}

base::Expected<wire::Revocations> SqliteSession::LoadRevocations() {
  wire::Revocations list;
  EVERTILL_ASSIGN(list.version, RevocationsVersion());
  EVERTILL_ASSIGN(Statement rows, Ask("SELECT kind, value, at_ms FROM revocations ORDER BY kind, value"));
  for (;;) {
    EVERTILL_ASSIGN(const bool more, rows.Step());
    if (!more) return list;
    list.issued_ms = std::max(list.issued_ms, rows.Int(2));
    if (rows.TextView(0) == "serial") list.serials.push_back(rows.Text(1));
    if (rows.TextView(0) == "number") list.numbers.push_back(rows.Text(1));
    if (rows.TextView(0) == "erased") list.erased.push_back(rows.Text(1));
  }
}

base::Status SqliteSession::SetProgramme(std::string_view currency, std::string_view json) {
  EVERTILL_ASSIGN(const int64_t change, NextChange());
  EVERTILL_TRY(SetMeta("programme:" + std::string(currency), json));
  return SetMeta("programme_change:" + std::string(currency), std::to_string(change));
}

base::Status SqliteSession::AddInbox(base::Instant now, std::string_view kind, std::string_view subject,
                                     std::string_view detail) {
  // One open line for one thing: ten thousand repeats of it are no news.
  return Do(
      "INSERT INTO inbox (at_ms, kind, subject, detail) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM inbox "
      "WHERE done_ms IS NULL AND kind = ?2 AND subject = ?3 AND detail = ?4)",
      base::ToUnixMillis(now), kind, subject, detail);
}

base::Expected<std::vector<InboxRow>> SqliteSession::Inbox(bool done_too, int64_t limit) {
  return All<InboxRow>(Ask("SELECT id, at_ms, kind, subject, detail, done_ms FROM inbox WHERE ?1 OR done_ms IS NULL "
                           "ORDER BY id DESC LIMIT ?2",
                           done_too, limit),
                       [](const Statement& row) {
                         return InboxRow{row.Int(0),  base::FromUnixMillis(row.Int(1)),
                                         row.Text(2), row.Text(3),
                                         row.Text(4), !row.IsNull(5)};
                       });
}

base::Status SqliteSession::CloseInbox(int64_t id, base::Instant now) {
  return Do("UPDATE inbox SET done_ms = coalesce(done_ms, ?2) WHERE id = ?1", id, base::ToUnixMillis(now));
}

base::Status SqliteSession::CloseInboxAbout(std::string_view kind, std::string_view subject, base::Instant now) {
  return Do("UPDATE inbox SET done_ms = ?3 WHERE kind = ?1 AND subject = ?2 AND done_ms IS NULL", kind, subject,
            base::ToUnixMillis(now));
}

base::Status SqliteSession::PutClaim(const ClaimRow& claim) {
  return Do(
      "INSERT INTO claims (event_id, hash, member, points, state, evidence, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
      "ON CONFLICT (event_id) DO UPDATE SET state = excluded.state, evidence = excluded.evidence",
      claim.event_id, AsBytes(claim.hash), claim.member, claim.points, claim.state, claim.evidence,
      base::ToUnixMillis(claim.at));
}

base::Expected<std::optional<ClaimRow>> SqliteSession::FindClaim(std::string_view event_id) {
  return One<ClaimRow>(Ask("SELECT event_id, hash, member, points, state, evidence, at_ms FROM claims WHERE event_id = "
                           "?1",
                           event_id),
                       ReadClaim);
}

base::Expected<std::vector<ClaimRow>> SqliteSession::Claims(std::string_view state, int64_t limit) {
  return All<ClaimRow>(Ask("SELECT event_id, hash, member, points, state, evidence, at_ms FROM claims WHERE ?1 = '' OR "
                           "state = ?1 ORDER BY at_ms, event_id LIMIT ?2",
                           state, limit),
                       ReadClaim);
}

base::Expected<std::string> SqliteSession::KeepBenefit(std::string_view benefit, std::string_view member,
                                                       std::string_view period, std::string_view event_id) {
  EVERTILL_ASSIGN(
      const auto known,
      One<std::string>(Ask("SELECT event_id FROM benefits WHERE benefit = ?1 AND member = ?2 AND period = ?3", benefit,
                           member, period),
                       [](const Statement& row) { return row.Text(0); }));
  EVERTILL_TRY(Do(
      "INSERT INTO benefits (benefit, member, period, event_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (benefit, member, "
      "period) DO UPDATE SET event_id = min(event_id, excluded.event_id)",
      benefit, member, period, event_id));
  return known.value_or("");
}

}  // namespace evertill::server
