#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/store/catalogue.h"

namespace evertill::store {

struct ImportProgress {
  uint64_t bytes_done = 0;
  uint64_t bytes_total = 0;  ///< of the file as it is on the disk, packed or not
  int64_t rows = 0;
};

struct ImportOptions {
  std::string format = "auto";
  std::string store_name;  ///< chooses among prices per store
  bool dry_run = false;    ///< does everything but keep it
  /// Called about every ten thousand rows, on the calling thread.
  std::function<void(const ImportProgress&)> progress = {};
};

struct ImportIssue {
  int64_t line = 0;
  std::string reason;
};

struct ImportReport {
  std::string format;
  int64_t rows = 0;  ///< records after the header
  int64_t added = 0;
  int64_t changed = 0;
  int64_t same = 0;
  int64_t refused = 0;
  int64_t derived_prices = 0;         ///< among those taken
  std::vector<ImportIssue> issues;    ///< the first kMostIssues refused rows, in order of their lines
  std::vector<ImportIssue> warnings;  ///< rows that were taken but changed; the first kMostIssues
  std::vector<std::string> notes;
  bool dry_run = false;
  static constexpr size_t kMostIssues = 10'000;
};

/// Reads a CSV file (also packed as .xz) into the catalogue in one transaction. Rows that cannot be used are reported
/// and skipped; products that are not in the file stay. Any error (file, header, disk) leaves the catalogue as it was.
/// One thread unpacks, reads, checks and cuts words, the calling one writes.
[[nodiscard]] base::Expected<ImportReport> ImportCatalogue(CatalogueStore& catalogue, const std::filesystem::path& file,
                                                           const ImportOptions& options);

}  // namespace evertill::store
