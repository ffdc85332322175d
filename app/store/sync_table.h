#pragma once

#include "app/checkout/sync_port.h"
#include "app/store/catalogue.h"
#include "app/store/database.h"

namespace evertill::store {

/// What synchronising needs: the journal's tail, cursors, enrolment, and where pulled products and members go. Any
/// thread.
class SyncTable final : public checkout::SyncStore {
 public:
  SyncTable(Database& database, CatalogueStore& catalogue) : database_(database), catalogue_(catalogue) {}

  [[nodiscard]] base::Expected<checkout::TillIdentity> Identity() override;
  [[nodiscard]] base::Expected<std::optional<checkout::Enrolment>> GetEnrolment() override;
  [[nodiscard]] base::Status SetEnrolment(const checkout::Enrolment& enrolment, const domain::Terminal& terminal,
                                          const std::string& store_name) override;
  [[nodiscard]] base::Status SetEpoch(const checkout::Epoch& epoch) override;
  [[nodiscard]] base::Expected<checkout::SyncCursor> Cursor() override;
  [[nodiscard]] base::Expected<std::vector<checkout::OutboxEvent>> EventsAfter(int64_t after, int limit) override;
  [[nodiscard]] base::Expected<int64_t> PlaceOf(int64_t incarnation, int64_t seq) override;
  [[nodiscard]] base::Expected<domain::EventHash> HashAt(int64_t seq) override;
  [[nodiscard]] base::Expected<std::string> PublicKey() override;
  [[nodiscard]] base::Expected<std::string> SignHead(int64_t seq) override;
  [[nodiscard]] base::Expected<std::string> SignLife(std::string_view text) override;
  /// At the start: signs the head, which vouches for what was written after the last signature. Not when signatures are
  /// gone that head office has seen: a new one would hide that, and VerifyTill() tells of it.
  [[nodiscard]] base::Status SignTail();
  [[nodiscard]] base::Status RecordAck(int64_t acked_seq, int64_t durable_seq, base::Instant at) override;
  [[nodiscard]] base::Status RewindTo(int64_t acked_seq) override;
  [[nodiscard]] base::Status ApplyChanges(const checkout::ChangeSet& changes) override;
  [[nodiscard]] base::Expected<int64_t> PendingSales() override;

 private:
  Database& database_;
  CatalogueStore& catalogue_;
};

}  // namespace evertill::store
