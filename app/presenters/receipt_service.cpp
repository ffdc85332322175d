#include "app/presenters/receipt_service.h"

#include "app/base/log.h"

namespace evertill::presenters {
namespace {
constexpr std::chrono::seconds kRetryAfter{5};
constexpr std::chrono::minutes kWaitsAtMost{10};
}  // namespace

ReceiptService::ReceiptService(checkout::SaleLog& log, checkout::PrintQueue& queue, checkout::ReceiptPrinter& printer,
                               const base::Clock& clock, checkout::TillIdentity till, ReceiptOptions options,
                               Report report)
    : log_(log),
      queue_(queue),
      printer_(printer),
      clock_(clock),
      till_(std::move(till)),
      options_(std::move(options)),
      report_(std::move(report)) {
  GiveUpOld();
  asked_ = true;
  thread_ = std::thread([this] { Run(); });
}

ReceiptService::~ReceiptService() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ReceiptService::Wake() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  wake_.notify_all();
}

void ReceiptService::Settle(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  settled_.wait_for(lock, limit, [this] { return !busy_ && !asked_; });
}

/// A till that was closed with the printer off does not spill yesterday's receipts in the morning: what waited longer
/// than a customer does is given up, and can still be printed by hand.
void ReceiptService::GiveUpOld() {
  const auto waiting = queue_.Waiting();
  if (!waiting) return;
  for (checkout::PrintRecord record : *waiting) {
    if (record.state != checkout::PrintState::kQueued) continue;
    const auto sale = log_.FindSale(record.receipt);
    if (sale && *sale && clock_.Now() - (*sale)->at < kWaitsAtMost) continue;
    record.state = checkout::PrintState::kFailed;
    record.detail = "the till was closed before it could be printed";
    Store(record);
    report_(record, std::nullopt);
  }
}

void ReceiptService::Store(const checkout::PrintRecord& record) {
  if (auto stored = queue_.SetPrintState(record); !stored) {
    base::LogWarn("print state of {}: {}", record.receipt.Value(), stored.error().ToString());
  }
}

void ReceiptService::Run() {
  bool done = true;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      busy_ = false;
      settled_.notify_all();
      const auto ready = [this] { return stopping_ || asked_; };
      if (done) {
        wake_.wait(lock, ready);
      } else {
        wake_.wait_for(lock, kRetryAfter, ready);
      }
      if (stopping_) return;
      asked_ = false;
      busy_ = true;
    }
    done = PrintWaiting();
  }
}

bool ReceiptService::PrintWaiting() {
  const auto waiting = queue_.Waiting();
  if (!waiting) {
    base::LogError("receipts waiting: {}", waiting.error().ToString());
    return false;
  }
  for (checkout::PrintRecord record : *waiting) {
    if (record.state != checkout::PrintState::kQueued) continue;  // failed ones wait for a person
    const auto sale = log_.FindSale(record.receipt);
    if (!sale || !*sale) {
      base::LogError("no sale for receipt {}", record.receipt.Value());
      continue;
    }
    // Kept as "unknown" before the first byte leaves: a till killed here must not print it a second time by itself.
    record.state = checkout::PrintState::kUnknown;
    record.detail = "the program ended while it was printed";
    Store(record);
    const auto printed = printer_.Print(ComposeSaleReceipt(**sale, till_, options_));
    record.state = printed ? *printed : checkout::PrintState::kQueued;
    record.detail = printed ? std::string() : printed.error().ToString();
    Store(record);
    report_(record, printed ? std::nullopt : std::optional(printed.error()));
    if (!printed) return false;  // no byte left: tried again later
  }
  return true;
}

}  // namespace evertill::presenters
