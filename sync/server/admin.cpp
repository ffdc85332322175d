#include "sync/server/admin.h"

#include <charconv>
#include <map>
#include <set>

#include "app/base/uuid.h"
#include "app/domain/money.h"
#include "app/domain/text.h"
#include "sync/server/access.h"
#include "sync/server/csv.h"
#include "sync/server/errors.h"
#include "sync/server/sqlite_session.h"

namespace evertill::server {

namespace {

constexpr size_t kMostProblems = 1000;

base::Status SetUp(Store& store, const std::string& hosts, InitResult& result, const base::Clock& clock,
                   base::Random& random) {
  EVERTILL_ASSIGN(const auto known, store.Meta("epoch"));
  if (known) return base::Fail(ServerErrc::kAlreadyInitialised, "this database was set up before; nothing was changed");
  result.epoch.counter = 1;
  result.epoch.random.resize(16);
  random.Fill({reinterpret_cast<uint8_t*>(result.epoch.random.data()), result.epoch.random.size()});
  EVERTILL_TRY(store.SetMeta("epoch", result.epoch.ToString()));
  EVERTILL_TRY(store.SetMeta("hosts", hosts));
  EVERTILL_ASSIGN(result.first_admin_code, MakeFirstAdminCode(store, clock.Now(), random));
  return store.Audit(clock.Now(), "operator", "init", result.epoch.ToString());
}

}  // namespace

base::Status InTransaction(Store& store, const std::function<base::Status()>& work) {
  EVERTILL_TRY(store.Begin());
  if (base::Status done = work(); !done) {
    store.Rollback();
    return done;
  }
  return store.Commit();
}

base::Expected<InitResult> Initialise(const std::filesystem::path& database, const std::vector<std::string>& hosts,
                                      const base::Clock& clock, base::Random& random) {
  std::error_code error;
  if (database.has_parent_path()) std::filesystem::create_directories(database.parent_path(), error);
  EVERTILL_ASSIGN(const auto store, OpenSqliteStore(database, StoreAccess::kCreate, clock));
  InitResult result;
  const auto set_up = [&]() -> base::Status {
    EVERTILL_TRY(SetUp(*store, JoinWords(hosts), result, clock, random));
    // Inside: without keys there is no head office, and `init` can be run again.
    EVERTILL_TRY(LoadOrCreateKeys(KeyFolderFor(database), hosts, clock, random));
    return {};
  };
  EVERTILL_TRY(InTransaction(*store, set_up));
  std::filesystem::permissions(database, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               error);
  return result;
}

base::Expected<wire::Epoch> LoadEpoch(Store& store) {
  EVERTILL_ASSIGN(const auto text, store.Meta("epoch"));
  const auto epoch = wire::Epoch::Parse(text.value_or(""));
  if (!epoch) return base::Fail(ServerErrc::kNotInitialised, "run: evertill-hq init");
  return *epoch;
}

base::Expected<std::vector<std::string>> LoadHosts(Store& store) {
  EVERTILL_ASSIGN(const auto text, store.Meta("hosts"));
  return SplitWords(text.value_or("localhost,127.0.0.1"));
}

namespace {

/// Where each column is, by its name in the head line.
using Columns = std::map<std::string, size_t, std::less<>>;

base::Expected<Columns> ReadHead(CsvReader& reader, const std::string& file) {
  std::vector<std::string> head;
  Columns columns;
  if (reader.Next(head) && !reader.Broken()) {
    for (size_t i = 0; i < head.size(); ++i) columns.emplace(head[i], i);
  }
  for (const char* needed : {"barcode", "name", "price"}) {
    if (!columns.contains(needed)) {
      return base::Fail(ServerErrc::kImport, file + " line 1: the header needs the columns barcode,name,price");
    }
  }
  return columns;
}

/// What is wrong with the columns that a row need not have; empty when they were read into `product`.
std::string ReadOptional(const std::function<std::string(std::string_view)>& field, wire::ProductChange& product) {
  product.sku = domain::CleanText(field("sku"));
  product.category = domain::CleanText(field("category"));
  product.tax_code = domain::CleanText(field("tax"));
  if (product.sku.size() > 64 || product.category.size() > 200 || product.tax_code.size() > 16) {
    return "a sku, category or tax code is too long";
  }
  const std::string unit = field("unit");
  if (unit != "" && unit != "each" && unit != "kg") return "unit is each or kg";
  product.by_weight = unit == "kg";
  if (const std::string age = field("min_age"); !age.empty()) {
    const auto [end, error] = std::from_chars(age.data(), age.data() + age.size(), product.min_age);
    if (error != std::errc() || end != age.data() + age.size() || product.min_age < 0 || product.min_age > 150) {
      return "min_age is a number of years";
    }
  }
  for (const char* language : {"en", "th", "vi"}) {
    const std::string name = domain::CleanText(field("name_" + std::string(language)));
    if (name.size() > 1000) return "a name has 1 to 1000 bytes";
    if (!name.empty()) product.names[language] = name;
  }
  return {};
}

/// What is wrong with a row; empty when it was read into `product`.
std::string ReadRow(const std::vector<std::string>& fields, const Columns& columns, domain::Currency currency,
                    wire::ProductChange& product) {
  const auto field = [&](std::string_view name) {
    const auto found = columns.find(name);
    return found == columns.end() || found->second >= fields.size() ? std::string() : fields[found->second];
  };
  product.barcode = field("barcode");
  product.name = domain::CleanText(field("name"));
  product.currency = currency.Code();
  if (product.barcode.empty() || product.barcode.size() > 64) return "a barcode has 1 to 64 characters";
  if (!domain::IsValidUtf8(product.barcode) || domain::CleanText(product.barcode) != product.barcode) {
    return "the barcode has characters that no scanner sends";
  }
  if (product.name.empty() || product.name.size() > 1000) return "a name has 1 to 1000 bytes";
  const auto price = domain::Money::Parse(field("price"), currency);
  if (!price) return "price \"" + domain::CleanText(field("price").substr(0, 40)) + "\": " + price.error().ToString();
  if (price->IsNegative()) return "a negative price";
  product.price_minor = price->Minor();
  return ReadOptional(field, product);
}

base::Expected<domain::Currency> ChooseCurrency(Store& store, const std::string& asked) {
  if (!asked.empty()) return domain::Currency::Find(asked);
  EVERTILL_ASSIGN(const auto stores, store.Stores());
  std::set<std::string> known;
  for (const StoreRow& row : stores) {
    if (!row.currency.empty()) known.insert(row.currency);
  }
  if (known.size() == 1) return domain::Currency::Find(*known.begin());
  return base::Fail(ServerErrc::kBadArgument, "give --currency: it does not follow from the stores that are known");
}

}  // namespace

base::Expected<ImportReport> ImportCatalogue(Store& store, const std::filesystem::path& file, std::string currency_code,
                                             base::Instant now) {
  EVERTILL_ASSIGN(const domain::Currency currency, ChooseCurrency(store, currency_code));
  auto text = ReadTextFile(file);
  if (!text) return base::Fail(ServerErrc::kImport, file.string() + ": cannot be read");
  CsvReader reader(*text);
  EVERTILL_ASSIGN(const Columns columns, ReadHead(reader, file.string()));
  ImportReport report;
  std::vector<wire::ProductChange> products;
  std::set<std::string> seen;
  std::vector<std::string> fields;
  while (reader.Next(fields)) {
    ++report.rows;
    wire::ProductChange product;
    std::string problem = reader.Broken() ? "a quote that is not closed" : ReadRow(fields, columns, currency, product);
    if (problem.empty() && !seen.insert(product.barcode).second)
      problem = "barcode " + product.barcode + " a second time";
    if (problem.empty()) {
      products.push_back(std::move(product));
    } else if (report.problems.size() < kMostProblems) {
      report.problems.push_back("line " + std::to_string(reader.Line()) + ": " + problem);
    }
  }
  report.taken = static_cast<int64_t>(products.size());
  const auto put_all = [&]() -> base::Status {
    for (const wire::ProductChange& product : products) EVERTILL_TRY(store.PutProduct(product));
    return store.Audit(now, "operator", "catalogue_import", std::to_string(report.taken) + " rows");
  };
  EVERTILL_TRY(InTransaction(store, put_all));
  return report;
}

}  // namespace evertill::server
