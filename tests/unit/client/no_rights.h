#pragma once

#include "app/checkout/rights_sync_port.h"

namespace evertill::test {

/// A till whose members have no points here: nothing to give back, nothing that it would keep.
class NoRights final : public checkout::RightsSync {
 public:
  base::Status RecordHello(const checkout::HelloFacts&) override {
    ++hellos;
    return {};
  }
  base::Expected<int64_t> GiveBack(const std::vector<std::string>&) override { return 0; }
  base::Expected<int64_t> AcceptGrants(const std::vector<checkout::SignedText>&) override { return 0; }
  base::Expected<int64_t> AcceptPermits(const std::vector<checkout::SignedText>&) override { return 0; }
  base::Status ReturnPermits(const std::vector<std::string>&) override { return {}; }
  base::Status PutSecrets(const std::vector<checkout::MemberSecret>&) override { return {}; }
  base::Status PutRevocations(const checkout::SignedText&) override { return {}; }
  base::Expected<checkout::SignedText> Revocations() override { return checkout::SignedText{}; }
  base::Expected<int64_t> RevocationsVersion() override { return 0; }
  base::Expected<std::string> LifeRequestId() override { return std::string("r-1"); }
  base::Status BeginLife(const checkout::NewLife& life) override {
    lives.push_back(life);
    return {};
  }

  int hellos = 0;
  std::vector<checkout::NewLife> lives;
};

}  // namespace evertill::test
