#include "app/store/database.h"

#include <algorithm>
#include <charconv>

#include "app/base/log.h"
#include "app/crypto/hash.h"
#include "app/domain/ids.h"
#include "app/sqlite/transaction.h"
#include "app/store/errors.h"
#include "app/store/identity.h"
#include "app/store/lives.h"
#include "app/store/schema.h"

namespace evertill::store {
namespace {

/// A sale touches a dozen pages and changes little in each: halves cost it a sixth less than whole 4 KiB do, quarters
/// more again.
constexpr int kPageBytes = 2048;
/// Pages in the WAL at which it is moved into the file: three fdatasyncs for about three hundred sales.
constexpr int kWalPages = 4000;
constexpr size_t kSaltSize = 16;

/// Rule kFsync: a commit is on the disk before it counts.
bool Syncs(const loyalty::Safeguards& safeguards) {
  return safeguards.On(loyalty::Rule::kFsync);
}

sqlite::OpenOptions WriterOptions(const std::string& vfs, const loyalty::Safeguards& safeguards) {
  sqlite::OpenOptions options;
  options.synchronous = Syncs(safeguards) ? sqlite::Synchronous::kFull : sqlite::Synchronous::kOff;
  options.wal_autocheckpoint_pages = 0;  // a commit never pays for moving the WAL
  options.vfs = vfs;
  options.page_bytes = kPageBytes;
  return options;
}

bool CommitMayHaveLanded(const base::Error& error) {
  return error.Is(sqlite::SqliteErrc::kIo) || error.Is(sqlite::SqliteErrc::kDiskFull) ||
         error.Is(sqlite::SqliteErrc::kOther);
}

}  // namespace

Database::Database(std::filesystem::path path, Keys keys, const base::Clock& clock, base::Random& random,
                   std::string vfs, const loyalty::Safeguards& safeguards)
    : path_(std::move(path)),
      keys_(std::move(keys)),
      clock_(clock),
      random_(random),
      vfs_(std::move(vfs)),
      safeguards_(safeguards),
      business_clock_(clock, safeguards),
      maintenance_("store") {}

Database::~Database() {
  maintenance_.Drain();
}

base::Expected<std::unique_ptr<Database>> Database::Open(const std::filesystem::path& path, Keys keys,
                                                         const base::Clock& clock, base::Random& random,
                                                         const std::string& vfs,
                                                         const loyalty::Safeguards& safeguards) {
  std::unique_ptr<Database> database(new Database(path, std::move(keys), clock, random, vfs, safeguards));
  EVERTILL_TRY(database->OpenWriter());
  EVERTILL_TRY(sqlite::Migrate(*database->writer_, TillMigrations(), clock));
  EVERTILL_TRY(database->LoadHead());
  return database;
}

base::Status Database::OpenWriter() {
  EVERTILL_ASSIGN(auto writer, sqlite::Connection::Open(path_, WriterOptions(vfs_, safeguards_)));
  writer_.emplace(std::move(writer));
  return {};
}

base::Status Database::OpenReader(ReaderSlot& slot) const {
  sqlite::OpenOptions options;
  options.mode = sqlite::OpenMode::kReadOnly;
  options.vfs = vfs_;
  EVERTILL_ASSIGN(auto reader, sqlite::Connection::Open(path_, options));
  slot.connection.emplace(std::move(reader));
  return {};
}

base::Status Database::LoadHead() {
  head_ = Head{};
  EVERTILL_ASSIGN(const auto identity, GetMeta(*writer_, "identity"));
  if (identity) {
    EVERTILL_ASSIGN(terminal_, TerminalOfIdentity(*identity));
  }
  EVERTILL_TRY(business_clock_.Load(*writer_));
  EVERTILL_ASSIGN(auto query, writer_->Prepare("SELECT seq, hash, body FROM journal ORDER BY seq DESC LIMIT 1"));
  EVERTILL_ASSIGN(const bool row, query.Step());
  if (!row) return {};
  EVERTILL_ASSIGN(const domain::Event event, domain::DecodeEvent(query.TextView(2)));
  const auto hash = query.BlobView(1);
  head_.seq = query.Int(0);
  std::copy(hash.begin(), hash.end(), head_.hash.begin());
  head_.t_business = event.t_business;
  head_.event = event.id;
  business_clock_.Saw(head_.t_business);
  EVERTILL_ASSIGN(const auto life, LifeAt(*writer_, head_.seq));
  if (!life) return base::Fail(StoreErrc::kBadStored, "no life of this till");
  head_.base = life->base;
  return {};
}

base::Status Database::Write(Durability durability, const std::function<base::Status(Change&)>& work,
                             const std::function<base::Expected<bool>(sqlite::Connection&)>& landed) {
  const std::lock_guard lock(writer_mutex_);
  if (!writer_) EVERTILL_TRY(Recover());
  if (durability == Durability::kPowerCut || !Syncs(safeguards_)) return WriteLocked(work, landed);
  // Not through the statement cache: SQLite carries this pragma out while it prepares it.
  EVERTILL_TRY(writer_->Execute("PRAGMA synchronous=NORMAL"));
  auto done = WriteLocked(work, landed);
  if (writer_) {
    if (auto restored = writer_->Execute(Syncs(safeguards_) ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
        !restored) {
      writer_.reset();  // opened anew, with FULL, before anything else is written
      return restored;
    }
  }
  return done;
}

base::Status Database::WriteLocked(const std::function<base::Status(Change&)>& work,
                                   const std::function<base::Expected<bool>(sqlite::Connection&)>& landed) {
  std::optional<base::Error> commit_error;
  {
    EVERTILL_ASSIGN(auto transaction, sqlite::Transaction::Begin(*writer_));
    Change change{*writer_, head_, terminal_};
    EVERTILL_TRY(work(change));
    if (auto committed = transaction.Commit(); committed) {
      head_ = change.head;
      business_clock_.Saw(head_.t_business);
      terminal_ = std::move(change.terminal);
      AskForCheckpoint();
      return {};
    } else {
      commit_error = std::move(committed.error());
    }
  }
  return AfterFailedCommit(std::move(*commit_error), landed);
}

base::Status Database::AfterFailedCommit(base::Error error,
                                         const std::function<base::Expected<bool>(sqlite::Connection&)>& landed) {
  if (!CommitMayHaveLanded(error)) return base::Fail(std::move(error));
  commit_failed_ = true;
  EVERTILL_TRY(Recover());
  if (!landed) return base::Fail(std::move(error));
  EVERTILL_ASSIGN(const bool there, landed(*writer_));
  if (there) {
    base::LogWarn("commit: {}; it is on the disk all the same", error.ToString());
    return {};
  }
  return base::Fail(std::move(error));
}

/// Closes every connection, so that the next one reads the WAL from the disk and not from shared memory that says what
/// the failed one believed; then moves the WAL into the file, so that what was found cannot change with the next crash.
base::Status Database::Recover() {
  std::array<std::unique_lock<std::mutex>, 2> locks;
  for (size_t i = 0; i < readers_.size(); ++i) {
    locks[i] = std::unique_lock(readers_[i].mutex);
    readers_[i].connection.reset();
  }
  writer_.reset();
  const auto reopen = [&]() -> base::Status {
    EVERTILL_TRY(OpenWriter());
    EVERTILL_TRY(writer_->Checkpoint(sqlite::CheckpointMode::kTruncate));
    return LoadHead();
  };
  if (auto opened = reopen(); !opened) {
    writer_.reset();
    return base::Fail(StoreErrc::kCommitUnknown, opened.error().ToString());
  }
  return {};
}

void Database::StampTime(const Change& change, domain::Event& event) {
  event.t_wall = clock_.Now();
  event.t_business = business_clock_.Business(change.head.t_business);
}

base::Status Database::AppendEvent(Change& change, domain::Event& event, std::string_view side, const LotTimes& times) {
  if (change.head.seq == 0) EVERTILL_TRY(StartLife(change, change.terminal.incarnation));
  const int64_t place = change.head.seq + 1;
  event.terminal = change.terminal;
  event.seq = place - change.head.base;
  if (event.t_wall == base::Instant{}) StampTime(change, event);
  if (business_clock_.NoticeUnsafe(change.head.t_business)) EVERTILL_TRY(business_clock_.Keep(change.db));
  std::string salted;
  if (!side.empty()) {
    salted.resize(kSaltSize);
    random_.Fill({reinterpret_cast<uint8_t*>(salted.data()), kSaltSize});
    salted += side;
    event.side_digest = base::ToHex(crypto::Sha256(crypto::AsBytes(salted)));
  }
  const std::string body = domain::EncodeEvent(event);
  const domain::EventHash hash = crypto::Sha256({change.head.hash, crypto::AsBytes(body)});
  EVERTILL_ASSIGN(auto insert,
                  change.db.Prepare("INSERT INTO journal(seq, event_id, hash, body) VALUES (?1,?2,?3,?4)"));
  EVERTILL_TRY(insert.RunWith(place, crypto::ByteView(event.id.Value().bytes), crypto::ByteView(hash), body));
  if (!salted.empty()) {
    EVERTILL_ASSIGN(const auto sealed, SealText(keys_, salted, "side:" + std::to_string(place), random_));
    EVERTILL_ASSIGN(auto beside, change.db.Prepare("INSERT INTO journal_side(seq, sealed) VALUES (?1, ?2)"));
    EVERTILL_TRY(beside.RunWith(place, crypto::ByteView(sealed)));
  }
  EVERTILL_ASSIGN(auto outbox, change.db.Prepare("INSERT INTO outbox(seq, is_sale) VALUES (?1, ?2)"));
  EVERTILL_TRY(outbox.Bind(place, event.core.kind == "sale" || event.core.kind == "refund").Run());
  EVERTILL_TRY(PostEvent(change.db, event, place, times, safeguards_));
  change.head = Head{place, change.head.base, hash, event.t_business, event.id};
  return {};
}

base::Status Database::StartLife(Change& change, int64_t incarnation) {
  EVERTILL_TRY(AddLife(change.db, change.head.seq, incarnation));
  change.terminal.incarnation = incarnation;
  change.head.base = change.head.seq;
  change.head.hash = domain::EventHash{};
  return {};
}

base::Expected<bool> Database::HasEvent(Change& change, const domain::EventId& id) const {
  if (change.head.event == id) return true;
  if (!commit_failed_) return false;
  EVERTILL_ASSIGN(auto query, change.db.Prepare("SELECT 1 FROM journal WHERE seq > ?1 AND event_id = ?2"));
  return query.Bind(change.head.seq - 1000, crypto::ByteView(id.Value().bytes)).Step();
}

Head Database::CurrentHead() {
  const std::lock_guard lock(writer_mutex_);
  return head_;
}

domain::Terminal Database::Terminal() {
  const std::lock_guard lock(writer_mutex_);
  return terminal_;
}

void Database::AskForCheckpoint() {
  if (writer_->WalPages() < kWalPages || checkpoint_asked_.exchange(true)) return;
  maintenance_.Post([this] {
    if (auto done = Checkpoint(); !done) base::LogWarn("checkpoint: {}", done.error().ToString());
    checkpoint_asked_ = false;
  });
}

base::Status Database::Checkpoint() {
  const std::lock_guard lock(writer_mutex_);
  if (!writer_) return base::Fail(StoreErrc::kCommitUnknown, path_.string());
  return writer_->Checkpoint(sqlite::CheckpointMode::kPassive);
}

base::Status Database::CopyTo(const std::filesystem::path& target) {
  return Read(Reader::kBackground, [&](sqlite::Connection& db) { return db.CopyTo(target); });
}

base::Expected<std::optional<std::string>> GetMeta(sqlite::Connection& db, std::string_view key) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT value FROM meta WHERE key = ?1"));
  EVERTILL_ASSIGN(const bool row, query.Bind(key).Step());
  if (!row) return std::nullopt;
  return std::string(crypto::AsText(query.BlobView(0)));
}

base::Expected<int64_t> GetMetaNumber(sqlite::Connection& db, std::string_view key) {
  EVERTILL_ASSIGN(const auto text, GetMeta(db, key));
  int64_t number = 0;
  if (!text) return number;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) {
    return base::Fail(StoreErrc::kBadStored, std::string(key));
  }
  return number;
}

base::Status SetMeta(sqlite::Connection& db, std::string_view key, std::string_view value) {
  EVERTILL_ASSIGN(auto put, db.Prepare("INSERT INTO meta(key, value) VALUES (?1, ?2) "
                                       "ON CONFLICT(key) DO UPDATE SET value = excluded.value"));
  return put.Bind(key, crypto::AsBytes(value)).Run();
}

base::Expected<crypto::Bytes> SealText(const Keys& keys, std::string_view text, const std::string& place,
                                       base::Random& random) {
  return crypto::Seal(keys.seal, crypto::AsBytes(text), crypto::AsBytes(place), random);
}

base::Expected<std::string> OpenText(const Keys& keys, crypto::ByteView sealed, const std::string& place) {
  EVERTILL_ASSIGN(const auto plain, crypto::Open(keys.seal, sealed, crypto::AsBytes(place)));
  return std::string(crypto::AsText(plain));
}

}  // namespace evertill::store
