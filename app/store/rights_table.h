#pragma once

#include "app/checkout/ports.h"
#include "app/checkout/rights_port.h"
#include "app/store/database.h"

namespace evertill::store {

/// A till's rights to spend points, for the counter: what it holds of a member, who the member is for certain, and
/// what open baskets keep for themselves.
class RightsTable final : public checkout::Rights {
 public:
  RightsTable(Database& database, checkout::Rules& rules) : database_(database), rules_(rules) {}

  [[nodiscard]] base::Expected<checkout::CardRead> ReadCard(std::string_view text) override;
  [[nodiscard]] base::Expected<checkout::PointsHere> Look(domain::MemberId member, checkout::CardLevel level,
                                                          domain::EventId sale) override;
  [[nodiscard]] base::Status CheckPin(domain::MemberId member, std::string_view pin) override;
  [[nodiscard]] base::Expected<checkout::Funding> Fund(domain::MemberId member, checkout::CardLevel level,
                                                       domain::EventId sale, int64_t points,
                                                       const std::optional<checkout::HoldAnswer>& hold,
                                                       bool refused_online) override;
  [[nodiscard]] base::Status BeginReserve(domain::MemberId member, domain::EventId sale, int64_t points) override;
  [[nodiscard]] base::Status Release(domain::EventId sale) override;
  [[nodiscard]] base::Status ReleaseAllBut(domain::EventId open_sale) override;
  [[nodiscard]] base::Expected<RefundedSoFar> Refunded(domain::EventId sale) override;

 private:
  [[nodiscard]] base::Status KeepClock();
  [[nodiscard]] base::Status UseCode(domain::MemberId member, std::string_view serial, int64_t step);
  Database& database_;
  checkout::Rules& rules_;
};

/// Puts an event that only this library writes at the end of the chain.
[[nodiscard]] base::Status AppendOwn(Database& database, Database::Change& change, domain::LedgerCore core,
                                     std::string ext);

}  // namespace evertill::store
