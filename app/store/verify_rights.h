#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "app/base/expected.h"
#include "app/domain/event.h"
#include "app/sqlite/connection.h"

namespace evertill::store {

/// This till's rights to spend points made anew from the journal alone, to be compared with the tables that are kept
/// beside it. Deliberately not the code that keeps those.
class RightsReplay {
 public:
  /// In order of the journal. kJournalBroken for an event that cannot be read.
  [[nodiscard]] base::Status Add(const domain::Event& event, int64_t place);
  /// What was added so far as JSON, and to go on from it; an empty text is the beginning. kBadStored.
  [[nodiscard]] std::string Save() const;
  [[nodiscard]] base::Status Load(std::string_view text);
  /// kJournalBroken with the first row that is not what the journal says.
  [[nodiscard]] base::Status Compare(sqlite::Connection& db) const;

 private:
  struct Lot {
    int64_t left = 0, active_ms = 0, expires_ms = 0;
    auto operator<=>(const Lot&) const = default;
  };
  using LotKey = std::tuple<std::string, std::string, std::string, std::string>;  ///< account, source, lot, member

  void Move(const LotKey& key, int64_t amount);
  void Post(const domain::Event& event, const domain::Posting& posting, int64_t place);
  [[nodiscard]] base::Status Grants(const domain::Event& event);
  [[nodiscard]] base::Status Permits(const domain::Event& event);
  [[nodiscard]] base::Status Refund(const domain::Event& event);
  [[nodiscard]] base::Status Other(const domain::Event& event);
  void Drop();

  std::map<LotKey, Lot> lots_;
  struct Grant {
    std::string member;
    int64_t not_after_ms = 0;
    bool closed = false;
  };
  std::map<std::string, Grant> grants_;
  struct Permit {
    std::string member;
    int64_t cap = 0, till_cap = 0;
    bool closed = false;
  };
  std::map<std::string, Permit> permits_;
  std::map<int64_t, std::pair<std::string, int64_t>> stand_in_;   ///< by place
  std::map<std::string, std::map<int64_t, int64_t>> spent_;       ///< by member and quarter of an hour
  std::map<std::pair<std::string, int64_t>, int64_t> refunded_;   ///< by sale and line
  std::map<std::string, std::pair<std::string, int64_t>> asked_;  ///< by sale: member, points
  std::map<std::string, int64_t> steps_;                          ///< by card
};

}  // namespace evertill::store
