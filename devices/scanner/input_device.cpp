#include "devices/scanner/input_device.h"

#include <fcntl.h>
#include <libevdev/libevdev.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <initializer_list>
#include <system_error>

#include "devices/scanner/scanner_error.h"

namespace evertill::devices::scanner {
namespace {

constexpr char kFolder[] = "/dev/input";

std::string Reason(int error) {
  return std::generic_category().message(error);
}

bool HasAll(const libevdev* device, std::initializer_list<unsigned> keys) {
  return std::all_of(keys.begin(), keys.end(),
                     [device](unsigned key) { return libevdev_has_event_code(device, EV_KEY, key) == 1; });
}

bool HasRun(const libevdev* device, unsigned first, unsigned last) {
  for (unsigned key = first; key <= last; ++key) {
    if (!HasAll(device, {key})) return false;
  }
  return true;
}

/// Links in by-id by what they lead to.
std::string StablePath(const std::filesystem::path& node) {
  std::error_code error;
  const std::filesystem::path by_id = std::filesystem::path(kFolder) / "by-id";
  for (const auto& entry : std::filesystem::directory_iterator(by_id, error)) {
    if (std::filesystem::equivalent(entry.path(), node, error) && !error) return entry.path().string();
  }
  return node.string();
}

int NumberOf(const std::string& name) {
  int number = -1;
  std::from_chars(name.data() + std::string_view("event").size(), name.data() + name.size(), number);
  return number;
}

}  // namespace

void EvdevCloser::operator()(libevdev* device) const {
  libevdev_free(device);
}

InputDevice::InputDevice(link::FileDescriptor fd, std::unique_ptr<libevdev, EvdevCloser> device)
    : fd_(std::move(fd)), device_(std::move(device)) {}

base::Expected<InputDevice> InputDevice::Open(const std::string& path) {
  link::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd.IsOpen()) {
    const int error = errno;
    const auto code = error == EACCES || error == EPERM ? ScannerErrc::kNoPermission : ScannerErrc::kNotFound;
    return base::Fail(code, path + ": " + Reason(error));
  }
  libevdev* device = nullptr;
  if (const int failed = libevdev_new_from_fd(fd.Get(), &device); failed < 0) {
    return base::Fail(ScannerErrc::kLost, path + ": " + Reason(-failed));
  }
  return InputDevice(std::move(fd), std::unique_ptr<libevdev, EvdevCloser>(device));
}

std::string InputDevice::Name() const {
  const char* name = libevdev_get_name(device_.get());
  return name == nullptr ? std::string() : name;
}

uint16_t InputDevice::Vendor() const {
  return static_cast<uint16_t>(libevdev_get_id_vendor(device_.get()));
}

uint16_t InputDevice::Product() const {
  return static_cast<uint16_t>(libevdev_get_id_product(device_.get()));
}

bool InputDevice::HasDigits() const {
  return HasRun(device_.get(), KEY_1, KEY_0) && HasAll(device_.get(), {KEY_ENTER});
}

bool InputDevice::IsFullKeyboard() const {
  const libevdev* device = device_.get();
  return HasAll(device, {KEY_ESC, KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT}) && HasRun(device, KEY_F1, KEY_F10) &&
         HasRun(device, KEY_Q, KEY_P) && HasRun(device, KEY_A, KEY_L) && HasRun(device, KEY_Z, KEY_M);
}

base::Status InputDevice::Grab() {
  const int failed = libevdev_grab(device_.get(), LIBEVDEV_GRAB);
  if (failed == 0) return {};
  return base::Fail(ScannerErrc::kBusy, Name() + ": another program holds it (" + Reason(-failed) + ")");
}

std::string UsbId(uint16_t vendor, uint16_t product) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const uint16_t part : {vendor, product}) {
    if (!text.empty()) text += ':';
    for (int shift = 12; shift >= 0; shift -= 4) text += kHex[(part >> shift) & 0xF];
  }
  return text;
}

std::vector<InputDeviceInfo> ListInputDevices() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("event") && NumberOf(name) >= 0) names.push_back(name);
  }
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) { return NumberOf(a) < NumberOf(b); });
  std::vector<InputDeviceInfo> found;
  for (const auto& name : names) {
    InputDeviceInfo info;
    info.path = std::string(kFolder) + "/" + name;
    info.stable_path = StablePath(info.path);
    if (const auto device = InputDevice::Open(info.path)) {
      info.name = device->Name();
      info.vendor = device->Vendor();
      info.product = device->Product();
      info.has_digits = device->HasDigits();
      info.full_keyboard = device->IsFullKeyboard();
      info.readable = true;
    }
    found.push_back(std::move(info));
  }
  return found;
}

}  // namespace evertill::devices::scanner
