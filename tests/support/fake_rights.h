#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/checkout/errors.h"
#include "app/checkout/rights_port.h"
#include "app/loyalty/ledger.h"

/// One till's rights to spend points in memory, and a head office that may be asked.
namespace evertill::support {

class FakeRights final : public checkout::Rights {
 public:
  struct Member {
    int64_t held = 0;  ///< in one grant at this till
    int64_t owned = 0;
    std::string pin;  ///< empty: none
    int64_t debt = 0;
    bool pin_not_here = false;  ///< there is a PIN, and this till was not given its hash
  };
  std::map<domain::MemberId, Member> members;
  std::map<std::string, checkout::CardRead> cards;  ///< by text
  checkout::CardLevel lowest = checkout::CardLevel::kNone;
  std::optional<base::Error> closed;
  std::map<domain::EventId, int64_t> reserved;  ///< out of grants, by sale
  std::vector<std::string> journal;             ///< "reserve 100", "abandon", "pin_failed"
  std::set<domain::EventId> asked;
  std::set<domain::EventId> given_up;
  int wrong_pins = 0;

  base::Expected<checkout::CardRead> ReadCard(std::string_view text) override {
    const auto found = cards.find(std::string(text));
    if (found == cards.end()) return base::Fail(checkout::CheckoutErrc::kCardForged);
    return found->second;
  }
  base::Expected<checkout::PointsHere> Look(domain::MemberId id, checkout::CardLevel level,
                                            domain::EventId sale) override {
    const Member member = members[id];
    checkout::PointsHere here;
    here.here = Free(id, sale);
    here.elsewhere = std::max<int64_t>(0, member.owned - member.held);
    here.debt = member.debt;
    here.pin_known = !member.pin.empty() && !member.pin_not_here;
    here.pin_needed = here.pin_known || member.pin_not_here;
    here.closed = closed;
    if (level < lowest) here.closed = base::Error(checkout::CheckoutErrc::kCardNeeded);
    if (here.closed) here.here = 0;
    return here;
  }
  base::Status CheckPin(domain::MemberId id, std::string_view pin) override {
    if (wrong_pins >= 3) return base::Fail(checkout::CheckoutErrc::kPinLocked);
    if (members[id].pin.empty()) return base::Fail(checkout::CheckoutErrc::kPinUnknownHere);
    if (members[id].pin == pin) {
      wrong_pins = 0;
      return {};
    }
    ++wrong_pins;
    journal.emplace_back("pin_failed");
    if (wrong_pins >= 3) return base::Fail(checkout::CheckoutErrc::kPinLocked);
    return base::Fail(checkout::CheckoutErrc::kPinWrong, std::to_string(3 - wrong_pins));
  }
  base::Expected<checkout::Funding> Fund(domain::MemberId id, checkout::CardLevel, domain::EventId sale, int64_t points,
                                         const std::optional<checkout::HoldAnswer>& hold, bool) override {
    loyalty::RightsPicture picture;
    picture.held.push_back({std::string(loyalty::kEscrow), "g1", "lot1", Free(id, sale)});
    if (hold) {
      int64_t held = 0;
      for (const auto& lot : hold->lots) {
        // What comes first in order is spent first: a date makes it the hold.
        picture.held.push_back({lot.account, lot.source, lot.lot, -lot.amount, 0, INT64_MAX});
        held -= lot.amount;
      }
      if (held > points || !asked.contains(sale)) return base::Fail(checkout::CheckoutErrc::kRightsGone);
    }
    EVERTILL_ASSIGN(auto postings, loyalty::FundRedemption(picture, points, {}, false));
    reserved.erase(sale);
    for (const auto& posting : postings) {
      if (posting.account == loyalty::kEscrow) reserved[sale] -= posting.amount;
    }
    holder_[sale] = id;
    return checkout::Funding{std::move(postings), points, 0, hold.has_value()};
  }
  base::Status BeginReserve(domain::MemberId, domain::EventId sale, int64_t points) override {
    asked.insert(sale);
    journal.push_back("reserve " + std::to_string(points));
    return {};
  }
  base::Status Release(domain::EventId sale) override {
    if (disk_full) return base::Fail(checkout::CheckoutErrc::kNotAllowed, "disk full");
    reserved.erase(sale);
    if (asked.erase(sale) > 0) {
      journal.emplace_back("abandon");
      given_up.insert(sale);
    }
    return {};
  }
  base::Status ReleaseAllBut(domain::EventId open_sale) override {
    if (disk_full) return base::Fail(checkout::CheckoutErrc::kNotAllowed, "disk full");
    const auto others = [&](const auto& entry) { return entry.first != open_sale; };
    std::erase_if(reserved, others);
    for (const auto& sale : std::set<domain::EventId>(asked)) {
      if (sale != open_sale) EVERTILL_TRY(Release(sale));
    }
    return {};
  }
  base::Expected<RefundedSoFar> Refunded(domain::EventId sale) override { return refunded[sale]; }
  std::map<domain::EventId, RefundedSoFar> refunded;

  /// What a store does in the transaction that commits.
  base::Status Take(domain::EventId sale, const std::vector<domain::Posting>& postings) {
    if (gone) return base::Fail(checkout::CheckoutErrc::kRightsGone);
    for (const auto& posting : postings) {
      if (posting.account == loyalty::kEscrow) members[holder_[sale]].held += posting.amount;
    }
    reserved.erase(sale);
    asked.erase(sale);
    return {};
  }
  bool disk_full = false;
  bool gone = false;  ///< the rights are taken away under an open basket

 private:
  int64_t Free(domain::MemberId id, domain::EventId sale) {
    int64_t free = members[id].held;
    for (const auto& [other, points] : reserved) {
      if (other != sale && holder_[other] == id) free -= points;
    }
    return free;
  }
  std::map<domain::EventId, domain::MemberId> holder_;
};

/// Head office, asked for a hold.
class FakeReserver final : public checkout::Reserver {
 public:
  int64_t available = 0;
  bool reachable = true;
  bool answers = true;  ///< false: the question is lost on the way
  std::map<domain::EventId, int64_t> holds;

  std::optional<checkout::HoldAnswer> Reserve(domain::MemberId, domain::EventId sale, int64_t points) override {
    if (!answers) return std::nullopt;
    checkout::HoldAnswer answer;
    answer.available = available;
    answer.given = points <= available && (!holds.contains(sale) || holds[sale] == points);
    if (!answer.given) return answer;
    if (!holds.contains(sale)) available -= points;
    holds[sale] = points;
    answer.lots.push_back({std::string(loyalty::kHold), sale.ToString(), "lot1", -points});
    return answer;
  }
  bool Reachable() override { return reachable; }
  bool Reached() override { return reached; }
  bool reached = false;
};

}  // namespace evertill::support
