#include "devices/scanner/learn.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "devices/scanner/input_device.h"
#include "devices/scanner/scan_source.h"
#include "devices/scanner/scanner_error.h"

namespace evertill::devices::scanner {
namespace {

constexpr int64_t kMachineGapMs = 40;
constexpr size_t kFewest = 4;
constexpr size_t kMostBytes = 4096;

bool IsFrame(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != 0x1D) || c == 0x7F;
}

/// One device that is listened to, and what came from it so far.
struct Ear {
  std::unique_ptr<ScanSource> source;
  RawScan scan;
  int64_t first_ms = 0;
  int64_t last_ms = 0;
};

base::Expected<Ear> Listen(ScannerSettings settings) {
  bool full_keyboard = false;
  if (settings.kind == ScannerKind::kEvdev) {
    for (const auto& info : ListInputDevices()) {
      const bool this_one = info.path == settings.path || info.stable_path == settings.path ||
                            UsbId(info.vendor, info.product) == settings.path;
      full_keyboard = full_keyboard || (this_one && info.has_digits && info.full_keyboard);
    }
    settings.allow_keyboard = full_keyboard;
  }
  Ear ear;
  EVERTILL_ASSIGN(ear.source, OpenScanSource(settings, full_keyboard ? Hold::kNo : Hold::kYes));
  ear.scan = {settings, ear.source->DeviceName(), {}, 0};
  return ear;
}

std::vector<Ear> ListenToAll() {
  std::vector<Ear> ears;
  for (const auto& info : ListInputDevices()) {
    if (!info.has_digits) continue;
    const ScannerSettings settings{
        .kind = ScannerKind::kEvdev, .path = info.stable_path, .allow_keyboard = info.full_keyboard};
    auto source = OpenScanSource(settings, Hold::kNo);
    if (source) ears.push_back({std::move(*source), {settings, info.name, {}, 0}});
  }
  return ears;
}

/// Takes what has come; a device that is gone is heard no more.
void Hear(std::vector<Ear>& ears, const std::vector<pollfd>& ready, int64_t now_ms) {
  for (size_t i = ears.size(); i-- > 0;) {
    if (ready[i].revents == 0) continue;
    const auto sent = ears[i].source->Read();
    if (!sent) {
      ears.erase(ears.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    Ear& ear = ears[i];
    if (sent->bytes.empty()) continue;
    if (ear.scan.bytes.empty()) ear.first_ms = now_ms;
    ear.last_ms = now_ms;
    if (ear.scan.bytes.size() < kMostBytes) ear.scan.bytes += sent->bytes;
  }
}

/// A scan that silence has ended; a person's typing is forgotten.
std::optional<RawScan> Finished(std::vector<Ear>& ears, int64_t now_ms, int silence_ms) {
  for (Ear& ear : ears) {
    if (ear.scan.bytes.empty() || now_ms - ear.last_ms < silence_ms) continue;
    ear.scan.duration_ms = ear.last_ms - ear.first_ms;
    if (!ear.scan.device.allow_keyboard || IsMachinePace(ear.scan)) return std::move(ear.scan);
    ear.scan.bytes.clear();
  }
  return std::nullopt;
}

}  // namespace

Framing GuessFraming(const std::string& bytes) {
  const auto first = std::find_if_not(bytes.begin(), bytes.end(), IsFrame);
  const auto last = std::find_if_not(bytes.rbegin(), bytes.rend(), IsFrame).base();
  if (first == bytes.end()) return {{}, {}, bytes};
  return {{bytes.begin(), first}, {first, last}, {last, bytes.end()}};
}

bool IsMachinePace(const RawScan& scan) {
  return scan.bytes.size() >= kFewest && scan.duration_ms <= static_cast<int64_t>(scan.bytes.size()) * kMachineGapMs;
}

ScannerSettings SettingsFor(const std::string& device) {
  ScannerSettings settings;
  const bool link = device.starts_with("serial:") || device.starts_with("tcp:");
  const bool tty = device.starts_with("/dev/tty") || device.starts_with("/dev/serial/");
  settings.kind = link || tty ? ScannerKind::kSerial : ScannerKind::kEvdev;
  settings.path = tty ? "serial:" + device : device;
  return settings;
}

base::Expected<RawScan> LearnScan(const LearnOptions& options, const base::Clock& clock) {
  std::vector<Ear> ears;
  if (options.device) {
    EVERTILL_ASSIGN(Ear ear, Listen(*options.device));
    ears.push_back(std::move(ear));
  } else {
    ears = ListenToAll();
  }
  const int64_t end_ms = clock.Uptime().count() + options.timeout_ms;
  for (int64_t now_ms = 0; !ears.empty() && (now_ms = clock.Uptime().count()) < end_ms;) {
    std::vector<pollfd> ready;
    for (const Ear& ear : ears) ready.push_back({ear.source->PollFd(), POLLIN, 0});
    const auto wait = std::min<int64_t>(end_ms - now_ms, options.silence_ms);
    if (::poll(ready.data(), ready.size(), static_cast<int>(wait)) < 0 && errno != EINTR) break;
    now_ms = clock.Uptime().count();
    Hear(ears, ready, now_ms);
    if (auto scan = Finished(ears, now_ms, options.silence_ms)) return std::move(*scan);
  }
  if (ears.empty()) return base::Fail(ScannerErrc::kNotFound, "no scanner can be listened to");
  return base::Fail(ScannerErrc::kNotFound,
                    "nothing was scanned in " + std::to_string(options.timeout_ms / 1000) + " s");
}

}  // namespace evertill::devices::scanner
