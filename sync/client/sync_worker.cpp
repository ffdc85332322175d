#include "sync/client/sync_worker.h"

#include <algorithm>

#include "app/base/log.h"
#include "app/checkout/errors.h"

namespace evertill::client {

SyncWorker::SyncWorker(checkout::SyncStore& store, checkout::RightsSync& rights, const base::Clock& clock,
                       base::Random& random, OnStatus on_status, SyncWorkerOptions options)
    : store_(store),
      clock_(clock),
      random_(random),
      on_status_(std::move(on_status)),
      options_(std::move(options)),
      engine_(store, rights, clock, random, options_.engine),
      thread_([this] { Run(); }) {}

SyncWorker::~SyncWorker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  engine_.Cancel();
  wake_.notify_all();
  thread_.join();
}

void SyncWorker::Nudge() {
  {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
  }
  wake_.notify_all();
}

void SyncWorker::SyncNow() {
  {
    const std::lock_guard lock(mutex_);
    now_ = true;
  }
  wake_.notify_all();
}

std::chrono::milliseconds SyncWorker::NextWait() {
  if (failures_ == 0) return options_.every;
  const int doublings = std::min(failures_ - 1, 16);
  const auto full = std::min(options_.first_retry * (int64_t{1} << doublings), options_.last_retry);
  // Between half of it and all of it.
  return full / 2 + std::chrono::milliseconds(random_.Below(static_cast<uint64_t>(full.count() / 2) + 1));
}

SyncWorker::Wake SyncWorker::Wait() {
  std::unique_lock lock(mutex_);
  // Until the round that is due, however often a sale nudges in between.
  const auto left = std::max(due_ - clock_.Uptime(), std::chrono::milliseconds(0));
  wake_.wait_for(lock, left, [this] { return stopping_ || now_ || nudged_; });
  const bool nudged = nudged_;
  const bool now = now_;
  nudged_ = false;
  now_ = false;
  if (stopping_) return Wake::kStop;
  if (now) return Wake::kNow;
  return nudged ? Wake::kNudge : Wake::kTime;
}

void SyncWorker::Tell(bool ok, const std::string& problem, bool enrolled) {
  SyncStatus status;
  status.enrolled = enrolled;
  status.online = ok;
  status.problem = problem;
  if (!ok) status.offline_since = told_ && told_->enrolled && !told_->online ? told_->offline_since : clock_.Now();
  if (const auto pending = store_.PendingSales()) {
    status.pending_sales = *pending;
  } else {
    base::LogWarn("pending sales: {}", pending.error().ToString());
    status.pending_sales = told_ ? told_->pending_sales : 0;
  }
  if (told_ && *told_ == status) return;
  told_ = status;
  if (on_status_) on_status_(status);
}

void SyncWorker::Round() {
  const auto report = engine_.RunOnce();
  Settle(report);
  due_ = clock_.Uptime() + NextWait();
}

void SyncWorker::Settle(const base::Expected<SyncReport>& report) {
  if (report) {
    if (failures_ > 0) base::LogInfo("head office is back");
    failures_ = 0;
    if (options_.on_round) options_.on_round(*report);
    return Tell(true, "", true);
  }
  const base::Error& error = report.error();
  if (error.Is(ClientErrc::kCancelled)) return;
  const bool enrolled = !error.Is(checkout::CheckoutErrc::kNotEnrolled);
  if (failures_ == 0 && enrolled) base::LogWarn("sync: {}", error.ToString());
  ++failures_;
  Tell(false, std::string(error.Name()), enrolled);
}

void SyncWorker::Run() {
  Round();
  for (;;) {
    switch (Wait()) {
      case Wake::kStop:
        return;
      case Wake::kNudge:
        if (failures_ > 0) {
          Tell(false, told_ ? told_->problem : "", told_ && told_->enrolled);
          break;
        }
        Round();
        break;
      case Wake::kNow:
      case Wake::kTime:
        Round();
        break;
    }
  }
}

}  // namespace evertill::client
