#include "devices/scale/serial_scale.h"

#include <pthread.h>

#include <algorithm>

#include "devices/link/link_error.h"
#include "devices/link/open_link.h"
#include "devices/record/record_error.h"
#include "devices/scale/scale_error.h"

namespace evertill::devices::scale {
namespace {

using checkout::DeviceNote;
using checkout::DeviceState;
using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{1000};
constexpr int kZeroMs = 3000;
/// Left of a caller's time to hand the answer over.
constexpr milliseconds kHandOver{50};

}  // namespace

base::Expected<std::unique_ptr<SerialScale>> SerialScale::Create(const ScaleSettings& settings,
                                                                 const base::Clock& clock,
                                                                 checkout::DeviceReport report,
                                                                 std::span<const std::filesystem::path> folders) {
  EVERTILL_ASSIGN(ScaleProtocol protocol, LoadScaleProtocol(settings.protocol, folders));
  EVERTILL_ASSIGN(const link::Address address, record::AddressWith(settings.address, protocol.serial));
  std::optional<WeightUnit> unit;
  if (!settings.unit.empty()) {
    unit = ParseUnit(settings.unit);
    if (!unit) return base::Fail(record::RecordErrc::kInvalid, "unit " + settings.unit + ": g, kg, lb or oz");
  }
  checkout::DeviceStatus about;
  about.kind = checkout::DeviceKind::kScale;
  about.name = settings.name.empty() ? protocol.name : settings.name;
  about.address = link::ToString(address);
  return std::make_unique<SerialScale>(
      std::move(protocol), unit, std::move(about), [address] { return link::OpenLink(address); }, clock,
      std::move(report));
}

SerialScale::SerialScale(ScaleProtocol protocol, std::optional<WeightUnit> unit, checkout::DeviceStatus about,
                         record::LinkOpener open, const base::Clock& clock, checkout::DeviceReport report)
    : protocol_(std::move(protocol)),
      unit_(unit),
      clock_(clock),
      report_(std::move(report)),
      keeper_(std::move(open), clock),
      line_(protocol_, clock),
      status_(std::move(about)),
      thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), "scale");
}

SerialScale::~SerialScale() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  done_.notify_all();
  thread_.join();
}

base::Expected<checkout::Weighing> SerialScale::Weigh(int timeout_ms) {
  EVERTILL_ASSIGN(const ScaleAnswer answer, Do(Wish::kWeigh, timeout_ms));
  return answer.weighing;
}

base::Status SerialScale::Zero() {
  if (protocol_.zero.empty()) return base::Fail(ScaleErrc::kCannotZero, protocol_.name + " has no such command");
  EVERTILL_ASSIGN(const ScaleAnswer answer, Do(Wish::kZero, kZeroMs));
  if (answer.at_zero && !answer.refused) return {};
  return base::Fail(ScaleErrc::kCannotZero, "the scale refuses: something lies on it, or it is in motion");
}

base::Expected<ScaleAnswer> SerialScale::Do(Wish wish, int timeout_ms) {
  const auto request = std::make_shared<Request>();
  request->wish = wish;
  request->deadline = clock_.Uptime() + milliseconds(timeout_ms) - kHandOver;
  const base::Error late(ScaleErrc::kNoAnswer, "nothing in " + std::to_string(timeout_ms) + " ms");
  std::unique_lock lock(mutex_);
  const bool mine = done_.wait_for(lock, milliseconds(timeout_ms), [this] { return request_ == nullptr || stopping_; });
  if (!mine || stopping_) return base::Fail(late);
  request_ = request;
  wake_.notify_all();
  const auto left = std::max(request->deadline + kHandOver - clock_.Uptime(), milliseconds(0));
  done_.wait_for(lock, left, [&] { return request->result.has_value() || stopping_; });
  if (request->result) return std::move(*request->result);
  request->abandoned = true;
  return base::Fail(late);
}

void SerialScale::Run() {
  Report(DeviceState::kConnecting, {}, "");
  std::unique_lock lock(mutex_);
  milliseconds next_look = clock_.Uptime();
  while (!stopping_) {
    const auto now = clock_.Uptime();
    if (const auto request = request_; request != nullptr) {
      if (!request->abandoned) {
        lock.unlock();
        auto answer = Serve(request->wish, request->deadline);
        lock.lock();
        request->result = std::move(answer);
        next_look = clock_.Uptime() + kLookEvery;
      }
      request_.reset();
      done_.notify_all();
      continue;
    }
    const auto wait = std::max(next_look - now, keeper_.UntilNextTry());
    if (wait.count() > 0) {
      wake_.wait_for(lock, wait, [this] { return stopping_ || request_ != nullptr; });
      continue;
    }
    lock.unlock();
    Tell(Once(Wish::kWeigh, protocol_.answer_ms));
    lock.lock();
    next_look = clock_.Uptime() + kLookEvery;
  }
}

base::Expected<ScaleAnswer> SerialScale::Serve(Wish wish, milliseconds deadline) {
  keeper_.TryNow();
  for (;;) {
    const auto left = static_cast<int>((deadline - clock_.Uptime()).count());
    const int timeout_ms = std::clamp(left, 1, protocol_.answer_ms);
    auto answer = Once(wish, timeout_ms);
    Tell(answer);
    if (answer || keeper_.Open() == nullptr) return answer;
    // Noise on the line: ask again while there is time for a whole answer. Never set to zero twice.
    if (wish == Wish::kZero || deadline - clock_.Uptime() < milliseconds(protocol_.answer_ms / 2)) return answer;
  }
}

base::Expected<ScaleAnswer> SerialScale::Once(Wish wish, int timeout_ms) {
  link::Link* link = keeper_.Get();
  if (link == nullptr) {
    return base::Fail(link::LinkErrc::kUnreachable,
                      keeper_.LastError() ? keeper_.LastError()->ToString() : status_.address);
  }
  auto answer = line_.Ask(*link, wish == Wish::kZero ? protocol_.zero : protocol_.weigh, timeout_ms);
  if (!answer) {
    if (answer.error().Is(link::LinkErrc::kLost)) {
      keeper_.Drop(answer.error());
      return base::Fail(link::LinkErrc::kUnreachable, answer.error().Detail());
    }
    return base::Fail(answer.error());
  }
  keeper_.Proved();
  return ReadAnswer(protocol_, *answer, unit_);
}

void SerialScale::Tell(const base::Expected<ScaleAnswer>& answer) {
  if (!answer) {
    const bool unreadable = answer.error().Is(ScaleErrc::kUnreadable);
    Report(unreadable ? DeviceState::kAttention : DeviceState::kAbsent,
           unreadable ? std::vector{DeviceNote::kUnreadable} : std::vector<DeviceNote>(), answer.error().ToString());
    return;
  }
  std::vector<DeviceNote> notes;
  if (answer->weighing.overload) notes.push_back(DeviceNote::kOverload);
  if (answer->weighing.under_zero) notes.push_back(DeviceNote::kUnderZero);
  const auto state = notes.empty() ? DeviceState::kReady : DeviceState::kAttention;
  if (!answer->weighing.at_rest && notes.empty()) notes.push_back(DeviceNote::kInMotion);
  Report(state, std::move(notes), "");
}

void SerialScale::Report(DeviceState state, std::vector<DeviceNote> notes, std::string detail) {
  checkout::DeviceStatus now = status_;
  now.state = state;
  now.notes = std::move(notes);
  now.detail = std::move(detail);
  if (reported_ && now == status_) return;
  status_ = std::move(now);
  reported_ = true;
  if (report_) report_(status_);
}

}  // namespace evertill::devices::scale
