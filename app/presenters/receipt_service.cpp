#include "app/presenters/receipt_service.h"

#include <algorithm>
#include <variant>

#include "app/base/log.h"

namespace evertill::presenters {
namespace {
constexpr std::chrono::seconds kRetryAfter{5};
constexpr std::chrono::minutes kWaitsAtMost{10};
constexpr std::chrono::seconds kDrawerWaits{30};  // then the customer has gone, and an open drawer is a risk

bool IsKick(const domain::ReceiptElement& element) {
  return std::holds_alternative<domain::DrawerKickElement>(element);
}

}  // namespace

ReceiptService::ReceiptService(checkout::SaleLog& log, checkout::PrintQueue& queue, checkout::ReceiptPrinter& printer,
                               const base::Clock& clock, checkout::TillIdentity till, ReceiptOptions options,
                               Report report, checkout::CashDrawer* drawer)
    : log_(log),
      queue_(queue),
      printer_(printer),
      clock_(clock),
      started_at_(clock.Now()),
      till_(std::move(till)),
      options_(std::move(options)),
      report_(std::move(report)),
      drawer_(drawer) {
  GiveUpOld();
  mailbox_->owner = this;
  printer_.OnReady([box = mailbox_] {
    const std::lock_guard lock(box->mutex);
    if (box->owner != nullptr) box->owner->Wake();
  });
  asked_ = true;
  thread_ = std::thread([this] { Run(); });
}

ReceiptService::~ReceiptService() {
  printer_.OnReady({});
  {
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->owner = nullptr;
  }
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

void ReceiptService::PrintAgain(domain::ReceiptNumber receipt) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.push_back({std::move(receipt), true});
  }
  Wake();
}

void ReceiptService::PrintSeen(domain::ReceiptNumber receipt) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.push_back({std::move(receipt), false});
  }
  Wake();
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
    TakeLate();
    TakeWishes();
    done = PrintWaiting() && PrintWished();
  }
}

std::optional<domain::Sale> ReceiptService::SaleOf(const domain::ReceiptNumber& receipt) {
  auto sale = log_.FindSale(receipt);
  if (sale && *sale) return std::move(**sale);
  base::LogError("no sale for receipt {}", receipt.Value());
  return std::nullopt;
}

std::optional<checkout::PrintRecord> ReceiptService::StateOf(const domain::ReceiptNumber& receipt) {
  auto record = queue_.PrintStateOf(receipt);
  if (record) return std::move(*record);
  base::LogError("print state of {}: {}", receipt.Value(), record.error().ToString());
  return std::nullopt;
}

bool ReceiptService::DrawerIsLate(const domain::Sale& sale) const {
  return sale.at < started_at_ || clock_.Now() - sale.at > kDrawerWaits || kicked_.count(sale.receipt.Value()) > 0;
}

/// What the printer told after its receipt was given up. A receipt about which a person has decided meanwhile stays as
/// they left it.
void ReceiptService::TakeLate() {
  std::vector<checkout::PrintRecord> late;
  {
    const std::lock_guard lock(mailbox_->mutex);
    late.swap(mailbox_->late);
  }
  for (const checkout::PrintRecord& told : late) {
    const auto now = StateOf(told.receipt);
    if (!now || (now->state != checkout::PrintState::kUnknown && now->state != checkout::PrintState::kSent)) continue;
    Store(told);
    report_(told, std::nullopt);
  }
}

void ReceiptService::TakeWishes() {
  std::vector<Wish> wishes;
  {
    const std::lock_guard lock(mutex_);
    wishes.swap(wishes_);
  }
  for (Wish& wish : wishes) {
    const auto before = StateOf(wish.receipt);
    if (!wish.print) {
      std::erase(again_, wish.receipt);
      const checkout::PrintRecord seen{wish.receipt, checkout::PrintState::kConfirmed, "seen by the cashier"};
      Store(seen);
      report_(seen, std::nullopt);
    } else if (before && before->state == checkout::PrintState::kFailed) {
      Store({wish.receipt, checkout::PrintState::kQueued, {}});
    } else if (before && before->state == checkout::PrintState::kQueued) {
      continue;  // it waits already
    } else if (std::find(again_.begin(), again_.end(), wish.receipt) == again_.end()) {
      again_.push_back(std::move(wish.receipt));
    }
  }
}

bool ReceiptService::PrintWaiting() {
  const auto waiting = queue_.Waiting();
  if (!waiting) {
    base::LogError("receipts waiting: {}", waiting.error().ToString());
    return false;
  }
  bool all = true;
  for (const checkout::PrintRecord& record : *waiting) {
    if (record.state != checkout::PrintState::kQueued) continue;  // failed ones wait for a person
    const auto sale = SaleOf(record.receipt);
    if (!sale) continue;
    if (all) {
      all = Print(record, *sale, false);
    } else if (Kicks(ComposeSaleReceipt(*sale, till_, options_), *sale)) {
      OpenDrawer(record.receipt.Value());  // its receipt waits behind another; the customer's change does not
    }
  }
  return all;
}

bool ReceiptService::Kicks(const domain::ReceiptDocument& document, const domain::Sale& sale) const {
  return std::any_of(document.elements.begin(), document.elements.end(), IsKick) && !DrawerIsLate(sale);
}

void ReceiptService::OpenDrawer(const std::string& receipt) {
  if (!kicked_.insert(receipt).second || drawer_ == nullptr) return;
  if (const auto opened = drawer_->Open(); !opened) base::LogWarn("drawer: {}", opened.error().ToString());
}

bool ReceiptService::PrintWished() {
  while (!again_.empty()) {
    const domain::ReceiptNumber receipt = again_.front();
    const auto sale = SaleOf(receipt);
    if (sale && !Print({receipt, checkout::PrintState::kQueued, {}}, *sale, true)) return false;
    again_.pop_front();
  }
  return true;
}

bool ReceiptService::Print(checkout::PrintRecord record, const domain::Sale& sale, bool copy) {
  ReceiptOptions options = options_;
  options.copy = copy;
  domain::ReceiptDocument document = ComposeSaleReceipt(sale, till_, options);
  const bool kicks = Kicks(document, sale);
  if (const auto ready = printer_.Ready(); !ready) {
    if (copy) {
      report_(record, ready.error());
    } else {
      Wait(std::move(record), ready.error(), kicks);
    }
    return false;
  }
  if (!kicks) std::erase_if(document.elements, IsKick);
  // Kept as "unknown" before the first byte leaves: a till killed here must not print it a second time by itself.
  const std::optional<checkout::PrintRecord> before = copy ? StateOf(record.receipt) : record;
  record.state = checkout::PrintState::kUnknown;
  record.detail = "the program ended while it was printed";
  Store(record);
  const auto printed =
      printer_.PrintAndTell(document, [box = mailbox_, receipt = record.receipt](checkout::PrintState state) {
        const std::lock_guard lock(box->mutex);
        if (box->owner == nullptr) return;
        box->late.push_back({receipt, state, {}});
        box->owner->Wake();
      });
  if (!printed) {  // no byte left: tried again later
    if (copy) {
      if (before) Store(*before);
      record.state = checkout::PrintState::kQueued;
      report_(record, printed.error());
    } else {
      waits_.erase(record.receipt.Value());  // what is stored says "unknown"
      Wait(std::move(record), printed.error(), kicks);
    }
    return false;
  }
  waits_.erase(record.receipt.Value());
  record.state = *printed;
  record.detail.clear();
  Store(record);
  report_(record, std::nullopt);
  return true;
}

/// It stays queued. Told and written down when the reason is a new one; the customer's change does not wait for paper.
void ReceiptService::Wait(checkout::PrintRecord record, const base::Error& why, bool kicks) {
  const std::string& receipt = record.receipt.Value();
  if (kicks) OpenDrawer(receipt);
  const auto told = waits_.find(receipt);
  if (told != waits_.end() && told->second == why.ToString()) return;
  waits_[receipt] = why.ToString();
  record.state = checkout::PrintState::kQueued;
  record.detail = why.ToString();
  Store(record);
  report_(record, why);
}

}  // namespace evertill::presenters
