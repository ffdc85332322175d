#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "sync/server/records.h"
#include "sync/server/rights_store.h"

namespace evertill::server {

/// Head office's data, as one session with its database: one thread at a time. SQLite now; anything with transactions
/// can stand here. Everything that changes data is called between Begin() and Commit().
class Store : public RightsStore {
 public:
  virtual base::Status Begin() = 0;
  /// After an error it is not known whether the transaction took place: everything done in it must be repeatable.
  virtual base::Status Commit() = 0;
  virtual void Rollback() = 0;
  /// A transaction inside the transaction: `work` happens whole or not at all.
  virtual base::Status Nested(const std::function<base::Status()>& work) = 0;
  /// A consistent view for reading until EndRead().
  virtual base::Status BeginRead() = 0;
  virtual void EndRead() = 0;

  virtual base::Expected<std::optional<std::string>> Meta(std::string_view key) = 0;
  virtual base::Status SetMeta(std::string_view key, std::string_view value) = 0;

  /// kStoreExists.
  virtual base::Status AddStore(const StoreRow& store, base::Instant now) = 0;
  virtual base::Expected<std::optional<StoreRow>> FindStore(std::string_view code) = 0;
  virtual base::Expected<std::vector<StoreRow>> Stores() = 0;
  virtual base::Status SetStoreCurrency(std::string_view code, std::string_view currency) = 0;

  virtual base::Status AddCode(const wire::Digest& hash, const CodeRow& code) = 0;
  virtual base::Expected<std::optional<CodeRow>> FindCode(const wire::Digest& hash) = 0;
  virtual base::Status MarkCodeUsed(const wire::Digest& hash, base::Instant now) = 0;

  virtual base::Status AddToken(const wire::Digest& hash, const TokenRow& token, base::Instant now) = 0;
  /// Revoked ones are not found.
  virtual base::Expected<std::optional<TokenRow>> FindToken(const wire::Digest& hash) = 0;
  virtual base::Status RevokeTillTokens(std::string_view terminal, int64_t incarnation, base::Instant now) = 0;

  virtual base::Expected<std::optional<TerminalRow>> FindTerminal(std::string_view terminal, int64_t incarnation) = 0;
  /// All lives of all tills.
  virtual base::Expected<std::vector<TerminalRow>> Terminals() = 0;
  /// All lives of one till, the first one first.
  virtual base::Expected<std::vector<TerminalRow>> LivesOf(std::string_view terminal) = 0;
  virtual base::Status AddTerminal(const TerminalRow& terminal) = 0;
  virtual base::Status AdvanceHead(std::string_view terminal, int64_t incarnation, int64_t seq,
                                   const wire::Digest& hash, base::Instant now) = 0;
  virtual base::Status TouchTerminal(std::string_view terminal, int64_t incarnation, base::Instant now) = 0;

  /// Gives the event its commit_seq: one more than the last.
  virtual base::Expected<int64_t> AppendEvent(const EventRow& event) = 0;
  virtual base::Status AddSide(int64_t commit_seq, std::string_view salt, std::string_view side) = 0;
  /// Whether another event (of another hash) has this id and was posted.
  virtual base::Expected<bool> HasPostedId(std::string_view event_id, const wire::Digest& but_hash) = 0;

  /// One that is there already stays as it is.
  virtual base::Status AddMember(const MemberRow& member) = 0;
  virtual base::Expected<std::vector<MemberRow>> FindMembers(std::string_view id_card_or_phone) = 0;

  /// Also how a price changes. One that is the same already is left alone: no till needs to hear of it.
  virtual base::Status PutProduct(const wire::ProductChange& product) = 0;
  virtual base::Expected<std::optional<wire::ProductChange>> FindProduct(std::string_view barcode,
                                                                         std::string_view currency) = 0;

  /// In order of commit_seq, without a gap: ends before a number that is not there yet, so that a reader who goes on
  /// from the last row never misses one that commits late (rule kGapSafe: query.gap_safe).
  virtual base::Expected<std::vector<EventRow>> Log(const LogQuery& query) = 0;
  /// The newest first, for people.
  virtual base::Expected<std::vector<EventRow>> Latest(int64_t limit) = 0;
  virtual base::Expected<ChangePage> ChangesAfter(int64_t after, int64_t limit, std::string_view currency) = 0;
  virtual base::Expected<Totals> CountAll() = 0;

  virtual base::Status Audit(base::Instant now, std::string_view who, std::string_view what,
                             std::string_view detail) = 0;

  /// For `verify`: every event in the order of its chain, branch after branch, with salt and side beside it (empty and
  /// nothing when erased).
  virtual base::Status EachEventInChainOrder(
      const std::function<void(const EventRow&, std::string_view salt, const std::optional<std::string>& side)>&) = 0;
  /// For `verify`: commit_seq of events whose entries do not add up to zero or are not those of a posted event.
  virtual base::Expected<std::vector<int64_t>> UnbalancedEvents() = 0;
  /// For `verify`: the entries of one event, in line order.
  virtual base::Expected<std::vector<LedgerEntry>> EntriesOf(int64_t commit_seq) = 0;
  /// For `verify`: members whose kept balance is not what their entries add up to, as "member: kept 5, entries 7".
  virtual base::Expected<std::vector<std::string>> WrongBalances() = 0;
};

}  // namespace evertill::server
