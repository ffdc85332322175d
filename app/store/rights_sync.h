#pragma once

#include <set>

#include "app/checkout/rights_sync_port.h"
#include "app/loyalty/grant.h"
#include "app/store/database.h"

namespace evertill::store {

class SyncTable;

/// A till's rights to spend points, for synchronising: how they come, how they are given back. Any thread.
class RightsSyncTable final : public checkout::RightsSync {
 public:
  RightsSyncTable(Database& database, SyncTable& sync) : database_(database), sync_(sync) {}

  [[nodiscard]] base::Status RecordHello(const checkout::HelloFacts& facts) override;
  [[nodiscard]] base::Expected<int64_t> GiveBack(const std::vector<std::string>& recalled_grants) override;
  [[nodiscard]] base::Expected<int64_t> AcceptGrants(const std::vector<checkout::SignedText>& grants) override;
  [[nodiscard]] base::Expected<int64_t> AcceptPermits(const std::vector<checkout::SignedText>& permits) override;
  [[nodiscard]] base::Status ReturnPermits(const std::vector<std::string>& ids) override;
  [[nodiscard]] base::Status PutSecrets(const std::vector<checkout::MemberSecret>& secrets) override;
  [[nodiscard]] base::Status PutRevocations(const checkout::SignedText& list) override;
  [[nodiscard]] base::Expected<checkout::SignedText> Revocations() override;
  [[nodiscard]] base::Expected<int64_t> RevocationsVersion() override;
  [[nodiscard]] base::Expected<std::string> LifeRequestId() override;
  [[nodiscard]] base::Status BeginLife(const checkout::NewLife& life) override;

 private:
  Database& database_;
  SyncTable& sync_;
};

}  // namespace evertill::store
