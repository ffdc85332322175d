#include "app/store/catalogue.h"

#include <algorithm>
#include <tuple>

#include "app/base/log.h"
#include "app/domain/text.h"
#include "app/sqlite/migrator.h"
#include "app/sqlite/transaction.h"
#include "app/store/schema.h"
#include "app/store/search_text.h"

namespace evertill::store {
namespace {

using domain::Product;

constexpr size_t kRowsAtOnce = 500;
constexpr int kMostFound = 100;
/// What is looked at for the best of them: sorting all of ten thousand hits would take longer than a keystroke.
constexpr int kLookedAt = 200;
constexpr int64_t kReaderMap = int64_t{1} << 30;

#define EVERTILL_PRODUCT_COLUMNS                                                                            \
  "p.row, p.barcode, p.sku, p.name, p.name_en, p.name_th, p.name_vi, p.price, p.price_source, p.tax_code, " \
  "p.category, p.unit, p.min_age"

constexpr std::string_view kByBarcode = "SELECT " EVERTILL_PRODUCT_COLUMNS " FROM product p WHERE p.barcode = ?1";
constexpr std::string_view kByStart =
    "SELECT " EVERTILL_PRODUCT_COLUMNS
    " FROM product p WHERE p.barcode >= ?1 AND p.barcode < ?2 ORDER BY p.barcode LIMIT ?3";
constexpr std::string_view kBySku = "SELECT " EVERTILL_PRODUCT_COLUMNS
                                    " FROM product p WHERE p.sku IS NOT NULL AND p.sku >= ?1 AND p.sku < ?2 "
                                    "ORDER BY p.sku LIMIT ?3";
constexpr std::string_view kByWords = "SELECT " EVERTILL_PRODUCT_COLUMNS
                                      " FROM search s JOIN product p ON p.row = s.rowid WHERE search MATCH ?1 LIMIT ?2";
constexpr std::string_view kAll = "SELECT " EVERTILL_PRODUCT_COLUMNS " FROM product p ORDER BY p.row";
#undef EVERTILL_PRODUCT_COLUMNS

constexpr const char* kLanguages[] = {"en", "th", "vi"};

Product ReadProduct(const sqlite::Statement& query, domain::Currency currency) {
  Product product{.row = query.Int(0),
                  .barcode = query.Text(1),
                  .sku = query.IsNull(2) ? query.Text(1) : query.Text(2),
                  .name = query.Text(3),
                  .names = {},
                  .price = domain::Money(query.Int(7), currency),
                  .tax_code = query.Text(9),
                  .category = query.Text(10),
                  .unit = query.TextView(11) == "kg" ? domain::SellUnit::kKilogram : domain::SellUnit::kEach,
                  .min_age = static_cast<int32_t>(query.Int(12)),
                  .price_derived = query.TextView(8) == "derived"};
  for (int i = 0; i < 3; ++i) {
    if (!query.IsNull(4 + i)) product.names.emplace(kLanguages[i], query.Text(4 + i));
  }
  return product;
}

std::optional<std::string> NameOrNull(const Product& product, const char* language) {
  const auto found = product.names.find(language);
  if (found == product.names.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

void BindProduct(sqlite::Statement& statement, const Product& product) {
  const bool own_sku = !product.sku.empty() && product.sku != product.barcode;
  statement.Bind(product.barcode, own_sku ? std::optional<std::string>(product.sku) : std::nullopt, product.name,
                 NameOrNull(product, "en"), NameOrNull(product, "th"), NameOrNull(product, "vi"), product.price.Minor(),
                 product.price_derived ? "derived" : "given", product.tax_code, product.category,
                 product.unit == domain::SellUnit::kKilogram ? "kg" : "each", product.min_age);
}

bool SameProduct(const Product& a, const Product& b) {
  const auto sku = [](const Product& p) -> const std::string& { return p.sku.empty() ? p.barcode : p.sku; };
  for (const char* language : kLanguages) {
    if (NameOrNull(a, language) != NameOrNull(b, language)) return false;
  }
  return a.barcode == b.barcode && sku(a) == sku(b) && a.name == b.name && a.price == b.price &&
         a.tax_code == b.tax_code && a.category == b.category && a.unit == b.unit && a.min_age == b.min_age &&
         a.price_derived == b.price_derived;
}

base::Status Collect(sqlite::Statement& query, domain::Currency currency, std::vector<Product>& found) {
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return {};
    Product product = ReadProduct(query, currency);
    const auto same = [&](const Product& other) { return other.row == product.row; };
    if (std::none_of(found.begin(), found.end(), same)) found.push_back(std::move(product));
  }
}

/// The first text after all that start with `start`; empty (no bound) for nothing but 0xff bytes.
std::string EndOfRange(std::string start) {
  while (!start.empty() && static_cast<unsigned char>(start.back()) == 0xff) start.pop_back();
  if (!start.empty()) start.back() = static_cast<char>(static_cast<unsigned char>(start.back()) + 1);
  return start;
}

/// Names that start with what was typed first, then those with a word that is exactly it, then short before long.
void OrderByName(std::vector<Product>& products, std::string_view typed) {
  const std::string wanted = FoldForOrder(typed);
  using Rank = std::tuple<int, size_t, int64_t>;
  std::vector<std::pair<Rank, size_t>> ranks;
  for (size_t i = 0; i < products.size(); ++i) {
    int best = 2;
    size_t length = products[i].name.size();
    const auto consider = [&](const std::string& name) {
      const std::string folded = FoldForOrder(name);
      const size_t at = folded.find(wanted);
      const int rank = at == 0 ? 0 : at != std::string::npos && folded[at - 1] == ' ' ? 1 : 2;
      if (rank < best) {
        best = rank;
        length = name.size();
      }
    };
    consider(products[i].name);
    for (const auto& [language, name] : products[i].names) consider(name);
    ranks.emplace_back(Rank{best, length, products[i].row}, i);
  }
  std::sort(ranks.begin(), ranks.end());
  std::vector<Product> sorted;
  sorted.reserve(products.size());
  for (const auto& [rank, index] : ranks) sorted.push_back(std::move(products[index]));
  products = std::move(sorted);
}

/// An index that another ICU has cut cannot be kept up to date word by word: it is made anew.
base::Status EnsureSearchVersion(sqlite::Connection& db, domain::Currency currency) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT value FROM meta WHERE key = 'search_version'"));
  EVERTILL_ASSIGN(const bool row, query.Step());
  if (row && query.TextView(0) == SearchVersion()) return {};
  query.Reset();
  EVERTILL_TRY(db.Execute("INSERT INTO search(search) VALUES ('delete-all')"));
  EVERTILL_ASSIGN(auto all, db.Prepare(kAll));
  EVERTILL_ASSIGN(auto insert, db.Prepare("INSERT INTO search(rowid, words) VALUES (?1, ?2)"));
  for (;;) {
    EVERTILL_ASSIGN(const bool more, all.Step());
    if (!more) break;
    const Product product = ReadProduct(all, currency);
    EVERTILL_TRY(insert.Bind(product.row, ProductWords(product)).Run());
  }
  EVERTILL_ASSIGN(auto put, db.Prepare("INSERT OR REPLACE INTO meta(key, value) VALUES ('search_version', ?1)"));
  return put.Bind(SearchVersion()).Run();
}

}  // namespace

base::Expected<std::unique_ptr<CatalogueStore>> CatalogueStore::Open(const std::filesystem::path& path,
                                                                     domain::Currency currency,
                                                                     const base::Clock& clock) {
  sqlite::OpenOptions writing;
  writing.wal_autocheckpoint_pages = 0;
  writing.cache_kib = 32 * 1024;
  EVERTILL_ASSIGN(auto writer, sqlite::Connection::Open(path, writing));
  EVERTILL_TRY(sqlite::Migrate(writer, CatalogueMigrations(), clock));
  {
    EVERTILL_ASSIGN(auto transaction, sqlite::Transaction::Begin(writer));
    EVERTILL_TRY(EnsureSearchVersion(writer, currency));
    EVERTILL_TRY(transaction.Commit());
  }
  sqlite::OpenOptions reading;
  reading.mode = sqlite::OpenMode::kReadOnly;
  reading.mmap_bytes = kReaderMap;  // address space; only pages that are read become memory
  EVERTILL_ASSIGN(auto reader, sqlite::Connection::Open(path, reading));
  return std::unique_ptr<CatalogueStore>(new CatalogueStore(std::move(writer), std::move(reader), currency));
}

base::Expected<std::optional<Product>> CatalogueStore::FindByBarcode(std::string_view barcode) {
  const std::lock_guard lock(reader_mutex_);
  EVERTILL_ASSIGN(auto query, reader_.Prepare(kByBarcode));
  EVERTILL_ASSIGN(const bool found, query.Bind(barcode).Step());
  if (!found) return std::optional<Product>();
  return std::optional(ReadProduct(query, currency_));
}

base::Expected<std::vector<Product>> CatalogueStore::Search(std::string_view text, int limit) {
  limit = std::clamp(limit, 1, kMostFound);
  std::vector<Product> found;
  const std::string expression = MatchExpression(text);
  if (expression.empty()) return found;
  const std::lock_guard lock(reader_mutex_);
  {
    EVERTILL_ASSIGN(auto words, reader_.Prepare(kByWords));
    words.Bind(expression, kLookedAt);
    if (auto collected = Collect(words, currency_, found); !collected) {
      // Unicode tables of ICU and SQLite differ in a few rare characters: such a word is found by nobody.
      if (!collected.error().Is(sqlite::SqliteErrc::kOther)) return base::Fail(std::move(collected.error()));
      base::LogDebug("search: {}", collected.error().ToString());
      found.clear();
    }
  }
  OrderByName(found, text);
  std::vector<Product> codes;
  const std::string start(text);
  for (const auto sql : {kByStart, kBySku}) {
    EVERTILL_ASSIGN(auto query, reader_.Prepare(sql));
    query.Bind(start, EndOfRange(start), limit);
    EVERTILL_TRY(Collect(query, currency_, codes));
  }
  for (auto& product : found) {
    const auto same = [&](const Product& other) { return other.row == product.row; };
    if (std::none_of(codes.begin(), codes.end(), same)) codes.push_back(std::move(product));
  }
  if (codes.size() > static_cast<size_t>(limit)) codes.erase(codes.begin() + limit, codes.end());
  return codes;
}

base::Expected<int64_t> CatalogueStore::Count() {
  const std::lock_guard lock(reader_mutex_);
  EVERTILL_ASSIGN(auto query, reader_.Prepare("SELECT count(*) FROM product"));
  EVERTILL_ASSIGN(const bool row, query.Step());
  return row ? query.Int(0) : 0;
}

base::Status CatalogueStore::Apply(std::span<const Product> products, std::span<const std::string> removed) {
  const std::lock_guard lock(writer_mutex_);
  const size_t all = products.size() + removed.size();
  for (size_t from = 0; from < all; from += kRowsAtOnce) {
    EVERTILL_ASSIGN(auto transaction, sqlite::Transaction::Begin(writer_));
    ProductWriter put(writer_, currency_, false);
    for (size_t i = from; i < std::min(all, from + kRowsAtOnce); ++i) {
      if (i < products.size()) {
        EVERTILL_TRY(put.Put(products[i], ProductWords(products[i])));
      } else {
        EVERTILL_TRY(put.Remove(removed[i - products.size()]));
      }
    }
    EVERTILL_TRY(transaction.Commit());
  }
  return all == 0 ? base::Status() : writer_.Checkpoint(sqlite::CheckpointMode::kPassive);
}

base::Expected<std::unique_ptr<CatalogueStore::Session>> CatalogueStore::BeginImport() {
  std::unique_lock lock(writer_mutex_);
  EVERTILL_ASSIGN(auto transaction, sqlite::Transaction::Begin(writer_));
  bool any = false;
  {
    EVERTILL_ASSIGN(auto query, writer_.Prepare("SELECT 1 FROM product LIMIT 1"));
    EVERTILL_ASSIGN(any, query.Step());
  }
  return std::make_unique<Session>(std::move(lock), std::move(transaction), writer_, !any);
}

base::Status CatalogueStore::Session::Commit() {
  EVERTILL_TRY(transaction_.Commit());
  return db_.Checkpoint(sqlite::CheckpointMode::kPassive);
}

std::string ProductWords(const Product& product) {
  std::string words = WordsOf(product.name);
  for (const auto& [language, name] : product.names) {
    if (name == product.name) continue;
    words += ' ';
    words += WordsOf(name);
  }
  return words;
}

base::Expected<std::optional<Product>> ProductWriter::Existing(std::string_view barcode) {
  if (all_new_) return std::optional<Product>();
  EVERTILL_ASSIGN(auto query, db_.Prepare(kByBarcode));
  EVERTILL_ASSIGN(const bool found, query.Bind(barcode).Step());
  if (!found) return std::optional<Product>();
  return std::optional(ReadProduct(query, currency_));
}

base::Status ProductWriter::TakeOutOfSearch(const Product& product) {
  EVERTILL_ASSIGN(auto remove, db_.Prepare("INSERT INTO search(search, rowid, words) VALUES ('delete', ?1, ?2)"));
  return remove.Bind(product.row, ProductWords(product)).Run();
}

base::Expected<ProductWriter::Outcome> ProductWriter::Put(const Product& product, const std::string& words) {
  EVERTILL_ASSIGN(const auto existing, Existing(product.barcode));
  if (existing && SameProduct(*existing, product)) return Outcome::kSame;
  int64_t row = 0;
  if (existing) {
    row = existing->row;
    EVERTILL_TRY(TakeOutOfSearch(*existing));
    EVERTILL_ASSIGN(auto update, db_.Prepare("UPDATE product SET sku = ?2, name = ?3, name_en = ?4, name_th = ?5, "
                                             "name_vi = ?6, price = ?7, price_source = ?8, tax_code = ?9, "
                                             "category = ?10, unit = ?11, min_age = ?12 WHERE barcode = ?1"));
    BindProduct(update, product);
    EVERTILL_TRY(update.Run());
  } else {
    EVERTILL_ASSIGN(
        auto insert,
        db_.Prepare("INSERT INTO product(barcode, sku, name, name_en, name_th, name_vi, price, price_source, "
                    "tax_code, category, unit, min_age) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"));
    BindProduct(insert, product);
    EVERTILL_TRY(insert.Run());
    row = db_.LastInsertRowid();
  }
  EVERTILL_ASSIGN(auto index, db_.Prepare("INSERT INTO search(rowid, words) VALUES (?1, ?2)"));
  EVERTILL_TRY(index.Bind(row, words).Run());
  return existing ? Outcome::kChanged : Outcome::kAdded;
}

base::Status ProductWriter::Remove(std::string_view barcode) {
  EVERTILL_ASSIGN(const auto existing, Existing(barcode));
  if (!existing) return {};
  EVERTILL_TRY(TakeOutOfSearch(*existing));
  EVERTILL_ASSIGN(auto remove, db_.Prepare("DELETE FROM product WHERE row = ?1"));
  return remove.Bind(existing->row).Run();
}

}  // namespace evertill::store
