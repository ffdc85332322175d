#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sync/server/own_chain.h"
#include "sync/server/store.h"
#include "sync/server/till_desk.h"

/// What head office's own acts share. Every act runs in the caller's transaction, stands in head office's own chain and
/// in the audit trail.
namespace evertill::server {

/// Nobody moves more points than this by hand: it keeps every sum far from 64 bits.
inline constexpr int64_t kMostPointsByHand = 1'000'000'000'000;

/// The one member that an id, card number or phone number stands for, as their canonical id. kMemberUnknown;
/// kBadArgument when it is several people's.
[[nodiscard]] base::Expected<MemberRow> FindOneMember(Store& store, std::string_view id_card_or_phone);
/// The same, and not one who was erased.
[[nodiscard]] base::Expected<MemberRow> FindLivingMember(Store& store, std::string_view id_card_or_phone);

/// A reason as it stands in the log for ever: a code of a-z, 0-9, '-' and '_', at most 40, because the log may hold no
/// personal data. Capitals become small, spaces '-'. Empty stays empty. kBadArgument.
[[nodiscard]] base::Expected<std::string> ReadReason(std::string_view text);

/// Appends to the own chain, and writes a line to the audit trail.
[[nodiscard]] base::Expected<int64_t> Act(Store& store, const DeskParts& desk, const OwnEvent& event,
                                          std::string_view audit_detail);

/// One line of JSON.
[[nodiscard]] std::string ToText(const boost::json::object& object);

/// `amount` of AVAIL in a lot.
[[nodiscard]] domain::Posting Avail(std::string_view lot, int64_t amount);

/// What takes up to `points` out of a member's AVAIL by lots that have something, the soonest to expire first; never
/// more than AVAIL as a whole holds. Amounts are negative; fewer when there is not enough.
[[nodiscard]] base::Expected<std::vector<domain::Posting>> TakeAvail(Store& store, std::string_view member,
                                                                     int64_t points);

[[nodiscard]] int64_t SumOf(const std::vector<domain::Posting>& postings);

}  // namespace evertill::server
