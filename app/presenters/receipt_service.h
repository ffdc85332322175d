#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/devices.h"
#include "app/checkout/ports.h"
#include "app/checkout/printer.h"
#include "app/presenters/receipt_composer.h"

namespace evertill::presenters {

/// Puts saved sales on paper, on a thread of its own: a sale never waits for its receipt. A receipt of which surely no
/// byte left waits and is printed when the printer says that it is ready; one that may have printed is not, ever, by
/// itself: a person answers with PrintAgain() or PrintSeen(). A receipt that was given up as unknown becomes confirmed
/// when the printer says so late.
class ReceiptService {
 public:
  /// How one receipt stands now; called on the service's thread.
  using Report = std::function<void(const checkout::PrintRecord&, const std::optional<base::Error>&)>;

  /// All references outlive the service. `log` and `queue` may be called from any thread. `drawer`, where it is given,
  /// opens at once when a receipt that opens it has to wait for paper; that receipt opens none any more.
  ReceiptService(checkout::SaleLog& log, checkout::PrintQueue& queue, checkout::ReceiptPrinter& printer,
                 const base::Clock& clock, checkout::TillIdentity till, ReceiptOptions options, Report report,
                 checkout::CashDrawer* drawer = nullptr);
  ~ReceiptService();
  ReceiptService(const ReceiptService&) = delete;
  ReceiptService& operator=(const ReceiptService&) = delete;

  /// There is something to print. Any thread; never blocks.
  void Wake();
  /// A person wants this receipt on paper again. Marked as a copy, opening no drawer, unless it surely never printed.
  /// Any thread; never blocks.
  void PrintAgain(domain::ReceiptNumber receipt);
  /// A person has seen it on paper. Any thread; never blocks.
  void PrintSeen(domain::ReceiptNumber receipt);
  /// Waits until nothing is queued or the printer does not answer, at most `limit`. For programs that print and end.
  void Settle(std::chrono::milliseconds limit);

 private:
  /// Where the printer's thread leaves what it has to tell; outlives the service.
  struct Mailbox {
    std::mutex mutex;
    ReceiptService* owner = nullptr;
    std::vector<checkout::PrintRecord> late;
  };
  struct Wish {
    domain::ReceiptNumber receipt;
    bool print = false;  ///< otherwise it was seen
  };

  void Run();
  /// True when all that waits was dealt with; false when the printer must be tried again later.
  [[nodiscard]] bool PrintWaiting();
  [[nodiscard]] bool PrintWished();
  /// False when it has to wait.
  [[nodiscard]] bool Print(checkout::PrintRecord record, const domain::Sale& sale, bool copy);
  /// Whether this receipt is the one to open the drawer.
  [[nodiscard]] bool Kicks(const domain::ReceiptDocument& document, const domain::Sale& sale) const;
  /// Without its receipt, once.
  void OpenDrawer(const std::string& receipt);
  void TakeLate();
  void TakeWishes();
  void Wait(checkout::PrintRecord record, const base::Error& why, bool kicks);
  void GiveUpOld();
  void Store(const checkout::PrintRecord& record);
  [[nodiscard]] std::optional<checkout::PrintRecord> StateOf(const domain::ReceiptNumber& receipt);
  [[nodiscard]] std::optional<domain::Sale> SaleOf(const domain::ReceiptNumber& receipt);
  /// Whether the drawer has no reason to open for this sale any more.
  [[nodiscard]] bool DrawerIsLate(const domain::Sale& sale) const;

  checkout::SaleLog& log_;
  checkout::PrintQueue& queue_;
  checkout::ReceiptPrinter& printer_;
  const base::Clock& clock_;
  const base::Instant started_at_;  ///< a sale from before it was paid in another run: its drawer was opened then
  const checkout::TillIdentity till_;
  const ReceiptOptions options_;
  const Report report_;
  checkout::CashDrawer* const drawer_;
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();

  // The thread's own.
  std::map<std::string, std::string> waits_;  ///< receipt: why, as it was told
  std::set<std::string> kicked_;              ///< receipts whose drawer was opened without them
  std::deque<domain::ReceiptNumber> again_;   ///< to be printed as copies

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable settled_;
  std::vector<Wish> wishes_;
  bool asked_ = false;
  bool busy_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace evertill::presenters
