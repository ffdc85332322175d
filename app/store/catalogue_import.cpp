#include "app/store/catalogue_import.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "app/store/csv_reader.h"
#include "app/store/errors.h"
#include "app/store/import_mapping.h"

namespace evertill::store {
namespace {

constexpr size_t kRowsInBatch = 1000;
constexpr size_t kBatchesAhead = 6;

struct Ready {
  domain::Product product;
  std::string words;
};

struct Batch {
  std::vector<Ready> products;
  std::vector<ImportIssue> issues;
  std::vector<ImportIssue> warnings;
  int64_t rows = 0;
  uint64_t bytes_done = 0;
};

/// From the reading thread to the writing one; bounded, so that memory is.
class BatchQueue {
 public:
  /// False when nobody wants more.
  bool Push(Batch batch) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return batches_.size() < kBatchesAhead || abandoned_; });
    if (abandoned_) return false;
    batches_.push_back(std::move(batch));
    filled_.notify_one();
    return true;
  }
  void Close(base::Status status) {
    const std::lock_guard lock(mutex_);
    status_ = std::move(status);
    closed_ = true;
    filled_.notify_one();
  }
  std::optional<Batch> Pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return !batches_.empty() || closed_; });
    if (batches_.empty()) return std::nullopt;
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
    room_.notify_one();
    return batch;
  }
  void Abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    room_.notify_one();
  }
  /// After Pop() gave nothing.
  base::Status TakeStatus() {
    const std::lock_guard lock(mutex_);
    return std::move(status_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable filled_;
  std::deque<Batch> batches_;
  base::Status status_;
  bool closed_ = false;
  bool abandoned_ = false;
};

/// Which barcodes were there already and on which line: 16 bytes for each, not its text. Two different barcodes are
/// taken for one with a chance of 1 in 50 million for a file of a million rows; then a row is refused, never a wrong
/// one taken.
class SeenBarcodes {
 public:
  SeenBarcodes() : slots_(1U << 12) {}
  /// The line on which it was first, or 0 when it is new.
  int64_t FirstLine(std::string_view barcode, int64_t line) {
    if (used_ * 2 >= slots_.size()) Grow();
    Slot& slot = Find(HashOf(barcode));
    if (slot.line != 0) return slot.line;
    slot = {HashOf(barcode), line};
    ++used_;
    return 0;
  }

 private:
  struct Slot {
    uint64_t hash = 0;
    int64_t line = 0;
  };
  static uint64_t HashOf(std::string_view text) { return std::hash<std::string_view>{}(text); }
  Slot& Find(uint64_t hash) {
    size_t at = hash & (slots_.size() - 1);
    while (slots_[at].line != 0 && slots_[at].hash != hash) at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }
  void Grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.line != 0) Find(slot.hash) = slot;
    }
  }
  std::vector<Slot> slots_;
  size_t used_ = 0;
};

void MapRow(const CsvRow& row, size_t columns, ImportMapping& mapping, SeenBarcodes& seen, Batch& batch) {
  ++batch.rows;
  if (row.problem != nullptr) {
    batch.issues.push_back({row.line, row.problem});
    return;
  }
  // Spreadsheets leave empty fields at the end of a row; a field that says something must have a column.
  if (std::any_of(row.fields.begin() + static_cast<std::ptrdiff_t>(std::min(columns, row.fields.size())),
                  row.fields.end(), [](std::string_view field) { return !field.empty(); })) {
    batch.issues.push_back(
        {row.line, std::to_string(row.fields.size()) + " fields, the header has " + std::to_string(columns)});
    return;
  }
  MappedRow mapped = mapping.Map(row.fields);
  if (!mapped.refused.empty()) {
    batch.issues.push_back({row.line, std::move(mapped.refused)});
    return;
  }
  if (const int64_t first = seen.FirstLine(mapped.product.barcode, row.line); first != 0) {
    batch.issues.push_back(
        {row.line, "duplicate barcode " + mapped.product.barcode + ", first on line " + std::to_string(first)});
    return;
  }
  if (!mapped.warning.empty()) batch.warnings.push_back({row.line, std::move(mapped.warning)});
  std::string words = ProductWords(mapped.product);
  batch.products.push_back({std::move(mapped.product), std::move(words)});
}

base::Status ReadAll(CsvReader& reader, size_t columns, ImportMapping& mapping, BatchQueue& queue) {
  SeenBarcodes seen;
  Batch batch;
  CsvRow row;
  for (;;) {
    EVERTILL_ASSIGN(const bool more, reader.Next(row));
    if (more) MapRow(row, columns, mapping, seen, batch);
    if (!more || batch.rows >= static_cast<int64_t>(kRowsInBatch)) {
      batch.bytes_done = reader.Source().Position();
      if (!queue.Push(std::move(batch))) return {};
      batch = Batch();
    }
    if (!more) return {};
  }
}

base::Status WriteBatch(ProductWriter& writer, Batch& batch, ImportReport& report) {
  for (auto& [product, words] : batch.products) {
    EVERTILL_ASSIGN(const auto outcome, writer.Put(product, words));
    report.derived_prices += product.price_derived ? 1 : 0;
    switch (outcome) {
      case ProductWriter::Outcome::kAdded:
        ++report.added;
        break;
      case ProductWriter::Outcome::kChanged:
        ++report.changed;
        break;
      case ProductWriter::Outcome::kSame:
        ++report.same;
        break;
    }
  }
  report.rows += batch.rows;
  report.refused += static_cast<int64_t>(batch.issues.size());
  for (auto& issue : batch.issues) {
    if (report.issues.size() < ImportReport::kMostIssues) report.issues.push_back(std::move(issue));
  }
  for (auto& warning : batch.warnings) {
    if (report.warnings.size() < ImportReport::kMostIssues) report.warnings.push_back(std::move(warning));
  }
  return {};
}

base::Status WriteAll(BatchQueue& queue, ProductWriter& writer, uint64_t bytes_total, const ImportOptions& options,
                      ImportReport& report) {
  constexpr int64_t kRowsBetweenNews = 10'000;
  int64_t told = 0;
  while (auto batch = queue.Pop()) {
    EVERTILL_TRY(WriteBatch(writer, *batch, report));
    if (options.progress && report.rows - told >= kRowsBetweenNews) {
      told = report.rows;
      options.progress({batch->bytes_done, bytes_total, report.rows});
    }
  }
  return queue.TakeStatus();
}

base::Expected<ImportReport> Import(CatalogueStore& catalogue, CsvReader& reader, const ImportOptions& options) {
  CsvRow header;
  EVERTILL_ASSIGN(const bool any, reader.Next(header));
  if (!any) return base::Fail(StoreErrc::kImportHeader, "the file is empty");
  if (header.problem != nullptr) return base::Fail(StoreErrc::kImportHeader, std::string("line 1: ") + header.problem);
  const MappingContext context{catalogue.GetCurrency(), domain::DefaultTaxScheme(catalogue.GetCurrency()),
                               options.store_name};
  EVERTILL_ASSIGN(const auto mapping, MakeMapping(options.format, header.fields, context));
  const size_t columns = header.fields.size();
  ImportReport report;
  report.format = mapping->Format();
  report.notes = mapping->Notes();
  report.dry_run = options.dry_run;
  const uint64_t bytes_total = reader.Source().Size();

  EVERTILL_ASSIGN(const auto session, catalogue.BeginImport());
  ProductWriter writer(session->Db(), catalogue.GetCurrency(), session->WasEmpty());
  BatchQueue queue;
  base::Status written;
  {
    std::thread reading([&] { queue.Close(ReadAll(reader, columns, *mapping, queue)); });
    written = WriteAll(queue, writer, bytes_total, options, report);
    queue.Abandon();
    reading.join();
  }
  EVERTILL_TRY(std::move(written));
  if (!options.dry_run) EVERTILL_TRY(session->Commit());
  if (options.progress) options.progress({bytes_total, bytes_total, report.rows});
  return report;
}

}  // namespace

base::Expected<ImportReport> ImportCatalogue(CatalogueStore& catalogue, const std::filesystem::path& file,
                                             const ImportOptions& options) {
  EVERTILL_ASSIGN(auto source, ByteSource::Open(file));
  CsvReader reader(std::move(source));
  auto report = Import(catalogue, reader, options);
  if (!report && report.error().Is(StoreErrc::kImportHeader)) {
    return base::Fail(std::move(report.error()).Within(file.string()));
  }
  return report;
}

}  // namespace evertill::store
