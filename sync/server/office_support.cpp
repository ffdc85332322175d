#include "sync/server/office_support.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>

#include "app/loyalty/allocation.h"
#include "app/loyalty/ledger.h"
#include "sync/server/errors.h"

namespace evertill::server {

base::Expected<MemberRow> FindOneMember(Store& store, std::string_view id_card_or_phone) {
  EVERTILL_ASSIGN(const auto found, store.FindMembers(id_card_or_phone));
  std::set<std::string> people;
  for (const MemberRow& row : found) {
    EVERTILL_ASSIGN(std::string canonical, store.CanonicalOf(row.id));
    people.insert(std::move(canonical));
  }
  if (people.empty()) return base::Fail(ServerErrc::kMemberUnknown, "nobody has this id, card or phone number");
  if (people.size() > 1) {
    return base::Fail(ServerErrc::kBadArgument,
                      std::to_string(people.size()) + " members have this number; give the id of one");
  }
  EVERTILL_ASSIGN(auto member, store.FindMember(*people.begin()));
  if (!member) return base::Fail(ServerErrc::kMemberUnknown, *people.begin());
  return *std::move(member);
}

base::Expected<MemberRow> FindLivingMember(Store& store, std::string_view id_card_or_phone) {
  EVERTILL_ASSIGN(MemberRow member, FindOneMember(store, id_card_or_phone));
  if (member.erased) return base::Fail(ServerErrc::kBadArgument, "this member was erased");
  return member;
}

base::Expected<std::string> ReadReason(std::string_view text) {
  constexpr size_t kLongest = 40;
  std::string code;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    const bool capital = c >= 'A' && c <= 'Z';
    if (!plain && !capital && c != ' ') {
      return base::Fail(ServerErrc::kBadArgument,
                        "a reason is a code of a-z, 0-9, - and _: it stays in the log for ever");
    }
    code += capital ? static_cast<char>(c - 'A' + 'a') : c == ' ' ? '-' : c;
  }
  if (code.size() > kLongest) return base::Fail(ServerErrc::kBadArgument, "a reason has at most 40 characters");
  return code;
}

base::Expected<int64_t> Act(Store& store, const DeskParts& desk, const OwnEvent& event, std::string_view audit_detail) {
  EVERTILL_ASSIGN(const int64_t commit_seq, AppendOwn(store, desk, event));
  EVERTILL_TRY(store.Audit(desk.clock.Now(), "operator", event.kind, audit_detail));
  return commit_seq;
}

std::string ToText(const boost::json::object& object) {
  return boost::json::serialize(object);
}

domain::Posting Avail(std::string_view lot, int64_t amount) {
  return {std::string(loyalty::kAvail), "", std::string(lot), amount};
}

base::Expected<std::vector<domain::Posting>> TakeAvail(Store& store, std::string_view member, int64_t points) {
  EVERTILL_ASSIGN(std::vector<loyalty::AvailableLot> lots, store.AvailLots(member));
  int64_t whole = 0;
  for (const loyalty::AvailableLot& lot : lots) whole += lot.points;
  std::vector<domain::Posting> postings;
  if (std::min(points, whole) <= 0) return postings;
  for (const loyalty::LotShare& share : loyalty::TakeLots(std::move(lots), std::min(points, whole))) {
    postings.push_back(Avail(share.lot, -share.points));
  }
  return postings;
}

int64_t SumOf(const std::vector<domain::Posting>& postings) {
  int64_t sum = 0;
  for (const domain::Posting& posting : postings) sum += posting.amount;
  return sum;
}

}  // namespace evertill::server
