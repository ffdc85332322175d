#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/checkout/ports.h"
#include "app/checkout/receipt_links.h"
#include "app/checkout/rights_port.h"
#include "app/checkout/rights_sync_port.h"
#include "app/checkout/sync_port.h"
#include "app/crypto/pin_hash.h"
#include "app/loyalty/safeguards.h"
#include "app/store/catalogue.h"
#include "app/store/errors.h"
#include "app/store/journal.h"
#include "app/store/rights_summary.h"
#include "app/store/sale_log.h"

namespace evertill::store {

/// What `init` is told.
struct InitOptions {
  domain::Terminal terminal;
  domain::Currency currency;
  std::string language = "en";
  std::string store_name = {};  ///< the store code where empty
  std::optional<checkout::Role> unattended = {};
};

/// Only tests change these.
struct StoreOptions {
  std::string vfs = {};                     ///< a registered SQLite VFS that injects faults
  crypto::PinCost pin_cost = {};            ///< what a PIN's hash costs
  std::optional<std::string> boot_id = {};  ///< instead of the kernel's
  loyalty::Safeguards safeguards = {};      ///< rules that the simulator takes away
};

/// A till's data directory, opened: everything behind checkout's interfaces. `clock` and `random` must outlive it. The
/// objects that the functions below return belong to this one; which threads may call them, their interfaces say.
class TillStore {
 public:
  /// Makes a new till: directory, keys, databases. kAlreadyInitialised, kDataDirInUse. The journal stays empty, so that
  /// enrolment may still give another incarnation.
  [[nodiscard]] static base::Status Init(const std::filesystem::path& dir, const InitOptions& options,
                                         const base::Clock& clock, base::Random& random);
  /// kNoDataDir, kDataDirInUse, newer_database, database_read_only, …
  [[nodiscard]] static base::Expected<std::unique_ptr<TillStore>> Open(const std::filesystem::path& dir,
                                                                       const base::Clock& clock, base::Random& random,
                                                                       const StoreOptions& options = {});
  ~TillStore();

  [[nodiscard]] const checkout::TillIdentity& Identity() const;  ///< as it was at Open()
  [[nodiscard]] CatalogueStore& Catalogue();
  [[nodiscard]] checkout::Members& Members();
  [[nodiscard]] checkout::Cashiers& Cashiers();
  [[nodiscard]] SaleTable& Sales();
  [[nodiscard]] checkout::PrintQueue& Prints();
  [[nodiscard]] checkout::BasketKeeper& Basket();
  [[nodiscard]] checkout::Rules& Rules();
  [[nodiscard]] checkout::SyncStore& Sync();
  [[nodiscard]] checkout::Rights& Rights();
  [[nodiscard]] checkout::ReceiptLinks& Links();
  [[nodiscard]] checkout::RightsSync& RightsSync();
  /// Grants held and given back, and when head office was last heard. Any thread.
  [[nodiscard]] base::Expected<RightsSummary> SummariseRights();

  /// Journal events after `after`, in order, at most `limit` (0: all). Any thread.
  [[nodiscard]] base::Status ForEachEvent(int64_t after, int64_t limit,
                                          const std::function<base::Status(const JournalRecord&)>& each);
  /// The whole till against its journal, see VerifyTill(). kJournalBroken. Any thread.
  [[nodiscard]] base::Expected<JournalReport> VerifyJournal();
  /// Removes events that are older than `keep` and that every copy at head office has, see PruneJournal(). Answers how
  /// many. Any thread.
  [[nodiscard]] base::Expected<int64_t> Prune(std::chrono::days keep);
  /// SQLite's own check of till.db. Any thread.
  [[nodiscard]] base::Status CheckDatabase();
  /// A consistent copy of till.db in a new file, mode 0600. Keys are not in it. Any thread.
  [[nodiscard]] base::Status BackupTo(const std::filesystem::path& target);
  /// Moves the write-ahead log into till.db. Happens by itself every few megabytes; this is for an idle moment.
  [[nodiscard]] base::Status Checkpoint();

 private:
  struct Parts;
  explicit TillStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace evertill::store
