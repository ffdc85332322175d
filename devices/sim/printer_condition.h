#pragma once

#include <cstdint>
#include <string>

namespace evertill::devices::sim {

enum class PaperState { kOk, kNearEnd, kOut };

/// What the sensors of a receipt printer see, and how it tells them. A plain value.
struct PrinterCondition {
  PaperState paper = PaperState::kOk;
  bool cover_open = false;
  bool cutter_error = false;   ///< Something sits in the cutter: goes on once it is gone.
  bool unrecoverable = false;  ///< A broken circuit.
  bool overheated = false;     ///< Goes on by itself.
  bool feeding = false;        ///< Somebody holds the feed button.
  bool drawer_open = false;
  bool drawer_open_is_high = true;  ///< How the drawer's switch is wired to pin 3.

  /// Whether it takes commands out of its buffer now; offline otherwise.
  [[nodiscard]] bool Online() const { return paper != PaperState::kOut && !cover_open && !HasError() && !feeding; }
  [[nodiscard]] bool HasError() const { return cutter_error || unrecoverable || overheated; }
  bool operator==(const PrinterCondition&) const = default;
};

/// The byte that answers DLE EOT n (n = 1 to 4; Epson ESC/POS reference, DLE EOT).
[[nodiscard]] uint8_t RealTimeStatus(const PrinterCondition& condition, int n);

/// The four bytes of automatic status (Epson ESC/POS reference, GS a).
[[nodiscard]] std::string AutomaticStatus(const PrinterCondition& condition);

/// Whether automatic status, enabled by GS a `mask`, tells of this change.
[[nodiscard]] bool AutomaticStatusTells(uint8_t mask, const PrinterCondition& from, const PrinterCondition& to);

/// The byte that answers GS r n: 1 paper, 2 drawer. Never with paper out: the command isn't executed then.
[[nodiscard]] uint8_t QueuedStatus(const PrinterCondition& condition, int n);

}  // namespace evertill::devices::sim
