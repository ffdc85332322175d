#include "sync/server/admin.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

/// Names and phone numbers will stand in it unsealed: the folder (where there was none) 0700, the file 0600 before
/// SQLite opens it, so that the files that SQLite puts beside it get the same. What fails here fails again on opening.
void MakePrivate(const std::filesystem::path& database) {
  const std::filesystem::path folder = database.parent_path();
  if (!folder.empty()) {
    std::error_code ignored;
    if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), ignored);
    ::mkdir(folder.c_str(), 0700);
  }
  const int file = ::open(database.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  ::fchmod(file, 0600);
  ::close(file);
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
  MakePrivate(database);
  EVERTILL_ASSIGN(const auto store, OpenSqliteStore(database, StoreAccess::kCreate, clock));
  InitResult result;
  const auto set_up = [&]() -> base::Status {
    EVERTILL_TRY(SetUp(*store, JoinWords(hosts), result, clock, random));
    // Inside: without keys there is no head office, and `init` can be run again.
    EVERTILL_TRY(LoadOrCreateKeys(KeyFolderFor(database), hosts, clock, random));
    return {};
  };
  EVERTILL_TRY(InTransaction(*store, set_up));
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

base::Expected<Columns> ReadHead(CsvReader& reader, const std::string& file, size_t& width) {
  std::vector<std::string> head;
  Columns columns;
  if (reader.Next(head) && !reader.Broken()) {
    width = head.size();
    for (size_t i = 0; i < width; ++i) columns.emplace(head[i], i);
  }
  for (const char* needed : {"barcode", "name", "price"}) {
    if (!columns.contains(needed)) {
      return base::Fail(ServerErrc::kImport, file + " line 1: the header needs the columns barcode,name,price");
    }
  }
  return columns;
}

/// The file's text; kImport with the true reason and its name otherwise.
base::Expected<std::string> ReadCatalogueFile(const std::filesystem::path& file) {
  const auto refuse = [&file](const std::string& why) {
    return base::Fail(ServerErrc::kImport, file.string() + ": " + why);
  };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error) return refuse(error.message());
  if (std::filesystem::is_directory(status)) return refuse("is a directory");
  auto text = ReadTextFile(file);
  if (!text) return refuse("cannot be read");
  for (const std::string_view mark : {"\xFD"
                                      "7zXZ",
                                      "\x1F\x8B", "BZh", "PK\x03\x04", "\x28\xB5\x2F\xFD"}) {
    if (text->starts_with(mark)) return refuse("packed files are read by tills only; unpack it first");
  }
  return *std::move(text);
}

/// Columns that the file does not have say nothing: what head office knew stays, and tills keep it.
void KeepUntold(const Columns& columns, const wire::ProductChange& known, wire::ProductChange& product) {
  if (!columns.contains("sku")) product.sku = known.sku;
  if (!columns.contains("category")) product.category = known.category;
  if (!columns.contains("tax")) product.tax_code = known.tax_code;
  if (!columns.contains("unit")) product.by_weight = known.by_weight;
  if (!columns.contains("min_age")) product.min_age = known.min_age;
  for (const auto& [language, name] : known.names) {
    if (!columns.contains("name_" + language)) product.names[language] = name;
  }
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
                    size_t width, wire::ProductChange& product) {
  if (fields.size() > width) {
    return std::to_string(fields.size()) + " fields where the header has " + std::to_string(width) +
           "; a comma in a text needs quotes";
  }
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
  EVERTILL_ASSIGN(const std::string text, ReadCatalogueFile(file));
  CsvReader reader(text);
  size_t width = 0;
  EVERTILL_ASSIGN(const Columns columns, ReadHead(reader, file.string(), width));
  ImportReport report;
  std::vector<wire::ProductChange> products;
  std::set<std::string> seen;
  std::vector<std::string> fields;
  while (reader.Next(fields)) {
    ++report.rows;
    wire::ProductChange product;
    std::string problem =
        reader.Broken() ? "a quote that is not closed" : ReadRow(fields, columns, currency, width, product);
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
    for (wire::ProductChange& product : products) {
      EVERTILL_ASSIGN(const auto known, store.FindProduct(product.barcode, product.currency));
      if (known) KeepUntold(columns, *known, product);
      EVERTILL_TRY(store.PutProduct(product));
    }
    return store.Audit(now, "operator", "catalogue_import", std::to_string(report.taken) + " rows");
  };
  EVERTILL_TRY(InTransaction(store, put_all));
  return report;
}

}  // namespace evertill::server
