#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "sync/server/keys.h"
#include "sync/server/store.h"

namespace evertill::server {

/// What `init` made.
struct InitResult {
  std::string first_admin_code;
  wire::Epoch epoch;
};

/// Database, keys, authority and the first administrator's code. Seeds nobody and nothing. kAlreadyInitialised, and
/// nothing is changed, where it was done before.
[[nodiscard]] base::Expected<InitResult> Initialise(const std::filesystem::path& database,
                                                    const std::vector<std::string>& hosts, const base::Clock& clock,
                                                    base::Random& random);

/// What `serve` and the commands need of an initialised head office.
[[nodiscard]] base::Expected<wire::Epoch> LoadEpoch(Store& store);
[[nodiscard]] base::Expected<std::vector<std::string>> LoadHosts(Store& store);

/// Runs `work` in one transaction of `store`.
[[nodiscard]] base::Status InTransaction(Store& store, const std::function<base::Status()>& work);

/// What `verify` found.
struct VerifyReport {
  int64_t events = 0;
  int64_t chains = 0;
  int64_t parked = 0;
  std::vector<std::string> problems;  ///< one line each
};
/// Checks every chain (hashes, places, what lies beside), each till's head, every event's entries against its body,
/// that entries add up to zero, every kept balance, and that commit_seq has no gap.
[[nodiscard]] base::Expected<VerifyReport> Verify(Store& store);

struct ImportReport {
  int64_t rows = 0;
  int64_t taken = 0;
  std::vector<std::string> problems;  ///< "line 7: …", a row that was left out
};
/// The own format (header `barcode,name,price`; sku, category, tax, unit, min_age, name_en, name_th and name_vi where
/// there are any; other columns passed over), all rows in one transaction. A column that the file does not have changes
/// nothing of what head office knows; one that is there and empty says: none. `currency` may be empty where all stores
/// have the same. kImport when the file is none (a folder, a packed file).
[[nodiscard]] base::Expected<ImportReport> ImportCatalogue(Store& store, const std::filesystem::path& file,
                                                           std::string currency, base::Instant now);

}  // namespace evertill::server
