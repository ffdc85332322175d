#pragma once

#include "app/checkout/ports.h"
#include "app/store/database.h"

namespace evertill::store {

/// Receipts that wait for paper, and how each ended. Any thread.
class PrintTable final : public checkout::PrintQueue {
 public:
  explicit PrintTable(Database& database) : database_(database) {}
  [[nodiscard]] base::Expected<std::vector<checkout::PrintRecord>> Waiting() override;
  [[nodiscard]] base::Status SetPrintState(const checkout::PrintRecord& record) override;
  [[nodiscard]] base::Expected<std::optional<checkout::PrintRecord>> PrintStateOf(
      const domain::ReceiptNumber& receipt) override;

 private:
  Database& database_;
};

/// At a start: when the machine went down without closing the store, what waited may have been printed with the news of
/// it lost. Such receipts become "unknown", so that none is printed twice by itself.
[[nodiscard]] base::Status NoteStart(Database& database, const std::string& boot_id);
/// At an orderly end, so that the next start knows that nothing was lost.
[[nodiscard]] base::Status NoteEnd(Database& database);
/// The kernel's id of this boot; empty where there is none.
[[nodiscard]] std::string MachineBootId();

}  // namespace evertill::store
