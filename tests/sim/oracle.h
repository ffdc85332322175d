#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/domain/event.h"
#include "app/loyalty/grant.h"
#include "tests/sim/verdict.h"

namespace evertill::sim {

/// A sale as the counter saw it, after the till said that it is kept.
struct SaleFact {
  std::string event;
  int member = 0;
  std::string life;  ///< "S01/L03#1"
  int64_t seq = 0;
  int64_t t_business = 0;
  int64_t earned = 0;
  std::vector<int64_t> line_earned;
  std::vector<int64_t> line_spent;
  std::vector<int64_t> quantity;      ///< by line, micro
  std::vector<domain::Posting> paid;  ///< negative postings
  int64_t spent = 0;
};

struct RefundFact {
  std::string event;
  std::string sale;
  struct Line {
    int line = 0;
    int64_t reversed = 0;
    int64_t restored = 0;
  };
  std::vector<Line> lines;
  std::vector<domain::Posting> postings;
};

/// What one till's disk holds, as far as its counter knows: copied with the disk.
struct DiskFacts {
  std::vector<std::string> events;
  std::set<std::string> reserves;  ///< baskets that asked head office
  std::map<std::string, int64_t> spent_of_grant;
  struct Local {
    std::string life;
    int64_t left = 0;
  };
  std::map<std::string, Local> local;  ///< by lot
  struct StandIn {
    int member = 0;
    std::string life;
    int64_t seq = 0;
    int64_t points = 0;
  };
  std::vector<StandIn> stand_ins;  ///< since head office last certified the balance
  std::map<int, int64_t> sure;     ///< by member: earned here since head office last answered
  std::string life;
  int64_t seq = 0;
  int64_t t_business = 0;
  std::map<int, int> wrong_pins{};  ///< in a row, by member
  int64_t epoch = 0;                ///< the highest that this till has followed
};

/// What one head office has told that it keeps: copied with a backup.
struct OfficeFacts {
  std::set<std::string> posted;                                  ///< events that it acknowledged
  std::map<std::pair<std::string, int64_t>, std::string> chain;  ///< life and seq: hash
  std::set<std::string> forked;                                  ///< lives
  std::map<int, int64_t> given;                                  ///< by member: grants and holds, caps
  std::set<std::string> rights;                                  ///< grants and holds that were given
  std::map<int, int64_t> adjusted;                               ///< by member
  std::map<std::string, int64_t> claims;                         ///< taken and not refused, by event
};

/// The bound's terms for one member.
struct Terms {
  int64_t stand_in = 0, forced = 0, windows = 0, copies = 0, claims = 0, clawed_back = 0;
  [[nodiscard]] int64_t Overspend() const { return stand_in + forced + windows + copies + claims; }
};

/// A reference ledger in one thread: what was earned, spent and given back at counters, in the order in which it
/// happened, whatever any till or head office believes. Knows nothing of production's tables.
class Oracle {
 public:
  Oracle(Verdict& verdict, int members, int64_t stand_in) : verdict_(verdict), stand_in_(stand_in) {
    for (int i = 0; i < members; ++i) root_.push_back(i);
    terms_.resize(root_.size());
    books_.resize(root_.size());
  }

  void Sold(const SaleFact& sale, DiskFacts& disk);
  void Refunded(const RefundFact& refund, DiskFacts& disk);
  /// Any other event that moves points in its core: earned in a lot of its own.
  void Earned(const std::string& event, int member, int64_t points, const std::string& life, DiskFacts& disk);

  // What was seen on the wire.
  void GrantGiven(OfficeFacts& office, const loyalty::Grant& grant, int member);
  void PermitGiven(const loyalty::Permit& permit, int member);
  void HoldGiven(OfficeFacts& office, const std::string& event, const std::string& life, int member, int64_t points);
  void Uploaded(OfficeFacts& office, const std::string& life, int64_t seq, const std::string& hash,
                const std::string& event);

  // What operators and faults did.
  void Merged(int a, int b);
  void Adjusted(OfficeFacts& office, int member, int64_t points);
  void WrittenOff(int member, int64_t points) { books_[Of(member)].added += points; }
  void Forced(int member, int64_t points) { terms_[Of(member)].forced += points; }
  void Window(int member, int64_t points) { terms_[Of(member)].windows += points; }
  void Copied(int member, int64_t points) { terms_[Of(member)].copies += points; }
  /// From now on grants to this life count once more, and so do those given since then.
  void CopyInUse(const std::string& life, const std::set<std::string>& grants_before);
  void ClaimReleased(int member, int64_t points) { terms_[Of(member)].claims += points; }

  [[nodiscard]] int RootOf(int member) const { return static_cast<int>(Of(member)); }
  [[nodiscard]] bool IsMerged(int member) const { return IdsOf(member) > 1; }
  /// How many ids stand for the same person.
  [[nodiscard]] int64_t IdsOf(int member) const;
  [[nodiscard]] Terms TermsOf(int member) const;
  [[nodiscard]] int64_t OverspendOf(int member) const;
  [[nodiscard]] const std::map<std::string, SaleFact>& Sales() const { return sales_; }
  [[nodiscard]] const std::map<std::string, RefundFact>& Refunds() const { return refunds_; }
  /// Every event that moved points at a counter.
  [[nodiscard]] std::set<std::string> EventIds() const;
  [[nodiscard]] std::set<std::string> GrantIds() const;
  [[nodiscard]] bool AllTermsZero() const;

  /// Points that a member has when exactly these events are counted: the reference for head office's books.
  [[nodiscard]] int64_t NetOf(int root, const std::set<std::string>& events, const OfficeFacts& office) const;
  [[nodiscard]] int64_t LotNet(const std::string& lot, const std::set<std::string>& events) const;

  struct Largest {
    int64_t overspend = 0, bound = 0, debt = 0;
  };
  [[nodiscard]] const Largest& LargestSeen() const { return largest_; }
  void SawDebt(int64_t debt) { largest_.debt = std::max(largest_.debt, debt); }

 private:
  struct Book {
    int64_t earned = 0, spent = 0, restored = 0, added = 0, taken = 0;
  };
  struct Lot {
    int member = 0;
    int64_t earned = 0, consumed = 0, restored = 0;
  };
  struct GivenGrant {
    std::string life;
    int member = 0;
    int64_t cap = 0;
  };
  [[nodiscard]] size_t Of(int member) const;
  void PaidBy(const SaleFact& sale, const domain::Posting& posting, DiskFacts& disk);
  void PaidByGrant(const SaleFact& sale, const domain::Posting& posting, DiskFacts& disk);
  void PaidByLocal(const SaleFact& sale, const domain::Posting& posting, DiskFacts& disk);
  void CheckBound(int member);
  void CheckStandIn(const SaleFact& sale, DiskFacts& disk);
  struct Undone {
    std::map<int, int64_t> reversed, restored;  ///< by line
  };
  [[nodiscard]] std::map<std::string, Undone> UndoneBy(const std::set<std::string>& events) const;

  Verdict& verdict_;
  const int64_t stand_in_;
  std::vector<int> root_;
  std::vector<Terms> terms_;
  std::vector<Book> books_;
  std::map<std::string, Lot> lots_;
  std::map<std::string, SaleFact> sales_;
  std::map<std::string, RefundFact> refunds_;
  std::map<std::string, std::pair<int, int64_t>> other_earned_;
  std::map<std::string, GivenGrant> grants_;
  std::set<std::string> permits_;
  std::map<std::string, std::pair<std::string, int64_t>> holds_;  ///< event: life, points
  std::map<std::string, int> copies_;                             ///< life: extra copies in use
  std::map<std::string, int64_t> back_of_sale_;                   ///< restored so far, by "sale/line"
  std::map<std::string, int64_t> restored_of_;                    ///< by "sale/lot"
  Largest largest_;
};

}  // namespace evertill::sim
