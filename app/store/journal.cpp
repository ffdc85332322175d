#include "app/store/journal.h"

#include <algorithm>

#include "app/crypto/hash.h"
#include "app/store/errors.h"
#include "app/store/lives.h"

namespace evertill::store {
namespace {

using checkout::PrintState;

constexpr size_t kSaltSize = 16;
constexpr std::string_view kRecords =
    "SELECT j.seq, j.hash, j.body, s.sealed, g.signature FROM journal j LEFT JOIN journal_side s ON s.seq = j.seq "
    "LEFT JOIN journal_signature g ON g.seq = j.seq WHERE j.seq > ?1 ORDER BY j.seq LIMIT ?2";

base::Expected<JournalRecord> ReadRecord(const sqlite::Statement& query, const Keys& keys) {
  JournalRecord record;
  record.seq = query.Int(0);
  const auto hash = query.BlobView(1);
  if (hash.size() != record.hash.size()) return base::Fail(StoreErrc::kBadStored, "hash");
  std::copy(hash.begin(), hash.end(), record.hash.begin());
  record.body = query.Text(2);
  if (!query.IsNull(3)) {
    EVERTILL_ASSIGN(const std::string salted, OpenText(keys, query.BlobView(3), "side:" + std::to_string(record.seq)));
    if (salted.size() < kSaltSize) return base::Fail(StoreErrc::kBadStored, "side text");
    record.salt = salted.substr(0, kSaltSize);
    record.side = salted.substr(kSaltSize);
  }
  record.signature = std::string(crypto::AsText(query.BlobView(4)));
  return record;
}

tl::unexpected<base::Error> Broken(int64_t seq, const char* what) {
  return base::Fail(StoreErrc::kJournalBroken, "event " + std::to_string(seq) + ": " + what);
}

base::Expected<domain::Event> CheckRecord(const JournalRecord& record, const JournalReport& before, const Life& life,
                                          const crypto::VerifyingKey& key) {
  if (record.seq != before.events + 1) return Broken(before.events + 1, "is missing");
  const domain::EventHash previous = before.events == life.base ? domain::EventHash{} : before.head;
  if (crypto::Sha256({previous, crypto::AsBytes(record.body)}) != record.hash) {
    return Broken(record.seq, "its hash does not follow from its bytes and the event before it");
  }
  auto event = domain::DecodeEvent(record.body);
  if (!event) return Broken(record.seq, "its bytes cannot be read");
  if (event->seq != record.seq - life.base || event->terminal.incarnation != life.incarnation) {
    return Broken(record.seq, "it says another place in the chain");
  }
  if (!record.salt.empty() &&
      base::ToHex(crypto::Sha256({crypto::AsBytes(record.salt), crypto::AsBytes(record.side)})) != event->side_digest) {
    return Broken(record.seq, "the text beside it is not what was hashed");
  }
  if (!record.signature.empty() && !key.Verify(record.hash, crypto::AsBytes(record.signature))) {
    return Broken(record.seq, "its signature is not this till's");
  }
  return event;
}

}  // namespace

base::Expected<JournalRecord> LoadRecord(sqlite::Connection& db, const Keys& keys, int64_t seq) {
  EVERTILL_ASSIGN(auto query, db.Prepare(kRecords));
  EVERTILL_ASSIGN(const bool row, query.Bind(seq - 1, 1).Step());
  if (!row || query.Int(0) != seq) return base::Fail(StoreErrc::kBadStored, "no event " + std::to_string(seq));
  return ReadRecord(query, keys);
}

base::Status ForEachRecord(sqlite::Connection& db, const Keys& keys, int64_t after, int64_t limit,
                           const std::function<base::Status(const JournalRecord&)>& each) {
  EVERTILL_ASSIGN(auto query, db.Prepare(kRecords));
  query.Bind(after, limit > 0 ? limit : int64_t{-1});
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return {};
    EVERTILL_ASSIGN(const JournalRecord record, ReadRecord(query, keys));
    EVERTILL_TRY(each(record));
  }
}

base::Expected<JournalReport> VerifyChain(
    sqlite::Connection& db, const Keys& keys, const JournalCheckpoint& from, int64_t up_to,
    const std::function<base::Status(const JournalRecord&, const domain::Event&)>& each) {
  EVERTILL_ASSIGN(const auto key, crypto::VerifyingKey::FromBytes(keys.signing.PublicKey()));
  JournalReport report;
  report.events = from.place;
  report.head = from.hash;
  Life life;
  bool in_life = false;
  const auto check = [&](const JournalRecord& record) -> base::Status {
    if (!in_life || (life.end && report.events >= *life.end)) {
      EVERTILL_ASSIGN(const auto next, LifeAt(db, record.seq));
      if (!next) return Broken(record.seq, "is of no life of this till");
      life = *next;
      in_life = true;
    }
    EVERTILL_ASSIGN(const domain::Event event, CheckRecord(record, report, life, key));
    ++report.events;
    report.head = record.hash;
    if (!record.signature.empty()) {
      ++report.signatures;
      report.last_signed_seq = record.seq;
    }
    return each(record, event);
  };
  EVERTILL_TRY(ForEachRecord(db, keys, from.place, up_to > 0 ? up_to - from.place : 0, check));
  return report;
}

std::string_view PrintStateName(PrintState state) {
  switch (state) {
    case PrintState::kQueued:
      return "queued";
    case PrintState::kSent:
      return "sent";
    case PrintState::kConfirmed:
      return "confirmed";
    case PrintState::kFailed:
      return "failed";
    case PrintState::kUnknown:
      return "unknown";
  }
  return "unknown";
}

std::optional<PrintState> ParsePrintState(std::string_view text) {
  for (const PrintState state :
       {PrintState::kQueued, PrintState::kSent, PrintState::kConfirmed, PrintState::kFailed, PrintState::kUnknown}) {
    if (text == PrintStateName(state)) return state;
  }
  return std::nullopt;
}

}  // namespace evertill::store
