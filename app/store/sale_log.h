#pragma once

#include <atomic>

#include "app/checkout/ports.h"
#include "app/store/database.h"

namespace evertill::store {

/// One line of `receipt list`.
struct ReceiptRow {
  domain::ReceiptNumber receipt;
  base::Instant at;
  domain::Money total;
  int64_t lines = 0;
  int64_t seq = 0;
  checkout::PrintState print = checkout::PrintState::kUnknown;
  bool wants_print = false;  ///< false: nobody asked for paper, and `print` says nothing
};

/// Where line or tender `number` of a sale stands in sale_line and sale_tender.
[[nodiscard]] int64_t SaleRowKey(int64_t sale, int number);

/// Sales and everything else that the journal keeps.
class SaleTable final : public checkout::SaleLog {
 public:
  [[nodiscard]] static base::Expected<std::unique_ptr<SaleTable>> Open(Database& database, domain::Currency currency);

  [[nodiscard]] base::Expected<domain::Sale> CommitSale(domain::Sale sale, std::vector<domain::Posting> postings,
                                                        int64_t rules_version, bool wants_receipt) override;
  [[nodiscard]] base::Status CommitEvent(const checkout::EventDraft& event) override;
  [[nodiscard]] base::Status CommitEnrolment(const checkout::MemberRecord& member,
                                             const checkout::EventDraft& event) override;
  [[nodiscard]] base::Status CommitShiftOpen(const checkout::ShiftRecord& shift,
                                             const checkout::EventDraft& event) override;
  [[nodiscard]] base::Expected<std::optional<checkout::ShiftRecord>> OpenShift() override;
  [[nodiscard]] base::Expected<std::optional<domain::Sale>> FindSale(const domain::ReceiptNumber& receipt) override;
  [[nodiscard]] base::Expected<std::optional<domain::Sale>> LastSale() override;
  [[nodiscard]] base::Expected<domain::ReceiptNumber> NextReceipt() override;

  /// Newest first; all when `limit` is 0.
  [[nodiscard]] base::Expected<std::vector<ReceiptRow>> List(int64_t limit);

 private:
  SaleTable(Database& database, domain::Currency currency) : database_(database), currency_(currency) {}
  [[nodiscard]] base::Status WriteEvent(const checkout::EventDraft& draft,
                                        const std::function<base::Status(Database::Change&)>& with);
  [[nodiscard]] base::Expected<std::optional<domain::Sale>> Load(std::optional<int64_t> number);

  Database& database_;
  const domain::Currency currency_;
};

}  // namespace evertill::store
