#include "devices/scanner/scan_source.h"

#include <libevdev/libevdev.h>

#include <algorithm>
#include <cerrno>

#include "devices/link/open_link.h"
#include "devices/scanner/input_device.h"
#include "devices/scanner/key_decoder.h"
#include "devices/scanner/scanner_error.h"

namespace evertill::devices::scanner {
namespace {

class EvdevSource final : public ScanSource {
 public:
  explicit EvdevSource(InputDevice device) : device_(std::move(device)) {}

  base::Expected<Sent> Read() override {
    Sent sent;
    unsigned mode = LIBEVDEV_READ_FLAG_NORMAL;
    for (;;) {
      input_event event{};
      const int status = libevdev_next_event(device_.Raw(), mode, &event);
      if (status == -EAGAIN) {
        if (mode == LIBEVDEV_READ_FLAG_NORMAL) return sent;
        mode = LIBEVDEV_READ_FLAG_NORMAL;
      } else if (status == LIBEVDEV_READ_STATUS_SYNC) {
        // The kernel's buffer ran over: what came before is not whole.
        mode = LIBEVDEV_READ_FLAG_SYNC;
        keys_.Reset();
        sent = {{}, true};
      } else if (status == LIBEVDEV_READ_STATUS_SUCCESS) {
        if (event.type == EV_KEY) sent.bytes += keys_.Take(event.code, event.value);
      } else if (status != -EINTR) {
        if (!sent.bytes.empty()) return sent;  // the loss is told by the next call
        return base::Fail(ScannerErrc::kLost, device_.Name() + " is gone");
      }
    }
  }

  int PollFd() const override { return device_.Fd(); }
  std::string DeviceName() const override { return device_.Name(); }

 private:
  InputDevice device_;
  KeyDecoder keys_;
};

class LinkSource final : public ScanSource {
 public:
  explicit LinkSource(std::unique_ptr<link::Link> way) : way_(std::move(way)) {}

  base::Expected<Sent> Read() override {
    auto bytes = way_->Read(0);
    if (!bytes) return base::Fail(std::move(bytes.error()));
    return Sent{std::move(*bytes), false};
  }

  int PollFd() const override { return way_->PollFd(); }
  std::string DeviceName() const override { return {}; }

 private:
  std::unique_ptr<link::Link> way_;
};

base::Expected<InputDevice> FindInput(const std::string& path) {
  if (path.starts_with('/')) return InputDevice::Open(path);
  std::string wanted = path;
  std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  bool unreadable = false;
  for (const auto& info : ListInputDevices()) {
    unreadable = unreadable || !info.readable;
    // A scanner has other parts too, volume keys and the like: the one with digits is it.
    if (info.has_digits && UsbId(info.vendor, info.product) == wanted) return InputDevice::Open(info.path);
  }
  if (unreadable)
    return base::Fail(ScannerErrc::kNoPermission, "not all of /dev/input can be read to look for " + path);
  return base::Fail(ScannerErrc::kNotFound, "no input device " + path);
}

base::Expected<std::unique_ptr<ScanSource>> OpenEvdev(const ScannerSettings& settings, Hold hold) {
  EVERTILL_ASSIGN(InputDevice device, FindInput(settings.path));
  if (!device.HasDigits()) return base::Fail(ScannerErrc::kNotAScanner, device.Name() + " has no keys for digits");
  if (device.IsFullKeyboard() && !settings.allow_keyboard) {
    return base::Fail(ScannerErrc::kIsKeyboard,
                      device.Name() + " has all the keys of a keyboard; allow_keyboard = true if it is a scanner");
  }
  if (hold == Hold::kYes) EVERTILL_TRY(device.Grab());
  return std::unique_ptr<ScanSource>(std::make_unique<EvdevSource>(std::move(device)));
}

base::Expected<std::unique_ptr<ScanSource>> OpenSerial(const ScannerSettings& settings) {
  EVERTILL_ASSIGN(const link::Address address, link::ParseAddress(settings.path));
  EVERTILL_ASSIGN(std::unique_ptr<link::Link> way, link::OpenLink(address));
  return std::unique_ptr<ScanSource>(std::make_unique<LinkSource>(std::move(way)));
}

}  // namespace

base::Expected<std::unique_ptr<ScanSource>> OpenScanSource(const ScannerSettings& settings, Hold hold) {
  EVERTILL_TRY(CheckScannerSettings(settings));
  switch (settings.kind) {
    case ScannerKind::kEvdev:
      return OpenEvdev(settings, hold);
    case ScannerKind::kSerial:
      return OpenSerial(settings);
    case ScannerKind::kWedge:
      break;
  }
  return base::Fail(ScannerErrc::kSettingsInvalid, "a wedge scanner types into the window: there is nothing to open");
}

}  // namespace evertill::devices::scanner
