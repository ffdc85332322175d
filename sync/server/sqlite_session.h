#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/crypto/bytes.h"
#include "app/sqlite/connection.h"
#include "app/sqlite/migrator.h"
#include "app/sqlite/transaction.h"
#include "sync/server/sqlite_store.h"

namespace evertill::server {

/// Made from migrations/*.sql at build time.
[[nodiscard]] std::span<const sqlite::Migration> HeadOfficeMigrations();

/// Keeps the writers of several processes (serve, and the commands beside it) from writing or checkpointing at the same
/// time: a lock on a file beside the database.
class WriterLock {
 public:
  explicit WriterLock(const std::filesystem::path& database);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  [[nodiscard]] base::Status Take();
  void Release();

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

/// The store on SQLite. Its parts are in sqlite_store*.cpp: accounts and tills, the journal, what is asked.
class SqliteSession final : public Store {
 public:
  SqliteSession(sqlite::Connection connection, bool writes);
  ~SqliteSession() override;

  base::Status Begin() override;
  base::Status Commit() override;
  void Rollback() override;
  base::Status Nested(const std::function<base::Status()>& work) override;
  base::Status BeginRead() override;
  void EndRead() override;

  base::Expected<std::optional<std::string>> Meta(std::string_view key) override;
  base::Status SetMeta(std::string_view key, std::string_view value) override;
  base::Status AddStore(const StoreRow& store, base::Instant now) override;
  base::Expected<std::optional<StoreRow>> FindStore(std::string_view code) override;
  base::Expected<std::vector<StoreRow>> Stores() override;
  base::Status SetStoreCurrency(std::string_view code, std::string_view currency) override;
  base::Status AddCode(const wire::Digest& hash, const CodeRow& code) override;
  base::Expected<std::optional<CodeRow>> FindCode(const wire::Digest& hash) override;
  base::Status MarkCodeUsed(const wire::Digest& hash, base::Instant now) override;
  base::Status AddToken(const wire::Digest& hash, const TokenRow& token, base::Instant now) override;
  base::Expected<std::optional<TokenRow>> FindToken(const wire::Digest& hash) override;
  base::Status RevokeTillTokens(std::string_view terminal, int64_t incarnation, base::Instant now) override;
  base::Expected<std::optional<TerminalRow>> FindTerminal(std::string_view terminal, int64_t incarnation) override;
  base::Expected<std::vector<TerminalRow>> Terminals() override;
  base::Expected<std::vector<TerminalRow>> LivesOf(std::string_view terminal) override;
  base::Status AddTerminal(const TerminalRow& terminal) override;
  base::Status AdvanceHead(std::string_view terminal, int64_t incarnation, int64_t seq, const wire::Digest& hash,
                           base::Instant now) override;
  base::Status TouchTerminal(std::string_view terminal, int64_t incarnation, base::Instant now) override;
  base::Status Audit(base::Instant now, std::string_view who, std::string_view what, std::string_view detail) override;

  base::Expected<int64_t> AppendEvent(const EventRow& event) override;
  base::Status AddSide(int64_t commit_seq, std::string_view salt, std::string_view side) override;
  base::Expected<std::optional<wire::Digest>> EventHashAt(std::string_view terminal, int64_t incarnation,
                                                          int64_t seq) override;
  base::Expected<bool> HasEventId(std::string_view event_id) override;
  base::Status KeepBranch(std::string_view terminal, int64_t incarnation, int64_t seq, const wire::BatchEvent& event,
                          base::Instant now) override;
  base::Status Post(int64_t commit_seq, std::string_view member, std::span<const domain::Posting> postings,
                    int64_t member_delta, base::Instant now) override;
  base::Status AddMember(const MemberRow& member) override;
  base::Status PutProduct(const wire::ProductChange& product) override;
  base::Expected<std::optional<wire::ProductChange>> FindProduct(std::string_view barcode,
                                                                 std::string_view currency) override;

  base::Expected<std::vector<MemberRow>> FindMembers(std::string_view id_card_or_phone) override;
  base::Expected<std::vector<EventRow>> Log(const LogQuery& query) override;
  base::Expected<std::vector<EventRow>> Latest(int64_t limit) override;
  base::Expected<ChangePage> ChangesAfter(int64_t after, int64_t limit, std::string_view currency) override;
  base::Expected<Totals> CountAll() override;
  base::Status EachEventInChainOrder(
      const std::function<void(const EventRow&, std::string_view, const std::optional<std::string>&)>& visit) override;
  base::Expected<std::vector<int64_t>> UnbalancedEvents() override;
  base::Expected<std::vector<domain::Posting>> EntriesOf(int64_t commit_seq) override;
  base::Expected<std::vector<std::string>> WrongBalances() override;

 private:
  /// A statement with its values bound. `sql` is a constant of the program.
  template <typename... Values>
  base::Expected<sqlite::Statement> Ask(std::string_view sql, const Values&... values) {
    EVERTILL_ASSIGN(sqlite::Statement statement, db_.Prepare(sql));
    statement.Bind(values...);
    return statement;
  }
  template <typename... Values>
  base::Status Do(std::string_view sql, const Values&... values) {
    EVERTILL_ASSIGN(sqlite::Statement statement, Ask(sql, values...));
    return statement.Run();
  }
  /// Every row of a statement through `read`.
  template <typename Row, typename Read>
  static base::Expected<std::vector<Row>> All(base::Expected<sqlite::Statement> statement, Read read) {
    if (!statement) return base::Fail(std::move(statement.error()));
    std::vector<Row> rows;
    for (;;) {
      EVERTILL_ASSIGN(const bool more, statement->Step());
      if (!more) return rows;
      rows.push_back(read(*statement));
    }
  }
  template <typename Row, typename Read>
  static base::Expected<std::optional<Row>> One(base::Expected<sqlite::Statement> statement, Read read) {
    if (!statement) return base::Fail(std::move(statement.error()));
    EVERTILL_ASSIGN(const bool found, statement->Step());
    if (!found) return std::optional<Row>();
    return std::optional<Row>(read(*statement));
  }
  base::Expected<int64_t> NextChange();

  sqlite::Connection db_;
  std::optional<WriterLock> lock_;
  std::optional<sqlite::Transaction> transaction_;
};

/// Words with a comma between, and back.
[[nodiscard]] std::string JoinWords(const std::vector<std::string>& words);
[[nodiscard]] std::vector<std::string> SplitWords(std::string_view text);

/// Raw bytes of a BLOB column as text.
[[nodiscard]] inline std::string RawText(const sqlite::Statement& row, int column) {
  return std::string(crypto::AsText(row.BlobView(column)));
}

}  // namespace evertill::server
