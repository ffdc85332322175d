#include "app/store/sync_table.h"

#include <algorithm>
#include <boost/json.hpp>

#include "app/base/check.h"
#include "app/base/log.h"
#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/loyalty/programme.h"
#include "app/store/enrolment_text.h"
#include "app/store/errors.h"
#include "app/store/identity.h"
#include "app/store/journal.h"
#include "app/store/json_text.h"
#include "app/store/lives.h"
#include "app/store/members.h"
#include "app/store/prune.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::Enrolment;
using checkout::Epoch;

/// Rows of one transaction while changes come down: a sale waits for one of these at most.
constexpr size_t kRowsAtOnce = 200;

/// How many signatures vouched for what head office has: one that is missing later was taken away.
base::Status CountSignatures(sqlite::Connection& db, int64_t after, int64_t up_to) {
  EVERTILL_ASSIGN(const int64_t before, GetMetaNumber(db, "acked_signatures"));
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT count(*) FROM journal_signature WHERE seq > ?1 AND seq <= ?2"));
  EVERTILL_ASSIGN([[maybe_unused]] const bool row, query.Bind(after, up_to).Step());
  return SetMeta(db, "acked_signatures", std::to_string(before + query.Int(0)));
}

base::Expected<domain::EventHash> LoadHash(sqlite::Connection& db, int64_t seq) {
  domain::EventHash hash{};
  if (seq == 0) return hash;
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT hash FROM journal WHERE seq = ?1"));
  EVERTILL_ASSIGN(const bool row, query.Bind(seq).Step());
  if (!row) {
    // The event before the first that is left.
    EVERTILL_ASSIGN(auto kept, db.Prepare("SELECT hash FROM checkpoint WHERE place = ?1"));
    EVERTILL_ASSIGN(const bool there, kept.Bind(seq).Step());
    if (!there) return base::Fail(StoreErrc::kBadStored, "no event " + std::to_string(seq));
    std::copy(kept.BlobView(0).begin(), kept.BlobView(0).end(), hash.begin());
    return hash;
  }
  const auto bytes = query.BlobView(0);
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

}  // namespace

base::Expected<checkout::TillIdentity> SyncTable::Identity() {
  return database_.Read(Reader::kBackground, [](sqlite::Connection& db) -> base::Expected<checkout::TillIdentity> {
    EVERTILL_ASSIGN(const auto text, GetMeta(db, "identity"));
    if (!text) return base::Fail(StoreErrc::kBadStored, "no identity");
    return ParseIdentity(*text);
  });
}

base::Expected<std::optional<Enrolment>> SyncTable::GetEnrolment() {
  return database_.Read(Reader::kBackground,
                        [&](sqlite::Connection& db) { return LoadEnrolment(db, database_.GetKeys()); });
}

base::Status SyncTable::SetEnrolment(const Enrolment& enrolment, const domain::Terminal& terminal,
                                     const std::string& store_name) {
  EVERTILL_ASSIGN(auto identity, Identity());
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    if (terminal != change.terminal && change.head.seq > 0) {
      return base::Fail(StoreErrc::kTerminalFixed, "this till is " + change.terminal.Name() + " incarnation " +
                                                       std::to_string(change.terminal.incarnation) +
                                                       " and has a journal; head office names it " + terminal.Name() +
                                                       " incarnation " + std::to_string(terminal.incarnation));
    }
    change.terminal = terminal;
    identity.terminal = terminal;
    if (!store_name.empty()) identity.store_name = store_name;
    EVERTILL_TRY(SetMeta(change.db, "identity", FormatIdentity(identity)));
    EVERTILL_TRY(SaveEnrolment(database_, change.db, enrolment));
    EVERTILL_TRY(SetMeta(change.db, "epoch_counter", std::to_string(enrolment.epoch.counter)));
    domain::Event event;
    event.id = domain::EventId(base::MakeUuidV7(database_.GetClock(), database_.GetRandom()));
    event.core.kind = "enrolled";
    event.ext = json::serialize(json::object{{"epoch", enrolment.epoch.counter}});
    return database_.AppendEvent(change, event, json::serialize(json::object{{"server", enrolment.server_url}}));
  });
}

base::Status SyncTable::SetEpoch(const Epoch& epoch) {
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(auto enrolment, LoadEnrolment(change.db, database_.GetKeys()));
    if (!enrolment) return base::Fail(StoreErrc::kBadStored, "not enrolled");
    enrolment->epoch = epoch;
    EVERTILL_TRY(SetMeta(change.db, "epoch_counter", std::to_string(epoch.counter)));
    return SaveEnrolment(database_, change.db, *enrolment);
  });
}

base::Expected<checkout::SyncCursor> SyncTable::Cursor() {
  return database_.Read(Reader::kBackground, [](sqlite::Connection& db) -> base::Expected<checkout::SyncCursor> {
    checkout::SyncCursor cursor;
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT max(seq) FROM journal"));
    EVERTILL_ASSIGN(const bool row, query.Step());
    cursor.head_seq = row ? query.Int(0) : 0;
    EVERTILL_ASSIGN(cursor.acked_seq, GetMetaNumber(db, "acked_seq"));
    EVERTILL_ASSIGN(cursor.durable_seq, GetMetaNumber(db, "durable_seq"));
    EVERTILL_ASSIGN(const auto changes, GetMeta(db, "changes_cursor"));
    cursor.changes = changes.value_or("");
    return cursor;
  });
}

base::Expected<std::vector<checkout::OutboxEvent>> SyncTable::EventsAfter(int64_t after, int limit) {
  return database_.Read(
      Reader::kBackground, [&](sqlite::Connection& db) -> base::Expected<std::vector<checkout::OutboxEvent>> {
        std::vector<checkout::OutboxEvent> events;
        EVERTILL_ASSIGN(const auto life, LifeAt(db, after + 1));
        if (!life) return events;  // nothing was written yet
        if (life->end) limit = static_cast<int>(std::min<int64_t>(limit, *life->end - after));
        EVERTILL_ASSIGN(const int64_t removed, CheckpointPlace(db));
        if (after < removed) {
          return base::Fail(StoreErrc::kPruned, "events up to " + std::to_string(removed) +
                                                    " were removed here, because every copy at head office had them");
        }
        int64_t expected = after;
        EVERTILL_TRY(ForEachRecord(
            db, database_.GetKeys(), after, std::max(limit, 1), [&](const JournalRecord& record) -> base::Status {
              if (record.seq != ++expected) {
                return base::Fail(StoreErrc::kJournalBroken, "event " + std::to_string(expected) + " is missing");
              }
              events.push_back(
                  {record.seq - life->base, record.body, record.hash, record.salt, record.side, life->incarnation});
              return {};
            }));
        return events;
      });
}

base::Expected<int64_t> SyncTable::PlaceOf(int64_t incarnation, int64_t seq) {
  return database_.Read(Reader::kBackground, [&](sqlite::Connection& db) -> base::Expected<int64_t> {
    EVERTILL_ASSIGN(const auto life, LifeOf(db, incarnation));
    if (!life || seq < 0 || (life->end && life->base + seq > *life->end)) {
      return base::Fail(StoreErrc::kBadStored,
                        "no event " + std::to_string(seq) + " of life " + std::to_string(incarnation) + " here");
    }
    return life->base + seq;
  });
}

base::Expected<domain::EventHash> SyncTable::HashAt(int64_t seq) {
  return database_.Read(Reader::kBackground, [&](sqlite::Connection& db) { return LoadHash(db, seq); });
}

base::Expected<std::string> SyncTable::PublicKey() {
  return std::string(crypto::AsText(database_.GetKeys().signing.PublicKey()));
}

base::Status SyncTable::SignTail() {
  struct Found {
    int64_t head, last_signed, acked;
  };
  EVERTILL_ASSIGN(const Found found,
                  database_.Read(Reader::kBackground, [](sqlite::Connection& db) -> base::Expected<Found> {
                    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT (SELECT max(seq) FROM journal), "
                                                           "(SELECT max(seq) FROM journal_signature)"));
                    EVERTILL_ASSIGN([[maybe_unused]] const bool row, query.Step());
                    EVERTILL_ASSIGN(const int64_t acked, GetMetaNumber(db, "acked_seq"));
                    return Found{query.Int(0), query.Int(1), acked};
                  }));
  if (found.last_signed >= found.head) return {};
  if (found.last_signed < found.acked) {
    base::LogWarn("journal: signatures up to event {} were removed; nothing is signed", found.acked);
    return {};
  }
  EVERTILL_ASSIGN([[maybe_unused]] const auto signature, SignHead(found.head));
  return {};
}

base::Expected<std::string> SyncTable::SignHead(int64_t seq) {
  struct Known {
    std::string signature;
    domain::EventHash hash;
  };
  EVERTILL_ASSIGN(const Known known,
                  database_.Read(Reader::kBackground, [&](sqlite::Connection& db) -> base::Expected<Known> {
                    EVERTILL_ASSIGN(const auto record, LoadRecord(db, database_.GetKeys(), seq));
                    return Known{record.signature, record.hash};
                  }));
  if (!known.signature.empty()) return known.signature;
  EVERTILL_ASSIGN(const auto signature, database_.GetKeys().signing.Sign(known.hash));
  // Made again from the hash when a power cut takes it: no fdatasync of its own.
  EVERTILL_TRY(database_.Write(Durability::kKill, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(auto insert,
                    change.db.Prepare("INSERT OR IGNORE INTO journal_signature(seq, signature) VALUES (?1, ?2)"));
    return insert.Bind(seq, crypto::ByteView(signature)).Run();
  }));
  return std::string(crypto::AsText(signature));
}

base::Expected<std::string> SyncTable::SignLife(std::string_view text) {
  // An event's hash is 32 raw bytes, so what is signed here can never pass for a chain's head.
  EVERTILL_CHECK(text.starts_with("evertill-life-"));
  EVERTILL_ASSIGN(const auto signature, database_.GetKeys().signing.Sign(crypto::AsBytes(text)));
  return std::string(crypto::AsText(signature));
}

base::Status SyncTable::RecordAck(int64_t acked_seq, int64_t durable_seq, base::Instant at) {
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    if (acked_seq > change.head.seq) {
      return base::Fail(StoreErrc::kBadStored, "head office acknowledges event " + std::to_string(acked_seq) +
                                                   ", this till has " + std::to_string(change.head.seq));
    }
    EVERTILL_ASSIGN(const int64_t acked, GetMetaNumber(change.db, "acked_seq"));
    EVERTILL_ASSIGN(const int64_t durable, GetMetaNumber(change.db, "durable_seq"));
    acked_seq = std::max(acked, acked_seq);
    EVERTILL_TRY(SetMeta(change.db, "acked_seq", std::to_string(acked_seq)));
    EVERTILL_TRY(CountSignatures(change.db, acked, acked_seq));
    EVERTILL_TRY(
        SetMeta(change.db, "durable_seq", std::to_string(std::max(durable, std::min(durable_seq, acked_seq)))));
    EVERTILL_TRY(SetMeta(change.db, "acked_at_ms", std::to_string(base::ToUnixMillis(at))));
    EVERTILL_ASSIGN(auto clear, change.db.Prepare("DELETE FROM outbox WHERE seq <= ?1"));
    return clear.Bind(acked_seq).Run();
  });
}

base::Status SyncTable::RewindTo(int64_t acked_seq) {
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const int64_t acked, GetMetaNumber(change.db, "acked_seq"));
    EVERTILL_ASSIGN(const int64_t durable, GetMetaNumber(change.db, "durable_seq"));
    acked_seq = std::max<int64_t>(0, std::min(acked, acked_seq));
    EVERTILL_TRY(SetMeta(change.db, "acked_seq", std::to_string(acked_seq)));
    EVERTILL_TRY(SetMeta(change.db, "acked_signatures", "0"));
    EVERTILL_TRY(CountSignatures(change.db, 0, acked_seq));
    EVERTILL_TRY(SetMeta(change.db, "durable_seq", std::to_string(std::min(durable, acked_seq))));
    // Certified by a head office that has not this many events any more.
    EVERTILL_ASSIGN(const auto floor, GetMeta(change.db, "stand_in_floor"));
    EVERTILL_ASSIGN(const int64_t before, GetMetaNumber(change.db, "stand_in_floor"));
    EVERTILL_TRY(SetMeta(change.db, "stand_in_floor", std::to_string(floor ? std::min(before, acked_seq) : acked_seq)));
    EVERTILL_ASSIGN(auto refill, change.db.Prepare("INSERT OR IGNORE INTO outbox(seq, is_sale) SELECT j.seq, EXISTS("
                                                   "SELECT 1 FROM sale s WHERE s.seq = j.seq) FROM journal j "
                                                   "WHERE j.seq > ?1"));
    return refill.Bind(acked_seq).Run();
  });
}

base::Status SyncTable::ApplyChanges(const checkout::ChangeSet& changes) {
  EVERTILL_ASSIGN(const auto identity, Identity());
  if (!changes.programme.empty()) {
    // Refused before anything is written: rules that cannot be read must not stop the next sale.
    EVERTILL_ASSIGN([[maybe_unused]] const auto programme,
                    loyalty::ParseProgramme(changes.programme, identity.currency));
  }
  EVERTILL_TRY(catalogue_.Apply(changes.products, changes.removed_barcodes));
  for (size_t from = 0; from < changes.members.size(); from += kRowsAtOnce) {
    const size_t to = std::min(changes.members.size(), from + kRowsAtOnce);
    const auto put = [&](Database::Change& change) -> base::Status {
      EVERTILL_ASSIGN(const int64_t epoch, GetMetaNumber(change.db, "epoch_counter"));
      EVERTILL_ASSIGN(const int64_t floor, GetMetaNumber(change.db, "stand_in_floor"));
      const FigureContext context{epoch, floor, change.head.seq, database_.GetSafeguards()};
      for (size_t i = from; i < to; ++i) {
        EVERTILL_TRY(
            PutMemberChange(change.db, database_.GetKeys(), database_.GetRandom(), changes.members[i], context));
      }
      return {};
    };
    EVERTILL_TRY(database_.Write(Durability::kKill, put));
  }
  // The cursor last, and on the disk together with all before it: what was not applied is asked for again.
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    if (!changes.programme.empty()) EVERTILL_TRY(SetMeta(change.db, "programme", changes.programme));
    return SetMeta(change.db, "changes_cursor", changes.cursor);
  });
}

base::Expected<int64_t> SyncTable::PendingSales() {
  return database_.Read(Reader::kBackground, [](sqlite::Connection& db) -> base::Expected<int64_t> {
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT count(*) FROM outbox WHERE is_sale = 1"));
    EVERTILL_ASSIGN(const bool row, query.Step());
    return row ? query.Int(0) : 0;
  });
}

}  // namespace evertill::store
