#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/ports.h"
#include "app/checkout/printer.h"
#include "app/presenters/receipt_composer.h"

namespace evertill::presenters {

/// Puts saved sales on paper, on a thread of its own: a sale never waits for its receipt. A receipt of which surely no
/// byte left is tried again while the till runs; one that may have printed is not, ever, by itself.
class ReceiptService {
 public:
  /// How one receipt stands now; called on the service's thread.
  using Report = std::function<void(const checkout::PrintRecord&, const std::optional<base::Error>&)>;

  /// All references outlive the service. `log` and `queue` may be called from any thread.
  ReceiptService(checkout::SaleLog& log, checkout::PrintQueue& queue, checkout::ReceiptPrinter& printer,
                 const base::Clock& clock, checkout::TillIdentity till, ReceiptOptions options, Report report);
  ~ReceiptService();
  ReceiptService(const ReceiptService&) = delete;
  ReceiptService& operator=(const ReceiptService&) = delete;

  /// There is something to print. Any thread; never blocks.
  void Wake();
  /// Waits until nothing is queued or the printer does not answer, at most `limit`. For programs that print and end.
  void Settle(std::chrono::milliseconds limit);

 private:
  void Run();
  /// True when all that waits was dealt with; false when the printer must be tried again later.
  [[nodiscard]] bool PrintWaiting();
  void GiveUpOld();
  void Store(const checkout::PrintRecord& record);

  checkout::SaleLog& log_;
  checkout::PrintQueue& queue_;
  checkout::ReceiptPrinter& printer_;
  const base::Clock& clock_;
  const checkout::TillIdentity till_;
  const ReceiptOptions options_;
  const Report report_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable settled_;
  bool asked_ = false;
  bool busy_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace evertill::presenters
