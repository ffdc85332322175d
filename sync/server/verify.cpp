#include <map>

#include "app/base/uuid.h"
#include "app/crypto/hash.h"
#include "app/domain/event.h"
#include "sync/server/admin.h"
#include "sync/server/ingest.h"

namespace evertill::server {

using crypto::AsBytes;

namespace {

constexpr size_t kMostProblems = 1000;

/// Walks the chains in order and remembers what the next event must follow from.
class ChainWalk {
 public:
  ChainWalk(VerifyReport& report, std::map<int64_t, domain::LedgerCore>& posted) : report_(report), posted_(posted) {}

  void Visit(const EventRow& row, std::string_view salt, const std::optional<std::string>& side) {
    const std::string chain = row.terminal + " incarnation " + std::to_string(row.incarnation);
    if (chain != chain_) {
      chain_ = chain;
      before_ = wire::Digest(32, '\0');
      next_ = 1;
      ++report_.chains;
    }
    ++report_.events;
    const std::string here = chain_ + " event " + std::to_string(row.seq);
    if (row.seq != next_) Problem(here + ": event " + std::to_string(next_) + " is missing before it");
    const crypto::Digest hash = crypto::Sha256({AsBytes(before_), AsBytes(row.body)});
    if (crypto::AsText(hash) != row.hash)
      Problem(here + ": its hash does not follow from its text and the event before");
    before_ = row.hash;
    next_ = row.seq + 1;
    heads_[{row.terminal, row.incarnation}] = {row.seq, row.hash};
    last_commit_ = std::max(last_commit_, row.commit_seq);
    CheckBody(row, here, salt, side);
  }

  void CheckHeads(const std::vector<TerminalRow>& terminals) {
    for (const TerminalRow& till : terminals) {
      const auto found = heads_.find({till.terminal, till.incarnation});
      const int64_t seq = found == heads_.end() ? 0 : found->second.first;
      const wire::Digest hash = found == heads_.end() ? wire::Digest(32, '\0') : found->second.second;
      if (seq != till.head_seq || hash != till.head_hash) {
        Problem(till.terminal + " incarnation " + std::to_string(till.incarnation) + ": its head says event " +
                std::to_string(till.head_seq) + ", the last one kept is " + std::to_string(seq));
      }
    }
    if (last_commit_ != report_.events) {
      Problem("commit_seq goes up to " + std::to_string(last_commit_) + " but there are " +
              std::to_string(report_.events) + " events");
    }
  }

  void Problem(std::string text) {
    if (report_.problems.size() < kMostProblems) report_.problems.push_back(std::move(text));
  }

 private:
  void CheckBody(const EventRow& row, const std::string& here, std::string_view salt,
                 const std::optional<std::string>& side) {
    const auto event = domain::DecodeEvent(row.body);
    CheckColumns(row, event, here + " (commit " + std::to_string(row.commit_seq) + ")");
    if (!row.parked.empty()) ++report_.parked;
    if (!event) return;
    if (side) {
      const crypto::Digest digest = crypto::Sha256({AsBytes(salt), AsBytes(*side)});
      if (base::ToHex(digest) != event->side_digest) Problem(here + ": the text beside it was changed");
    }
    if (row.parked.empty() && !event->core.postings.empty()) posted_[row.commit_seq] = event->core;
  }

  /// What the log gives out stands in columns beside the hashed text: each must follow from it.
  void CheckColumns(const EventRow& row, const base::Expected<domain::Event>& event, const std::string& here) {
    EventRow told;
    told.terminal = row.terminal;
    told.received = row.received;
    FillColumns(told, event);
    const auto compare = [&](std::string_view column, bool same) {
      if (!same) Problem(here + ": the log's " + std::string(column) + " is not what its text says");
    };
    compare("event", row.event_id == told.event_id);
    compare("kind", row.kind == told.kind);
    compare("receipt", row.receipt == told.receipt);
    compare("store", row.store == told.store);
    compare("till", row.till == told.till);
    compare("member", row.member == told.member);
    compare("currency", row.currency == told.currency);
    compare("total", row.total_minor == told.total_minor);
    compare("t_business", row.t_business == told.t_business);
    // Whether, not in which words. A second event of an id is parked for what stands elsewhere in the log.
    const bool parked = !row.parked.empty() && row.parked != kSameIdBefore;
    compare("parked", parked == !told.parked.empty());
    if (event && (event->terminal.Name() != row.terminal || event->terminal.incarnation != row.incarnation ||
                  event->seq != row.seq)) {
      Problem(here + ": its text says that it belongs elsewhere");
    }
  }

  VerifyReport& report_;
  std::map<int64_t, domain::LedgerCore>& posted_;
  std::string chain_;
  wire::Digest before_;
  int64_t next_ = 1;
  int64_t last_commit_ = 0;
  std::map<std::pair<std::string, int64_t>, std::pair<int64_t, wire::Digest>> heads_;
};

}  // namespace

base::Expected<VerifyReport> Verify(Store& store) {
  VerifyReport report;
  std::map<int64_t, domain::LedgerCore> posted;
  EVERTILL_TRY(store.BeginRead());
  ChainWalk walk(report, posted);
  EVERTILL_TRY(
      store.EachEventInChainOrder([&](const EventRow& row, std::string_view salt,
                                      const std::optional<std::string>& side) { walk.Visit(row, salt, side); }));
  EVERTILL_ASSIGN(const auto terminals, store.Terminals());
  walk.CheckHeads(terminals);
  for (const auto& [commit_seq, core] : posted) {
    EVERTILL_ASSIGN(const auto entries, store.EntriesOf(commit_seq));
    if (entries != core.postings) {
      walk.Problem("ledger: the entries of commit " + std::to_string(commit_seq) +
                   " are not those that its event says");
    }
  }
  EVERTILL_ASSIGN(const auto unbalanced, store.UnbalancedEvents());
  for (const int64_t commit_seq : unbalanced) {
    walk.Problem("ledger: the entries of commit " + std::to_string(commit_seq) +
                 " do not add up to zero or have no event");
  }
  EVERTILL_ASSIGN(const auto balances, store.WrongBalances());
  for (const std::string& line : balances) walk.Problem("ledger: " + line);
  store.EndRead();
  return report;
}

}  // namespace evertill::server
