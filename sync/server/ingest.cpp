#include "sync/server/ingest.h"

#include "app/base/uuid.h"
#include "app/crypto/hash.h"
#include "app/domain/event.h"
#include "app/domain/money.h"
#include "app/domain/text.h"
#include "app/loyalty/ledger.h"
#include "sync/server/errors.h"
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

EventRow MakeRow(Store& store, const wire::Batch& batch, size_t index, base::Instant now,
                 const base::Expected<domain::Event>& decoded) {
  const wire::BatchEvent& event = batch.events[index];
  EventRow row;
  row.terminal = batch.terminal;
  row.incarnation = batch.incarnation;
  row.seq = batch.first_seq + static_cast<int64_t>(index);
  row.received = now;
  row.hash = event.hash;
  row.body = event.body;
  FillColumns(row, decoded);
  if (!decoded || !row.parked.empty()) return row;
  const auto known = store.HasEventId(row.event_id);
  if (known && *known) row.parked = kSameIdBefore;
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

base::Status PostEvent(Store& store, const wire::Batch& batch, size_t index, base::Instant now, IngestResult& result) {
  const wire::BatchEvent& raw = batch.events[index];
  const auto decoded = domain::DecodeEvent(raw.body);
  const EventRow row = MakeRow(store, batch, index, now, decoded);
  EVERTILL_ASSIGN(const int64_t commit_seq, store.AppendEvent(row));
  if (raw.side && decoded) EVERTILL_TRY(store.AddSide(commit_seq, raw.salt, *raw.side));
  ++result.posted;
  if (!row.parked.empty()) {
    ++result.parked;
    return store.Audit(now, batch.terminal, "event_parked", std::to_string(commit_seq) + ": " + row.parked);
  }
  if (decoded->core.kind == "member_enrol" && decoded->core.member) {
    EVERTILL_TRY(AddEnrolledMember(store, *decoded, raw));
  }
  return store.Post(commit_seq, row.member, decoded->core.postings, loyalty::MemberDelta(decoded->core.postings), now);
}

base::Status KeepFork(Store& store, const wire::Batch& batch, size_t from, base::Instant now) {
  for (size_t i = from; i < batch.events.size(); ++i) {
    EVERTILL_TRY(store.KeepBranch(batch.terminal, batch.incarnation, batch.first_seq + static_cast<int64_t>(i),
                                  batch.events[i], now));
  }
  return store.Audit(now, batch.terminal, "fork",
                     "another history from event " + std::to_string(batch.first_seq + static_cast<int64_t>(from)));
}

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

base::Expected<IngestResult> PostBatch(Store& store, const wire::Batch& batch, base::Instant now) {
  EVERTILL_ASSIGN(const auto terminal, store.FindTerminal(batch.terminal, batch.incarnation));
  if (!terminal) return base::Fail(ServerErrc::kUnauthorised, batch.terminal + " is not enrolled");
  IngestResult result;
  result.head_seq = terminal->head_seq;
  result.head_hash = terminal->head_hash;
  if (batch.first_seq > terminal->head_seq + 1) {
    result.outcome = IngestOutcome::kGap;
    return result;
  }
  std::optional<wire::Digest> before = wire::Digest(32, '\0');
  if (batch.first_seq > 1) {
    EVERTILL_ASSIGN(before, store.EventHashAt(batch.terminal, batch.incarnation, batch.first_seq - 1));
  }
  if (!before || Sha256Of(*before, batch.events[0].body) != batch.events[0].hash) {
    if (batch.first_seq > 1) {
      // The till signed this run of its chain, and it follows another event than the one that is here: a fork further
      // back. A body changed under a hash that is known is none.
      EVERTILL_ASSIGN(const auto known, store.EventHashAt(batch.terminal, batch.incarnation, batch.first_seq));
      if (known != batch.events[0].hash) {
        EVERTILL_TRY(KeepFork(store, batch, 0, now));
        result.outcome = IngestOutcome::kFork;
        result.fork_seq = batch.first_seq;
        return result;
      }
    }
    return base::Fail(ServerErrc::kChainBroken, Place(batch, 0) + " does not follow from what head office has");
  }
  for (size_t i = 0; i < batch.events.size(); ++i) {
    const int64_t seq = batch.first_seq + static_cast<int64_t>(i);
    if (seq <= terminal->head_seq) {
      EVERTILL_ASSIGN(const auto known, store.EventHashAt(batch.terminal, batch.incarnation, seq));
      if (known && *known == batch.events[i].hash) continue;
      EVERTILL_TRY(KeepFork(store, batch, i, now));
      result.outcome = IngestOutcome::kFork;
      result.fork_seq = seq;
      return result;
    }
    EVERTILL_TRY(PostEvent(store, batch, i, now, result));
    result.head_seq = seq;
    result.head_hash = batch.events[i].hash;
  }
  EVERTILL_TRY(store.AdvanceHead(batch.terminal, batch.incarnation, result.head_seq, result.head_hash, now));
  return result;
}

base::Expected<wire::Ack> MakeAck(const wire::Batch& batch, const IngestResult& result, const wire::Epoch& epoch,
                                  const crypto::SigningKey& key) {
  wire::Ack ack{.terminal = batch.terminal,
                .incarnation = batch.incarnation,
                .nonce = batch.nonce,
                .epoch = epoch,
                .acked_seq = result.head_seq,
                .head = result.head_hash,
                .durable_seq = result.head_seq,
                .durable_hash = result.head_hash,
                .signature = {}};
  EVERTILL_ASSIGN(const crypto::Signature signature, key.Sign(AsBytes(ack.SignedBytes())));
  ack.signature = crypto::AsText(signature);
  return ack;
}

}  // namespace evertill::server
