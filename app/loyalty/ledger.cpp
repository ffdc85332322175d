#include "app/loyalty/ledger.h"

#include <algorithm>
#include <array>

#include "app/domain/errors.h"

namespace evertill::loyalty {
namespace {

constexpr std::array<std::string_view, 5> kMemberAccounts{kAvail, kPending, kEscrow, kHold, kLocal};
constexpr std::array<std::string_view, 5> kProgrammeAccounts{kIssued, kRedeemed, kExpired, kAdjust, kLoss};

bool Contains(std::span<const std::string_view> accounts, std::string_view account) {
  return std::find(accounts.begin(), accounts.end(), account) != accounts.end();
}

}  // namespace

bool IsMemberAccount(std::string_view account) {
  return Contains(kMemberAccounts, account);
}

bool IsKnownAccount(std::string_view account) {
  return IsMemberAccount(account) || Contains(kProgrammeAccounts, account);
}

std::vector<domain::Posting> EarnPostings(const domain::EventId& event, int64_t points) {
  if (points == 0) return {};
  return {{std::string(kIssued), "", "", -points}, {std::string(kLocal), "", event.ToString(), points}};
}

int64_t MemberDelta(std::span<const domain::Posting> postings) {
  int64_t delta = 0;
  for (const auto& posting : postings) {
    if (IsMemberAccount(posting.account)) delta += posting.amount;
  }
  return delta;
}

base::Status CheckPostings(const domain::LedgerCore& core) {
  int64_t sum = 0;
  for (const auto& posting : core.postings) {
    if (!IsKnownAccount(posting.account)) {
      return base::Fail(domain::DomainErrc::kBadEvent, "unknown account " + posting.account.substr(0, 20));
    }
    if (IsMemberAccount(posting.account) && !core.member) {
      return base::Fail(domain::DomainErrc::kBadEvent, "points for nobody");
    }
    if (__builtin_add_overflow(sum, posting.amount, &sum)) {
      return base::Fail(domain::DomainErrc::kBadEvent, "postings past 64 bits");
    }
  }
  if (sum != 0) return base::Fail(domain::DomainErrc::kBadEvent, "postings add up to " + std::to_string(sum));
  return {};
}

}  // namespace evertill::loyalty
