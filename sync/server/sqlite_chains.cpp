#include "sync/server/sqlite_session.h"

// Chains with their branches, lives of tills, head office's own chain, copies.
namespace evertill::server {

using crypto::AsBytes;
using sqlite::Statement;

namespace {

ChainNode ReadNode(const Statement& row) {
  return {row.Int(0), RawText(row, 1), row.Int(2), row.Int(3)};
}

BranchRow ReadBranch(const Statement& row) {
  return {.terminal = row.Text(0),
          .incarnation = row.Int(1),
          .branch = row.Int(2),
          .from_branch = row.Int(3),
          .from_seq = row.Int(4),
          .from_hash = RawText(row, 5),
          .head_seq = row.Int(6),
          .head_hash = RawText(row, 7),
          .found = base::FromUnixMillis(row.Int(8))};
}

}  // namespace

TerminalRow ReadTerminal(const Statement& row) {
  return {.terminal = row.Text(0),
          .incarnation = row.Int(1),
          .store = row.Text(2),
          .till = row.Text(3),
          .public_key = RawText(row, 4),
          .name = row.Text(5),
          .head_seq = row.Int(6),
          .head_hash = RawText(row, 7),
          .last_seen = base::FromUnixMillis(row.Int(8)),
          .fenced = row.Text(9),
          .reclaimed = !row.IsNull(10),
          .due_seq = row.Int(11)};
}

base::Expected<std::optional<ChainNode>> SqliteSession::FindNode(std::string_view terminal, int64_t incarnation,
                                                                 int64_t seq, const wire::Digest& hash) {
  return One<ChainNode>(Ask("SELECT seq, hash, branch, commit_seq FROM events WHERE terminal = ?1 AND incarnation = ?2 "
                            "AND seq = ?3 AND hash = ?4 ORDER BY commit_seq LIMIT 1",
                            terminal, incarnation, seq, AsBytes(hash)),
                        ReadNode);
}

base::Expected<std::vector<ChainNode>> SqliteSession::NodesAt(std::string_view terminal, int64_t incarnation,
                                                              int64_t seq) {
  return All<ChainNode>(Ask("SELECT seq, hash, branch, commit_seq FROM events WHERE terminal = ?1 AND incarnation = ?2 "
                            "AND seq = ?3 ORDER BY commit_seq",
                            terminal, incarnation, seq),
                        ReadNode);
}

base::Expected<ChainNode> SqliteSession::LastNode(std::string_view terminal, int64_t incarnation, int64_t branch,
                                                  int64_t commit_seq) {
  EVERTILL_ASSIGN(
      const auto node,
      One<ChainNode>(Ask("SELECT seq, hash, branch, commit_seq FROM events WHERE terminal = ?1 AND incarnation = ?2 "
                         "AND branch = ?3 AND commit_seq <= ?4 ORDER BY seq DESC LIMIT 1",
                         terminal, incarnation, branch, commit_seq),
                     ReadNode));
  return node.value_or(ChainNode{});
}

base::Expected<std::optional<BranchRow>> SqliteSession::FindBranch(std::string_view terminal, int64_t incarnation,
                                                                   int64_t branch) {
  return One<BranchRow>(
      Ask("SELECT terminal, incarnation, branch, from_branch, from_seq, from_hash, head_seq, head_hash, found_ms FROM "
          "branches WHERE terminal = ?1 AND incarnation = ?2 AND branch = ?3",
          terminal, incarnation, branch),
      ReadBranch);
}

base::Expected<std::vector<BranchRow>> SqliteSession::BranchesOf(std::string_view terminal, int64_t incarnation) {
  return All<BranchRow>(
      Ask("SELECT terminal, incarnation, branch, from_branch, from_seq, from_hash, head_seq, head_hash, found_ms FROM "
          "branches WHERE terminal = ?1 AND incarnation = ?2 ORDER BY branch",
          terminal, incarnation),
      ReadBranch);
}

base::Expected<std::vector<BranchRow>> SqliteSession::AllBranches() {
  return All<BranchRow>(Ask("SELECT terminal, incarnation, branch, from_branch, from_seq, from_hash, head_seq, "
                            "head_hash, found_ms FROM branches ORDER BY terminal, incarnation, branch"),
                        ReadBranch);
}

base::Expected<int64_t> SqliteSession::StartBranch(std::string_view terminal, int64_t incarnation,
                                                   const ChainNode& from, base::Instant now) {
  EVERTILL_ASSIGN(
      const auto last,
      One<int64_t>(Ask("SELECT coalesce(max(branch), 0) FROM branches WHERE terminal = ?1 AND incarnation = ?2",
                       terminal, incarnation),
                   [](const Statement& row) { return row.Int(0); }));
  EVERTILL_TRY(
      Do("INSERT INTO branches (terminal, incarnation, branch, from_branch, from_seq, from_hash, head_seq, head_hash, "
         "found_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?6, ?7)",
         terminal, incarnation, *last + 1, from.branch, from.seq, AsBytes(from.hash), base::ToUnixMillis(now)));
  return *last + 1;
}

base::Status SqliteSession::AdvanceBranch(std::string_view terminal, int64_t incarnation, int64_t branch, int64_t seq,
                                          const wire::Digest& hash) {
  return Do(
      "UPDATE branches SET head_seq = ?4, head_hash = ?5 WHERE terminal = ?1 AND incarnation = ?2 AND branch = ?3 AND "
      "head_seq < ?4",
      terminal, incarnation, branch, seq, AsBytes(hash));
}

base::Status SqliteSession::FenceLife(std::string_view terminal, int64_t incarnation, std::string_view why) {
  return Do("UPDATE terminals SET fenced = ?3 WHERE terminal = ?1 AND incarnation = ?2 AND fenced = ''", terminal,
            incarnation, why);
}

base::Status SqliteSession::ChangeFence(std::string_view terminal, int64_t incarnation, std::string_view why) {
  return Do("UPDATE terminals SET fenced = ?3 WHERE terminal = ?1 AND incarnation = ?2", terminal, incarnation, why);
}

base::Status SqliteSession::MarkLifeReclaimed(std::string_view terminal, int64_t incarnation, base::Instant now) {
  return Do("UPDATE terminals SET reclaimed_ms = ?3 WHERE terminal = ?1 AND incarnation = ?2 AND reclaimed_ms IS NULL",
            terminal, incarnation, base::ToUnixMillis(now));
}

namespace {

LifeRequestRow ReadLifeRequest(const Statement& row) {
  return {row.Text(0), row.Text(1), row.Int(2), row.Int(3), RawText(row, 4), row.Int(5)};
}

}  // namespace

base::Expected<std::optional<LifeRequestRow>> SqliteSession::FindLifeRequest(std::string_view request_id) {
  return One<LifeRequestRow>(Ask("SELECT request_id, terminal, from_life, head_seq, head_hash, incarnation FROM "
                                 "life_requests WHERE request_id = ?1",
                                 request_id),
                             ReadLifeRequest);
}

base::Expected<std::vector<LifeRequestRow>> SqliteSession::LifeRequests() {
  return All<LifeRequestRow>(Ask("SELECT request_id, terminal, from_life, head_seq, head_hash, incarnation FROM "
                                 "life_requests ORDER BY terminal, from_life, incarnation"),
                             ReadLifeRequest);
}

base::Status SqliteSession::AddLifeRequest(const LifeRequestRow& row, base::Instant now) {
  return Do(
      "INSERT INTO life_requests (request_id, terminal, from_life, head_seq, head_hash, incarnation, at_ms) VALUES "
      "(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      row.request_id, row.terminal, row.from_life, row.head_seq, AsBytes(row.head_hash), row.incarnation,
      base::ToUnixMillis(now));
}

base::Expected<std::vector<TerminalRow>> SqliteSession::LiveTills(std::string_view store, base::Instant since) {
  return All<TerminalRow>(
      Ask("SELECT terminal, incarnation, store, till, public_key, name, head_seq, head_hash, last_seen_ms, fenced, "
          "reclaimed_ms, due_seq FROM terminals t WHERE store = ?1 AND fenced = '' AND last_seen_ms >= ?2 AND NOT "
          "EXISTS (SELECT 1 FROM terminals n WHERE n.terminal = t.terminal AND n.incarnation > t.incarnation) ORDER "
          "BY terminal",
          store, base::ToUnixMillis(since)),
      ReadTerminal);
}

namespace {

OwnHead ReadOwnHead(const Statement& row, int first) {
  return {row.Int(first), RawText(row, first + 1), base::FromUnixMillis(row.Int(first + 2))};
}

}  // namespace

base::Expected<OwnHead> SqliteSession::FindOwnHead(int64_t incarnation) {
  EVERTILL_ASSIGN(
      const auto head,
      One<OwnHead>(Ask("SELECT head_seq, head_hash, last_ms FROM own_chain WHERE incarnation = ?1", incarnation),
                   [](const Statement& row) { return ReadOwnHead(row, 0); }));
  return head.value_or(OwnHead{});
}

base::Expected<std::vector<std::pair<int64_t, OwnHead>>> SqliteSession::OwnHeads() {
  return All<std::pair<int64_t, OwnHead>>(
      Ask("SELECT incarnation, head_seq, head_hash, last_ms FROM own_chain ORDER BY incarnation"),
      [](const Statement& row) {
        return std::pair{row.Int(0), ReadOwnHead(row, 1)};
      });
}

base::Status SqliteSession::SetOwnHead(int64_t incarnation, const OwnHead& head) {
  return Do(
      "INSERT INTO own_chain (incarnation, head_seq, head_hash, last_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT "
      "(incarnation) DO UPDATE SET head_seq = excluded.head_seq, head_hash = excluded.head_hash, last_ms = "
      "excluded.last_ms",
      incarnation, head.seq, AsBytes(head.hash), base::ToUnixMillis(head.last));
}

base::Status SqliteSession::RecordCopy(std::string_view name, base::Instant now) {
  return Do(
      "INSERT INTO copies (name, commit_seq, at_ms) VALUES (?1, (SELECT coalesce(max(commit_seq), 0) FROM events), ?2) "
      "ON CONFLICT (name) DO UPDATE SET commit_seq = excluded.commit_seq, at_ms = excluded.at_ms",
      name, base::ToUnixMillis(now));
}

base::Status SqliteSession::ForgetCopy(std::string_view name) {
  return Do("DELETE FROM copies WHERE name = ?1", name);
}

base::Status SqliteSession::EmptyLog() {
  if (lock_) EVERTILL_TRY(lock_->Take());
  base::Status done = db_.Checkpoint(sqlite::CheckpointMode::kTruncate);
  if (lock_) lock_->Release();
  return done;
}

base::Expected<std::vector<CopyRow>> SqliteSession::Copies() {
  return All<CopyRow>(Ask("SELECT name, commit_seq, at_ms FROM copies ORDER BY commit_seq, name"),
                      [](const Statement& row) {
                        return CopyRow{row.Text(0), row.Int(1), base::FromUnixMillis(row.Int(2))};
                      });
}

}  // namespace evertill::server
