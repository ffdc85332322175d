#pragma once

#include "app/checkout/ports.h"
#include "app/checkout/sync_port.h"
#include "app/store/database.h"

namespace evertill::store {

/// The members that this till knows. Names, phones and cards are sealed; look-up is by keyed hashes.
class MemberTable final : public checkout::Members {
 public:
  explicit MemberTable(Database& database) : database_(database) {}
  [[nodiscard]] base::Expected<std::optional<checkout::MemberRecord>> FindByCard(std::string_view card) override;
  [[nodiscard]] base::Expected<std::optional<checkout::MemberRecord>> FindByPhone(std::string_view phone) override;
  [[nodiscard]] base::Expected<std::optional<checkout::MemberRecord>> Find(domain::MemberId id) override;

 private:
  Database& database_;
};

/// The member's key in this database; nothing when unknown.
[[nodiscard]] base::Expected<std::optional<int64_t>> MemberRow(sqlite::Connection& db, const domain::MemberId& id);
/// The same, with a bare row made for a member that is only known by id.
[[nodiscard]] base::Expected<int64_t> EnsureMemberRow(sqlite::Connection& db, const domain::MemberId& id);
/// Reads one member with their points on an open connection.
[[nodiscard]] base::Expected<std::optional<checkout::MemberRecord>> LoadMember(sqlite::Connection& db, const Keys& keys,
                                                                               const domain::MemberId& id);
/// Writes name, phone, card, language and consents. Points are left alone.
[[nodiscard]] base::Status PutMember(sqlite::Connection& db, const Keys& keys, base::Random& random,
                                     const checkout::MemberRecord& member);
/// Writes all of what head office said of one member, erasure included.
[[nodiscard]] base::Status PutMemberChange(sqlite::Connection& db, const Keys& keys, base::Random& random,
                                           const checkout::MemberChange& change);
/// kPhoneTaken or kCardTaken when another member has them.
[[nodiscard]] base::Status CheckFree(sqlite::Connection& db, const Keys& keys, const checkout::MemberRecord& member);

}  // namespace evertill::store
