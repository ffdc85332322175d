#include "sync/server/ingest.h"

#include "app/base/uuid.h"
#include "app/crypto/hash.h"
#include "app/domain/event.h"
#include "app/domain/money.h"
#include "app/domain/text.h"
#include "app/loyalty/ledger.h"
#include "sync/server/debt_watch.h"
#include "sync/server/errors.h"
#include "sync/server/settle.h"
#include "sync/wire/json_fields.h"
#include "sync/wire/limits.h"

namespace evertill::server {

using crypto::AsBytes;

namespace {

/// Points of one posting beyond this are somebody's mistake; it keeps every sum far from 64 bits.
constexpr int64_t kLargestPosting = 1'000'000'000'000;

wire::Digest Sha256Of(std::string_view first, std::string_view second) {
  const crypto::Digest digest = crypto::Sha256({AsBytes(first), AsBytes(second)});
  return wire::Digest(crypto::AsText(digest));
}

std::string Place(const wire::Batch& batch, size_t index) {
  return batch.terminal + " event " + std::to_string(batch.first_seq + static_cast<int64_t>(index));
}

/// A body that this version cannot read is let through here and parked later, as long as its hash is right.
base::Status CheckPlace(const wire::Batch& batch, size_t index) {
  const wire::BatchEvent& event = batch.events[index];
  const auto decoded = domain::DecodeEvent(event.body);
  if (!decoded) return {};
  if (decoded->terminal.Name() != batch.terminal || decoded->terminal.incarnation != batch.incarnation ||
      decoded->seq != batch.first_seq + static_cast<int64_t>(index)) {
    return base::Fail(ServerErrc::kChainBroken, Place(batch, index) + " says that it belongs elsewhere");
  }
  if (event.side && !event.side->empty()) {
    if (base::ToHex(AsBytes(Sha256Of(event.salt, *event.side))) != decoded->side_digest) {
      return base::Fail(ServerErrc::kChainBroken,
                        Place(batch, index) + " has another text beside it than it vouches for");
    }
  }
  return {};
}

/// What the log's columns say of an event's free part.
void FillFromExt(EventRow& row, const std::string& ext) {
  const auto object = wire::ParseObject(ext, "ext");
  if (!object) return;
  wire::JsonFields fields(*object, "ext");
  // Unknown kinds may use these names otherwise: then they are simply not filled in.
  row.receipt = domain::CleanText(fields.OptionalString("receipt", 64).value_or(""));
  row.currency = fields.OptionalString("currency", 3).value_or("");
  if (!domain::Currency::Find(row.currency)) row.currency.clear();
  const boost::json::value* total = object->if_contains("total");
  if (total != nullptr && total->is_int64() && !row.currency.empty()) row.total_minor = total->get_int64();
}

std::string WhyNotPosted(const domain::Event& event) {
  if (const auto checked = loyalty::CheckPostings(event.core); !checked) return checked.error().ToString();
  for (const domain::Posting& posting : event.core.postings) {
    if (posting.amount > kLargestPosting || posting.amount < -kLargestPosting) return "bad_event: posting too large";
  }
  return {};
}

base::Expected<EventRow> MakeRow(Store& store, const wire::Batch& batch, size_t index, int64_t branch,
                                 base::Instant now, const base::Expected<domain::Event>& decoded) {
  const wire::BatchEvent& event = batch.events[index];
  EventRow row;
  row.terminal = batch.terminal;
  row.incarnation = batch.incarnation;
  row.seq = batch.first_seq + static_cast<int64_t>(index);
  row.received = now;
  row.hash = event.hash;
  row.body = event.body;
  row.branch = branch;
  FillColumns(row, decoded);
  if (!decoded || !row.parked.empty()) return row;
  EVERTILL_ASSIGN(const bool known, store.HasPostedId(row.event_id, row.hash));
  if (known) row.parked = kSameIdBefore;
  return row;
}

std::vector<std::string> ReadConsents(const boost::json::object& ext) {
  std::vector<std::string> consents;
  const boost::json::value* list = ext.if_contains("consents");
  if (list == nullptr || !list->is_array()) return consents;
  for (const boost::json::value& value : list->get_array()) {
    if (!value.is_string() || consents.size() >= 20) continue;
    const std::string word(value.get_string());
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (!word.empty() && word.size() <= 40 && word.find_first_not_of(kLetters) == std::string::npos) {
      consents.push_back(word);
    }
  }
  return consents;
}

/// A member that a till enrolled: id from the hashed part, the person from what lies beside it.
base::Status AddEnrolledMember(Store& store, const domain::Event& event, const wire::BatchEvent& raw) {
  MemberRow member;
  member.id = event.core.member->ToString();
  member.as_of = event.t_business;
  if (const auto ext = wire::ParseObject(event.ext, "ext")) {
    member.language = wire::JsonFields(*ext, "ext").OptionalString("language", 16).value_or("");
    member.consents = ReadConsents(*ext);
  }
  if (const auto side = wire::ParseObject(raw.side.value_or("{}"), "side")) {
    wire::JsonFields fields(*side, "side");
    member.name = domain::CleanText(fields.OptionalString("name", 800).value_or(""));
    member.phone = domain::NormalisePhone(fields.OptionalString("phone", 40).value_or(""));
    member.card = domain::CleanText(fields.OptionalString("card", 200).value_or(""));
  }
  return store.AddMember(member);
}

base::Status PostEvent(Store& store, const DeskParts& desk, const wire::Batch& batch, size_t index, int64_t branch,
                       IngestResult& result) {
  const base::Instant now = desk.clock.Now();
  const wire::BatchEvent& raw = batch.events[index];
  const auto decoded = domain::DecodeEvent(raw.body);
  EVERTILL_ASSIGN(const EventRow row, MakeRow(store, batch, index, branch, now, decoded));
  EVERTILL_ASSIGN(const int64_t commit_seq, store.AppendEvent(row));
  const bool enrols = decoded && decoded->core.kind == "member_enrol" && decoded->core.member;
  // Of somebody who is erased, nothing personal comes back with a late or repeated upload.
  bool erased = false;
  if (enrols) {
    EVERTILL_ASSIGN(erased, store.IsErased(row.member));
  }
  if (raw.side && decoded && !erased) EVERTILL_TRY(store.AddSide(commit_seq, raw.salt, *raw.side));
  ++result.posted;
  if (!row.parked.empty()) {
    ++result.parked;
    return store.Audit(now, batch.terminal, "event_parked", std::to_string(commit_seq) + ": " + row.parked);
  }
  if (enrols) {
    EVERTILL_TRY(AddEnrolledMember(store, *decoded, raw));
    if (erased) EVERTILL_TRY(store.EraseMember(row.member, now));
  }
  EVERTILL_ASSIGN(const auto entries, EntriesFor(store, *decoded));
  EVERTILL_ASSIGN(const DebtWatch watch, DebtWatch::Over(store, entries));
  EVERTILL_TRY(store.Post(commit_seq, entries, now));
  EVERTILL_TRY(Settle(store, desk, *decoded, entries, commit_seq));
  return watch.Tell(store, desk, "the " + row.kind + " " + row.event_id + " of " + batch.terminal);
}

/// Where a batch goes on, and where the chain that it is on ends.
class ChainEnd {
 public:
  ChainEnd(Store& store, const DeskParts& desk, const TerminalRow& life) : store_(store), desk_(desk), life_(life) {}

  /// The known event that the batch's first one follows. Nothing: there is none.
  base::Expected<bool> Find(const wire::Batch& batch) {
    std::vector<ChainNode> candidates{ChainNode{}};
    if (batch.first_seq > 1) {
      EVERTILL_ASSIGN(candidates, store_.NodesAt(life_.terminal, life_.incarnation, batch.first_seq - 1));
    }
    for (const ChainNode& node : candidates) {
      if (Sha256Of(node.hash, batch.events[0].body) != batch.events[0].hash) continue;
      at_ = node;
      return true;
    }
    return false;
  }
  [[nodiscard]] const ChainNode& At() const { return at_; }
  void MoveTo(const ChainNode& node) { at_ = node; }

  /// The branch that an event after At() is on: At()'s own when nothing follows it there yet, a new one otherwise.
  base::Expected<int64_t> BranchForNext(IngestResult& result) {
    EVERTILL_ASSIGN(const ChainNode end, EndOf(at_.branch));
    if (end.seq == at_.seq && end.hash == at_.hash) return at_.branch;
    if (result.fork_seq == 0) result.fork_seq = at_.seq + 1;
    result.outcome = IngestOutcome::kFork;
    EVERTILL_TRY(Fence());
    return store_.StartBranch(life_.terminal, life_.incarnation, at_, desk_.clock.Now());
  }

  base::Status Advance(const ChainNode& node) {
    at_ = node;
    if (node.branch != 0) {
      return store_.AdvanceBranch(life_.terminal, life_.incarnation, node.branch, node.seq, node.hash);
    }
    return store_.AdvanceHead(life_.terminal, life_.incarnation, node.seq, node.hash, desk_.clock.Now());
  }

  base::Expected<ChainNode> EndOf(int64_t branch) {
    if (branch == 0) {
      EVERTILL_ASSIGN(const auto life, store_.FindTerminal(life_.terminal, life_.incarnation));
      return ChainNode{life->head_seq, life->head_hash, 0, 0};
    }
    EVERTILL_ASSIGN(const auto row, store_.FindBranch(life_.terminal, life_.incarnation, branch));
    return row ? ChainNode{row->head_seq, row->head_hash, branch, 0} : ChainNode{};
  }

 private:
  /// Two disks with one name: neither gets rights any more.
  base::Status Fence() {
    const base::Instant now = desk_.clock.Now();
    const std::string from = std::to_string(at_.seq + 1);
    EVERTILL_TRY(store_.FenceLife(life_.terminal, life_.incarnation, "fork"));
    EVERTILL_TRY(store_.Audit(now, life_.terminal, "fork", "another history from event " + from));
    return store_.AddInbox(now, "fork", LifeName(life_.terminal, life_.incarnation),
                           "another history from event " + from + ": a disk was copied or restored; " +
                               HowToFree(life_.terminal, life_.incarnation));
  }

  Store& store_;
  const DeskParts& desk_;
  const TerminalRow& life_;
  ChainNode at_;
};

}  // namespace

void FillColumns(EventRow& row, const base::Expected<domain::Event>& decoded) {
  const size_t slash = row.terminal.find('/');
  row.store = row.terminal.substr(0, slash);
  row.till = slash == std::string::npos ? std::string() : row.terminal.substr(slash + 1);
  if (!decoded) {
    row.kind = "unreadable";
    row.t_business = row.received;
    row.parked = decoded.error().ToString();
    return;
  }
  row.event_id = decoded->id.ToString();
  row.kind = domain::CleanText(decoded->core.kind.substr(0, 64));
  row.member = decoded->core.member ? decoded->core.member->ToString() : "";
  row.t_business = decoded->t_business;
  FillFromExt(row, decoded->ext);
  row.parked = WhyNotPosted(*decoded);
}

base::Status CheckBatch(const wire::Batch& batch, const TerminalRow& terminal) {
  EVERTILL_ASSIGN(const crypto::VerifyingKey key, crypto::VerifyingKey::FromBytes(AsBytes(terminal.public_key)));
  if (!key.Verify(AsBytes(batch.events.back().hash), AsBytes(batch.head_signature))) {
    return base::Fail(ServerErrc::kBadSignature, batch.terminal + ": the batch is not signed by this till");
  }
  for (size_t i = 0; i < batch.events.size(); ++i) {
    if (i > 0 && Sha256Of(batch.events[i - 1].hash, batch.events[i].body) != batch.events[i].hash) {
      return base::Fail(ServerErrc::kChainBroken, Place(batch, i) + " does not follow from the event before it");
    }
    EVERTILL_TRY(CheckPlace(batch, i));
  }
  return {};
}

base::Expected<TerminalRow> KnownLife(Store& store, const std::string& terminal, int64_t incarnation, bool add) {
  EVERTILL_ASSIGN(const auto life, store.FindTerminal(terminal, incarnation));
  if (life) return *life;
  EVERTILL_ASSIGN(const auto lives, store.LivesOf(terminal));
  for (const TerminalRow& later : lives) {
    if (later.incarnation < incarnation) continue;
    TerminalRow missing = later;
    missing.incarnation = incarnation;
    missing.head_seq = 0;
    missing.head_hash = wire::Digest(32, '\0');
    missing.reclaimed = false;
    if (add) {
      EVERTILL_TRY(store.AddTerminal(missing));
      EVERTILL_TRY(store.FenceLife(terminal, incarnation, "ended"));
    }
    return missing;
  }
  return base::Fail(ServerErrc::kUnauthorised, terminal + " is not enrolled");
}

base::Expected<IngestResult> PostBatch(Store& store, const DeskParts& desk, const wire::Batch& batch) {
  EVERTILL_ASSIGN(const auto life, KnownLife(store, batch.terminal, batch.incarnation, true));
  IngestResult result;
  ChainEnd chain(store, desk, life);
  EVERTILL_ASSIGN(const bool follows, chain.Find(batch));
  if (!follows) {
    EVERTILL_ASSIGN(const auto known,
                    store.FindNode(batch.terminal, batch.incarnation, batch.first_seq, batch.events[0].hash));
    if (batch.first_seq == 1 || known) {
      return base::Fail(ServerErrc::kChainBroken, Place(batch, 0) + " is not what its hash says");
    }
    // It follows an event that is not here: the till is to go on from what is, or from the beginning of its life.
    result.outcome = IngestOutcome::kGap;
    EVERTILL_ASSIGN(result.head, chain.EndOf(0));
    EVERTILL_ASSIGN(result.durable, DurableOf(store, batch.terminal, batch.incarnation, result.head));
    return result;
  }
  for (size_t i = 0; i < batch.events.size(); ++i) {
    const int64_t seq = batch.first_seq + static_cast<int64_t>(i);
    EVERTILL_ASSIGN(const auto known, store.FindNode(batch.terminal, batch.incarnation, seq, batch.events[i].hash));
    if (known && desk.safeguards.On(loyalty::Rule::kDedupe)) {
      chain.MoveTo(*known);
      continue;
    }
    int64_t branch = known ? known->branch : 0;
    if (!known) {
      EVERTILL_ASSIGN(branch, chain.BranchForNext(result));
    }
    EVERTILL_TRY(PostEvent(store, desk, batch, i, branch, result));
    EVERTILL_TRY(chain.Advance({seq, batch.events[i].hash, branch, 0}));
  }
  // A chain that nobody has copied is acknowledged to its end; on one with branches only what the till has shown.
  EVERTILL_ASSIGN(const auto branches, store.BranchesOf(batch.terminal, batch.incarnation));
  result.head = chain.At();
  if (branches.empty()) {
    EVERTILL_ASSIGN(result.head, chain.EndOf(0));
  }
  EVERTILL_ASSIGN(result.durable, DurableOf(store, batch.terminal, batch.incarnation, result.head));
  return result;
}

base::Expected<ChainNode> DurableOf(Store& store, std::string_view terminal, int64_t incarnation,
                                    const ChainNode& node) {
  EVERTILL_ASSIGN(const auto copies, store.Copies());
  if (copies.empty() || node.seq == 0) return node;
  const int64_t oldest = copies.front().commit_seq;  // they come oldest first
  int64_t branch = node.branch;
  int64_t up_to = node.seq;
  for (;;) {
    EVERTILL_ASSIGN(ChainNode last, store.LastNode(terminal, incarnation, branch, oldest));
    if (last.seq > up_to) {
      // Older than the copy altogether: the event itself.
      EVERTILL_ASSIGN(const auto there, store.NodesAt(terminal, incarnation, up_to));
      for (const ChainNode& each : there) {
        if (each.branch == branch) last = each;
      }
    }
    if (last.seq > 0 || branch == 0) return last;
    EVERTILL_ASSIGN(const auto row, store.FindBranch(terminal, incarnation, branch));
    if (!row) return ChainNode{};
    branch = row->from_branch;
    up_to = row->from_seq;
    if (up_to == 0) return ChainNode{};
  }
}

base::Expected<wire::Ack> MakeAck(const wire::Batch& batch, const IngestResult& result, const wire::Epoch& epoch,
                                  const crypto::SigningKey& key) {
  wire::Ack ack{.terminal = batch.terminal,
                .incarnation = batch.incarnation,
                .nonce = batch.nonce,
                .epoch = epoch,
                .acked_seq = result.head.seq,
                .head = result.head.hash,
                .durable_seq = result.durable.seq,
                .durable_hash = result.durable.hash,
                .signature = {}};
  EVERTILL_ASSIGN(const crypto::Signature signature, key.Sign(AsBytes(ack.SignedBytes())));
  ack.signature = crypto::AsText(signature);
  return ack;
}

}  // namespace evertill::server
