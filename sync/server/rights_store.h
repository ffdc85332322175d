#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/loyalty/allocation.h"
#include "sync/server/records.h"
#include "sync/server/rights_records.h"
#include "sync/wire/rights_messages.h"

namespace evertill::server {

/// The part of head office's data that rights to spend points stand on. Same rules as Store: one thread, changes only
/// inside a transaction.
class RightsStore {
 public:
  virtual ~RightsStore() = default;

  // --- chains and lives
  virtual base::Expected<std::optional<ChainNode>> FindNode(std::string_view terminal, int64_t incarnation, int64_t seq,
                                                            const wire::Digest& hash) = 0;
  /// All events kept at a seq of a life: one, or one of each branch.
  virtual base::Expected<std::vector<ChainNode>> NodesAt(std::string_view terminal, int64_t incarnation,
                                                         int64_t seq) = 0;
  /// The last event of a branch with a commit_seq up to `commit_seq`; seq 0 where there is none.
  virtual base::Expected<ChainNode> LastNode(std::string_view terminal, int64_t incarnation, int64_t branch,
                                             int64_t commit_seq) = 0;
  virtual base::Expected<std::optional<BranchRow>> FindBranch(std::string_view terminal, int64_t incarnation,
                                                              int64_t branch) = 0;
  virtual base::Expected<std::vector<BranchRow>> BranchesOf(std::string_view terminal, int64_t incarnation) = 0;
  virtual base::Expected<std::vector<BranchRow>> AllBranches() = 0;
  /// Answers the new branch's number.
  virtual base::Expected<int64_t> StartBranch(std::string_view terminal, int64_t incarnation, const ChainNode& from,
                                              base::Instant now) = 0;
  virtual base::Status AdvanceBranch(std::string_view terminal, int64_t incarnation, int64_t branch, int64_t seq,
                                     const wire::Digest& hash) = 0;
  /// No new rights from now on. One that is fenced stays as it was.
  virtual base::Status FenceLife(std::string_view terminal, int64_t incarnation, std::string_view why) = 0;
  /// The same, whatever it was fenced for before: an operator's word, and its end.
  virtual base::Status ChangeFence(std::string_view terminal, int64_t incarnation, std::string_view why) = 0;
  virtual base::Status MarkLifeReclaimed(std::string_view terminal, int64_t incarnation, base::Instant now) = 0;
  virtual base::Expected<std::optional<LifeRequestRow>> FindLifeRequest(std::string_view request_id) = 0;
  virtual base::Status AddLifeRequest(const LifeRequestRow& row, base::Instant now) = 0;
  /// In order of the life that was asked from, then of the one that was given.
  virtual base::Expected<std::vector<LifeRequestRow>> LifeRequests() = 0;
  /// The newest life of each till of a store that is not fenced and was heard of since then.
  virtual base::Expected<std::vector<TerminalRow>> LiveTills(std::string_view store, base::Instant since) = 0;

  virtual base::Expected<OwnHead> FindOwnHead(int64_t incarnation) = 0;
  virtual base::Expected<std::vector<std::pair<int64_t, OwnHead>>> OwnHeads() = 0;
  virtual base::Status SetOwnHead(int64_t incarnation, const OwnHead& head) = 0;

  /// A copy of the database as it stands now was made: tills may forget only what every copy has.
  virtual base::Status RecordCopy(std::string_view name, base::Instant now) = 0;
  virtual base::Status ForgetCopy(std::string_view name) = 0;
  /// Everything into the database's own file, and nothing left beside it: what was erased is in no old page of a log.
  /// Outside a transaction; waits for readers. An error: somebody went on reading, and the log is still there.
  virtual base::Status EmptyLog() = 0;
  virtual base::Expected<std::vector<CopyRow>> Copies() = 0;

  // --- ledger
  /// Double entry of one event: entries, sums, balances; members whose points moved change for tills.
  virtual base::Status Post(int64_t commit_seq, std::span<const LedgerEntry> entries, base::Instant now) = 0;
  virtual base::Expected<std::vector<SumRow>> SumsOf(std::string_view member, std::string_view account) = 0;
  virtual base::Expected<int64_t> SumAt(std::string_view member, std::string_view account, std::string_view source,
                                        std::string_view lot) = 0;
  /// Of a grant, a hold or a life, whoever's points they are.
  virtual base::Expected<std::vector<SumRow>> SumsOfSource(std::string_view account, std::string_view source) = 0;
  /// AVAIL by lot, whatever the source; rows of 0 left out.
  virtual base::Expected<std::vector<loyalty::AvailableLot>> AvailLots(std::string_view member) = 0;
  virtual base::Expected<MemberFigures> FiguresOf(std::string_view member) = 0;
  /// Members (canonical ids) with a debt, the largest first.
  virtual base::Expected<std::vector<MemberFigures>> Debtors(int64_t limit) = 0;
  virtual base::Status PutLot(const LotRow& lot) = 0;
  virtual base::Expected<std::optional<LotRow>> FindLot(std::string_view lot) = 0;
  /// Waiting for their activation, which has come: PENDING of source "".
  virtual base::Expected<std::vector<SumRow>> LotsToActivate(base::Instant now, int64_t limit) = 0;
  /// Expired with something left in AVAIL (amount: that, over all sources).
  virtual base::Expected<std::vector<SumRow>> LotsToExpire(base::Instant now, int64_t limit) = 0;

  /// Members with a lot below 0 in AVAIL.
  virtual base::Expected<std::vector<std::string>> MembersWithLotsBelowZero() = 0;

  // --- grants and permits
  virtual base::Status AddGrant(const GrantRow& grant) = 0;
  virtual base::Expected<std::optional<GrantRow>> FindGrant(std::string_view id) = 0;
  virtual base::Status SetGrantState(std::string_view id, GrantState state) = 0;
  virtual base::Status RecallGrant(std::string_view id) = 0;
  /// Offered and accepted ones.
  virtual base::Expected<std::vector<GrantRow>> OpenGrantsAt(std::string_view terminal, int64_t incarnation) = 0;
  virtual base::Expected<std::vector<GrantRow>> OpenGrantsOf(std::string_view member) = 0;
  virtual base::Expected<std::vector<GrantRow>> OpenGrants(int64_t limit) = 0;
  virtual base::Status AddPermit(const GrantRow& permit) = 0;
  virtual base::Expected<std::optional<GrantRow>> FindPermit(std::string_view id) = 0;
  virtual base::Status SetPermitState(std::string_view id, GrantState state) = 0;
  /// All open permits of a member.
  virtual base::Status RecallPermits(std::string_view member) = 0;
  virtual base::Expected<std::vector<GrantRow>> OpenPermitsAt(std::string_view terminal, int64_t incarnation) = 0;
  virtual base::Expected<std::vector<GrantRow>> OpenPermitsOf(std::string_view member) = 0;

  // --- holds and refunds
  virtual base::Expected<std::optional<HoldRow>> FindHold(std::string_view event_id) = 0;
  virtual base::Status AddHold(const HoldRow& hold) = 0;
  /// Closed for ever; where there is none, a closed row is made.
  virtual base::Status CloseHoldRow(const HoldRow& hold, std::string_view why) = 0;
  virtual base::Expected<std::vector<HoldRow>> OpenHolds(int64_t limit) = 0;
  virtual base::Status AddRefundLine(const RefundRow& row) = 0;
  /// In the order in which they came.
  virtual base::Expected<std::vector<RefundRow>> RefundsOfSale(std::string_view sale) = 0;
  virtual base::Expected<std::vector<RefundRow>> WaitingRefunds(int64_t limit) = 0;
  virtual base::Status SettleRefundLine(std::string_view refund, int64_t line, int64_t ok_reversed,
                                        int64_t ok_restored) = 0;
  /// The event of that id that was posted.
  virtual base::Expected<std::optional<EventRow>> FindPosted(std::string_view event_id) = 0;

  // --- who gets rights where
  virtual base::Status AddVisit(std::string_view member, std::string_view store, base::Instant now) = 0;
  /// The store visited most first.
  virtual base::Expected<std::vector<VisitRow>> VisitsOf(std::string_view member) = 0;
  /// This member's rights are to be looked at again at every till.
  virtual base::Status MarkRightsDue(std::string_view member) = 0;
  struct Due {
    std::string member;
    int64_t due_seq = 0;
  };
  /// Members who have been to this store, in order of due_seq.
  virtual base::Expected<std::vector<Due>> RightsDueAt(std::string_view store, int64_t after, int64_t limit) = 0;
  virtual base::Expected<int64_t> LastDue() = 0;
  virtual base::Status SetDueSeen(std::string_view terminal, int64_t incarnation, int64_t due_seq) = 0;

  // --- members, cards, PINs
  virtual base::Expected<std::optional<MemberRow>> FindMember(std::string_view id) = 0;
  /// The id that stands for this one and all merged with it: itself where it was never merged.
  virtual base::Expected<std::string> CanonicalOf(std::string_view member) = 0;
  /// The canonical id first, then the ids merged into it.
  virtual base::Expected<std::vector<std::string>> GroupOf(std::string_view member) = 0;
  /// Points `member`, and all that pointed to it, at `canonical`.
  virtual base::Status SetMerged(std::string_view member, std::string_view canonical) = 0;
  /// Person, cards and PIN are gone; sums and chains stay. Also before the member's enrolment came.
  virtual base::Status EraseMember(std::string_view member, base::Instant now) = 0;
  virtual base::Expected<bool> IsErased(std::string_view member) = 0;
  /// Tills hear of this member again.
  virtual base::Status TouchMember(std::string_view member) = 0;
  virtual base::Status PutCard(const CardRow& card) = 0;
  virtual base::Expected<std::optional<CardRow>> FindCard(std::string_view serial) = 0;
  virtual base::Expected<std::vector<CardRow>> CardsOf(std::string_view member) = 0;
  virtual base::Status DenyCard(std::string_view serial, base::Instant now) = 0;
  virtual base::Status UseCardStep(std::string_view serial, int64_t step) = 0;
  virtual base::Status PutPin(const PinRow& pin) = 0;
  virtual base::Expected<std::optional<PinRow>> FindPin(std::string_view member) = 0;

  // --- lists
  /// kind: serial, number, erased. A new one makes a new version of the list.
  virtual base::Status AddRevocation(std::string_view kind, std::string_view value, base::Instant now) = 0;
  /// Next versions will be past this one: after a restore, tills may know newer lists.
  virtual base::Status RaiseRevocations(int64_t version) = 0;
  virtual base::Expected<wire::Revocations> LoadRevocations() = 0;  ///< epoch not filled in
  virtual base::Expected<int64_t> RevocationsVersion() = 0;
  /// JSON as loyalty::ParseProgramme reads it; goes to the tills that sell in that currency.
  virtual base::Status SetProgramme(std::string_view currency, std::string_view json) = 0;
  virtual base::Status AddInbox(base::Instant now, std::string_view kind, std::string_view subject,
                                std::string_view detail) = 0;
  virtual base::Expected<std::vector<InboxRow>> Inbox(bool done_too, int64_t limit) = 0;
  virtual base::Status CloseInbox(int64_t id, base::Instant now) = 0;
  /// What was to be done about it is done: every open line of that kind and subject.
  virtual base::Status CloseInboxAbout(std::string_view kind, std::string_view subject, base::Instant now) = 0;
  virtual base::Status PutClaim(const ClaimRow& claim) = 0;
  virtual base::Expected<std::optional<ClaimRow>> FindClaim(std::string_view event_id) = 0;
  virtual base::Expected<std::vector<ClaimRow>> Claims(std::string_view state, int64_t limit) = 0;
  /// The event that a benefit was given for; the smallest id stays. Empty: it is the first.
  virtual base::Expected<std::string> KeepBenefit(std::string_view benefit, std::string_view member,
                                                  std::string_view period, std::string_view event_id) = 0;

  // --- for `verify`: what is kept and does not follow from the entries and events, one line each
  virtual base::Expected<std::vector<std::string>> WrongSums() = 0;
  virtual base::Expected<std::vector<std::string>> WrongStates() = 0;
};

}  // namespace evertill::server
