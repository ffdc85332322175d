#pragma once

#include <optional>
#include <vector>

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
/// Against what head office's figures are measured.
struct FigureContext {
  int64_t epoch = 0;           ///< counter of head office's life
  int64_t stand_in_floor = 0;  ///< the last place that every life of head office since then has
  int64_t head_place = 0;      ///< of the journal here
  loyalty::Safeguards safeguards = {};
};
/// Writes all of what head office said of one member, erasure included. Figures never go back.
[[nodiscard]] base::Status PutMemberChange(sqlite::Connection& db, const Keys& keys, base::Random& random,
                                           const checkout::MemberChange& change, const FigureContext& context);
/// Forgets who the member is; points stay.
[[nodiscard]] base::Status EraseMember(sqlite::Connection& db, const domain::MemberId& id);
/// kBadStored when there is no such row.
[[nodiscard]] base::Expected<domain::MemberId> MemberIdOf(sqlite::Connection& db, int64_t row);
/// The row and those of all members that were merged into it.
[[nodiscard]] base::Expected<std::vector<int64_t>> MergedRows(sqlite::Connection& db, int64_t row);
/// Whom a signed card names; nothing when unknown here.
[[nodiscard]] base::Expected<std::optional<domain::MemberId>> MemberOfPseudonym(sqlite::Connection& db,
                                                                                crypto::ByteView pseudonym);
/// For rows that an older version wrote.
[[nodiscard]] base::Status FillPseudonyms(Database& database);
/// The key under which a printed card's number is looked up; nothing for no number.
[[nodiscard]] std::optional<crypto::Bytes> CardKey(const Keys& keys, std::string_view card);
/// kPhoneTaken or kCardTaken when another member has them.
[[nodiscard]] base::Status CheckFree(sqlite::Connection& db, const Keys& keys, const checkout::MemberRecord& member);

}  // namespace evertill::store
