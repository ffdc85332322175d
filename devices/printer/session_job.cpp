#include <algorithm>

#include "devices/link/link_error.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/session_loop.h"
#include "devices/printer/session_timing.h"

/// One job's way through a session, and the drawer's pulses beside it.
namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;
using checkout::PrintState;

constexpr size_t kMostLate = 64;
constexpr size_t kMostUnanswered = 64;  // GS r to a printer that never answered one
constexpr int kRealTimePulseStepMs = 100;

base::Expected<std::string> BytesOf(const JobRequest& request, const PrinterProfile& profile) {
  if (const auto* bytes = std::get_if<std::string>(&request.what)) return *bytes;
  return EncodeReceipt(*std::get<const domain::ReceiptDocument*>(request.what), profile);
}

}  // namespace

void SessionLoop::Advance() {
  if (one_way_) {
    while (!waiting_jobs_.empty()) PrintOneWay();
    while (!pulses_.empty()) PulseOneWay();
    return;
  }
  while (job_ && job_->answered && !waiting_jobs_.empty()) {
    waiting_jobs_.front().done.set_value(
        base::Fail(timing::kBusyCode, "it has not taken the receipt before whole yet"));
    waiting_jobs_.pop_front();
  }
  while (!job_ && !waiting_jobs_.empty()) {
    JobRequest request = std::move(waiting_jobs_.front());
    waiting_jobs_.pop_front();
    auto bytes = BytesOf(request, profile_);
    now_ = clock_->Uptime();
    if (!bytes) {
      request.done.set_value(base::Fail(std::move(bytes.error())));
      continue;
    }
    job_.emplace();
    job_->id = next_job_++;
    job_->bytes = std::move(*bytes);
    job_->receipt_bytes = job_->bytes.size();
    job_->asked_at = now_;
    job_->attempt = attempts_before_;
    job_->late = std::move(request.late);
    job_->done = std::move(request.done);
  }
  if (job_ && job_->stage == Stage::kAsked) AdvanceAsked();
  if (job_ && job_->stage == Stage::kSending) {
    if (now_ - job_->moved_at >= Millis(profile_.completion_timeout_ms)) GiveUp();
  } else if (job_ && job_->stage == Stage::kWaiting) {
    AdvanceWaiting();
  }
  AdvancePulses();
}

void SessionLoop::AdvanceAsked() {
  std::optional<base::Error> why;
  if (!link_) {
    if (attempts_ == job_->attempt) return Soon(now_);  // lost just now: one more try
    why = why_absent_ ? AsPrinterError(*why_absent_) : base::Error(PrinterErrc::kUnreachable);
  } else {
    if (!Checked(why)) return;
    if (!why && !Fenced(why)) return;
    if (!why && !outbox_.empty() && now_ - outbox_moved_at_ >= Millis(profile_.completion_timeout_ms)) {
      why = base::Error(PrinterErrc::kTimeout, "it takes no data");
    }
  }
  if (!why) return Begin();
  Finish(base::Fail(std::move(*why)));
  job_.reset();
}

bool SessionLoop::Checked(std::optional<base::Error>& why) {
  if (!Answers()) return true;
  const Millis since = std::max(job_->asked_at, connected_at_);
  if (now_ < since) return false;
  if (!job_->checking) {
    job_->checking = true;
    job_->just_heard = cycle_done_at_ >= Millis(0) && missed_ == 0 && now_ - heard_at_ < timing::kJustHeard;
    if (polled_ == 0) AskStatus(1);
  }
  const bool whole = cycle_done_at_ >= since;
  const bool fresh = whole || online_heard_at_ >= since;
  if (fresh && cycle_done_at_ >= Millis(0) && status_.CanPrint()) return true;
  if (whole && garbage_ && now_ - garbage_at_ < timing::kJustHeard && !job_->checked_twice) {
    job_->checked_twice = true;  // noise may have looked like a status
    job_->checking = false;
    job_->asked_at = now_ + timing::kNoiseSettles;
    Soon(job_->asked_at);
    return false;
  }
  if (whole) {
    why = base::Error(timing::kBusyCode, NotReadyWords(status_.Notes()));
    return true;
  }
  const Millis limit = fresh                    ? timing::kAnswer * timing::kRealTimeQuestions
                       : job_->just_heard       ? timing::kQuickAnswer
                       : heard_ever_ && shared_ ? timing::kSharedAnswer
                                                : timing::kFirstAnswer;
  if (now_ - since < limit) {
    Soon(since + limit);
    return false;
  }
  if (heard_ && !status_.CanPrint()) {
    why = base::Error(timing::kBusyCode, NotReadyWords(status_.Notes()));
  } else if (heard_ever_ && !fresh && !job_->just_heard) {
    why = base::Error(PrinterErrc::kTimeout, setting_.name + " does not answer");
  }
  return true;
}

/// Nameless answers (GS r) to earlier jobs that are still missing: either they come now, or they were lost.
bool SessionLoop::Fenced(std::optional<base::Error>& why) {
  if (ledger_.RepliesMissing() == 0 || !replied_ever_) {
    fence_open_ = false;
    return true;
  }
  if (!fence_open_) {
    outbox_ += ledger_.AskForNothing();
    fence_open_ = true;
    fenced_at_ = now_;
    replied_at_ = Millis(-1);
  }
  const bool replied = replied_at_ >= Millis(0);
  if (replied && now_ - replied_at_ >= timing::kFenceQuiet) {
    ledger_.GiveUpReplies();
    fence_open_ = false;
    return true;
  }
  const Millis since = std::max(fenced_at_, job_->asked_at);
  if (!replied && now_ - since >= timing::kFence) {
    why = base::Error(timing::kBusyCode, "it is still busy with the receipt before");
    return true;
  }
  Soon(replied ? replied_at_ + timing::kFenceQuiet : since + timing::kFence);
  return false;
}

std::string SessionLoop::CompletionRequest(JobId id) {
  if (!link_->ReadsBack()) return {};
  switch (profile_.completion) {
    case Completion::kGsH:
      return ledger_.AskById(id);
    case Completion::kGsR:
      return ledger_.AskByReply(id);
    case Completion::kAuto:
      if (first_asked_at_ < Millis(0)) first_asked_at_ = now_;
      if (!replied_ever_ && ledger_.RepliesMissing() >= kMostUnanswered) return {};
      return ledger_.AskByReply(id);
    case Completion::kNone:
      break;
  }
  return {};
}

void SessionLoop::Begin() {
  if (link_->ReadsBack() && profile_.asb) job_->bytes += timing::kAutomaticStatus;  // the job's reset ended it
  job_->bytes += CompletionRequest(job_->id);
  job_->stage = Stage::kSending;
  job_->moved_at = now_;
}

bool SessionLoop::AmidJob() const {
  return job_ && job_->stage == Stage::kSending && job_->taken > 0 && job_->taken < job_->bytes.size();
}

bool SessionLoop::Answers() const {
  return link_->ReadsBack() && (profile_.poll_status || profile_.asb);
}

bool SessionLoop::CompletionExpected() const {
  if (!link_->ReadsBack() || profile_.completion == Completion::kNone) return false;
  return profile_.completion != Completion::kAuto || replied_ever_;
}

void SessionLoop::AdvanceWaiting() {
  const Millis deadline = job_->moved_at + Millis(profile_.completion_timeout_ms);
  if (!CompletionExpected()) {
    // One that talks is waited for: a slow head prints a long receipt for seconds before it answers for the first time.
    const Millis probe = heard_ever_ ? Millis(profile_.completion_timeout_ms) - timing::kAutoProbe : timing::kAutoProbe;
    const bool probing =
        link_->ReadsBack() && profile_.completion == Completion::kAuto && now_ < first_asked_at_ + probe;
    if (!probing && link_->Drain(0)) {
      Finish(PrintState::kSent);
      job_.reset();
      return;
    }
    Soon(probing ? first_asked_at_ + probe : now_ + timing::kDrainStep);
  }
  if (now_ >= deadline) return GiveUp();
  Soon(deadline);
}

/// The time is up. What the link has not taken follows when it takes again; a job of which nothing left is withdrawn.
void SessionLoop::GiveUp() {
  if (job_->answered) return;
  if (job_->taken == 0) {
    Finish(base::Fail(PrinterErrc::kTimeout, setting_.name + " takes no data"));
    job_.reset();
    return;
  }
  Finish(PrintState::kUnknown);
  if (job_->taken == job_->bytes.size()) job_.reset();
}

void SessionLoop::Finish(base::Expected<PrintState> result) {
  if (job_->answered) return;
  job_->answered = true;
  if (result && *result != PrintState::kConfirmed && link_) {
    late_[job_->id] = std::move(job_->late);
    if (late_.size() > kMostLate) late_.erase(late_.begin());
  }
  job_->done.set_value(std::move(result));
}

void SessionLoop::Confirm(JobId id) {
  if (job_ && job_->id == id) {
    if (job_->taken < job_->bytes.size()) return;  // cannot be: it has not been asked yet
    Finish(PrintState::kConfirmed);
    job_.reset();
    return;
  }
  const auto found = late_.find(id);
  if (found == late_.end()) return;
  const checkout::LatePrintReport late = std::move(found->second);
  late_.erase(found);
  if (late) late(PrintState::kConfirmed);
}

void SessionLoop::AdvancePulses() {
  while (!pulses_.empty()) {
    Pulse& pulse = pulses_.front();
    const auto finish = [this, &pulse](base::Status result) {
      pulse.done.set_value(std::move(result));
      pulses_.pop_front();
    };
    if (!link_) {
      if (attempts_ == pulse.attempt) return Soon(now_);
      finish(base::Fail(why_absent_ ? *why_absent_ : base::Error(link::LinkErrc::kUnreachable)));
      continue;
    }
    if (pulse.queued && outbox_.empty()) {
      finish({});
      continue;
    }
    if (now_ - pulse.asked_at >= timing::kPulse) {
      if (pulse.queued) outbox_.clear();  // a drawer must not open when nobody expects it any more
      finish(base::Fail(timing::kBusyCode, "it takes no data: the drawer cannot be reached"));
      continue;
    }
    if (!pulse.queued && !AmidJob()) {
      outbox_ += PulseBytes();
      outbox_moved_at_ = now_;
      pulse.queued = true;
    }
    return Soon(pulse.queued ? now_ : pulse.asked_at + timing::kPulse);
  }
}

/// The ordinary command waits for its turn behind what the printer holds, which without paper is for ever: then only
/// the real-time one can work, and a printer that does not know it ignores it.
std::string SessionLoop::PulseBytes() const {
  const char drawer = setting_.drawer == 1 ? '\x01' : '\0';
  const bool stuck = heard_ && !status_.CanPrint();
  if (profile_.realtime_pulse || stuck) {
    const int steps = (profile_.pulse_on_ms + kRealTimePulseStepMs / 2) / kRealTimePulseStepMs;
    return "\x10\x14\x01"s + drawer + static_cast<char>(std::clamp(steps, 1, 8));
  }
  const int on = std::clamp(profile_.pulse_on_ms / 2, 1, 254);
  const int off = std::clamp(profile_.pulse_off_ms / 2, on + 1, 255);
  return "\x1Bp"s + drawer + static_cast<char>(on) + static_cast<char>(off);
}

void SessionLoop::PrintOneWay() {
  JobRequest request = std::move(waiting_jobs_.front());
  waiting_jobs_.pop_front();
  const auto bytes = BytesOf(request, profile_);
  if (!bytes) return request.done.set_value(base::Fail(bytes.error()));
  const auto opened = link::OpenLink(setting_.address, setting_.open);
  const auto taken = opened ? (*opened)->Write(*bytes, timing::kOneWayStallMs) : base::Fail(opened.error());
  if (!taken) {
    why_absent_ = taken.error();
    return request.done.set_value(base::Fail(AsPrinterError(taken.error())));
  }
  why_absent_.reset();
  if (*taken == bytes->size()) return request.done.set_value(PrintState::kSent);
  if (*taken > 0) return request.done.set_value(PrintState::kUnknown);
  request.done.set_value(base::Fail(PrinterErrc::kTimeout, setting_.name + " takes no data"));
}

void SessionLoop::PulseOneWay() {
  Pulse pulse = std::move(pulses_.front());
  pulses_.pop_front();
  const std::string bytes = PulseBytes();
  const auto opened = link::OpenLink(setting_.address, setting_.open);
  const auto taken = opened ? (*opened)->Write(bytes, timing::kOneWayStallMs) : base::Fail(opened.error());
  if (!taken) return pulse.done.set_value(base::Fail(taken.error()));
  if (*taken == bytes.size()) return pulse.done.set_value({});
  pulse.done.set_value(base::Fail(timing::kBusyCode, "it takes no data: the drawer cannot be reached"));
}

}  // namespace evertill::devices::printer
