#include "app/store/till_store.h"

#include <unistd.h>

#include "app/base/log.h"
#include "app/store/basket_file.h"
#include "app/store/cashiers.h"
#include "app/store/data_dir.h"
#include "app/store/database.h"
#include "app/store/identity.h"
#include "app/store/members.h"
#include "app/store/print_queue.h"
#include "app/store/prune.h"
#include "app/store/receipt_links.h"
#include "app/store/rights_sync.h"
#include "app/store/rights_table.h"
#include "app/store/sync_table.h"
#include "app/store/verify.h"

namespace evertill::store {
namespace {

/// The programme that head office sent, or the one a new till starts with.
class ProgrammeTable final : public checkout::Rules {
 public:
  ProgrammeTable(Database& database, domain::Currency currency) : database_(database), currency_(currency) {}
  [[nodiscard]] base::Expected<loyalty::Programme> Programme() override {
    EVERTILL_ASSIGN(const auto text,
                    database_.Read(Reader::kCounter, [](sqlite::Connection& db) { return GetMeta(db, "programme"); }));
    if (!text) return loyalty::DefaultProgramme(currency_);
    return loyalty::ParseProgramme(*text, currency_);
  }

 private:
  Database& database_;
  const domain::Currency currency_;
};

/// What SQLite leaves open to the group by umask.
void MakePrivate(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
}

}  // namespace

struct TillStore::Parts {
  DataDir dir;  // the lock is given up last
  checkout::TillIdentity identity;
  std::unique_ptr<Database> database;
  std::unique_ptr<CatalogueStore> catalogue;
  std::unique_ptr<MemberTable> members;
  std::unique_ptr<CashierTable> cashiers;
  std::unique_ptr<SaleTable> sales;
  std::unique_ptr<PrintTable> prints;
  std::unique_ptr<BasketFile> basket;
  std::unique_ptr<ProgrammeTable> rules;
  std::unique_ptr<SyncTable> sync;
  std::unique_ptr<RightsTable> rights;
  std::unique_ptr<RightsSyncTable> rights_sync;
  std::unique_ptr<ReceiptLinkTable> links;
};

TillStore::TillStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

TillStore::~TillStore() {
  auto ended = NoteEnd(*parts_->database);
  // Whoever works on a full disk has been told so by now.
  if (!ended && !ended.error().Is(sqlite::SqliteErrc::kDiskFull)) {
    base::LogWarn("closing: {}", ended.error().ToString());
  }
}

base::Status TillStore::Init(const std::filesystem::path& dir, const InitOptions& options, const base::Clock& clock,
                             base::Random& random) {
  EVERTILL_ASSIGN(const auto data, DataDir::Create(dir));
  if (::access(data.TillDatabase().c_str(), F_OK) == 0) {
    return base::Fail(StoreErrc::kAlreadyInitialised, dir.string() + ": there is a till already");
  }
  EVERTILL_ASSIGN(auto keys, Keys::LoadOrCreate(data, random));
  // Under another name until it is whole: a till.db is a till.
  const std::filesystem::path unfinished = data.Path() / "till.db.new";
  std::error_code ignored;
  for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(unfinished.string() + tail, ignored);
  {
    EVERTILL_ASSIGN(const auto database, Database::Open(unfinished, std::move(keys), clock, random, {}));
    const checkout::TillIdentity identity{
        options.terminal, options.currency, options.language,
        options.store_name.empty() ? options.terminal.store.Value() : options.store_name, options.unattended};
    EVERTILL_TRY(database->Write(Durability::kPowerCut, [&](Database::Change& change) {
      return SetMeta(change.db, "identity", FormatIdentity(identity));
    }));
  }  // the last connection to close leaves one whole file
  MakePrivate(unfinished);
  EVERTILL_ASSIGN([[maybe_unused]] const auto catalogue,
                  CatalogueStore::Open(data.CatalogueDatabase(), options.currency, clock));
  std::filesystem::rename(unfinished, data.TillDatabase(), ignored);
  if (ignored) return base::Fail(StoreErrc::kDataDir, data.TillDatabase().string() + ": " + ignored.message());
  return {};
}

base::Expected<std::unique_ptr<TillStore>> TillStore::Open(const std::filesystem::path& dir, const base::Clock& clock,
                                                           base::Random& random, const StoreOptions& options) {
  EVERTILL_ASSIGN(auto data, DataDir::Open(dir));
  EVERTILL_ASSIGN(auto keys, Keys::Load(data));
  EVERTILL_ASSIGN(auto database,
                  Database::Open(data.TillDatabase(), std::move(keys), clock, random, options.vfs, options.safeguards));
  EVERTILL_TRY(FillPseudonyms(*database));
  EVERTILL_ASSIGN(const auto text,
                  database->Read(Reader::kCounter, [](sqlite::Connection& db) { return GetMeta(db, "identity"); }));
  if (!text) return base::Fail(StoreErrc::kBadStored, data.TillDatabase().string() + ": no identity");
  EVERTILL_ASSIGN(auto identity, ParseIdentity(*text));
  EVERTILL_TRY(NoteStart(*database, options.boot_id.value_or(MachineBootId())));
  EVERTILL_ASSIGN(auto catalogue, CatalogueStore::Open(data.CatalogueDatabase(), identity.currency, clock));
  EVERTILL_ASSIGN(auto sales, SaleTable::Open(*database, identity.currency));
  auto parts = std::make_unique<Parts>(Parts{std::move(data), std::move(identity), std::move(database),
                                             std::move(catalogue), nullptr, nullptr, std::move(sales), nullptr, nullptr,
                                             nullptr, nullptr, nullptr, nullptr, nullptr});
  Database& db = *parts->database;
  parts->members = std::make_unique<MemberTable>(db);
  parts->cashiers = std::make_unique<CashierTable>(db, options.pin_cost);
  parts->prints = std::make_unique<PrintTable>(db);
  parts->basket = std::make_unique<BasketFile>(parts->dir.BasketFile());
  parts->rules = std::make_unique<ProgrammeTable>(db, parts->identity.currency);
  parts->sync = std::make_unique<SyncTable>(db, *parts->catalogue);
  parts->rights = std::make_unique<RightsTable>(db, *parts->rules);
  parts->rights_sync = std::make_unique<RightsSyncTable>(db, *parts->sync);
  parts->links = std::make_unique<ReceiptLinkTable>(db);
  // What was written after the last signature is vouched for from here on.
  EVERTILL_TRY(parts->sync->SignTail());
  return std::unique_ptr<TillStore>(new TillStore(std::move(parts)));
}

const checkout::TillIdentity& TillStore::Identity() const {
  return parts_->identity;
}
CatalogueStore& TillStore::Catalogue() {
  return *parts_->catalogue;
}
checkout::Members& TillStore::Members() {
  return *parts_->members;
}
checkout::Cashiers& TillStore::Cashiers() {
  return *parts_->cashiers;
}
SaleTable& TillStore::Sales() {
  return *parts_->sales;
}
checkout::PrintQueue& TillStore::Prints() {
  return *parts_->prints;
}
checkout::BasketKeeper& TillStore::Basket() {
  return *parts_->basket;
}
checkout::Rules& TillStore::Rules() {
  return *parts_->rules;
}
checkout::SyncStore& TillStore::Sync() {
  return *parts_->sync;
}
checkout::Rights& TillStore::Rights() {
  return *parts_->rights;
}
checkout::ReceiptLinks& TillStore::Links() {
  return *parts_->links;
}
checkout::RightsSync& TillStore::RightsSync() {
  return *parts_->rights_sync;
}

base::Expected<RightsSummary> TillStore::SummariseRights() {
  return store::SummariseRights(*parts_->database);
}

base::Status TillStore::ForEachEvent(int64_t after, int64_t limit,
                                     const std::function<base::Status(const JournalRecord&)>& each) {
  Database& database = *parts_->database;
  return database.Read(Reader::kBackground, [&](sqlite::Connection& db) {
    return ForEachRecord(db, database.GetKeys(), after, limit, each);
  });
}

base::Expected<JournalReport> TillStore::VerifyJournal() {
  Database& database = *parts_->database;
  return database.Read(Reader::kBackground, [&](sqlite::Connection& db) { return VerifyTill(db, database.GetKeys()); });
}

base::Expected<int64_t> TillStore::Prune(std::chrono::days keep) {
  return PruneJournal(*parts_->database, keep);
}

base::Status TillStore::CheckDatabase() {
  return parts_->database->Read(Reader::kBackground, [](sqlite::Connection& db) { return db.QuickCheck(); });
}

base::Status TillStore::BackupTo(const std::filesystem::path& target) {
  EVERTILL_TRY(parts_->database->CopyTo(target));
  MakePrivate(target);
  return {};
}

base::Status TillStore::Checkpoint() {
  return parts_->database->Checkpoint();
}

}  // namespace evertill::store
