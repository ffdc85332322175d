#include <boost/json.hpp>
#include <map>
#include <set>
#include <tuple>

#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/crypto/hash.h"
#include "app/domain/event.h"
#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "sync/server/admin.h"
#include "sync/server/ingest.h"
#include "sync/server/own_chain.h"
#include "sync/server/settle.h"
#include "sync/wire/json_fields.h"

namespace evertill::server {

using crypto::AsBytes;

namespace {

constexpr size_t kMostProblems = 1000;

/// Walks the chains in order and remembers what the next event must follow from.
class ChainWalk {
 public:
  using BranchKey = std::tuple<std::string, int64_t, int64_t>;
  ChainWalk(VerifyReport& report, std::map<int64_t, domain::Event>& posted, const std::vector<BranchRow>& branches)
      : report_(report), posted_(posted) {
    for (const BranchRow& row : branches) branches_[{row.terminal, row.incarnation, row.branch}] = row;
  }

  void Visit(const EventRow& row, std::string_view salt, const std::optional<std::string>& side) {
    std::string chain = row.terminal + " incarnation " + std::to_string(row.incarnation);
    if (row.branch > 0) chain += " branch " + std::to_string(row.branch);
    if (chain != chain_) {
      chain_ = chain;
      before_ = wire::Digest(32, '\0');
      next_ = 1;
      ++report_.chains;
      if (row.branch > 0) Leave(row);
    }
    ++report_.events;
    const std::string here = chain_ + " event " + std::to_string(row.seq);
    if (row.seq != next_) Problem(here + ": event " + std::to_string(next_) + " is missing before it");
    const crypto::Digest hash = crypto::Sha256({AsBytes(before_), AsBytes(row.body)});
    if (crypto::AsText(hash) != row.hash)
      Problem(here + ": its hash does not follow from its text and the event before");
    before_ = row.hash;
    next_ = row.seq + 1;
    heads_[{row.terminal, row.incarnation, row.branch}] = {row.seq, row.hash};
    places_.insert({row.terminal, row.incarnation, row.seq, row.hash});
    last_commit_ = std::max(last_commit_, row.commit_seq);
    CheckBody(row, here, salt, side);
  }

  void CheckHeads(const std::vector<TerminalRow>& terminals,
                  const std::vector<std::pair<int64_t, OwnHead>>& own_heads) {
    for (const TerminalRow& till : terminals) {
      CheckHead(till.terminal, till.incarnation, 0, till.head_seq, till.head_hash);
    }
    for (const auto& [incarnation, head] : own_heads) {
      CheckHead(std::string(kOwnTerminal), incarnation, 0, head.seq, head.hash);
    }
    for (const auto& [key, row] : branches_) {
      CheckHead(row.terminal, row.incarnation, row.branch, row.head_seq, row.head_hash);
    }
    for (const auto& [key, head] : heads_) {
      if (!told_.contains(key)) Problem(std::get<0>(key) + ": events of a chain that is not known");
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
  /// A branch begins after an event of another branch.
  void Leave(const EventRow& row) {
    const auto found = branches_.find({row.terminal, row.incarnation, row.branch});
    if (found == branches_.end()) return Problem(chain_ + ": nobody knows where it leaves its chain");
    const BranchRow& from = found->second;
    before_ = from.from_hash;
    next_ = from.from_seq + 1;
    if (from.from_seq > 0 && !places_.contains({row.terminal, row.incarnation, from.from_seq, from.from_hash})) {
      Problem(chain_ + ": the event that it follows is not here");
    }
  }

  void CheckHead(const std::string& terminal, int64_t incarnation, int64_t branch, int64_t kept_seq,
                 const wire::Digest& kept_hash) {
    const BranchKey key{terminal, incarnation, branch};
    told_.insert(key);
    const auto found = heads_.find(key);
    const int64_t seq = found == heads_.end() ? 0 : found->second.first;
    const wire::Digest hash = found == heads_.end() ? wire::Digest(32, '\0') : found->second.second;
    if (seq == kept_seq && hash == kept_hash) return;
    Problem(terminal + " incarnation " + std::to_string(incarnation) +
            (branch > 0 ? " branch " + std::to_string(branch) : "") + ": its head says event " +
            std::to_string(kept_seq) + ", the last one kept is " + std::to_string(seq));
  }

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
    if (row.parked.empty() && !event->core.postings.empty()) posted_[row.commit_seq] = *event;
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
  std::map<int64_t, domain::Event>& posted_;
  std::map<BranchKey, BranchRow> branches_;
  std::set<BranchKey> told_;
  std::set<std::tuple<std::string, int64_t, int64_t, wire::Digest>> places_;
  std::string chain_;
  wire::Digest before_;
  int64_t next_ = 1;
  int64_t last_commit_ = 0;
  std::map<BranchKey, std::pair<int64_t, wire::Digest>> heads_;
};

/// Entries are the event's postings, LOCAL with its life, each in the account of whoever the rights belong to.
bool AreEntriesOf(const std::vector<LedgerEntry>& entries, const domain::Event& event) {
  const std::string life = LifeName(event.terminal.Name(), event.terminal.incarnation);
  const std::string member = event.core.member ? event.core.member->ToString() : std::string();
  if (entries.size() != event.core.postings.size()) return false;
  for (size_t i = 0; i < entries.size(); ++i) {
    domain::Posting told = event.core.postings[i];
    if (told.account == loyalty::kLocal && told.source.empty()) told.source = life;
    const bool of_rights = told.account == loyalty::kEscrow || told.account == loyalty::kHold;
    if (entries[i].posting != told || (!of_rights && entries[i].member != member)) return false;
  }
  return true;
}

/// A grant's row says what the event that gave it says.
base::Status CheckGrant(Store& store, const domain::Event& event, ChainWalk& walk) {
  const auto ext = wire::ParseObject(event.ext, "ext");
  const auto text = [&](std::string_view key) {
    const boost::json::value* value = ext ? ext->if_contains(key) : nullptr;
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const std::string bytes = text("bytes");
  const auto given = loyalty::DecodeGrant(bytes);
  if (!given) {
    walk.Problem("rights: event " + event.id.ToString() + " gave a grant that cannot be read");
    return {};
  }
  EVERTILL_ASSIGN(const auto kept, store.FindGrant(given->id));
  const auto compare = [&](std::string_view what, bool same) {
    if (!same) walk.Problem("rights: grant " + given->id + ": its " + std::string(what) + " is not what was given");
  };
  if (!kept) {
    walk.Problem("rights: grant " + given->id + " was given and is not kept");
    return {};
  }
  compare("text", kept->bytes == bytes);
  compare("signature", crypto::ToBase64(AsBytes(kept->signature)) == text("signature"));
  compare("cap", kept->cap == given->Cap());
  compare("last day", kept->not_after_ms == given->not_after_ms);
  compare("member", kept->member == given->member.ToString());
  compare("till", kept->terminal == given->terminal && kept->incarnation == given->incarnation);
  return {};
}

base::Status CheckLedger(Store& store, const std::map<int64_t, domain::Event>& posted, ChainWalk& walk) {
  for (const auto& [commit_seq, event] : posted) {
    EVERTILL_ASSIGN(const auto entries, store.EntriesOf(commit_seq));
    if (!AreEntriesOf(entries, event)) {
      walk.Problem("ledger: the entries of commit " + std::to_string(commit_seq) +
                   " are not those that its event says");
    }
    const bool gives = event.core.kind == "grant" || event.core.kind == "grant_registered";
    if (gives && event.terminal.Name() == kOwnTerminal) EVERTILL_TRY(CheckGrant(store, event, walk));
  }
  EVERTILL_ASSIGN(const auto unbalanced, store.UnbalancedEvents());
  for (const int64_t commit_seq : unbalanced) {
    walk.Problem("ledger: the entries of commit " + std::to_string(commit_seq) +
                 " do not add up to zero or have no event");
  }
  EVERTILL_ASSIGN(const auto balances, store.WrongBalances());
  for (const std::string& line : balances) walk.Problem("ledger: " + line);
  EVERTILL_ASSIGN(const auto sums, store.WrongSums());
  for (const std::string& line : sums) walk.Problem("ledger: " + line);
  EVERTILL_ASSIGN(const auto states, store.WrongStates());
  for (const std::string& line : states) walk.Problem("rights: " + line);
  return {};
}

base::Status VerifyWithin(Store& store, VerifyReport& report) {
  std::map<int64_t, domain::Event> posted;
  EVERTILL_ASSIGN(const auto branches, store.AllBranches());
  ChainWalk walk(report, posted, branches);
  EVERTILL_TRY(
      store.EachEventInChainOrder([&](const EventRow& row, std::string_view salt,
                                      const std::optional<std::string>& side) { walk.Visit(row, salt, side); }));
  EVERTILL_ASSIGN(const auto terminals, store.Terminals());
  EVERTILL_ASSIGN(const auto own_heads, store.OwnHeads());
  walk.CheckHeads(terminals, own_heads);
  return CheckLedger(store, posted, walk);
}

}  // namespace

base::Expected<VerifyReport> Verify(Store& store) {
  VerifyReport report;
  EVERTILL_TRY(store.BeginRead());
  const base::Status done = VerifyWithin(store, report);
  store.EndRead();
  if (!done) return base::Fail(done.error());
  return report;
}

}  // namespace evertill::server
