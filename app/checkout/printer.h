#pragma once

#include <functional>

#include "app/base/expected.h"
#include "app/domain/receipt.h"

namespace evertill::checkout {

/// What is known about a receipt's way to paper. Stored with the sale and shown after a restart.
enum class PrintState {
  kQueued,     ///< Waiting in the till; no byte has left.
  kSent,       ///< Every byte was handed to the printer's link; whether it printed is not known to this link.
  kConfirmed,  ///< The printer said that it printed.
  kFailed,     ///< Surely not printed, or surely not whole: printing again cannot double it.
  kUnknown,    ///< Bytes had left when the link stalled or broke: it may be on paper, or print when paper is loaded.
};

/// More about a job that ended as kUnknown or kSent: that it is on paper after all (kConfirmed). Called at most once,
/// on the printer's own thread, never after the printer is destroyed.
using LatePrintReport = std::function<void(PrintState)>;

/// Prints receipts. One call at a time (not thread-safe); never on the user interface's thread, since Print() blocks up
/// to the link's time-outs.
class ReceiptPrinter {
 public:
  virtual ~ReceiptPrinter() = default;

  /// Prints one document, cut and drawer kick included.
  ///
  /// - kSent or kConfirmed: done, as far as the link can tell.
  /// - kUnknown: some bytes had left before a time-out or a broken link. It is never sent again by itself: the data may
  ///   sit in the printer's buffer. Ask the cashier.
  /// - An Error (`printer_unreachable`, `printer_timeout`, `printer_not_ready`, …): no byte left; trying again later is
  ///   safe.
  [[nodiscard]] virtual base::Expected<PrintState> Print(const domain::ReceiptDocument& document) = 0;

  /// Print(), and `late` hears of it when the printer answers after Print() has given up waiting.
  [[nodiscard]] virtual base::Expected<PrintState> PrintAndTell(const domain::ReceiptDocument& document,
                                                                LatePrintReport late) {
    (void)late;
    return Print(document);
  }

  /// Whether a job would be taken now, as far as is known; looks for a printer that is absent. Errors: as Print().
  [[nodiscard]] virtual base::Status Ready() { return {}; }

  /// `ready` is called, on the printer's own thread, whenever a printer that took no jobs takes them again. It may not
  /// call the printer. An empty one: no more calls once this returns.
  virtual void OnReady(std::function<void()> ready) { (void)ready; }
};

}  // namespace evertill::checkout
