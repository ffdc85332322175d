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
  base::Expected<bool> HasPostedId(std::string_view event_id, const wire::Digest& but_hash) override;
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
  base::Expected<std::vector<LedgerEntry>> EntriesOf(int64_t commit_seq) override;
  base::Expected<std::vector<std::string>> WrongBalances() override;

  // RightsStore (sqlite_chains.cpp, sqlite_rights.cpp, sqlite_people.cpp)
  base::Expected<std::optional<ChainNode>> FindNode(std::string_view terminal, int64_t incarnation, int64_t seq,
                                                    const wire::Digest& hash) override;
  base::Expected<std::vector<ChainNode>> NodesAt(std::string_view terminal, int64_t incarnation, int64_t seq) override;
  base::Expected<ChainNode> LastNode(std::string_view terminal, int64_t incarnation, int64_t branch,
                                     int64_t commit_seq) override;
  base::Expected<std::optional<BranchRow>> FindBranch(std::string_view terminal, int64_t incarnation,
                                                      int64_t branch) override;
  base::Expected<std::vector<BranchRow>> BranchesOf(std::string_view terminal, int64_t incarnation) override;
  base::Expected<std::vector<BranchRow>> AllBranches() override;
  base::Expected<int64_t> StartBranch(std::string_view terminal, int64_t incarnation, const ChainNode& from,
                                      base::Instant now) override;
  base::Status AdvanceBranch(std::string_view terminal, int64_t incarnation, int64_t branch, int64_t seq,
                             const wire::Digest& hash) override;
  base::Status FenceLife(std::string_view terminal, int64_t incarnation, std::string_view why) override;
  base::Status ChangeFence(std::string_view terminal, int64_t incarnation, std::string_view why) override;
  base::Status MarkLifeReclaimed(std::string_view terminal, int64_t incarnation, base::Instant now) override;
  base::Expected<std::optional<LifeRequestRow>> FindLifeRequest(std::string_view request_id) override;
  base::Status AddLifeRequest(const LifeRequestRow& row, base::Instant now) override;
  base::Expected<std::vector<LifeRequestRow>> LifeRequests() override;
  base::Expected<std::vector<TerminalRow>> LiveTills(std::string_view store, base::Instant since) override;
  base::Expected<OwnHead> FindOwnHead(int64_t incarnation) override;
  base::Expected<std::vector<std::pair<int64_t, OwnHead>>> OwnHeads() override;
  base::Status SetOwnHead(int64_t incarnation, const OwnHead& head) override;
  base::Status RecordCopy(std::string_view name, base::Instant now) override;
  base::Status ForgetCopy(std::string_view name) override;
  base::Status EmptyLog() override;
  base::Expected<std::vector<CopyRow>> Copies() override;
  base::Status Post(int64_t commit_seq, std::span<const LedgerEntry> entries, base::Instant now) override;
  base::Expected<std::vector<SumRow>> SumsOf(std::string_view member, std::string_view account) override;
  base::Expected<int64_t> SumAt(std::string_view member, std::string_view account, std::string_view source,
                                std::string_view lot) override;
  base::Expected<std::vector<SumRow>> SumsOfSource(std::string_view account, std::string_view source) override;
  base::Expected<std::vector<loyalty::AvailableLot>> AvailLots(std::string_view member) override;
  base::Expected<MemberFigures> FiguresOf(std::string_view member) override;
  base::Expected<std::vector<MemberFigures>> Debtors(int64_t limit) override;
  base::Status PutLot(const LotRow& lot) override;
  base::Expected<std::optional<LotRow>> FindLot(std::string_view lot) override;
  base::Expected<std::vector<SumRow>> LotsToActivate(base::Instant now, int64_t limit) override;
  base::Expected<std::vector<SumRow>> LotsToExpire(base::Instant now, int64_t limit) override;
  base::Expected<std::vector<std::string>> MembersWithLotsBelowZero() override;
  base::Status AddGrant(const GrantRow& grant) override;
  base::Expected<std::optional<GrantRow>> FindGrant(std::string_view id) override;
  base::Status SetGrantState(std::string_view id, GrantState state) override;
  base::Status RecallGrant(std::string_view id) override;
  base::Expected<std::vector<GrantRow>> OpenGrantsAt(std::string_view terminal, int64_t incarnation) override;
  base::Expected<std::vector<GrantRow>> OpenGrantsOf(std::string_view member) override;
  base::Expected<std::vector<GrantRow>> OpenGrants(int64_t limit) override;
  base::Status AddPermit(const GrantRow& permit) override;
  base::Expected<std::optional<GrantRow>> FindPermit(std::string_view id) override;
  base::Status SetPermitState(std::string_view id, GrantState state) override;
  base::Status RecallPermits(std::string_view member) override;
  base::Expected<std::vector<GrantRow>> OpenPermitsAt(std::string_view terminal, int64_t incarnation) override;
  base::Expected<std::vector<GrantRow>> OpenPermitsOf(std::string_view member) override;
  base::Expected<std::optional<HoldRow>> FindHold(std::string_view event_id) override;
  base::Status AddHold(const HoldRow& hold) override;
  base::Status CloseHoldRow(const HoldRow& hold, std::string_view why) override;
  base::Expected<std::vector<HoldRow>> OpenHolds(int64_t limit) override;
  base::Status AddRefundLine(const RefundRow& row) override;
  base::Expected<std::vector<RefundRow>> RefundsOfSale(std::string_view sale) override;
  base::Expected<std::vector<RefundRow>> WaitingRefunds(int64_t limit) override;
  base::Status SettleRefundLine(std::string_view refund, int64_t line, int64_t ok_reversed,
                                int64_t ok_restored) override;
  base::Expected<std::optional<EventRow>> FindPosted(std::string_view event_id) override;
  base::Status AddVisit(std::string_view member, std::string_view store, base::Instant now) override;
  base::Expected<std::vector<VisitRow>> VisitsOf(std::string_view member) override;
  base::Status MarkRightsDue(std::string_view member) override;
  base::Expected<std::vector<Due>> RightsDueAt(std::string_view store, int64_t after, int64_t limit) override;
  base::Expected<int64_t> LastDue() override;
  base::Status SetDueSeen(std::string_view terminal, int64_t incarnation, int64_t due_seq) override;
  base::Expected<std::optional<MemberRow>> FindMember(std::string_view id) override;
  base::Expected<std::string> CanonicalOf(std::string_view member) override;
  base::Expected<std::vector<std::string>> GroupOf(std::string_view member) override;
  base::Status SetMerged(std::string_view member, std::string_view canonical) override;
  base::Status EraseMember(std::string_view member, base::Instant now) override;
  base::Expected<bool> IsErased(std::string_view member) override;
  base::Status TouchMember(std::string_view member) override;
  base::Status PutCard(const CardRow& card) override;
  base::Expected<std::optional<CardRow>> FindCard(std::string_view serial) override;
  base::Expected<std::vector<CardRow>> CardsOf(std::string_view member) override;
  base::Status DenyCard(std::string_view serial, base::Instant now) override;
  base::Status UseCardStep(std::string_view serial, int64_t step) override;
  base::Status PutPin(const PinRow& pin) override;
  base::Expected<std::optional<PinRow>> FindPin(std::string_view member) override;
  base::Status AddRevocation(std::string_view kind, std::string_view value, base::Instant now) override;
  base::Status RaiseRevocations(int64_t version) override;
  base::Expected<wire::Revocations> LoadRevocations() override;
  base::Expected<int64_t> RevocationsVersion() override;
  base::Status SetProgramme(std::string_view currency, std::string_view json) override;
  base::Status AddInbox(base::Instant now, std::string_view kind, std::string_view subject,
                        std::string_view detail) override;
  base::Expected<std::vector<InboxRow>> Inbox(bool done_too, int64_t limit) override;
  base::Status CloseInbox(int64_t id, base::Instant now) override;
  base::Status CloseInboxAbout(std::string_view kind, std::string_view subject, base::Instant now) override;
  base::Status PutClaim(const ClaimRow& claim) override;
  base::Expected<std::optional<ClaimRow>> FindClaim(std::string_view event_id) override;
  base::Expected<std::vector<ClaimRow>> Claims(std::string_view state, int64_t limit) override;
  base::Expected<std::string> KeepBenefit(std::string_view benefit, std::string_view member, std::string_view period,
                                          std::string_view event_id) override;
  base::Expected<std::vector<std::string>> WrongSums() override;
  base::Expected<std::vector<std::string>> WrongStates() override;

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
  base::Expected<int64_t> NextOf(std::string_view counter);
  base::Status AddToSum(const LedgerEntry& entry);
  /// Takes rows away from the first commit_seq on that is not there yet.
  base::Status EndBeforeGap(int64_t after, std::vector<EventRow>& rows);
  base::Expected<std::vector<wire::MemberChange>> MembersChanged(int64_t after, int64_t last);
  base::Status AddProgramme(int64_t after, std::string_view currency, ChangePage& page);

  sqlite::Connection db_;
  std::optional<WriterLock> lock_;
  std::optional<sqlite::Transaction> transaction_;
};

[[nodiscard]] TerminalRow ReadTerminal(const sqlite::Statement& row);
[[nodiscard]] EventRow ReadEvent(const sqlite::Statement& row);
[[nodiscard]] MemberRow ReadMember(const sqlite::Statement& row);

/// Words with a comma between, and back.
[[nodiscard]] std::string JoinWords(const std::vector<std::string>& words);
[[nodiscard]] std::vector<std::string> SplitWords(std::string_view text);

/// Raw bytes of a BLOB column as text.
[[nodiscard]] inline std::string RawText(const sqlite::Statement& row, int column) {
  return std::string(crypto::AsText(row.BlobView(column)));
}

}  // namespace evertill::server
