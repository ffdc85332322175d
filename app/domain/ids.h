#pragma once

#include <string>

#include "app/base/id.h"

namespace evertill::domain {

/// A member, minted by the till or head office that enrolled them. A pseudonym: says nothing about the person.
using MemberId = base::Id<struct MemberTag>;
/// One journal event; a sale is known by the id of its event.
using EventId = base::Id<struct EventTag>;
using CashierId = base::Id<struct CashierTag>;
using ShiftId = base::Id<struct ShiftTag>;
/// Codes that people give: 1 to 8 of A–Z and 0–9.
using StoreCode = base::Id<struct StoreTag, std::string>;
using TillCode = base::Id<struct TillTag, std::string>;
/// What is printed on paper: "L03-000123". Unique within a store.
using ReceiptNumber = base::Id<struct ReceiptTag, std::string>;

/// True for 1 to 8 characters of A–Z and 0–9.
[[nodiscard]] inline bool IsPlaceCode(std::string_view text) {
  if (text.empty() || text.size() > 8) return false;
  for (const char c : text) {
    if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) return false;
  }
  return true;
}

/// Which chain of journal events: a till of a store, and which life of it. A till restored from a snapshot or set up
/// anew under an old code is a new incarnation, so that no two events ever share a place in a chain.
struct Terminal {
  StoreCode store;
  TillCode till;
  int64_t incarnation = 1;

  bool operator==(const Terminal&) const = default;
  /// "S01/L03": the name in journal events.
  [[nodiscard]] std::string Name() const { return store.Value() + "/" + till.Value(); }
};

}  // namespace evertill::domain
