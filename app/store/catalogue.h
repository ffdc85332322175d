#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/checkout/ports.h"
#include "app/domain/product.h"
#include "app/sqlite/connection.h"
#include "app/sqlite/transaction.h"

namespace evertill::store {

/// catalogue.db: products and the search by name, in a file of its own, so that an import of a million rows and the
/// commit of a sale never meet. Reading: any thread, one at a time. Writing (imports, changes from head office) has its
/// own connection and may go on while others read what was there before.
class CatalogueStore final : public checkout::Catalogue {
 public:
  [[nodiscard]] static base::Expected<std::unique_ptr<CatalogueStore>> Open(const std::filesystem::path& path,
                                                                            domain::Currency currency,
                                                                            const base::Clock& clock);

  /// Exactly as written: "0012345" and "12345" are two products.
  [[nodiscard]] base::Expected<std::optional<domain::Product>> FindByBarcode(std::string_view barcode) override;
  [[nodiscard]] base::Expected<std::vector<domain::Product>> Search(std::string_view text, int limit) override;

  [[nodiscard]] base::Expected<int64_t> Count();
  /// Puts and removes products in transactions of a few hundred rows.
  [[nodiscard]] base::Status Apply(std::span<const domain::Product> products, std::span<const std::string> removed);
  [[nodiscard]] domain::Currency GetCurrency() const { return currency_; }

  /// One long transaction of an import; see ProductWriter. Nobody else can write until it goes away.
  class Session;
  [[nodiscard]] base::Expected<std::unique_ptr<Session>> BeginImport();

 private:
  CatalogueStore(sqlite::Connection writer, sqlite::Connection reader, domain::Currency currency)
      : writer_(std::move(writer)), reader_(std::move(reader)), currency_(currency) {}

  std::mutex writer_mutex_;
  sqlite::Connection writer_;
  std::mutex reader_mutex_;
  sqlite::Connection reader_;
  const domain::Currency currency_;
};

/// Puts products into an open transaction, the search index included.
class ProductWriter {
 public:
  enum class Outcome { kAdded, kChanged, kSame };

  /// `all_new`: the caller knows that no barcode is there yet, which saves a look-up for each.
  ProductWriter(sqlite::Connection& db, domain::Currency currency, bool all_new)
      : db_(db), currency_(currency), all_new_(all_new) {}
  /// Adds the product or replaces the one with its barcode. `words` as ProductWords gives them.
  [[nodiscard]] base::Expected<Outcome> Put(const domain::Product& product, const std::string& words);
  [[nodiscard]] base::Status Remove(std::string_view barcode);

 private:
  [[nodiscard]] base::Expected<std::optional<domain::Product>> Existing(std::string_view barcode);
  [[nodiscard]] base::Status TakeOutOfSearch(const domain::Product& product);
  sqlite::Connection& db_;
  domain::Currency currency_;
  bool all_new_;
};

/// All that a product can be found by, cut into words.
[[nodiscard]] std::string ProductWords(const domain::Product& product);

class CatalogueStore::Session {
 public:
  Session(std::unique_lock<std::mutex> lock, sqlite::Transaction transaction, sqlite::Connection& db, bool was_empty)
      : lock_(std::move(lock)), transaction_(std::move(transaction)), db_(db), was_empty_(was_empty) {}
  [[nodiscard]] sqlite::Connection& Db() { return db_; }
  [[nodiscard]] bool WasEmpty() const { return was_empty_; }
  /// Everything or, on an error or without this call, nothing.
  [[nodiscard]] base::Status Commit();

 private:
  std::unique_lock<std::mutex> lock_;
  sqlite::Transaction transaction_;  ///< rolls back before the lock is given up
  sqlite::Connection& db_;
  const bool was_empty_;
};

}  // namespace evertill::store
