#include "devices/printer/session_loop.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "app/base/log.h"
#include "app/base/random.h"
#include "devices/link/link_error.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/session_timing.h"

namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;
using checkout::DeviceNote;
using checkout::DeviceState;

constexpr uint32_t kIds = 80'000'000;  // of 95^4

bool IsOneWay(const link::Address& address) {
  return std::holds_alternative<link::FileAddress>(address) || std::holds_alternative<link::CupsAddress>(address);
}
bool IsShared(const link::Address& address) {
  const auto* tcp = std::get_if<link::TcpAddress>(&address);
  return tcp != nullptr && tcp->shared;
}

/// Letters of every script a receipt has, so that the first real one finds its fonts loaded.
domain::ReceiptDocument Sample() {
  using domain::TextSize;
  domain::ReceiptDocument document;
  document.language = "th";
  for (const auto size : {TextSize::kSmall, TextSize::kNormal, TextSize::kLarge, TextSize::kHuge}) {
    for (const bool bold : {false, true}) {
      document.Add(domain::ColumnsElement{"Ag นมน้ำเปล่า Phở Đặc Biệt", "1,234.50 ฿ ₫", {size, bold}});
    }
  }
  document.Add(domain::QrCodeElement{"https://example.com", "1"});
  return document;
}

}  // namespace

SessionLoop::SessionLoop(Setting setting, SessionBoard& board)
    : setting_(std::move(setting)),
      profile_(setting_.profile),
      board_(board),
      clock_(base::MakeSystemClock()),
      one_way_(IsOneWay(setting_.address)),
      shared_(IsShared(setting_.address)),
      backoff_(timing::kFirstBackoff),
      ledger_(static_cast<uint32_t>(base::MakeSystemRandom()->Below(kIds))) {}

SessionLoop::~SessionLoop() = default;

void SessionLoop::Run() {
  now_ = clock_->Uptime();
  connect_at_ = look_at_ = now_;
  if (one_way_) {  // opened for each job; whether it can be is known at once
    if (const auto opened = link::OpenLink(setting_.address, setting_.open); !opened) why_absent_ = opened.error();
  }
  Publish();
  if (const auto warm = EncodeReceipt(Sample(), profile_); !warm) base::LogWarn("printer: {}", warm.error().ToString());
  for (;;) {
    now_ = clock_->Uptime();
    attempts_before_ = attempts_;
    bool stop = false;
    std::vector<SessionRequest> requests = board_.TakeRequests(stop);
    for (auto& request : requests) {
      std::visit([this](auto& one) { Accept(std::move(one)); }, request);
    }
    if (stop) break;
    wake_at_ = now_ + timing::kLongestSleep;
    if (!one_way_ && !link_ && WantsLink()) Connect();
    if (link_) Hear();
    if (link_) PollStatus();
    Advance();
    if (link_) Send();
    LetGo();
    Publish();
    Wait();
  }
  EndAll();
}

void SessionLoop::Accept(JobRequest request) {
  waiting_jobs_.push_back(std::move(request));
}

void SessionLoop::Accept(PulseRequest request) {
  pulses_.push_back({now_, attempts_before_, false, std::move(request.done)});
}

/// Says what is known; one that is absent is looked for, but not more often than twice a second.
void SessionLoop::Accept(ReadyRequest request) {
  base::Status ready;
  const bool tried_lately = attempts_ > 0 && now_ - tried_at_ < timing::kFirstBackoff;
  if (!one_way_ && !link_ && !tried_lately) Connect();
  if (!one_way_ && !link_ && why_absent_) {
    ready = base::Fail(AsPrinterError(*why_absent_));
  } else if (job_ && job_->answered) {
    ready = base::Fail(timing::kBusyCode, "it has not taken the receipt before whole yet");
  } else if (!status_.CanPrint()) {
    ready = base::Fail(timing::kBusyCode, NotReadyWords(status_.Notes()));
  }
  request.done.set_value(std::move(ready));
}

bool SessionLoop::WantsLink() const {
  const bool asked = (job_ && !job_->answered) || !waiting_jobs_.empty() || !pulses_.empty();
  if (asked) return true;
  return shared_ ? now_ >= look_at_ : now_ >= connect_at_;
}

void SessionLoop::Connect() {
  ++attempts_;
  tried_at_ = now_;
  auto opened = link::OpenLink(setting_.address, setting_.open);
  now_ = clock_->Uptime();
  if (!opened) {
    why_absent_ = opened.error();
    connect_at_ = now_ + backoff_;
    look_at_ = now_ + timing::kLookAgain;
    backoff_ = std::min(backoff_ * 2, timing::kLastBackoff);
    return;
  }
  link_ = std::move(*opened);
  why_absent_.reset();
  connected_at_ = heard_at_ = now_;
  demux_ = {};
  if (!shared_) status_ = {};
  heard_ = garbage_ = fence_open_ = false;
  missed_ = polled_ = 0;
  online_heard_at_ = cycle_done_at_ = Millis(-1);
  poll_at_ = now_;
  Greet();
}

/// What every connection begins with. A job that broke off may have left the printer amid a picture: zeros fill it and
/// mean nothing elsewhere.
void SessionLoop::Greet() {
  outbox_.assign(heal_bytes_, '\0');
  heal_bytes_ = 0;
  outbox_moved_at_ = now_;
  if (!link_->ReadsBack()) return;
  if (profile_.asb) outbox_ += timing::kAutomaticStatus;
  if (profile_.completion == Completion::kAuto && !replied_ever_) {
    outbox_ += ledger_.AskForNothing();
    if (first_asked_at_ < Millis(0)) first_asked_at_ = now_;
  }
}

void SessionLoop::Lose(const base::Error& why) {
  base::LogWarn("printer {}: {}", setting_.name, why.ToString());
  link_.reset();
  why_absent_ = base::Error(link::LinkErrc::kUnreachable, why.Detail());
  backoff_ = timing::kFirstBackoff;
  connect_at_ = now_ + backoff_;
  outbox_.clear();
  ledger_.Clear();
  late_.clear();
  fence_open_ = false;
  for (Pulse& pulse : pulses_) {
    pulse.attempt = pulse.queued ? -1 : attempts_;  // a pulse that was under way is not sent twice
    pulse.queued = false;
  }
  if (!job_) return;
  if (job_->taken == 0 && !job_->begun_anew) {  // nothing of it left: the next link may have it
    job_->begun_anew = true;
    job_->checking = false;
    if (job_->stage == Stage::kSending) job_->bytes.resize(job_->receipt_bytes);
    job_->stage = Stage::kAsked;
    job_->attempt = attempts_;
    return;
  }
  // How much of what was taken has reached it, nobody knows.
  if (job_->taken > 0) heal_bytes_ = std::min(job_->bytes.size(), timing::kMostHealed);
  if (job_->taken == 0) {
    Finish(base::Fail(AsPrinterError(why)));
  } else {
    Finish(checkout::PrintState::kUnknown);
  }
  job_.reset();
}

/// A shared printer is left to the others as soon as nothing of ours is under way.
void SessionLoop::LetGo() {
  if (!shared_ || !link_ || job_ || !waiting_jobs_.empty() || !pulses_.empty() || !outbox_.empty()) return;
  const bool looked = cycle_done_at_ >= Millis(0) || missed_ > 0 || (!profile_.poll_status && !profile_.asb);
  if (!looked) return;
  link_.reset();
  ledger_.Clear();
  late_.clear();
  backoff_ = timing::kFirstBackoff;
  look_at_ = now_ + (status_.CanPrint() ? timing::kLookAgain : timing::kLookAgainSoon);
}

void SessionLoop::Hear() {
  if (!link_->ReadsBack()) return;
  for (int i = 0; i < timing::kMostReads; ++i) {
    const auto bytes = link_->Read(0);
    if (!bytes) return Lose(bytes.error());
    if (bytes->empty()) {
      if (now_ - heard_at_ > timing::kPause) demux_.Pause();
      return;
    }
    heard_at_ = now_;
    for (const StatusEvent& event : demux_.Take(*bytes)) Take(event);
  }
}

void SessionLoop::Take(const StatusEvent& event) {
  if (std::holds_alternative<GarbageEvent>(event)) {
    garbage_ = true;
    garbage_at_ = now_;
    poll_at_ = std::min(poll_at_, now_ + timing::kPause);  // what was taken for status may have been noise
    return;
  }
  heard_ = heard_ever_ = true;
  backoff_ = timing::kFirstBackoff;
  missed_ = 0;
  if (const auto* asb = std::get_if<AsbEvent>(&event)) status_.Take(*asb);
  if (const auto* answer = std::get_if<RealTimeEvent>(&event)) TakeRealTime(answer->byte);
  if (const auto* done = std::get_if<CompletionEvent>(&event)) {
    if (const auto id = ledger_.TakeId(done->id)) Confirm(*id);
  }
  if (const auto* reply = std::get_if<ReplyEvent>(&event); reply != nullptr && !reply->is_id) {
    if (ledger_.RepliesMissing() == 0) return;  // nobody asked
    replied_ever_ = true;
    replied_at_ = now_;
    for (const JobId id : ledger_.TakeReply()) Confirm(id);
  }
}

void SessionLoop::TakeRealTime(uint8_t byte) {
  if (polled_ == 0) return;  // too late to know which question it answers
  status_.TakeRealTime(polled_, byte);
  if (polled_ == 1) online_heard_at_ = now_;
  if (polled_ < timing::kRealTimeQuestions && !AmidJob()) return AskStatus(polled_ + 1);
  polled_ = 0;
  cycle_done_at_ = now_;
  const bool calm = status_.CanPrint() && !job_;
  poll_at_ = now_ + (!calm ? timing::kPollSoon : profile_.asb ? timing::kPollRarely : timing::kPoll);
}

void SessionLoop::AskStatus(int n) {
  polled_ = n;
  polled_at_ = now_;
  outbox_ += "\x10\x04"s + static_cast<char>(n);
}

/// Real-time questions one after the other, since their answers do not say what they answer.
void SessionLoop::PollStatus() {
  if (!link_->ReadsBack() || (!profile_.poll_status && !profile_.asb)) return;
  if (AmidJob()) {  // nothing can be asked between a picture's bytes
    polled_ = 0;
    poll_at_ = now_ + timing::kPollSoon;
    return;
  }
  if (polled_ != 0) {
    if (now_ - polled_at_ >= timing::kAnswer) {
      if (polled_ > 1) {
        cycle_done_at_ = now_;  // it answers the first question, which is the one that counts
      } else {
        ++missed_;
      }
      polled_ = 0;
      poll_at_ = now_ + timing::kPoll;
    }
  } else if (now_ >= poll_at_ && outbox_.size() < timing::kMostOutbox) {
    AskStatus(1);
  }
  Soon(polled_ != 0 ? polled_at_ + timing::kAnswer : poll_at_);
}

void SessionLoop::Send() {
  if (!AmidJob()) {
    SendOutbox();
    if (!link_ || !outbox_.empty()) return;
  }
  if (job_ && job_->stage == Stage::kSending) SendJob();
}

void SessionLoop::SendOutbox() {
  if (outbox_.empty()) return;
  const auto taken = link_->Write(outbox_, timing::kStallMs);
  now_ = clock_->Uptime();
  if (!taken) return Lose(taken.error());
  if (*taken > 0) outbox_moved_at_ = now_;
  outbox_.erase(0, *taken);
  if (!outbox_.empty() || !pulses_.empty()) Soon(*taken > 0 ? now_ : now_ + timing::kDrainStep);
}

void SessionLoop::SendJob() {
  const size_t chunk =
      std::holds_alternative<link::SerialAddress>(setting_.address) ? timing::kSerialChunk : timing::kChunk;
  const auto taken = link_->Write(std::string_view(job_->bytes).substr(job_->taken, chunk), timing::kStallMs);
  now_ = clock_->Uptime();
  if (!taken) return Lose(taken.error());
  job_->taken += *taken;
  if (*taken > 0) job_->moved_at = now_;
  if (job_->taken == job_->bytes.size()) {
    if (job_->answered) {
      job_.reset();
    } else {
      job_->stage = Stage::kWaiting;
      poll_at_ = now_ + timing::kPollSoon;
    }
  }
  Soon(*taken > 0 ? now_ : now_ + timing::kDrainStep);
}

checkout::DeviceStatus SessionLoop::Describe() const {
  checkout::DeviceStatus status;
  status.kind = checkout::DeviceKind::kReceiptPrinter;
  status.name = setting_.name;
  status.address = link::ToString(setting_.address);
  status.notes = status_.Notes();
  if (why_absent_) {
    status.state = DeviceState::kAbsent;
    status.notes.clear();
    status.detail = why_absent_->ToString();
    return status;
  }
  if (one_way_ || (link_ && !link_->ReadsBack()) || (!profile_.poll_status && !profile_.asb)) {
    const bool looking = !one_way_ && !link_;
    status.state = looking ? DeviceState::kConnecting : DeviceState::kReady;
    if (!looking) status.notes = {DeviceNote::kNoStatus};
    return status;
  }
  const bool fresh = !heard_ && missed_ == 0;
  if (!status_.Known() && fresh) return status;  // connecting
  status.state = status_.CanPrint() ? DeviceState::kReady : DeviceState::kAttention;
  if (garbage_ && now_ - garbage_at_ < timing::kGarbageShown) {
    status.notes.push_back(DeviceNote::kUnreadable);
    status.state = DeviceState::kAttention;
  } else if (!status_.Known()) {
    status.notes.push_back(DeviceNote::kNoStatus);
  } else if (missed_ >= timing::kMissedIsSilent) {
    status.notes.insert(status.notes.begin(), DeviceNote::kOffline);
    status.state = DeviceState::kAttention;
    status.detail = "it has stopped answering";
  }
  return status;
}

void SessionLoop::Publish() {
  const checkout::DeviceStatus status = Describe();
  if (garbage_) Soon(garbage_at_ + timing::kGarbageShown);
  const bool settled = status.state != DeviceState::kConnecting && (cycle_done_at_ >= Millis(0) || polled_ == 0);
  if (!published_once_ || status != published_ || settled) board_.Publish(status, status_.DrawerOpen(), settled);
  published_once_ = true;
  published_ = status;
  const bool reachable = one_way_ || shared_ || link_;
  const bool takes =
      reachable && !why_absent_ && !job_ && status.state != DeviceState::kConnecting && status_.CanPrint();
  if (takes && !takes_jobs_) board_.TellReady();
  // A job of our own that ends well is no news.
  takes_jobs_ = takes || (job_ && !job_->answered && takes_jobs_);
}

void SessionLoop::Soon(Millis at) {
  wake_at_ = std::min(wake_at_, at);
}

void SessionLoop::Wait() {
  if (!one_way_ && !link_) Soon(shared_ ? look_at_ : connect_at_);
  const Millis wait = std::max(wake_at_ - clock_->Uptime(), Millis(0));
  pollfd entries[2] = {{setting_.wake_fd, POLLIN, 0}, {link_ ? link_->PollFd() : -1, POLLIN, 0}};
  (void)poll(entries, 2, static_cast<int>(wait.count()));
  eventfd_t count = 0;
  if ((entries[0].revents & POLLIN) != 0) (void)eventfd_read(setting_.wake_fd, &count);
}

void SessionLoop::EndAll() {
  if (job_ && !job_->answered) {
    if (job_->taken > 0) {
      Finish(checkout::PrintState::kUnknown);
    } else {
      Finish(base::Fail(timing::kBusyCode, "the program ends"));
    }
  }
  for (JobRequest& request : waiting_jobs_) request.done.set_value(base::Fail(timing::kBusyCode, "the program ends"));
  for (Pulse& pulse : pulses_) pulse.done.set_value(base::Fail(timing::kBusyCode, "the program ends"));
  if (link_) (void)link_->Drain(timing::kLastDrainMs);
  link_.reset();
}

}  // namespace evertill::devices::printer
