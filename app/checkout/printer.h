#pragma once

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
  /// - An Error (`printer_unreachable`, `printer_timeout`, …): no byte left; trying again later is safe.
  [[nodiscard]] virtual base::Expected<PrintState> Print(const domain::ReceiptDocument& document) = 0;
};

}  // namespace evertill::checkout
