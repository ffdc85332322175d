#include "devices/display/pole_display.h"

#include <pthread.h>

#include <algorithm>

#include "devices/display/pole_scene.h"
#include "devices/link/link_error.h"
#include "devices/link/open_link.h"

namespace evertill::devices::display {
namespace {

using checkout::DeviceState;
using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{1000};
constexpr milliseconds kShowAgainEvery{10000};
constexpr int kStallMs = 1000;

}  // namespace

base::Expected<std::unique_ptr<PoleDisplay>> PoleDisplay::Create(const PoleSettings& settings, const base::Clock& clock,
                                                                 checkout::DeviceReport report,
                                                                 std::span<const std::filesystem::path> folders) {
  EVERTILL_ASSIGN(DisplayProfile profile, LoadDisplayProfile(settings.profile, folders));
  EVERTILL_ASSIGN(const link::Address address, record::AddressWith(settings.address, profile.serial));
  checkout::DeviceStatus about;
  about.kind = checkout::DeviceKind::kPoleDisplay;
  about.name = settings.name.empty() ? profile.name : settings.name;
  about.address = link::ToString(address);
  return std::make_unique<PoleDisplay>(
      std::move(profile), std::move(about), [address] { return link::OpenLink(address); }, clock, std::move(report));
}

PoleDisplay::PoleDisplay(DisplayProfile profile, checkout::DeviceStatus about, record::LinkOpener open,
                         const base::Clock& clock, checkout::DeviceReport report)
    : profile_(std::move(profile)),
      clock_(clock),
      report_(std::move(report)),
      keeper_(std::move(open), clock),
      status_(std::move(about)),
      thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), "pole");
}

PoleDisplay::~PoleDisplay() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void PoleDisplay::Show(const checkout::CustomerView& view) {
  {
    const std::lock_guard lock(mutex_);
    newest_ = view;
    changed_ = true;
  }
  wake_.notify_all();
}

void PoleDisplay::Run() {
  Report(DeviceState::kConnecting, "");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_ = false;
    const std::optional<checkout::CustomerView> view = newest_;
    lock.unlock();
    Step(view);
    const auto wait = std::max(kLookEvery, keeper_.UntilNextTry());
    lock.lock();
    wake_.wait_for(lock, wait, [this] { return stopping_ || changed_; });
  }
}

bool PoleDisplay::Put(const std::string& bytes) {
  const auto taken = keeper_.Open()->Write(bytes, kStallMs);
  if (taken && *taken == bytes.size()) return true;
  if (taken) {
    // Half a command would eat what comes next: begin anew, on a new line.
    keeper_.Drop(base::Error(link::LinkErrc::kLost, "takes no data"));
  } else {
    keeper_.Drop(taken.error());
  }
  Report(DeviceState::kAbsent, keeper_.LastError()->ToString());
  return false;
}

void PoleDisplay::Step(const std::optional<checkout::CustomerView>& view) {
  const bool was_open = keeper_.Open() != nullptr;
  link::Link* link = keeper_.Get();
  if (link == nullptr) {
    return Report(DeviceState::kAbsent, keeper_.LastError() ? keeper_.LastError()->ToString() : "");
  }
  if (!was_open) {
    shown_.clear();
    if (!Put(profile_.init)) return;
  }
  // Displays say nothing, but only by reading does one learn that the line is gone.
  if (const auto said = link->Read(0); !said) {
    keeper_.Drop(said.error());
    return Report(DeviceState::kAbsent, said.error().ToString());
  }
  if (view) {
    const std::string bytes = EncodePole(ComposePole(*view), profile_);
    const auto now = clock_.Uptime();
    if (bytes != shown_ || now - shown_at_ >= kShowAgainEvery) {
      if (!Put(bytes)) return;
      shown_ = bytes;
      shown_at_ = now;
    }
  }
  keeper_.Proved();
  Report(DeviceState::kReady, "");
}

void PoleDisplay::Report(DeviceState state, std::string detail) {
  checkout::DeviceStatus now = status_;
  now.state = state;
  now.detail = std::move(detail);
  now.notes.clear();
  if (state == DeviceState::kReady) now.notes.push_back(checkout::DeviceNote::kNoStatus);
  if (reported_ && now == status_) return;
  status_ = std::move(now);
  reported_ = true;
  if (report_) report_(status_);
}

}  // namespace evertill::devices::display
