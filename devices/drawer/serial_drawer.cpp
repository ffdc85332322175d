#include "devices/drawer/serial_drawer.h"

#include <pthread.h>

#include <algorithm>

#include "devices/drawer/drawer_error.h"
#include "devices/link/link_error.h"
#include "devices/link/open_link.h"
#include "devices/record/control_text.h"

namespace evertill::devices::drawer {
namespace {

using checkout::DeviceNote;
using checkout::DeviceState;
using std::chrono::milliseconds;

constexpr milliseconds kOpenWithin{2000};
constexpr milliseconds kLookEvery{250};
constexpr int kStallMs = 500;
constexpr int kAnswerMs = 200;

base::Expected<std::string> Bytes(const char* what, const std::string& text) {
  auto bytes = record::ParseControlText(text);
  if (!bytes) return base::Fail(DrawerErrc::kSettingsInvalid, std::string(what) + ": " + bytes.error().Detail());
  return bytes;
}

}  // namespace

base::Expected<SerialDrawer::Wiring> ParseWiring(const DrawerSettings& settings) {
  SerialDrawer::Wiring wiring;
  EVERTILL_ASSIGN(wiring.open, Bytes("open", settings.open));
  EVERTILL_ASSIGN(wiring.ask, Bytes("ask", settings.ask));
  EVERTILL_ASSIGN(wiring.says_open, Bytes("says_open", settings.says_open));
  EVERTILL_ASSIGN(wiring.says_closed, Bytes("says_closed", settings.says_closed));
  if (!wiring.ask.empty() &&
      (wiring.says_open.size() != 1 || wiring.says_closed.size() != 1 || wiring.says_open == wiring.says_closed)) {
    return base::Fail(DrawerErrc::kSettingsInvalid, "ask: says_open and says_closed are two different bytes");
  }
  if (settings.pulse == "dtr") {
    wiring.pulse = ModemLine::kDtr;
  } else if (settings.pulse == "rts") {
    wiring.pulse = ModemLine::kRts;
  } else if (!settings.pulse.empty()) {
    return base::Fail(DrawerErrc::kSettingsInvalid, "pulse: dtr or rts");
  } else if (wiring.open.empty()) {
    return base::Fail(DrawerErrc::kSettingsInvalid, "open: nothing would open it");
  }
  if (settings.pulse_ms < 10 || settings.pulse_ms > 2000) {
    return base::Fail(DrawerErrc::kSettingsInvalid, "pulse_ms: 10 to 2000");
  }
  wiring.pulse_ms = milliseconds(settings.pulse_ms);
  wiring.open_when_on = !settings.sensor.starts_with('!');
  const std::string sensor = settings.sensor.substr(wiring.open_when_on ? 0 : 1);
  if (sensor == "cts") wiring.sensor = ModemLine::kCts;
  if (sensor == "dsr") wiring.sensor = ModemLine::kDsr;
  if (sensor == "dcd") wiring.sensor = ModemLine::kDcd;
  if (!wiring.sensor && !settings.sensor.empty()) {
    return base::Fail(DrawerErrc::kSettingsInvalid,
                      "sensor: cts, dsr or dcd, with ! before it when it is off while open");
  }
  return wiring;
}

base::Expected<std::unique_ptr<SerialDrawer>> SerialDrawer::Create(const DrawerSettings& settings,
                                                                   const base::Clock& clock,
                                                                   checkout::DeviceReport report) {
  EVERTILL_ASSIGN(Wiring wiring, ParseWiring(settings));
  EVERTILL_ASSIGN(const link::Address address, link::ParseAddress(settings.address));
  checkout::DeviceStatus about;
  about.kind = checkout::DeviceKind::kDrawer;
  about.name = settings.name;
  about.address = link::ToString(address);
  return std::make_unique<SerialDrawer>(
      std::move(wiring), std::move(about), [address] { return link::OpenLink(address); }, LinesOf, clock,
      std::move(report));
}

SerialDrawer::SerialDrawer(Wiring wiring, checkout::DeviceStatus about, record::LinkOpener open, LineOpener lines,
                           const base::Clock& clock, checkout::DeviceReport report)
    : wiring_(std::move(wiring)),
      clock_(clock),
      report_(std::move(report)),
      open_lines_(std::move(lines)),
      keeper_(std::move(open), clock),
      status_(std::move(about)),
      thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), "drawer");
}

SerialDrawer::~SerialDrawer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  done_.notify_all();
  thread_.join();
}

base::Status SerialDrawer::Open() {
  const auto request = std::make_shared<Request>();
  const auto deadline = clock_.Uptime() + kOpenWithin;
  std::unique_lock lock(mutex_);
  if (!done_.wait_for(lock, kOpenWithin, [this] { return request_ == nullptr || stopping_; }) || stopping_) {
    return base::Fail(DrawerErrc::kNotReached, "busy");
  }
  request_ = request;
  wake_.notify_all();
  done_.wait_for(lock, std::max(deadline - clock_.Uptime(), milliseconds(0)),
                 [&] { return request->result.has_value() || stopping_; });
  if (request->result) return std::move(*request->result);
  request->abandoned = true;
  return base::Fail(DrawerErrc::kNotReached, "nothing in " + std::to_string(kOpenWithin.count()) + " ms");
}

std::optional<bool> SerialDrawer::IsOpen() const {
  const int sensed = sensed_;
  return sensed < 0 ? std::nullopt : std::optional(sensed == 1);
}

void SerialDrawer::Run() {
  Report(DeviceState::kConnecting, "");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (const auto request = request_; request != nullptr) {
      if (!request->abandoned) {
        lock.unlock();
        auto result = Pulse(*request);
        lock.lock();
        request->result = std::move(result);
      }
      request_.reset();
      done_.notify_all();
      continue;
    }
    lock.unlock();
    Look();
    const auto wait = std::max(kLookEvery, keeper_.UntilNextTry());
    lock.lock();
    wake_.wait_for(lock, wait, [this] { return stopping_ || request_ != nullptr; });
  }
}

link::Link* SerialDrawer::Connect() {
  const bool was_open = keeper_.Open() != nullptr;
  link::Link* link = keeper_.Get();
  if (link == nullptr || was_open) return link;
  if (wiring_.pulse || wiring_.sensor) lines_ = open_lines_(*link);
  // Opening a port switches DTR and RTS on: back at once, so that the next pulse is one.
  if (wiring_.pulse) (void)lines_->Set(*wiring_.pulse, false);
  keeper_.Proved();
  return link;
}

base::Status SerialDrawer::Pulse(const Request& request) {
  keeper_.TryNow();
  link::Link* link = Connect();
  if (link == nullptr) {
    const std::string why = keeper_.LastError() ? keeper_.LastError()->ToString() : status_.address;
    Report(DeviceState::kAbsent, why);
    return base::Fail(link::LinkErrc::kUnreachable, why);
  }
  std::unique_lock lock(mutex_);
  // Nobody waits any more: a drawer must not open behind their back.
  if (request.abandoned || stopping_) return base::Fail(DrawerErrc::kNotReached, "given up");
  if (wiring_.pulse) {
    EVERTILL_TRY(lines_->Set(*wiring_.pulse, true));
    wake_.wait_for(lock, wiring_.pulse_ms, [this] { return stopping_; });
    return lines_->Set(*wiring_.pulse, false);
  }
  lock.unlock();
  const auto taken = link->Write(wiring_.open, kStallMs);
  if (taken && *taken == wiring_.open.size()) return {};
  if (!taken) {
    keeper_.Drop(taken.error());
    Report(DeviceState::kAbsent, taken.error().ToString());
  }
  return base::Fail(DrawerErrc::kNotReached, taken ? "the port takes no data" : taken.error().ToString());
}

base::Expected<std::optional<bool>> SerialDrawer::Sense(link::Link& link) {
  EVERTILL_ASSIGN(std::string said, link.Read(0));  // also notices that the port is gone
  if (wiring_.sensor) {
    EVERTILL_ASSIGN(const bool on, lines_->Get(*wiring_.sensor));
    return std::optional(on == wiring_.open_when_on);
  }
  if (wiring_.ask.empty()) return std::optional<bool>();
  EVERTILL_TRY(link.Write(wiring_.ask, kStallMs));
  EVERTILL_ASSIGN(said, link.Read(kAnswerMs));
  for (auto byte = said.rbegin(); byte != said.rend(); ++byte) {
    if (*byte == wiring_.says_open.front()) return std::optional(true);
    if (*byte == wiring_.says_closed.front()) return std::optional(false);
  }
  return std::optional<bool>();
}

void SerialDrawer::Look() {
  link::Link* link = Connect();
  if (link == nullptr) {
    sensed_ = -1;
    return Report(DeviceState::kAbsent, keeper_.LastError() ? keeper_.LastError()->ToString() : "");
  }
  const auto sensed = Sense(*link);
  if (sensed) {
    sensed_ = sensed->has_value() ? static_cast<int>(**sensed) : -1;
    return Report(DeviceState::kReady, "");
  }
  sensed_ = -1;
  if (sensed.error().Is(DrawerErrc::kNotReached)) return Report(DeviceState::kReady, sensed.error().Detail());
  keeper_.Drop(sensed.error());
  Report(DeviceState::kAbsent, sensed.error().ToString());
}

void SerialDrawer::Report(DeviceState state, std::string detail) {
  checkout::DeviceStatus now = status_;
  now.state = state;
  now.detail = std::move(detail);
  now.notes.clear();
  if (state == DeviceState::kReady && sensed_ == 1) now.notes.push_back(DeviceNote::kDrawerOpen);
  if (state == DeviceState::kReady && sensed_ == -1) now.notes.push_back(DeviceNote::kNoStatus);
  if (reported_ && now == status_) return;
  status_ = std::move(now);
  reported_ = true;
  if (report_) report_(status_);
}

}  // namespace evertill::devices::drawer
