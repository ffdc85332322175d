#include "app/store/prune.h"

#include <algorithm>

#include "app/crypto/hash.h"
#include "app/store/errors.h"
#include "app/store/journal.h"
#include "app/store/verify_rights.h"

namespace evertill::store {
namespace {

/// Events of one transaction: a sale waits for one of these at most.
constexpr int64_t kAtOnce = 500;

std::string SignedText(const JournalCheckpoint& checkpoint) {
  return "evertill-checkpoint-1\n" + std::to_string(checkpoint.place) + "\n" + base::ToHex(checkpoint.hash) + "\n" +
         base::ToHex(crypto::Sha256(crypto::AsBytes(checkpoint.state))) + "\n";
}

base::Expected<int64_t> One(sqlite::Statement& query) {
  EVERTILL_ASSIGN([[maybe_unused]] const bool row, query.Step());
  return query.Int(0);
}

/// The last place whose event is older than `cutoff`. Times of business never go back, so halving finds it.
base::Expected<int64_t> LastBefore(sqlite::Connection& db, const Keys& keys, int64_t from, int64_t to,
                                   base::Instant cutoff) {
  while (from < to) {
    const int64_t middle = from + (to - from + 1) / 2;
    EVERTILL_ASSIGN(const auto record, LoadRecord(db, keys, middle));
    EVERTILL_ASSIGN(const auto event, domain::DecodeEvent(record.body));
    if (event.t_business < cutoff) {
      from = middle;
    } else {
      to = middle - 1;
    }
  }
  return from;
}

/// The place up to which events may go.
base::Expected<int64_t> Limit(sqlite::Connection& db, const Keys& keys, int64_t begin, base::Instant cutoff) {
  EVERTILL_ASSIGN(const int64_t durable, GetMetaNumber(db, "durable_seq"));
  EVERTILL_ASSIGN(const int64_t acked, GetMetaNumber(db, "acked_seq"));
  EVERTILL_ASSIGN(auto sale, db.Prepare("SELECT coalesce(max(seq), 0) FROM sale"));
  EVERTILL_ASSIGN(const int64_t last_sale, One(sale));
  EVERTILL_ASSIGN(auto head, db.Prepare("SELECT coalesce(max(seq), 0) FROM journal"));
  EVERTILL_ASSIGN(const int64_t last, One(head));
  // The signature that vouches for what was acknowledged, and its event.
  EVERTILL_ASSIGN(auto mark, db.Prepare("SELECT coalesce(max(seq), 0) FROM journal_signature WHERE seq <= ?1"));
  EVERTILL_ASSIGN(const int64_t marked, One(mark.Bind(acked)));
  int64_t limit = std::min({durable, marked - 1, last - 1});
  if (last_sale > 0) limit = std::min(limit, last_sale - 1);
  if (limit <= begin) return begin;
  return LastBefore(db, keys, begin, limit, cutoff);
}

/// Verifies what will go and makes the checkpoint that stands for it.
base::Expected<JournalCheckpoint> NextCheckpoint(sqlite::Connection& db, const Keys& keys, base::Instant cutoff) {
  EVERTILL_ASSIGN(JournalCheckpoint checkpoint, LoadCheckpoint(db, keys));
  EVERTILL_ASSIGN(const int64_t limit, Limit(db, keys, checkpoint.place, cutoff));
  if (limit <= checkpoint.place) return checkpoint;
  RightsReplay rights;
  EVERTILL_TRY(rights.Load(checkpoint.state));
  const auto add = [&](const JournalRecord& record, const domain::Event& event) {
    return rights.Add(event, record.seq);
  };
  EVERTILL_ASSIGN(const auto report, VerifyChain(db, keys, checkpoint, limit, add));
  return JournalCheckpoint{report.events, report.head, rights.Save()};
}

base::Status SaveCheckpoint(Database& database, const JournalCheckpoint& checkpoint) {
  EVERTILL_ASSIGN(const auto signature, database.GetKeys().signing.Sign(crypto::AsBytes(SignedText(checkpoint))));
  return database.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const int64_t before, CheckpointPlace(change.db));
    if (before >= checkpoint.place) return {};
    EVERTILL_ASSIGN(const int64_t counted, GetMetaNumber(change.db, "acked_signatures"));
    EVERTILL_ASSIGN(auto query,
                    change.db.Prepare("SELECT count(*) FROM journal_signature WHERE seq > ?1 AND seq <= ?2"));
    EVERTILL_ASSIGN(const int64_t going, One(query.Bind(before, checkpoint.place)));
    EVERTILL_TRY(SetMeta(change.db, "acked_signatures", std::to_string(std::max<int64_t>(0, counted - going))));
    EVERTILL_ASSIGN(auto put, change.db.Prepare("INSERT OR REPLACE INTO checkpoint(id, place, hash, state, signature) "
                                                "VALUES (1, ?1, ?2, ?3, ?4)"));
    return put.Bind(checkpoint.place, crypto::ByteView(checkpoint.hash), checkpoint.state, crypto::ByteView(signature))
        .Run();
  });
}

/// Removes one stretch up to `place`; answers how many events, 0 when none is left.
base::Expected<int64_t> RemoveSome(Database& database, int64_t place) {
  int64_t removed = 0;
  const auto work = [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(auto first, change.db.Prepare("SELECT coalesce(min(seq), 0) FROM journal"));
    EVERTILL_ASSIGN(const int64_t from, One(first));
    if (from == 0 || from > place) return {};
    const int64_t to = std::min(place, from + kAtOnce - 1);
    EVERTILL_ASSIGN(auto side, change.db.Prepare("DELETE FROM journal_side WHERE seq <= ?1"));
    EVERTILL_TRY(side.Bind(to).Run());
    EVERTILL_ASSIGN(auto signature, change.db.Prepare("DELETE FROM journal_signature WHERE seq <= ?1"));
    EVERTILL_TRY(signature.Bind(to).Run());
    EVERTILL_ASSIGN(auto events, change.db.Prepare("DELETE FROM journal WHERE seq <= ?1"));
    EVERTILL_TRY(events.Bind(to).Run());
    removed = change.db.Changes();
    return {};
  };
  EVERTILL_TRY(database.Write(Durability::kKill, work));
  return removed;
}

}  // namespace

base::Expected<JournalCheckpoint> LoadCheckpoint(sqlite::Connection& db, const Keys& keys) {
  JournalCheckpoint checkpoint;
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT place, hash, state, signature FROM checkpoint"));
  EVERTILL_ASSIGN(const bool row, query.Step());
  if (!row) return checkpoint;
  checkpoint.place = query.Int(0);
  std::copy(query.BlobView(1).begin(), query.BlobView(1).end(), checkpoint.hash.begin());
  checkpoint.state = query.Text(2);
  EVERTILL_ASSIGN(const auto key, crypto::VerifyingKey::FromBytes(keys.signing.PublicKey()));
  if (!key.Verify(crypto::AsBytes(SignedText(checkpoint)), query.BlobView(3))) {
    return base::Fail(StoreErrc::kJournalBroken, "the checkpoint is not what this till signed");
  }
  return checkpoint;
}

base::Expected<int64_t> CheckpointPlace(sqlite::Connection& db) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT coalesce(max(place), 0) FROM checkpoint"));
  return One(query);
}

base::Expected<int64_t> PruneJournal(Database& database, std::chrono::days keep) {
  const base::Instant cutoff = database.GetBusinessClock().Corrected() - keep;
  EVERTILL_ASSIGN(const auto checkpoint, database.Read(Reader::kBackground, [&](sqlite::Connection& db) {
    return NextCheckpoint(db, database.GetKeys(), cutoff);
  }));
  if (checkpoint.place == 0) return 0;
  EVERTILL_TRY(SaveCheckpoint(database, checkpoint));
  int64_t removed = 0;
  for (;;) {
    EVERTILL_ASSIGN(const int64_t some, RemoveSome(database, checkpoint.place));
    if (some == 0) return removed;
    removed += some;
  }
}

}  // namespace evertill::store
