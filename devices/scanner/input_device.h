#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/base/expected.h"
#include "devices/link/file_descriptor.h"

struct libevdev;

namespace evertill::devices::scanner {

struct EvdevCloser {
  void operator()(libevdev* device) const;
};

/// A Linux input device, opened for reading without waiting.
class InputDevice {
 public:
  /// Errors: scanner_not_found, scanner_no_permission, scanner_lost (it answers no questions).
  [[nodiscard]] static base::Expected<InputDevice> Open(const std::string& path);

  [[nodiscard]] std::string Name() const;
  [[nodiscard]] uint16_t Vendor() const;
  [[nodiscard]] uint16_t Product() const;
  /// It has the keys of all digits and Enter: it may be a scanner.
  [[nodiscard]] bool HasDigits() const;
  /// It has what people type on and scanners do not need: Esc, all of F1 to F10, the arrows, and all letters.
  [[nodiscard]] bool IsFullKeyboard() const;
  /// Holds it for this program alone. Errors: scanner_busy.
  [[nodiscard]] base::Status Grab();

  [[nodiscard]] int Fd() const { return fd_.Get(); }
  [[nodiscard]] libevdev* Raw() const { return device_.get(); }

 private:
  InputDevice(link::FileDescriptor fd, std::unique_ptr<libevdev, EvdevCloser> device);

  link::FileDescriptor fd_;
  std::unique_ptr<libevdev, EvdevCloser> device_;  ///< before fd_ in destruction
};

/// An input device as a list shows it.
struct InputDeviceInfo {
  std::string path;         ///< /dev/input/event7
  std::string stable_path;  ///< its link in /dev/input/by-id; the path where it has none
  std::string name;
  uint16_t vendor = 0;
  uint16_t product = 0;
  bool has_digits = false;
  bool full_keyboard = false;
  bool readable = false;  ///< this user may read it; name and the rest are known then
};

/// All of /dev/input/event*, in the order of their numbers.
[[nodiscard]] std::vector<InputDeviceInfo> ListInputDevices();

/// "05e0:1200"
[[nodiscard]] std::string UsbId(uint16_t vendor, uint16_t product);

}  // namespace evertill::devices::scanner
