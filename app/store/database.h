#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/base/worker.h"
#include "app/domain/event.h"
#include "app/domain/money.h"
#include "app/loyalty/safeguards.h"
#include "app/sqlite/connection.h"
#include "app/store/business_clock.h"
#include "app/store/keys.h"
#include "app/store/rights_postings.h"

namespace evertill::store {

/// The end of the journal and of the chain that is written on.
struct Head {
  int64_t seq = 0;           ///< a place: through all lives of this till
  int64_t base = 0;          ///< place before the first event of the present life
  domain::EventHash hash{};  ///< zero where that life has no event yet
  base::Instant t_business{};
  domain::EventId event{};
};

/// How long a write must last.
enum class Durability {
  kPowerCut,  ///< on the disk before it returns: one fdatasync
  kKill,      ///< in the kernel: a killed process loses nothing, a power cut may; no fdatasync of its own
};

/// Who reads: each has its own read-only connection, so that a long upload never makes a scan wait.
enum class Reader { kCounter, kBackground };

/// till.db for the classes of this library: one writing connection behind a mutex, two for reading, the end of the
/// journal's chain, and what to do when a COMMIT fails. Any thread.
class Database {
 public:
  [[nodiscard]] static base::Expected<std::unique_ptr<Database>> Open(const std::filesystem::path& path, Keys keys,
                                                                      const base::Clock& clock, base::Random& random,
                                                                      const std::string& vfs,
                                                                      const loyalty::Safeguards& safeguards = {});
  ~Database();

  /// Inside a transaction: `db`, the chain's end, which AppendEvent moves on, and which till the chain is of. Both
  /// count once the transaction is committed.
  struct Change {
    sqlite::Connection& db;
    Head head;
    domain::Terminal terminal;
  };
  /// Runs `work` in one transaction. When the COMMIT fails, all connections are closed and opened again, so that SQLite
  /// reads from the disk what is there; then `landed` (may be empty) says whether the work is there all the same.
  /// kCommitUnknown when the disk does not even allow that; the next call tries to recover first.
  [[nodiscard]] base::Status Write(Durability durability, const std::function<base::Status(Change&)>& work,
                                   const std::function<base::Expected<bool>(sqlite::Connection&)>& landed = {});

  /// Runs `work` on a reading connection. `work` must not call Write().
  template <typename Work>
  auto Read(Reader who, Work&& work) {
    ReaderSlot& slot = readers_[static_cast<size_t>(who)];
    const std::lock_guard lock(slot.mutex);
    using Result = decltype(work(*slot.connection));
    if (!slot.connection) {
      if (auto opened = OpenReader(slot); !opened) return Result(base::Fail(std::move(opened.error())));
    }
    return work(*slot.connection);
  }

  /// Puts one event at the end of the chain, with its side text, its outbox row and all that its postings move: the
  /// ledger and this till's rights. Fills in the event's terminal, seq, times and side digest; its place is then
  /// `change.head.seq`. Times that StampTime() gave are left. kRightsGone. Only inside Write().
  [[nodiscard]] base::Status AppendEvent(Change& change, domain::Event& event, std::string_view side,
                                         const LotTimes& times = {});
  /// Gives the event its times, for who must know them before it is written.
  void StampTime(const Change& change, domain::Event& event);
  /// From the next event on this till is in another life. Only inside Write().
  [[nodiscard]] base::Status StartLife(Change& change, int64_t incarnation);

  /// Whether the journal has the event, so that one whose commit had an unknown outcome is not written twice. Looks at
  /// the last event, and at the last thousand where this run has met such a commit. Only inside Write().
  [[nodiscard]] base::Expected<bool> HasEvent(Change& change, const domain::EventId& id) const;

  [[nodiscard]] Head CurrentHead();
  [[nodiscard]] domain::Terminal Terminal();

  /// Moves the WAL into the file. Commits ask for it by themselves, on a thread of its own, every few megabytes.
  [[nodiscard]] base::Status Checkpoint();
  [[nodiscard]] base::Status CopyTo(const std::filesystem::path& target);

  [[nodiscard]] const Keys& GetKeys() const { return keys_; }
  [[nodiscard]] const base::Clock& GetClock() const { return clock_; }
  [[nodiscard]] base::Random& GetRandom() const { return random_; }
  [[nodiscard]] BusinessClock& GetBusinessClock() { return business_clock_; }
  [[nodiscard]] const loyalty::Safeguards& GetSafeguards() const { return safeguards_; }

 private:
  struct ReaderSlot {
    std::mutex mutex;
    std::optional<sqlite::Connection> connection;
  };
  Database(std::filesystem::path path, Keys keys, const base::Clock& clock, base::Random& random, std::string vfs,
           const loyalty::Safeguards& safeguards);
  [[nodiscard]] base::Status OpenReader(ReaderSlot& slot) const;
  [[nodiscard]] base::Status OpenWriter();
  [[nodiscard]] base::Status LoadHead();
  [[nodiscard]] base::Status WriteLocked(const std::function<base::Status(Change&)>& work,
                                         const std::function<base::Expected<bool>(sqlite::Connection&)>& landed);
  [[nodiscard]] base::Status Recover();
  [[nodiscard]] base::Status AfterFailedCommit(base::Error error,
                                               const std::function<base::Expected<bool>(sqlite::Connection&)>& landed);
  void AskForCheckpoint();

  const std::filesystem::path path_;
  const Keys keys_;
  const base::Clock& clock_;
  base::Random& random_;
  const std::string vfs_;
  const loyalty::Safeguards safeguards_;
  BusinessClock business_clock_;

  std::mutex writer_mutex_;  ///< taken before any reader's mutex
  std::optional<sqlite::Connection> writer_;
  Head head_;
  domain::Terminal terminal_;
  bool commit_failed_ = false;  ///< in this run; under writer_mutex_
  std::atomic<bool> checkpoint_asked_ = false;
  std::array<ReaderSlot, 2> readers_;
  base::Worker maintenance_;  ///< last member: its thread ends before what it uses goes away
};

/// Meta values by key, in any transaction or reading connection.
[[nodiscard]] base::Expected<std::optional<std::string>> GetMeta(sqlite::Connection& db, std::string_view key);
/// 0 where there is none.
[[nodiscard]] base::Expected<int64_t> GetMetaNumber(sqlite::Connection& db, std::string_view key);
[[nodiscard]] base::Status SetMeta(sqlite::Connection& db, std::string_view key, std::string_view value);

/// Seals text for one place ("member:12") and opens it again.
[[nodiscard]] base::Expected<crypto::Bytes> SealText(const Keys& keys, std::string_view text, const std::string& place,
                                                     base::Random& random);
[[nodiscard]] base::Expected<std::string> OpenText(const Keys& keys, crypto::ByteView sealed, const std::string& place);

}  // namespace evertill::store
