#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/server/office_support.h"

/// What head office does by force about rights that tills hold, and what it answers for. In the caller's transaction.
namespace evertill::server {

/// What a force-reclaim took back.
struct Reclaimed {
  int64_t grants = 0;
  int64_t points = 0;        ///< of grants
  int64_t local_points = 0;  ///< earned at the till and not given back by it
};

/// Takes one grant back without its till's word: ESCROW → AVAIL. What the till has spent of it and not told yet is made
/// up from AVAIL when it comes: F of the bound. kBadArgument for one that is not open.
[[nodiscard]] base::Expected<Reclaimed> ReclaimGrant(Store& store, const DeskParts& desk, std::string_view grant_id);

/// The same for everything that a lost till's life held: its grants and its LOCAL points; the life is fenced then.
/// `incarnation` 0: its newest life. `member` empty: everybody's.
[[nodiscard]] base::Expected<Reclaimed> ReclaimTill(Store& store, const DeskParts& desk, std::string_view terminal,
                                                    int64_t incarnation, std::string_view member);

/// Ends a reservation whose till is not coming back; the event may come after all, and then pays from AVAIL.
/// kBadArgument for one that is not open. Answers the points.
[[nodiscard]] base::Expected<int64_t> CloseHoldByHand(Store& store, const DeskParts& desk, std::string_view event_id);

/// A till gets no more rights, and no new life, until it is enrolled anew with a new code: all lives of the machine
/// that has the newest one are fenced by hand. Its uploads are still taken. Answers the newest life.
[[nodiscard]] base::Expected<int64_t> FenceTill(Store& store, const DeskParts& desk, std::string_view terminal);

/// A figure against its bound: overspend ≤ C·P + F + W + R + Q, debt ≤ overspend + K.
struct OverspendRow {
  MemberFigures figures;
  int64_t stand_in = 0;   ///< C·P: permits out
  int64_t reclaimed = 0;  ///< F: grants and LOCAL taken back by force
  int64_t windows = 0;    ///< W: given in a window that a restore lost
  int64_t copies = 0;     ///< R: rights of lives that branched, once for each other history
  int64_t claims = 0;     ///< Q: claims released
  int64_t written_off = 0;
  [[nodiscard]] int64_t Bound() const { return stand_in + reclaimed + windows + copies + claims; }
  /// Cannot be, while every till and head office keep the rules.
  [[nodiscard]] bool PastBound() const { return figures.Overspend() > Bound(); }
};
/// Members (canonical ids) who owe something or have overspent, the largest debt first.
[[nodiscard]] base::Expected<std::vector<OverspendRow>> Overspends(Store& store, int64_t limit);

}  // namespace evertill::server
