#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sync/server/office_support.h"

/// What head office does to members and their points. In the caller's transaction.
namespace evertill::server {

/// Adds points (or takes them, below 0): ADJUST ↔ AVAIL. Points that are not there any more become a debt, which counts
/// as a clawback. kBadArgument for 0, for too many, for a reason that is none.
[[nodiscard]] base::Status AdjustPoints(Store& store, const DeskParts& desk, std::string_view member, int64_t points,
                                        std::string_view reason);

/// Makes two ids one person: the smallest id of all that belong together stands for them. Moves no points, commutes,
/// and a second time changes nothing (answers false). kBadArgument for a member with itself.
[[nodiscard]] base::Expected<bool> MergeMembers(Store& store, const DeskParts& desk, std::string_view from,
                                                std::string_view into);

/// Forgets the person, under every id that was merged: name, numbers, the person's text and its salt; their cards are
/// denied. Sums and chains stay. A second time changes nothing (answers false).
[[nodiscard]] base::Expected<bool> EraseMember(Store& store, const DeskParts& desk, std::string_view member);

/// Settles a debt at a store's expense: LOSS[store] → AVAIL. Answers how many points. kBadArgument when nothing is
/// owed.
[[nodiscard]] base::Expected<int64_t> WriteOff(Store& store, const DeskParts& desk, std::string_view member,
                                               std::string_view store_code);

/// Everything that is kept about a member, for them to have: person, cards, points, every event of theirs with what
/// stands beside it, and its entries.
[[nodiscard]] base::Expected<boost::json::object> ExportMember(Store& store, std::string_view member);

/// What a member's points are and where they are.
struct MemberTruth {
  MemberRow person;  ///< the canonical id's
  std::vector<std::string> merged_ids;
  MemberFigures figures;
  struct Granted {
    GrantRow grant;
    int64_t left = 0;
  };
  std::vector<Granted> grants;
  std::vector<SumRow> holds;  ///< source: the event that they are reserved for
  std::vector<SumRow> local;  ///< source: the till's life, "S01/L03#1"; by lot
  std::vector<loyalty::AvailableLot> lots;
  std::vector<CardRow> cards;
  bool has_pin = false;
  bool pin_locked = false;
};
[[nodiscard]] base::Expected<MemberTruth> LookAtMember(Store& store, std::string_view member);

}  // namespace evertill::server
