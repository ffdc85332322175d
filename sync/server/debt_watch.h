#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "sync/server/till_desk.h"

namespace evertill::server {

/// Who falls into debt by what is posted next: somebody should know. In the caller's transaction.
class DebtWatch {
 public:
  /// Looks at the owners (canonical ids) of these members, before anything is posted.
  [[nodiscard]] static base::Expected<DebtWatch> Over(Store& store, const std::set<std::string>& members);
  /// Looks at those from whom these entries take something.
  [[nodiscard]] static base::Expected<DebtWatch> Over(Store& store, std::span<const LedgerEntry> entries);
  /// A line in the inbox for each who owed nothing then and owes something now. `why`: what was posted.
  [[nodiscard]] base::Status Tell(Store& store, const DeskParts& desk, const std::string& why) const;

 private:
  std::vector<std::string> without_debt_;
};

}  // namespace evertill::server
