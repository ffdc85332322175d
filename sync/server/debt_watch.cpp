#include "sync/server/debt_watch.h"

#include <map>

#include "app/loyalty/ledger.h"

namespace evertill::server {

namespace {

/// What all ids of a person have together.
base::Expected<int64_t> NetOf(Store& store, const std::string& owner) {
  EVERTILL_ASSIGN(const auto ids, store.GroupOf(owner));
  int64_t points = 0;
  for (const std::string& id : ids) {
    EVERTILL_ASSIGN(const auto row, store.FindMember(id));
    if (row) points += row->points;
  }
  return points;
}

}  // namespace

base::Expected<DebtWatch> DebtWatch::Over(Store& store, const std::set<std::string>& members) {
  std::set<std::string> owners;
  for (const std::string& member : members) {
    EVERTILL_ASSIGN(std::string owner, store.CanonicalOf(member));
    owners.insert(std::move(owner));
  }
  DebtWatch watch;
  for (const std::string& owner : owners) {
    EVERTILL_ASSIGN(const int64_t points, NetOf(store, owner));
    if (points >= 0) watch.without_debt_.push_back(owner);
  }
  return watch;
}

base::Expected<DebtWatch> DebtWatch::Over(Store& store, std::span<const LedgerEntry> entries) {
  std::map<std::string, int64_t> taken;
  for (const LedgerEntry& entry : entries) {
    if (loyalty::IsMemberAccount(entry.posting.account)) taken[entry.member] -= entry.posting.amount;
  }
  std::set<std::string> members;
  for (const auto& [member, points] : taken) {
    if (!member.empty() && points > 0) members.insert(member);
  }
  return Over(store, members);
}

base::Status DebtWatch::Tell(Store& store, const DeskParts& desk, const std::string& why) const {
  for (const std::string& owner : without_debt_) {
    EVERTILL_ASSIGN(const int64_t points, NetOf(store, owner));
    if (points >= 0) continue;
    EVERTILL_TRY(store.AddInbox(desk.clock.Now(), "debt", owner,
                                "owes " + std::to_string(-points) + " points since " + why +
                                    "; evertill-hq debt list shows what is owed, evertill-hq write-off " + owner +
                                    " --store CODE ends it"));
  }
  return {};
}

}  // namespace evertill::server
